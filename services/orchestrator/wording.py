"""From a reply's template and values to words in the guest's language, with the source of every figure in them.

Strict: a missing value, a figure without a source, or a digit written into a template is an error, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, get_currency_precision
from babel.units import format_unit
from jinja2 import Environment, StrictUndefined, Template, pass_context, select_autoescape
from jinja2.runtime import Context
from mesh.values import Money

from services.orchestrator.domain.effects import Choice, Reply
from services.orchestrator.domain.proof import Claim, Sourced, Unproven, Value, require_proof

FOLDER = Path(__file__).parent / "replies"
# Written titles fit the smallest button there is; names of rooms and rates are as long as the hotel has them.
MOST_TITLE_CHARACTERS = 20
# From here on a wait is told in hours.
MINUTES_TOLD_AS_SUCH = 120
# And from here on a rule of so many hours in days.
HOURS_TOLD_AS_SUCH = 72
_FORMATS, _TOPICS, _CHOICES = "formats", "topics", "choices"
# Files of a language that hold no wordings but what wordings need.
_TABLES = (_FORMATS, _TOPICS)
_SENTENCE_ENDS = ".!?…"


class BrokenWording(Exception):
    """The files of replies cannot be used. `problems` names every fault with its file."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What one turn says: one text, the choices of its last question, the claims in it, and the subject of a letter."""

    text: str
    subject: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(slots=True)
class _Reading:
    """One rendering under way."""

    language: str
    locale: Locale
    formats: Mapping[str, str]
    today: date
    topics: Mapping[str, str] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)

    def claim(self, words: str, fact: Sourced) -> _Proven:
        self.claims.append(Claim(words=words, source=fact.source, read_time=fact.read_time))
        return _Proven(words)


class _Proven(str):
    """Words whose source is on record."""


class Wording:
    """All wordings of all languages. Raises BrokenWording when a language lacks one."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._environment = _environment()
        self._templates: dict[str, dict[str, Template]] = {}
        self._tables: dict[str, dict[str, Mapping[str, str]]] = {}
        problems: list[str] = []
        for path in sorted(item for item in folder.iterdir() if item.is_dir()):
            self._read(path, problems)
        problems += _differences(self._templates)
        if problems:
            raise BrokenWording(problems)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._templates)

    def names(self) -> frozenset[str]:
        """Every wording, as `<file>.<name>`."""
        return frozenset(next(iter(self._templates.values()), {}))

    def speak(self, replies: Iterable[Reply], *, language: str, region: str, today: date) -> Spoken:
        """The replies of a turn as one message. Raises Unproven, or jinja2's UndefinedError for a missing value."""
        parts = list(replies)
        spoken = language if language in self._templates else next(iter(self._templates))
        tables = self._tables[spoken]
        reading = _Reading(
            language=spoken,
            locale=_locale(spoken, region),
            formats=tables[_FORMATS],
            topics=tables.get(_TOPICS, {}),
            today=today,
        )
        texts = [self._render(part.template, part.values, reading) for part in parts]
        letter = next((part for part in parts if part.subject), None)
        last = next((part for part in reversed(parts) if part.choices), None)
        # Choices belong to the question that is open; a later question without choices closes them.
        asking = next((part for part in reversed(parts) if part.asks), None)
        choices = last.choices if last is not None and (asking is None or asking is last) else ()
        return Spoken(
            text="\n\n".join(dict.fromkeys(text for text in texts if text)),
            choices=tuple((choice.id, self._title(choice, reading)) for choice in choices),
            claims=tuple(dict.fromkeys(reading.claims)),
            # What it claims the text claims, too.
            subject=self._render(letter.subject, letter.values, replace(reading, claims=[])) if letter else "",
        )

    def _render(self, name: str, values: Mapping[str, Value], reading: _Reading) -> str:
        template = self._templates[reading.language][name]
        text = template.render({**values, "_reading": reading})
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    def _title(self, choice: Choice, reading: _Reading) -> str:
        """The whole title: what a channel has no room for is the business of that channel."""
        return self._render(f"{_CHOICES}.{choice.title}", choice.values, reading)

    def _read(self, folder: Path, problems: list[str]) -> None:
        templates: dict[str, Template] = {}
        for path in sorted(folder.glob("*.yaml")):
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            if path.stem in _TABLES:
                self._tables.setdefault(folder.name, {})[path.stem] = content
                continue
            for name, text in content.items():
                problems += self._faults(f"{folder.name}/{path.name}: {name}", str(text), choice=path.stem == _CHOICES)
                templates[f"{path.stem}.{name}"] = self._environment.from_string(str(text))
        if _FORMATS not in self._tables.get(folder.name, ()):
            problems.append(f"{folder.name}/{_FORMATS}.yaml is missing")
        self._templates[folder.name] = templates

    def _faults(self, where: str, text: str, *, choice: bool) -> list[str]:
        words = "".join(value for _, kind, value in self._environment.lex(text) if kind == "data")
        faults = [f"{where} holds a digit, which no source stands behind"] if any(c.isdigit() for c in words) else []
        if choice and "{" not in text and len(text) > MOST_TITLE_CHARACTERS:
            faults.append(f"{where} is longer than {MOST_TITLE_CHARACTERS} characters")
        return faults


def _differences(templates: Mapping[str, Mapping[str, Template]]) -> list[str]:
    every = set().union(*(set(names) for names in templates.values())) if templates else set()
    return [f"{language} has no {name}" for language, names in templates.items() for name in sorted(every - set(names))]


@cache
def _locale(language: str, region: str) -> Locale:
    try:
        return Locale(language, region or None)
    except UnknownLocaleError:
        return Locale(language)


def _environment() -> Environment:
    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
        # Plain words for messages, never markup.
        autoescape=select_autoescape(enabled_extensions=(), default_for_string=False),
    )
    # Templates need values and filters, nothing else.
    environment.globals.clear()
    environment.filters.update(
        money=_money,
        day=_day,
        short_day=_short_day,
        month=_month,
        clock=_clock,
        moment=_moment,
        counted=_counted,
        wait=_wait,
        ahead=_ahead,
    )
    environment.filters.update(lower_first=_lower_first, upper_first=_upper_first, sentence=_sentence)
    return environment


@pass_context
def _finalize(context: Context, value: Any) -> str:
    if isinstance(value, (_Proven, StrictUndefined)):
        # Reading an undefined value as text raises what names it.
        return str(value)
    if isinstance(value, Sourced) and isinstance(value.content, (str, int)):
        return _reading(context).claim(str(value.content), value)
    if isinstance(value, str):
        require_proof(value)
        return value
    raise TypeError(f"{type(value).__name__} cannot be said as it is")


def _reading(context: Context) -> _Reading:
    reading: _Reading = context["_reading"]
    return reading


def _content(fact: object, kind: type) -> Any:
    if not isinstance(fact, Sourced):
        raise Unproven(str(fact))
    if not isinstance(fact.content, kind):
        raise TypeError(f"{fact.source} is no {kind.__name__}")
    return fact.content


@pass_context
def _money(context: Context, fact: Sourced) -> str:
    sum_: Money = _content(fact, Money)
    reading = _reading(context)
    pattern = reading.formats["money"]
    if not get_currency_precision(sum_.currency) and sum_.rounded().amount % 1 == 0:
        pattern = pattern.partition(".")[0]  # pesos that have no cents
    digits = format_decimal(abs(sum_.rounded().amount), format=pattern, locale=reading.locale)
    return reading.claim(f"{digits} {sum_.currency}", fact)


@pass_context
def _day(context: Context, fact: Sourced) -> str:
    return _dated(context, fact, "day")


@pass_context
def _short_day(context: Context, fact: Sourced) -> str:
    return _dated(context, fact, "short_day")


@pass_context
def _month(context: Context, fact: Sourced) -> str:
    """The month of a day, which is one of the coming twelve: without its year."""
    reading = _reading(context)
    return reading.claim(
        format_date(_content(fact, date), format=reading.formats["month"], locale=reading.locale), fact
    )


def _dated(context: Context, fact: Sourced, name: str) -> str:
    day: date = _content(fact, date)
    reading = _reading(context)
    pattern = reading.formats[name if day.year == reading.today.year else f"{name}_with_year"]
    return reading.claim(format_date(day, format=pattern, locale=reading.locale), fact)


@pass_context
def _clock(context: Context, fact: Sourced) -> str:
    content = fact.content if isinstance(fact, Sourced) else None
    at: time = content.timetz() if isinstance(content, datetime) else _content(fact, time)
    reading = _reading(context)
    return reading.claim(
        format_time(at.replace(tzinfo=None), format=reading.formats["time"], locale=reading.locale), fact
    )


@pass_context
def _moment(context: Context, fact: Sourced) -> str:
    at: datetime = _content(fact, datetime)
    reading = _reading(context)
    text = format_datetime(at.replace(tzinfo=None), format=reading.formats["moment"], locale=reading.locale)
    return reading.claim(text, fact)


@pass_context
def _lower_first(context: Context, fact: Sourced) -> str:
    """A name in the middle of a sentence; a code such as "BAR" is none."""
    words: str = _content(fact, str)
    return _reading(context).claim(words if words[1:2].isupper() else words[:1].lower() + words[1:], fact)


@pass_context
def _upper_first(context: Context, fact: Sourced) -> str:
    """A name at the beginning of a line."""
    words: str = _content(fact, str)
    return _reading(context).claim(words[:1].upper() + words[1:], fact)


@pass_context
def _sentence(context: Context, fact: Sourced) -> str:
    """What the hotel says of a topic; a note such as "07:00-10:30" is told under the name of what it is about."""
    words: str = _content(fact, str).strip()
    reading = _reading(context)
    if words.endswith(tuple(_SENTENCE_ENDS)):
        return reading.claim(words[:1].upper() + words[1:], fact)
    topic = fact.source.removeprefix("fact:").partition("@")[0]
    name = reading.topics.get(topic) or topic.replace("_", " ").capitalize()
    # A name of the hotel's own is English as a rule: it is told in other languages only where the note needs one.
    own = topic not in reading.topics and reading.locale.language != "en"
    named = name.casefold() in words.casefold() or (own and words[:1].isalpha())
    return reading.claim(f"{words[:1].upper()}{words[1:]}." if named else f"{name}: {words}.", fact)


@pass_context
def _counted(context: Context, fact: Sourced, **forms: str) -> str:
    """A number with its word, in the plural form that the language has for it."""
    number: int = _content(fact, int)
    reading = _reading(context)
    form = reading.locale.plural_form(number)
    return reading.claim(f"{number} {forms.get(form) or forms['other']}", fact)


@pass_context
def _wait(context: Context, fact: Sourced) -> str:
    """A number of minutes as a span of time; long ones in hours, rounded up."""
    minutes: int = _content(fact, int)
    reading = _reading(context)
    unit, number = ("minute", minutes) if minutes <= MINUTES_TOLD_AS_SUCH else ("hour", -(-minutes // 60))
    return reading.claim(format_unit(number, unit, locale=reading.locale), fact)


@pass_context
def _ahead(context: Context, fact: Sourced) -> str:
    """A number of hours before something as a span of time; long ones that are whole days in days."""
    hours: int = _content(fact, int)
    reading = _reading(context)
    unit, number = ("day", hours // 24) if hours > HOURS_TOLD_AS_SUCH and hours % 24 == 0 else ("hour", hours)
    return reading.claim(format_unit(number, unit, locale=reading.locale), fact)
