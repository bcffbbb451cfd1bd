"""Stays that move by days: a night more or less, leaving a day early, the whole stay a week later."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from services.orchestrator.domain.analysis import ENTITY_FLOOR, Entity
from services.orchestrator.domain.offers import Stay
from services.orchestrator.domain.phrases import says_same_days
from services.orchestrator.domain.remarks import was_mistaken
from services.orchestrator.domain.state import DialogueState, Shift

# The nlp service is less sure of a date whose part in a stay was not said.
SURE_OF_ROLE = 0.9
_COUNTS = {
    **dict.fromkeys(("un", "una", "a", "one", "another", "um", "uma"), 1),
    **dict.fromkeys(("dos", "two", "dois", "duas"), 2),
    **dict.fromkeys(("tres", "three"), 3),
    **dict.fromkeys(("cuatro", "four", "quatro"), 4),
}
_SPAN = re.compile(rf"\b(\d{{1,2}}|{'|'.join(_COUNTS)})\s+(dia|day|noche|night|semana|week|noite)s?\b")
_EARLIER = re.compile(r"\b(antes|before|early|earlier|sooner|adelant\w+|anticip\w+|bring forward)\b")
_LATER = re.compile(
    r"\b(despues|mas tarde|later|pospon\w+|aplaz\w+|posterg\w+|retras\w+|atras\w+|demor\w+|postpon\w+|delay\w*|push\w*"
    r"|(re)?corr(er|e|o|emos|an?|as|amos|imos|ieron|ers?elas?|erlas?|erlos?|erme|ernos)|depois)\b"
)
_NEXT_DAY = re.compile(r"\bal (otro dia|dia siguiente|siguiente dia)\b(?! (de|del|que)\b)")
_ONLY_A_MONTH = re.compile(
    r"\W*(?:(?:pero|no|but|sorry|perdon|es|son|it'?s|de|del mes de|en|of|in|em)\W+)*[a-z]{3,10}\W*"
)
_ONLY_A_YEAR = re.compile(
    r"\W*(?:(?:no|perdon|sorry|digo|uy|ah|oh|i mean|i meant|quise decir|quiero decir|es|era|del?|of|in|en)\W+)*"
    r"(?P<year>20\d\d)(?:\W+(?:perdon|sorry|claro|of course|gracias|please))*\W*"
)
_FEWER = re.compile(r"\b(menos|less|fewer|quit\w+|acort\w+|reduc\w+|short\w+|cut|off|drop|remove)\b")
# What stands before the nights that are added.
_LONGER = re.compile(
    r"\b(extend\w*|prolong\w*|alarg\w+|ampli\w+|extiend\w+|estender|longer)\b|\b(add(ing)?|agreg\w+|sum\w+)\s+$"
)
_IN_ALL = re.compile(r"\b(to|a|hasta|until|till|total( de| of)?)\s+$")
_NIGHT_BEFORE = re.compile(
    r"\b(add|book|take|include|extra|agreg\w+|sum\w+|anad\w+|reserv\w+|tom\w+)\b[^.?!]{0,20}"
    r"\b((the )?(night|day) before|(noche|dia) (anterior|antes|previ[ao]|de antes))\b(?! (we|i|my|our|the|que|de)\b)"
)
_MOVED = re.compile(
    r"\b(push|move|shift|postpon\w*|delay\w*|bring|pospon\w+|aplaz\w+|adelant\w+|retras\w+|atras\w+|posterg\w+|(re)?corr\w+"
    r"|mover\w*)\b"
)
_WEEKDAY = re.compile(
    r"\b(lunes|martes|miercoles|jueves|viernes|sabado|domingo|(mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
_TELLS_THE_WEEK = re.compile(
    r"\d|\b(hoy|manana|este|esta|proxim\w+|que (viene|entra)|siguiente|otro|semana|today|tomorrow|this|next|coming"
    r"|following|week|ene\w*|feb\w*|mar(zo|ch)|abr\w*|apr\w*|may\w*|jun\w*|jul\w*|ago\w*|aug\w*|sep\w*|oct\w*|nov\w*"
    r"|dic\w*|dec\w*|jan\w*)\b"
)
_NOT_SO = re.compile(r"\W*(?:(?:uh|uy|ay|ah|oh|perdon|sorry|wait|espera|bueno|mejor)\W+)*no\W+(?:mejor )?(?:al?|to)\b")
_LEAVING = re.compile(
    r"\b(sal(ir|go|imos|ida|dremos|dre)|me voy|nos vamos|irme|irnos|leav\w+|check(ing)?[ -]?out|depart\w*|sair)\b"
)
_ARRIVING = re.compile(r"\b(lleg\w+|entr(ar|o|amos|ada)|arriv\w+|check(ing)?[ -]?in|come|get there|cheg\w+)\b")


_AFTER_IT = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day after\b|\bweek-?end after\b(?! next)", re.IGNORECASE
)


def shift_of(text: str, entities: Sequence[Entity]) -> Shift:
    """By how many days the ends of a stay are to move; none when nothing moves, or only days are named."""
    sure = [entity for entity in entities if entity.confidence >= ENTITY_FLOOR]
    extra = next((int(item.value) for item in sure if item.type == "extra_nights" and item.value.isdigit()), 0)
    plain = _plain(text)
    if extra or _NIGHT_BEFORE.search(plain):
        return Shift(departure=extra) if extra else Shift(arrival=-1)
    span = _SPAN.search(plain)
    if span is None:
        return _moved(plain, 1) if _NEXT_DAY.search(plain) else Shift()
    before = plain[: span.start()]
    longer = _LONGER.search(before) and not _IN_ALL.search(before)
    if any(entity.type == "date" for entity in sure) and not (longer or _MOVED.search(plain)):
        return Shift()
    count, unit = span.groups()
    days = int(count) if count.isdigit() else _COUNTS[count]
    if unit in ("semana", "week"):
        days *= 7
    if unit in ("noche", "night", "noite") and _FEWER.search(plain):
        return Shift(departure=-days)
    if longer:
        return Shift(departure=days)
    return _moved(plain, days)


def shift_still_wanted(state: DialogueState, text: str, entities: Sequence[Entity]) -> Shift:
    """As `shift_of`, without the night before when the change that is talked over has it already."""
    booked, found = state.reservation, state.modification
    has_it = booked is not None and found is not None and found.reservation.stay.check_in < booked.stay.check_in
    return Shift() if has_it and _NIGHT_BEFORE.search(_plain(text)) else shift_of(text, entities)


def _moved(plain: str, days: int) -> Shift:
    """Days earlier or later, of the end that is named or of the whole stay."""
    if _EARLIER.search(plain):
        days = -days
    elif not (_LATER.search(plain) or _NEXT_DAY.search(plain)):
        return Shift()
    if _LEAVING.search(plain):
        return Shift(departure=days)
    return Shift(arrival=days) if _ARRIVING.search(plain) else Shift(arrival=days, departure=days)


def shifted(state: DialogueState, entities: Sequence[Entity], shift: Shift) -> tuple[Entity, ...]:
    """The entities with the shift of the stay that is being put together in them.

    A departure in such a message was worked out from the nights, and so is as wrong as they are. A change of a booked
    stay is made where the booking is known.
    """
    counted = ("nights", "extra_nights")
    others = tuple(item for item in entities if item.type not in counted and item.role != "check_out")
    if state.flow not in ("booking", "availability"):
        return others
    first, last, nights = state.value("check_in"), state.value("check_out"), state.number("nights")
    if first and last:
        return (
            *others,
            _day("check_in", date.fromisoformat(first) + timedelta(days=shift.arrival)),
            _day("check_out", date.fromisoformat(last) + timedelta(days=shift.departure)),
        )
    length = (nights or 0) + shift.departure - shift.arrival
    return (*others, Entity(type="nights", value=str(length))) if nights and length > 0 else others


def end_meant(state: DialogueState, text: str, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """The entities, with a lone day as the end of a booking that is being moved: "one more night", and then "the 14th"
    is the departure; the whole stay to Wednesday, and then "no, to Thursday" is the arrival."""
    booked, found = state.reservation, state.modification
    days = [item for item in entities if item.type == "date" and not item.problem]
    if state.flow != "modification" or booked is None or found is None or len(days) != 1:
        return tuple(entities)
    before, after, day = booked.stay, found.reservation.stay, days[0]
    if after.check_in != before.check_in and after.nights == before.nights and _NOT_SO.match(_plain(text)):
        others = tuple(item for item in entities if item is not day)
        return (*others, replace(day, role="check_in"), Entity(type="nights", value=str(after.nights)))
    moved = after.check_in == before.check_in and after.check_out != before.check_out
    if not moved or day.confidence >= SURE_OF_ROLE or day.value <= before.check_in.isoformat():
        return tuple(entities)
    return tuple(replace(item, role="check_out") if item is day else item for item in entities)


def of_its_week(text: str, day: date, end: date, today: date) -> date:
    """The weekday of a change that was read before the booking was known: "on Saturday instead of Friday" is the
    Saturday nearest to that end of the stay, unless a day or a week is told as well."""
    plain = _plain(text)
    if not _WEEKDAY.search(plain) or _TELLS_THE_WEEK.search(plain):
        return day
    nearest = day + timedelta(days=7 * round((end - day).days / 7))
    return nearest if nearest >= today else day


def same_days(state: DialogueState, text: str, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """The entities, with the days of the stay in hand in the month that is named: "same dates, just in January"."""
    month = next((item.value for item in entities if item.type == "month"), "")
    stay = state.reservation.stay if state.reservation and says_same_days(text) else _days_told(state, text)
    if not month or stay is None or any(item.type == "date" for item in entities):
        return tuple(entities)
    year, number = map(int, month.split("-"))
    try:
        first = stay.check_in.replace(year=year, month=number)
    except ValueError:  # no such day in that month
        return tuple(entities)
    return (*entities, _day("check_in", first), _day("check_out", first + timedelta(days=stay.nights)))


def in_the_year(state: DialogueState, text: str, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """The entities, with the month of the days that were over in the year that is named: "2026, sorry"."""
    year = _ONLY_A_YEAR.fullmatch(_plain(text)) if len(state.readings) == 1 else None
    if year is None:
        return tuple(entities)
    return (*entities, Entity(type="month", value=f"{year['year']}-{state.readings[0].check_in:%m}"))


def beyond_booked(state: DialogueState, booked: Stay) -> DialogueState:
    """ "The Friday after" is after the booked stay, which was not known when the day was read."""
    told = state.value("check_in")
    if not told or "check_in" not in state.turn.changed or not _AFTER_IT.search(state.turn.text):
        return state
    first, weeks = date.fromisoformat(told), 0
    while first + timedelta(weeks=weeks) < booked.check_out:
        weeks += 1
    ends = (name for name in ("check_in", "check_out") if state.value(name))
    moved = {name: date.fromisoformat(state.value(name)) + timedelta(weeks=weeks) for name in ends}
    return state.with_slots(**{name: replace(state.slots[name], value=day.isoformat()) for name, day in moved.items()})


def _days_told(state: DialogueState, text: str) -> Stay | None:
    """The stay that is put together, where nothing but a month is told: "from the 1st to the 4th", "in January"."""
    first, last = state.value("check_in"), state.value("check_out")
    if (
        state.flow not in ("booking", "availability")
        or not (first and last)
        or not (_ONLY_A_MONTH.fullmatch(_plain(text)) or was_mistaken(text))
    ):
        return None
    return Stay(check_in=date.fromisoformat(first), check_out=date.fromisoformat(last))


def _day(role: str, day: date) -> Entity:
    return Entity(type="date", role=role, value=day.isoformat())


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in folded if not unicodedata.combining(character))
