"""One date as it is written, and how a match of the grammar becomes one. Nothing is resolved here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.nlp.domain.calendar import MONTHS, SHORT_WEEKDAYS, WEEKDAYS
from services.nlp.domain.date_words import ORDER, RELATIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A date as written. `kind` says which fields count: see `resolution`."""

    kind: str
    start: int
    end: int
    day: int = 0
    month: int = 0
    year: int = 0
    weekday: int = -1
    modifier: str = ""
    offset: int = 0
    holiday: str = ""
    first: int = 0
    second: int = 0


def read_day_month(m: re.Match[str], p: str) -> Point:
    return Point(
        kind="day",
        start=m.start(),
        end=m.end(),
        day=int(m[p + "d"]),
        month=MONTHS[m[p + "m"]],
        year=_year(m, p + "y"),
        weekday=WEEKDAYS.get(m[p + "w"] or "", SHORT_WEEKDAYS.get(m[p + "w"] or "", -1)),
        modifier=_night_said(m),
    )


def _night_said(m: re.Match[str]) -> str:
    """ "Friday night, the 4th": the night between the weekday and the day belongs to the date."""
    return "night" if re.search(r" (?:night|noche),? ", m.group()) else ""


def _year(m: re.Match[str], name: str) -> int:
    if m[name]:
        return int(m[name])
    return 2000 + int(m[name + "s"]) if m[name + "s"] else 0


def read_iso(m: re.Match[str], p: str) -> Point:
    year, month, day = int(m[p + "y"]), int(m[p + "m"]), int(m[p + "d"])
    return Point(kind="day", start=m.start(), end=m.end(), day=day, month=month, year=year)


def read_numeric(m: re.Match[str], p: str) -> Point:
    first, second = int(m[p + "a"]), int(m[p + "b"])
    year = int(m[p + "y"]) if m[p + "y"] else 0
    year = year + 2000 if 0 < year < 100 else year
    return Point(kind="numeric", start=m.start(), end=m.end(), first=first, second=second, year=year)


def read_weekday(m: re.Match[str], p: str) -> Point:
    name = m[p + "w"]
    number = WEEKDAYS.get(name, SHORT_WEEKDAYS.get(name, 0))
    modifier = f"{m[p + 'pre'] or ''} {m[p + 'post'] or ''}".strip()
    return Point(kind="weekday", start=m.start(), end=m.end(), weekday=number, modifier=modifier)


def read_short_weekday(m: re.Match[str], p: str) -> Point:
    name = m[p + "w"] or m[p + "v"] or m[p + "x"]
    return Point(
        kind="weekday", start=m.start(), end=m.end(), weekday=SHORT_WEEKDAYS[name], modifier=m[p + "pre"] or ""
    )


def read_weekday_day(m: re.Match[str], p: str) -> Point:
    name = m[p + "w"]
    number = WEEKDAYS.get(name, SHORT_WEEKDAYS.get(name, -1))
    return Point(kind="day", start=m.start(), end=m.end(), day=int(m[p + "d"]), weekday=number, modifier=_night_said(m))


def read_ordinal_weekday(m: re.Match[str], p: str) -> Point:
    weekend = m[p + "w"] not in WEEKDAYS
    return Point(
        kind="ordinal_weekend" if weekend else "ordinal_weekday",
        start=m.start(),
        end=m.end(),
        weekday=WEEKDAYS.get(m[p + "w"], 4),
        offset=ORDER[m[p + "n"]],
        month=MONTHS[m[p + "m"]],
        year=int(m[p + "y"] or 0),
    )


def read_relative(m: re.Match[str], p: str) -> Point:
    word = re.sub(r"^the ", "", m[p + "r"])
    night = word in ("tonight", "esta noche", "hoy en la noche", "hoy por la noche", "tonite", "2nite", "2night")
    past_night = word in ("anoche", "last night")
    return Point(
        kind="night" if night else "relative",
        start=m.start(),
        end=m.end(),
        offset=-1 if past_night else 0 if night else RELATIVE[word],
    )


def read_from_now(m: re.Match[str], p: str) -> Point:
    count = int(m[p + "n"]) if m[p + "n"].isdigit() else 1
    unit = m[p + "u"]
    days = (
        14
        if unit in ("fortnight", "quincena")
        else 7
        if unit.startswith(("sem", "week"))
        else 30
        if unit.startswith(("mes", "month"))
        else 1
    )
    later = 1 if m.group().endswith("tomorrow") else 0
    return Point(kind="relative", start=m.start(), end=m.end(), offset=min(count, 1000) * days + later)


def read_weekend(m: re.Match[str], _: str) -> Point:
    return Point(kind="weekend", start=m.start(), end=m.end(), modifier=m.group())


def read_week(m: re.Match[str], _: str) -> Point:
    return Point(kind="week", start=m.start(), end=m.end(), modifier=m.group())


def read_next_month_day(m: re.Match[str], p: str) -> Point:
    ahead = 0 if re.search(r"este mes|this month|del mes$|the month$", m[p + "rel"]) else 1
    return Point(kind="day_of_relative_month", start=m.start(), end=m.end(), day=int(m[p + "d"]), offset=ahead)


def read_nth(m: re.Match[str], p: str) -> Point:
    return Point(kind="day", start=m.start(), end=m.end(), day=int(m[p + "d"]))


def read_month(m: re.Match[str], p: str) -> Point:
    return Point(kind="month", start=m.start(), end=m.end(), month=MONTHS[m[p + "m"]], year=int(m[p + "y"] or 0))


def read_relative_month(m: re.Match[str], _: str) -> Point:
    return Point(kind="relative_month", start=m.start(), end=m.end(), offset=1)


def read_following(m: re.Match[str], _: str) -> Point:
    return Point(kind="following", start=m.start(), end=m.end())
