"""Dates as written to dates of the calendar. Nothing is moved silently: doubt and impossibility are reported."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from services.nlp.domain.calendar import HOLIDAY_BY_KEY, nth_weekday
from services.nlp.domain.date_point import Point
from services.nlp.domain.date_reading import Hints, Reading
from services.nlp.domain.types import Problem

# A day of a month named without a year that has passed this recently may well be meant in this year.
_RECENT = timedelta(days=45)
# A departure whose day number is before the arrival's rolls into the next month only for stays up to this long.
_LONGEST_ROLLED_STAY = timedelta(days=20)


def resolve(point: Point, hints: Hints) -> Reading:  # noqa: PLR0911, PLR0912 (one case per kind)
    """The reading of one point. Total: every point has a reading."""
    match point.kind:
        case "weekday" | "weekend" if hints.spoken_of and _AFTER_IT.search(point.modifier):
            return _after_stay(point, hints.spoken_of, hints)
        case "day":
            reading = _with_weekday(_day(point, hints), point.weekday)
            if point.offset and reading.on:  # "the day after" a day named before
                return _checked(reading.on + timedelta(days=point.offset), hints)
            return reading
        case "numeric":
            return _numeric(point, hints)
        case "weekday":
            return _weekday(point, hints)
        case "relative" | "night":
            reading = _checked(hints.today + timedelta(days=point.offset), hints)
            return replace(reading, one_night=point.kind == "night")
        case "holiday":
            return _holiday(point, hints)
        case "weekend" | "ordinal_weekend":
            return _weekend(point, hints)
        case "ordinal_weekday":
            return _ordinal_weekday(point, hints)
        case "day_of_relative_month":
            year, month = _months_ahead(hints.today, point.offset)
            return _exact(year, month, point.day, hints)
        case "following":
            return _following(hints)
        case "week":
            return _week(point, hints)
        case _:
            return _month(point, hints)


_AFTER_IT = re.compile(r"^after\b|(?<!next) (?:weekend|week-end|finde|fin de semana) (?:after|despues)")


def _after_stay(point: Point, last: date, hints: Hints) -> Reading:
    """ "The Friday after" is the first one that the stay that is spoken of leaves free, and so is its weekend."""
    weekend = point.kind == "weekend"
    first = last + timedelta(days=((4 if weekend else point.weekday) - last.weekday()) % 7)
    return replace(_checked(first, hints), until=first + timedelta(days=2) if weekend else None)


def month_of(point: Point, hints: Hints) -> tuple[int, int] | None:
    """Year and month that a point names without a day, for the bare days of the same message."""
    if point.kind not in ("month", "relative_month"):
        return None
    year, month = _month(point, hints).month.split("-")
    return int(year), int(month)


def _checked(on: date, hints: Hints) -> Reading:
    problem = Problem.PAST if on < hints.today else Problem.NONE
    return Reading(value=on.isoformat(), on=on, problem=problem)


def _exact(year: int, month: int, day: int, hints: Hints) -> Reading:
    try:
        return _checked(date(year, month, day), hints)
    except ValueError:
        return Reading(value=f"{year:04d}-{month:02d}-{day:02d}", problem=Problem.IMPOSSIBLE)


def _day(point: Point, hints: Hints) -> Reading:  # noqa: PLR0911 (a list of cases)
    if point.month and point.year:
        return _exact(point.year, point.month, point.day, hints)
    if point.month:
        return _day_of_month(point.month, point.day, hints)
    if not 1 <= point.day <= 31:
        return Reading(value=f"--{point.day:02d}", problem=Problem.IMPOSSIBLE)
    if hints.month:
        return _exact(*hints.month, point.day, hints)
    if hints.after:
        return _next_day(point.day, hints.after + timedelta(days=1), hints)
    if hints.near and hints.near >= hints.today:
        return _nearest_day(point.day, hints.near, hints)
    return _next_day(point.day, hints.today, hints)


def _day_of_month(month: int, day: int, hints: Hints) -> Reading:
    start = hints.after or hints.today
    years = (start.year, start.year + 1)
    dates = [found for year in years if (found := _make(year, month, day))]
    if not dates:
        leap = month == 2 and day == 29
        year = (
            next(y for y in range(start.year, start.year + 9) if _make(y, 2, 29)) if leap else _month_year(month, hints)
        )
        return _exact(year, month, day, hints)
    coming = [d for d in dates if d >= start]
    if hints.after and coming and coming[0] - hints.after > timedelta(days=120):
        reversed_departure = [d for d in dates if hints.today <= d < start]
        if reversed_departure:
            return _checked(reversed_departure[-1], hints)
    if not coming:
        return _exact(years[1], month, day, hints)
    past = [d for d in dates if d < hints.today and hints.today - d <= _RECENT]
    return _checked(past[-1] if past and not hints.after else coming[0], hints)


def _month_year(month: int, hints: Hints) -> int:
    return hints.today.year + (1 if month < hints.today.month else 0)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _months_ahead(start: date, months: int) -> tuple[int, int]:
    index = start.year * 12 + start.month - 1 + months
    return index // 12, index % 12 + 1


def _next_day(day: int, start: date, hints: Hints) -> Reading:
    for ahead in range(3):
        found = _make(*_months_ahead(start, ahead), day)
        if found and found >= start:
            break
    assert found is not None
    if hints.after and found - hints.after > _LONGEST_ROLLED_STAY:
        same_month = _make(hints.after.year, hints.after.month, day)
        if same_month and same_month <= hints.after:
            return _checked(same_month, hints)
    return _checked(found, hints)


def _nearest_day(day: int, near: date, hints: Hints) -> Reading:
    candidates = [d for ahead in (-1, 0, 1) if (d := _make(*_months_ahead(near, ahead), day)) and d >= hints.today]
    best = min(candidates, key=lambda d: abs(d - near), default=None)
    return _checked(best, hints) if best else _next_day(day, hints.today, hints)


def _with_weekday(reading: Reading, weekday: int) -> Reading:
    """ "Friday the 5th" when the 5th is a Saturday: both readings are given."""
    if weekday < 0 or reading.on is None or reading.on.weekday() == weekday:
        return reading
    ahead = (weekday - reading.on.weekday() + 3) % 7 - 3
    meant = reading.on + timedelta(days=ahead)
    alternatives = (reading.on.isoformat(), meant.isoformat())
    return replace(reading, alternatives=alternatives)


def _numeric(point: Point, hints: Hints) -> Reading:
    day_first = (point.first, point.second)
    month_first = (point.second, point.first)
    valid = [(d, m) for d, m in (day_first, month_first) if 1 <= m <= 12 and 1 <= d <= 31]
    if not valid:
        year = point.year or hints.today.year
        return Reading(value=f"{year:04d}-{point.second:02d}-{point.first:02d}", problem=Problem.IMPOSSIBLE)
    if hints.month_first and month_first in valid:
        valid.sort(key=lambda pair: pair != month_first)
    readings = [
        _day(Point(kind="day", start=0, end=0, day=d, month=m, year=point.year), hints) for d, m in dict.fromkeys(valid)
    ]
    if len(readings) == 1 or hints.order_is_known:
        return readings[0]
    return replace(readings[0], alternatives=tuple(r.value for r in readings))


def _week(point: Point, hints: Hints) -> Reading:
    """The coming week, one some weeks away, that of a day ("the week of the 15th"), or the nth of a month."""
    day = _day(replace(point, kind="day"), hints).on if point.day else None
    if point.first:
        start = _nth_week(point.year or _month_year(point.month, hints), point.month, point.first)
        return Reading(value=start.isoformat(), on=start, until=start + timedelta(days=7))
    if point.holiday:  # "the week before Christmas"
        day = _start_of(point, hints) + timedelta(days=7 * point.offset)
    within = day or hints.today + timedelta(days=point.offset or 7)
    monday = within - timedelta(days=within.weekday())
    until = monday + timedelta(days=7)
    return Reading(value=monday.isoformat(), on=monday, until=until, alternatives=(until.isoformat(),))


def _nth_week(year: int, month: int, nth: int) -> date:
    """The nth seven days of a month, or with -1 its last seven."""
    if nth == -1:
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=7)
    return date(year, month, 7 * nth - 6)


def _weekday(point: Point, hints: Hints) -> Reading:  # noqa: PLR0911 (a list of cases)
    today = hints.today
    if point.holiday:
        feast = _start_of(point, hints)
        days = (feast.weekday() - point.weekday) % 7 if point.offset < 0 else (feast.weekday() - point.weekday - 7) % -7
        return _checked(feast - timedelta(days=days or 7 * -point.offset), hints)
    if "pasad" in point.modifier or "last" in point.modifier:
        return _checked(today - timedelta(days=(today.weekday() - point.weekday - 1) % 7 + 1), hints)
    if _FOLLOWING.search(point.modifier) and hints.known_check_in and not (hints.after or hints.week):
        return _checked(_weekday_after(point.weekday, hints), hints)
    if hints.week and not re.search(r"\best[ea]\b|\bthis\b", point.modifier):
        named = hints.week + timedelta(days=(point.weekday - hints.week.weekday()) % 7)
        until = hints.after is not None and named <= hints.after  # "that week, from Sunday to Sunday"
        return _checked(named + timedelta(days=7 if until else 0), hints)
    if hints.near and not (hints.after or hints.feast or point.modifier):
        return _checked(_weekday_beside(point.weekday, hints.near, hints), hints)
    start = hints.after + timedelta(days=1) if hints.after else hints.feast or today
    coming = start + timedelta(days=(point.weekday - start.weekday()) % 7)
    next_week = today + timedelta(days=7 - today.weekday() + point.weekday)
    coming += timedelta(weeks=_weeks_after(point.modifier))
    if coming == today and re.search(r"next|proxim|que viene|siguiente|following|que entra", point.modifier):
        coming = today + timedelta(days=7)
    if re.search(r"\bnext\b", point.modifier) and not hints.after and coming < next_week:
        return Reading(value=coming.isoformat(), on=coming, alternatives=(coming.isoformat(), next_week.isoformat()))
    return _checked(coming, hints)


_FOLLOWING = re.compile(r"siguiente|following|\botro\b")


def _weekday_after(weekday: int, hints: Hints) -> date:
    """ "The following Friday" of a stay: the first one after its arrival, and for a departure after its end."""
    known = (hints.known_check_out if hints.leaving else None) or hints.known_check_in
    assert known is not None
    return known + timedelta(days=(weekday - known.weekday() - 1) % 7 + 1)


_A_WEEK = timedelta(days=6)


def _weekday_beside(weekday: int, near: date, hints: Hints) -> date:
    """ "Better on Thursday", with a stay on the table, is the Thursday nearest to its arrival, or to its end; in a stay
    of a week, such as Easter, the Thursday of that week."""
    earliest, middle = hints.today, near
    first, last = hints.known_check_in, hints.known_check_out
    if not hints.leaving and first and last and last - first >= _A_WEEK:
        return first + timedelta(days=(weekday - first.weekday()) % 7)
    if hints.leaving and hints.known_check_in:
        earliest = hints.known_check_in + timedelta(days=1)
        middle = hints.known_check_out or earliest + timedelta(days=3)
    nearest = middle + timedelta(days=(weekday - middle.weekday() + 3) % 7 - 3)
    return nearest if nearest >= earliest else nearest + timedelta(days=7)


def _weeks_after(modifier: str) -> int:
    """ "Saturday week" is a week after the coming one, "Saturday fortnight" two."""
    if count := re.match(r"([23]) weeks", modifier):
        return int(count[1])
    if re.search(r"fortnight|en 15", modifier):
        return 2
    return 1 if re.search(r"after next|\bweek\b|en 8|el (?:otro|siguiente|de despues)|\bone\b", modifier) else 0


def _holiday(point: Point, hints: Hints) -> Reading:
    holiday = HOLIDAY_BY_KEY[point.holiday]
    years = (point.year,) if point.year else (hints.today.year, hints.today.year + 1)
    start, end = next(
        (span for year in years if (span := holiday.dates_in(hints.region, year))[1] > hints.today),
        holiday.dates_in(hints.region, years[-1]),
    )
    if point.offset:  # "the day after Christmas"
        return _checked((start if point.offset < 0 else end - timedelta(days=1)) + timedelta(days=point.offset), hints)
    until = end if holiday.period or holiday.one_night else None
    problem = Problem.PAST if end <= hints.today else Problem.NONE
    return Reading(
        value=start.isoformat(),
        on=start,
        until=until,
        problem=problem,
        holiday=holiday.key,
        one_night=holiday.one_night,
    )


def _start_of(point: Point, hints: Hints) -> date:
    """The first day of the feast that a day is named by."""
    reading = _holiday(replace(point, kind="holiday", offset=0), hints)
    return reading.on or hints.today


def _weekend(point: Point, hints: Hints) -> Reading:  # noqa: PLR0912 (a list of cases)
    today = hints.today
    if point.kind == "ordinal_weekend":
        year = point.year or _month_year(point.month, hints)
        friday = nth_weekday(year, point.month, 4, point.offset)
    elif point.holiday:
        feast = _start_of(point, hints)
        friday = _friday_by(feast)
        if point.offset:
            friday += timedelta(days=7 * point.offset if feast.weekday() >= 4 or point.offset < 0 else 0)
    elif point.day:
        anchor = _day(Point(kind="day", start=0, end=0, day=point.day, month=point.month, year=point.year), hints).on
        friday = _friday_by(anchor) if anchor else None
    elif hints.after and not re.search(r"next|proximo|siguiente|following|otro|que viene", point.modifier):
        friday = _friday_by(hints.after)  # "and stay through the weekend"
    elif _FOLLOWING.search(point.modifier) and hints.known_check_in and hints.known_check_in >= today:
        friday = _weekend_after(hints.known_check_in, hints.known_check_out)
    elif re.search(r"pasado|\blast\b|ultimo", point.modifier):
        friday = today - timedelta(days=(today.weekday() - 4) % 7 + (7 if today.weekday() >= 4 else 0))
    else:
        friday = _friday_by(today)
        if re.search(r"\bnot?\b", point.modifier):  # "not this weekend, the next one"
            friday += timedelta(days=7)
        elif re.search(r"after|despues", point.modifier):
            friday += timedelta(days=14 if "next" in point.modifier else 7)
        elif re.search(r"proximo|next|siguiente|following|otro|que viene", point.modifier) and today.weekday() >= 4:
            friday += timedelta(days=7)
        if friday <= today:
            friday = today if today.weekday() < 6 else friday + timedelta(days=7)
    if friday is None:
        return Reading(value="", problem=Problem.IMPOSSIBLE)
    sunday = friday + timedelta(days=6 - friday.weekday())
    problem = Problem.PAST if sunday <= today else Problem.NONE
    upcoming = re.search(r"\bnext\b", point.modifier) and today.weekday() < 4 and not point.day
    later = (friday.isoformat(), (friday + timedelta(days=7)).isoformat()) if upcoming else ()
    return Reading(value=friday.isoformat(), on=friday, until=sunday, problem=problem, alternatives=later)


def _friday_by(day: date) -> date:
    """The Friday of the weekend that a day is in, or of the one to come."""
    return day + timedelta(days=(4 - day.weekday() + 2) % 7 - 2)


def _weekend_after(first: date, last: date | None) -> date:
    """The Friday of the first weekend that lies behind a stay."""
    friday = _friday_by(first)
    return friday if friday >= (last or first + timedelta(days=1)) else friday + timedelta(days=7)


def _ordinal_weekday(point: Point, hints: Hints) -> Reading:
    years = (point.year,) if point.year else (hints.today.year, hints.today.year + 1)
    for year in years:
        found = nth_weekday(year, point.month, point.weekday, point.offset)
        if found and (found >= hints.today or year == years[-1]):
            return _checked(found, hints)
    return Reading(value=f"{years[0]:04d}-{point.month:02d}-00", problem=Problem.IMPOSSIBLE)


def _following(hints: Hints) -> Reading:
    """ "And the next one?" after a stay was talked about: the same weekdays, a week later."""
    check_in, check_out = hints.known_check_in, hints.known_check_out
    if check_in is None:
        return Reading(value="", problem=Problem.IMPOSSIBLE)
    until = check_out + timedelta(days=7) if check_out else None
    moved = check_in + timedelta(days=7)
    return Reading(value=moved.isoformat(), on=moved, until=until)


def _month(point: Point, hints: Hints) -> Reading:
    if point.kind == "relative_month":
        year, month = _months_ahead(hints.today, 1)
    else:
        month = point.month
        year = point.year or _month_year(month, hints)
    value = f"{year:04d}-{month:02d}"
    problem = Problem.PAST if (year, month) < (hints.today.year, hints.today.month) else Problem.NONE
    return Reading(value=value, month=value, problem=problem)
