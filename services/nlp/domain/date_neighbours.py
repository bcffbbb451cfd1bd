"""Points that the words around them make into others: "the day after Christmas", "the weekend of the 12th"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from services.nlp.domain.date_point import Point
from services.nlp.domain.date_words import COUNTED, ORDER

_WEEKEND_OF = re.compile(r" ?(?:del?|of|of the|de el|,)? ?(?:el |the )?")
_BEFORE_OR_AFTER = re.compile(
    r" ?(?:(?P<before>before|antes de|anterior a)|after|despues de"
    r"|posterior a)l?(?: the| la| el)? ?"
)
_DAY_BESIDE = re.compile(
    r"\b(?:the |el |un |a )?(?:day|night|dia|noche) (?:(?P<before>before|antes de|anterior a)|after"
    r"|despues de)l?(?: the| la| el)? ?$"
)
_EVENT_BESIDE = re.compile(
    r"\b(?:the |el |la )(?:day|night|dia|noche) (?:(?P<before>before|antes|anterior)|after|despues|siguiente)\b"
    r"(?! (?:de|del|the|la|el|that|i|we|my|our)\b)"
)
_WEEKEND = re.compile(r" weekend\b")
_WEEK_BESIDE = re.compile(
    r"\b(?:the |la )?(?:week|semana) (?:(?P<before>before|antes de|anterior a|previa a)|after|despues de|posterior a)l?"
    r"(?: the| la| el)? ?$"
)
_TO_THE = re.compile(r" al?(?: la| el)? ?")
_NTH_WEEK = re.compile(rf"\b(?P<n>{'|'.join(ORDER)}) (?:full )?(?:week|semana)\s*$")
_NEAR = 2  # days; "mañana jueves" is one day named twice, "in two weeks, on Saturday" is not
_BESIDE = re.compile(r",? \(?(?:this |este |the |el )?")
_JOINED = re.compile(r"\s*(?:,|and|y|e|&|or|o)\s*(?:the |el )?(?:dia )?")
_WEEK_OF = re.compile(
    r"(?:\b(?:semana|week)(?: (?:del?|of|starting|beginning|commencing|que empieza))+|\bw/[cb]:?)(?: on| the| el)*\s*$"
)
_IN_WEEKS = re.compile(r"(?:in|en|dentro de|within) (?:an?|una|1|2|3|4) (?:week|semana)s?\b")
_BARE_AFTER_ROLE = re.compile(
    r"\b(?:entrada|llegada|salida|check[ -]?in|check[ -]?out|checkin|checkout|arrival|departure|arriving"
    r"|leaving|llegando"
    r"|saliendo|hasta|until|a partir de|entro|salgo|llego)\s*(?:date"
    rf"|fecha)?\s*[:=]?\s*(?P<d>\d\d?)(?![\d:/h]|[.,]\d|\s*{COUNTED})(?=\s*(?:$|[.,;)!?-]|y\b|and\b|salida"
    r"|entrada|check|de\b|out|hasta))"
)


def with_neighbours(folded: str, points: list[Point]) -> list[Point]:
    """The single dates of a message, in order, each with what the words and dates beside it say of it."""
    found = sorted([*points, *_bare_after_role(folded, points)], key=lambda p: p.start)
    found = _beside_an_event(folded, found)
    found = _sharing_a_month(folded, _anchored_weekends(folded, found))
    return _weeks_of_days(folded, _around_feasts(folded, found))


def _bare_after_role(folded: str, points: list[Point]) -> list[Point]:
    found = []
    for m in _BARE_AFTER_ROLE.finditer(folded):
        start, end = m.span("d")
        if 1 <= int(m["d"]) <= 31 and not any(p.start < end and start < p.end for p in points):
            found.append(Point(kind="day", start=start, end=end, day=int(m["d"])))
    return found


def _beside_an_event(folded: str, points: list[Point]) -> list[Point]:
    """ "The concert is on the 22nd, we'd come the day before": days beside one that was named."""
    found = []
    for m in _EVENT_BESIDE.finditer(folded):
        event = next((p for p in reversed(points) if p.end <= m.start() and p.kind == "day"), None)
        if event and not any(p.start < m.end() and m.start() < p.end for p in points):
            found.append(replace(event, start=m.start(), end=m.end(), offset=-1 if m["before"] else 1))
    return sorted([*points, *found], key=lambda p: p.start)


def _around_feasts(folded: str, points: list[Point]) -> list[Point]:
    """ "The Saturday before Christmas", "the day after Boxing Day", "Thanksgiving weekend": days named by a feast."""
    kept: list[Point] = []
    for point in points:
        if point.kind != "holiday":
            kept.append(point)
            continue
        before = kept[-1] if kept else None
        between = folded[before.end : point.start] if before else ""
        if before and before.kind in ("weekday", "weekend") and (gap := _BEFORE_OR_AFTER.fullmatch(between)):
            offset = -1 if gap["before"] else 1
            kept[-1] = replace(before, end=point.end, holiday=point.holiday, offset=offset, year=point.year)
        elif before and before.kind == "week" and _TO_THE.fullmatch(between):  # "la semana siguiente a Navidad"
            kept[-1] = replace(before, end=point.end, holiday=point.holiday, offset=1, year=point.year)
        elif week := _WEEK_BESIDE.search(folded[: point.start]):
            kept.append(replace(point, kind="week", start=week.start(), offset=-1 if week["before"] else 1))
        elif day := _DAY_BESIDE.search(folded[: point.start]):
            kept.append(replace(point, start=day.start(), offset=-1 if day["before"] else 1))
        elif _WEEKEND.match(folded, point.end):
            kept.append(replace(point, kind="weekend", end=point.end + len(" weekend")))
        else:
            kept.append(point)
    return kept


def _weeks_of_days(folded: str, points: list[Point]) -> list[Point]:
    """ "The week of the 15th, Monday to Friday", "in two weeks, on the Saturday": the week of the weekdays."""
    if not any(p.kind == "weekday" for p in points):
        return points
    found = []
    for point in points:
        of_a_day = point.kind == "day" and point.weekday < 0 and _WEEK_OF.search(folded[: point.start])
        in_weeks = point.kind == "relative" and point.offset and _IN_WEEKS.match(folded, point.start)
        nth = _NTH_WEEK.search(folded[: point.start]) if point.kind == "month" else None
        if nth:
            found.append(replace(point, kind="week", first=ORDER[nth["n"]]))
        else:
            found.append(replace(point, kind="week") if of_a_day or in_weeks else point)
    return found


def _anchored_weekends(folded: str, points: list[Point]) -> list[Point]:
    """ "The weekend of the 12th": the day says which weekend, and is no date of its own."""
    kept: list[Point] = []
    for point in points:
        before = kept[-1] if kept else None
        if (
            before
            and before.kind == "weekend"
            and point.kind == "day"
            and _WEEKEND_OF.fullmatch(folded[before.end : point.start])
        ):
            kept[-1] = replace(before, end=point.end, day=point.day, month=point.month, year=point.year)
        elif (
            before
            and before.kind == "relative"
            and before.offset <= _NEAR
            and point.kind == "weekday"
            and _BESIDE.fullmatch(folded[before.end : point.start])
        ):
            kept[-1] = replace(before, end=point.end)  # "mañana jueves": one day named twice
        else:
            kept.append(point)
    return kept


def _sharing_a_month(folded: str, points: list[Point]) -> list[Point]:
    """ "The 24th and 25th of December": the month is that of both."""
    shared = list(points)
    for index, (a, b) in enumerate(pairwise(points)):
        between = folded[a.end : b.start]
        if a.kind == b.kind == "day" and b.month and not a.month and a.day < b.day and _JOINED.fullmatch(between):
            shared[index] = replace(a, month=b.month, year=b.year)
    return shared
