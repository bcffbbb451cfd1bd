"""Two points as the ends of one stay: ranges ("del 3 al 6", "Fri-Sun") and lists ("the nights of the 5th and 6th")."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from services.nlp.domain.calendar import HOLIDAY_BY_KEY
from services.nlp.domain.date_point import Point
from services.nlp.domain.date_words import COUNTED

_MARK = 0xE000  # private-use characters stand for points, so that positions stay the same
MARKED = "[\ue000-\uf8ff]+"
_ORDINAL = r"(?:st|nd|rd|th|ero|ro|er)?"
_BARE = rf"(?<![\d:.,/$€£-])\d\d?{_ORDINAL}(?![\d:/%]|[.,]\d)"
_BARE_END = rf"(?<!\d)\d\d?{_ORDINAL}(?![\d:/%]|-\d|[.,]\d)"
_ARTICLE = r"(?:el |the |dia |el dia |los dias )?"
_RANGE = re.compile(
    r"(?P<pre>\b(?:del?|desde(?: el)?|from(?: the)?|between(?: the)?|entre(?: el| los dias)?|noches? del?"
    r"|nights? of(?: the)?"
    rf"|para(?: el)?|dias?|el|the)\s+(?:dia )?)?(?P<a>{MARKED}|{_BARE})"
    r"(?:,? (?:(?:por|en|a|de) la (?:noche|tarde|manana)|night|evening|afternoon|morning))?"
    r"(?P<conn>\)?,?\s*(?:-+>?|/|al?(?: dia)?|hasta|to|till?|untill?|utill?|'?til|through|trough|thru|y|e|and"
    rf"|&)\s*{_ARTICLE})(?P<b>{MARKED}|{_BARE_END})"
    rf"(?P<counted>\s*-?{COUNTED})?"
)
_NIGHTS = r"(?:\s*(?:nights?|nites?|noches?))?"
_ITEM = rf"(?:{MARKED}|{_BARE}){_NIGHTS}"
_LIST = re.compile(
    rf"(?P<pre>\b(?:nights?|noches?)(?: of| del?| el| los dias| the)*\s+)?(?P<a>{MARKED}|{_BARE})(?P<between>{_NIGHTS}"
    rf"(?:\s*,\s*(?:el |the |la (?:noche )?del? )?{_ITEM})*(?:\s*,)?\s*(?:and|y|e|&|/)\s*"
    r"(?:on |el |the |la (?:noche )?del? |dia )*)"
    rf"(?P<b>{MARKED}|{_BARE_END})(?P<post>{_NIGHTS})"
)
_END = re.compile(rf"{MARKED}|\d")
_SAID_NIGHTS = re.compile(r"\b(?P<n>\d{1,2}) (?:nights?|noches?)\b")
_LEAVES = re.compile(
    rf"\b(?:check(?:ing)?[ -]?out|checkout|leav\w+|depart\w+|out|salida|salgo|salimos|saliendo"
    r"|nos vamos|me voy|nos iriamos|nos iremos|dejamos|going home)"
    rf"(?: on| el| the| es| is)*:? {MARKED}"
)
_TWO = 2
# "Del 28 al 3 de enero" begins in December; "del 10 al 8 de marzo" would be four weeks, and is likelier a slip.
_OVER_THE_TURN = 8  # days
_SOME_YEAR = 2024  # a leap year
_AND = ("y", "e", "and", "&")
_CLOCK_WORDS = re.compile(r"\b(?:piscina|pool|desayuno|breakfast|abre|open|cierra|close|horario|hours|spa|gym)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The ends of a stay; with `last_night` the second one is slept, too, and the departure is the day after."""

    first: Point
    second: Point
    last_night: bool = False


def mask(folded: str, points: list[Point]) -> str:
    """The text with each point as a run of its own character, so that patterns can speak of points."""
    characters = list(folded)
    for index, point in enumerate(points[:6000]):
        characters[point.start : point.end] = chr(_MARK + index) * (point.end - point.start)
    return "".join(characters)


def find_pairs(masked: str, points: list[Point], *, dates_were_asked: bool) -> list[Pair]:
    """All stays named by two days, in order, without overlaps."""
    if not _END.search(masked):
        return []
    pairs = _lists(masked, points)
    at = 0
    while m := _RANGE.search(masked, at):
        first, second = _endpoint(m, "a", points), _endpoint(m, "b", points)
        in_a_list = any(p.first.start < m.end("b") and m.start("a") < p.second.end for p in pairs)
        if (
            in_a_list
            or first is None
            or second is None
            or not _is_range(m, first, masked, points, asked=dates_were_asked)
        ):
            at = m.end("a")
            continue
        joined = m["conn"].strip(" )").split(" ")[0] in _AND
        nights = joined and bool((m["pre"] or "").startswith(("noche", "night")) or _counts_nights(m))
        pairs.append(_pair(first, second, last_night=nights))
        at = m.end("b")
    return sorted(pairs, key=lambda pair: pair.first.start)


def _pair(first: Point, second: Point, *, last_night: bool) -> Pair:
    first, second = _share_month(first, second)
    return Pair(first=first, second=second, last_night=last_night)


def _lists(masked: str, points: list[Point]) -> list[Pair]:
    """ "Friday and Saturday", "12, 13 y 14 de enero": days in a row. Two are slept both; of more the last is the
    departure, unless nights are spoken of."""
    found: list[Pair] = []
    said = _SAID_NIGHTS.search(masked)
    at = 0
    while m := _LIST.search(masked, at):
        at = m.end("a")
        first, last = _endpoint(m, "a", points), _endpoint(m, "b", points)
        between = [_middle(item, points) for item in re.finditer(rf"{MARKED}|{_BARE}", m["between"])]
        if first is None or last is None or any(point is None for point in between):
            continue
        run = [first, *(point for point in between if point), last]
        if not all(_in_a_row(a, b) for a, b in pairwise(run)):
            continue
        tonight = first.kind == "night"
        of_nights = bool(m["pre"] or re.search(r"night|nite|noche", m["between"] + m["post"])) or tonight
        counted = said is not None and int(said["n"]) == len(run)
        left_later = _LEAVES.search(masked, m.end("b"))
        found.append(_pair(first, last, last_night=bool(of_nights or counted or left_later) or len(run) == _TWO))
        at = m.end("b")
    return found


def _middle(m: re.Match[str], points: list[Point]) -> Point | None:
    return _point_of(m.group(), m.start(), m.end(), points)


def _in_a_row(a: Point, b: Point) -> bool:
    if a.kind == b.kind == "day":
        same_month = b.day == a.day + 1 and (not a.month or not b.month or a.month == b.month)
        return same_month or (a.day >= 28 and b.day == 1)
    if a.kind == b.kind == "weekday":
        return (a.weekday + 1) % 7 == b.weekday
    if a.kind == b.kind == "holiday":  # "nochebuena y navidad"
        eve, feast = (HOLIDAY_BY_KEY[p.holiday].dates(_SOME_YEAR)[0] for p in (a, b))
        return (feast - eve).days in (1, 1 - 366)
    return a.kind in ("night", "relative") and b.kind == "relative" and b.offset == a.offset + 1


def _endpoint(m: re.Match[str], group: str, points: list[Point]) -> Point | None:
    """The point behind one end of a range; None for things that are not days, such as months."""
    return _point_of(m[group], m.start(group), m.end(group), points)


def _point_of(words: str, start: int, end: int, points: list[Point]) -> Point | None:
    mark = ord(words[0])
    if mark >= _MARK:
        point = points[mark - _MARK]
        return point if point.kind not in ("month", "relative_month", "week", "following") else None
    day = int(re.sub(r"\D", "", words))
    return Point(kind="day", start=start, end=end, day=day) if 1 <= day <= 31 else None


def _is_range(m: re.Match[str], first: Point, masked: str, points: list[Point], *, asked: bool) -> bool:  # noqa: PLR0911 (a list of cases)
    marked = [ord(m[g][0]) >= _MARK for g in ("a", "b")]
    connector = m["conn"].strip(" )").split(" ")[0].strip(",")
    prefix = (m["pre"] or "").strip()
    if not marked[1] and m["counted"]:
        return False
    is_and = connector in _AND
    if is_and and not (
        prefix.startswith(("entre", "between", "noche", "night")) or (all(marked) and _counts_nights(m))
    ):
        return False
    if all(marked) and connector == "/":
        return False
    if any(marked):
        return not (first.weekday >= 0 and first.kind == "relative")
    in_month = any(p.kind in ("month", "relative_month") for p in points) and not _CLOCK_WORDS.search(masked)
    if connector in ("/", "") or (connector == "-" and not (asked or in_month)):
        return False
    named_month = any(p.kind in ("month", "relative_month", "holiday") for p in points)
    strong = named_month or prefix.startswith(("del", "desde", "entre", "noche", "between", "from the", "from", "dias"))
    if connector in ("al", "hasta") or re.search(r"[a-z]$", m["a"]):
        return True
    return (strong and not _CLOCK_WORDS.search(masked)) or asked


def _counts_nights(m: re.Match[str]) -> bool:
    """ "Friday and Saturday nights": both are slept, so the departure is the day after."""
    return (m["counted"] or "").strip(" -").startswith(("night", "noche"))


def _share_month(first: Point, second: Point) -> tuple[Point, Point]:  # noqa: PLR0911 (a list of cases)
    """ "8-10 December" and "Dec 8-10": the month named once counts for both days."""
    if first.kind == "day" == second.kind:
        if not first.month and second.month:
            if first.day and first.day - second.day >= _OVER_THE_TURN:
                previous = (second.month - 2) % 12 + 1
                year = second.year - (1 if second.year and previous == 12 else 0)
                return replace(first, month=-previous, year=year), second
            return replace(first, month=second.month, year=second.year), second
        if first.month and first.year and second.month and not second.year:
            later = first.year + (1 if second.month < first.month else 0)
            return first, replace(second, year=later)
        if first.month and not first.year and second.year:
            year = second.year - (1 if second.month and second.month < first.month else 0)
            return replace(first, year=year), second
    if first.kind == "day" and not first.month and second.kind == "numeric":  # "12-14/12"
        return replace(first, kind="numeric", first=first.day, second=second.second, year=second.year), second
    if second.kind == "day_of_relative_month" and first.kind == "day" and not first.month:
        return replace(first, kind=second.kind, offset=second.offset), second
    return first, second
