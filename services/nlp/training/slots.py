"""Fills {braces} of training utterances with dates, counts and names, and types some of them badly."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import yaml

_FOLDER = Path(__file__).resolve().parent.parent / "data"
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),  # noqa: SIM905
    "en": "January February March April May June July August September October November December".split(),  # noqa: SIM905
}
_WEEKDAYS = {
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_WORDS = {
    "es": ["una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho"],
    "en": ["one", "two", "three", "four", "five", "six", "seven", "eight"],
}


class Slots:
    """Random but repeatable fillings of one language."""

    def __init__(self, language: str, random_: random.Random) -> None:
        self._language = language
        self._random = random_
        words = yaml.safe_load((_FOLDER / "slots.yaml").read_text(encoding="utf-8"))
        self._lists: dict[str, list[str]] = words[language]
        self._rules: dict[str, Callable[[], str]] = {
            "dates": self._dates,
            "date": self._date,
            "nights": self._nights,
            "adults": self._adults,
            "people": self._people,
            "name": self._name,
            "code": self._code,
            "email": self._email,
            "phone": self._phone,
            "time": self._time,
            "room_number": lambda: str(self._random.randint(101, 612)),
            "money": self._money,
            "month": lambda: self._pick(_MONTHS[self._language]),
            "weekday": lambda: self._pick(_WEEKDAYS[self._language]),
        }

    def names(self) -> set[str]:
        """Every slot that an utterance may use."""
        return {*self._lists, *self._rules}

    def fill(self, template: str) -> str:
        """One sentence of a template: a choice of each (a|b) and a value for each {slot}."""
        sentence = _CHOICE.sub(lambda m: self._pick(m[1].split("|")), template)
        return _SLOT.sub(lambda m: self._value(m[1]), sentence)

    def _value(self, name: str) -> str:
        return self._rules[name]() if name in self._rules else self._pick(self._lists[name])

    def _pick(self, values: list[str]) -> str:
        return self._random.choice(values)

    @property
    def _spanish(self) -> bool:
        return self._language == "es"

    def _dates(self) -> str:
        day, nights = self._random.randint(1, 24), self._random.randint(1, 6)
        month = self._pick(_MONTHS[self._language])
        a, b = self._random.sample(_WEEKDAYS[self._language], 2)
        if self._spanish:
            forms = [
                f"del {day} al {day + nights} de {month}",
                f"del {day} al {day + nights}",
                f"el {day} de {month} por {nights} noches",
                f"del {a} al {b}",
                f"para el {day} de {month}",
                f"del {day}/{nights} al {day + 3}/{nights}",
                f"entre el {day} y el {day + nights} de {month}",
                f"a partir del {day} de {month}",
                "este fin de semana",
            ]
        else:
            forms = [
                f"from {month} {day} to {day + nights}",
                f"from the {day}th to the {day + nights}th",
                f"{month} {day}-{day + nights}",
                f"on {month} {day} for {nights} nights",
                f"from {a} to {b}",
                f"{day}-{day + nights} {month}",
                "this weekend",
                f"between {day} and {day + nights} {month}",
                f"for the {day}th of {month}",
                f"{day}/{nights} to {day + 3}/{nights}",
            ]
        return self._pick(forms)

    def _date(self) -> str:
        day, month = self._random.randint(1, 28), self._pick(_MONTHS[self._language])
        weekday = self._pick(_WEEKDAYS[self._language])
        if self._spanish:
            return self._pick(
                [f"el {day} de {month}", f"el {weekday}", "mañana", f"el {day}", "hoy", f"{day}/{day % 12 + 1}"]
            )
        return self._pick([f"{month} {day}", f"{weekday}", "tomorrow", f"the {day}th", "today", f"{day} {month[:3]}"])

    def _nights(self) -> str:
        count = self._random.randint(1, 7)
        number = self._pick([str(count), _WORDS[self._language][count - 1]])
        noun = ("noche" if self._spanish else "night") + ("s" if count > 1 else "")
        return self._pick([f"{number} {noun}", f"{number} {noun}", "una semana" if self._spanish else "a week"])

    def _adults(self) -> str:
        count = self._random.randint(1, 4)
        number = self._pick([str(count), _WORDS[self._language][count - 1].replace("una", "un")])
        return f"{number} {'adulto' if self._spanish else 'adult'}{'s' if count > 1 else ''}"

    def _people(self) -> str:
        count = self._random.randint(2, 7)
        number = self._pick([str(count), _WORDS[self._language][count - 1]])
        return self._pick([number, f"{number} {'personas' if self._spanish else 'people'}"])

    def _name(self) -> str:
        given, surname = self._pick(self._lists["given"]), self._pick(self._lists["surname"])
        return self._pick([f"{given} {surname}", f"{given} {surname}", given, f"{given} {surname}".lower()])

    def _code(self) -> str:
        return self._pick(
            [f"R{self._random.randint(1000, 9999)}", f"r{self._random.randint(1000, 9999)}", self._own_code()]
        )

    def _own_code(self) -> str:
        """As the booking system makes them: no vowels, no 0 and 1, two digits or more."""
        letters = [self._random.choice("BCDFGHJKLMNPQRSTVWXYZ") for _ in range(3)]
        rest = [letters[1], letters[2], *(self._random.choice("23456789") for _ in range(3))]
        self._random.shuffle(rest)
        return letters[0] + "".join(rest)

    def _email(self) -> str:
        given, surname = self._pick(self._lists["given"]), self._pick(self._lists["surname"])
        return f"{plain(given)}.{plain(surname)}@example.com"

    def _phone(self) -> str:
        return f"+52 55 {self._random.randint(1000, 9999)} {self._random.randint(1000, 9999)}"

    def _time(self) -> str:
        hour = self._random.randint(1, 11)
        if self._spanish:
            return self._pick([f"{hour}", f"{hour} de la tarde", f"{hour + 12}:00", f"{hour} pm", f"{hour} y media"])
        return self._pick([f"{hour}", f"{hour}pm", f"{hour + 12}:00", f"{hour} am", f"half past {hour}"])

    def _money(self) -> str:
        amount = self._random.choice([80, 100, 150, 900, 1200, 2500])
        return f"{amount} pesos" if self._spanish else f"${amount}"


def plain(text: str) -> str:
    """Lower case without accents, as typed in haste."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def in_haste(text: str, random_: random.Random) -> str:
    """As a thumb types it: no accents, no marks, now and then a slip."""
    typed = re.sub(r"[¿¡?!.,]", "", plain(text))
    if random_.random() < 0.6 and len(typed) > 8:
        at = random_.randrange(1, len(typed) - 2)
        slip = random_.choice(("swap", "drop", "double"))
        if slip == "swap":
            typed = typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
        elif slip == "drop":
            typed = typed[:at] + typed[at + 1 :]
        else:
            typed = typed[:at] + typed[at] + typed[at:]
    return typed
