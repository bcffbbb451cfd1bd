"""Which points belong together as a stay, and which is arrival or departure, from the words around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from services.nlp.domain.date_points import COUNTED, Point, find_points
from services.nlp.domain.types import Role

_MARK = 0xE000  # private-use characters stand for points, so that positions stay the same
_PT = "[\ue000-\uf8ff]+"
_BARE = r"(?<![\d:.,/$€£-])\d\d?(?:st|nd|rd|th)?(?![\d:/%]|[.,]\d)"
_BARE_END = r"(?<!\d)\d\d?(?:st|nd|rd|th)?(?![\d:/%]|-\d|[.,]\d)"
_ARTICLE = r"(?:el |the |dia |el dia |los dias )?"
_RANGE = re.compile(
    r"(?P<pre>\b(?:del?|desde(?: el)?|from(?: the)?|between(?: the)?|entre(?: el| los dias)?|noches? del?"
    r"|nights? of(?: the)?"
    rf"|para(?: el)?|dias?|el|the)\s+(?:dia )?)?(?P<a>{_PT}|{_BARE})"
    r"(?P<conn>,?\s*(?:-+>?|/|al?(?: dia)?|hasta|to|till?|'?til|until|through|thru|y|e|and"
    rf"|&)\s*{_ARTICLE})(?P<b>{_PT}|{_BARE_END})"
    rf"(?P<counted>\s*-?{COUNTED})?"
)
_ARRIVAL_WORDS = (
    r"lleg\w+|entrada|entro|entrar|entrando|entramos|entrariamos|ingres\w+|check(?:ing)?[ -]?in|desde|a partir de(?:l)?"
    r"|from|arriv\w+|get(?:ting)? (?:there|in)|com(?:e|ing)\b|start\w*|begin\w*|beginning|as of|empez\w+"
    r"|in on|viaj\w+|aterriz\w+|land(?:ing)?"
)
_DEPARTURE_WORDS = (
    r"salgo|salimos|salida|salir\w*|saliendo|saldr\w+|check(?:ing)?[ -]?out|checkout|hasta|nos vamos|me voy|irnos|irme"
    r"|regres\w+|leav\w+|depart\w+|until|till|'?til|through|thru|to|end\w*|al|fly(?:ing)? (?:out|home)"
    r"|go(?:ing)? home|out on"
    r"|marcho|marchamos|dejamos|dejo la hab\w*|desocup\w+|retir\w+"
)
_ROLE_BEFORE = re.compile(rf"\b(?:(?P<arrive>{_ARRIVAL_WORDS})|(?P<depart>{_DEPARTURE_WORDS}))\b")
_ROLE_AFTER = re.compile(
    r"\W{0,3}(?:de |como |is |es |as |for |la |my |our )?(?:(?P<arrive>entrada|llegada|arrival|check[ -]?in|checkin)"
    r"|(?P<depart>salida|departure|check[ -]?out|checkout))\b"
)
# These say a role only right before the date: "to Sunday", not "to sleep in town on Thursday".
_ADJACENT = frozenset({"to", "al", "from", "desde", "through", "thru", "til", "till", "'til", "until", "hasta"})
_ONLY_ARTICLES = re.compile(r"\s*(?:(?:the|el|la|dia|on|this|next|late|around|about|early|este|proximo)\s+)*")
_MOVES_THE_ARRIVAL = re.compile(
    r"\b(?:move|shift|change|push|bring|reschedule|switch|bump|postpone|cambi\w+|mover|mueve\w*|pas[ae]\w*"
    r"|recorr\w+|corr[ae]\w*|reprogram\w+|adelant\w+|posp\w+)\b"
    r"(?!.*\b(?:salida|departure|check[ -]?out)\b).*\b(?:to|al|para)(?: the| el| dia)*\s*$"
)
_NIGHT_BEFORE = re.compile(
    r"(?:\bla noche|(?<!una )(?<!1 )\bnoche|\bthe night|(?<!1 )(?<!one )\bnight)"
    r"(?: solamente| only)?,?(?: del?| of| on| para| for| el)?(?: el| the| dia)?\s*$"
)
_NIGHT_AFTER = re.compile(r"\s+(?:por la noche|night\b)")
_WEEKEND_OF = re.compile(r" ?(?:del?|of|of the|de el|,)? ?(?:el |the )?")
_JOINED = re.compile(r"\s*(?:,|and|y|e|&|or|o)\s*(?:the |el )?(?:dia )?")
_REFERS = re.compile(r"\b(?:refer\w+|meant|mean)(?: to)?(?: al| a| the| el)?\s*$")
_LIST = re.compile(rf"(?P<a>{_PT}|{_BARE})(?:, ?{_BARE})+,? (?:y|and|&|e) (?:el |the )?(?P<b>{_PT})")
_AND = ("y", "e", "and", "&")
_BREAK = re.compile(r"[!?\n;]|\.(?:\s|$)")
_BARE_AFTER_ROLE = re.compile(
    r"\b(?:entrada|llegada|salida|check[ -]?in|check[ -]?out|checkin|checkout|arrival|departure|arriving"
    r"|leaving|llegando"
    r"|saliendo|hasta|until|a partir de|entro|salgo|llego)\s*(?:date"
    rf"|fecha)?\s*[:=]?\s*(?P<d>\d\d?)(?![\d:/h]|[.,]\d|\s*{COUNTED})(?=\s*(?:$|[.,;)!?-]|y\b|and\b|salida"
    r"|entrada|check|de\b|out|hasta))"
)
_CLOCK_WORDS = re.compile(r"\b(?:piscina|pool|desayuno|breakfast|abre|open|cierra|close|horario|hours|spa|gym)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A point with its role. `certain` is false when the role is only likely; `pair` numbers the stay it belongs to."""

    point: Point
    role: Role
    certain: bool = True
    pair: int = 0
    month_follows: bool = False


def find_mentions(folded: str, *, dates_were_asked: bool, asked_role: Role) -> list[Mention]:
    """All dates of a message with their roles, in order."""
    points = find_points(folded)
    points += _bare_after_role(folded, points)
    points.sort(key=lambda p: p.start)
    points = _sharing_a_month(folded, _anchored_weekends(folded, points))
    masked = _mask(folded, points)
    pairs = _find_pairs(masked, points, dates_were_asked=dates_were_asked)
    mentions: list[Mention] = []
    for number, (first, second, nights_counted) in enumerate(pairs, start=1):
        mentions.append(Mention(point=first, role=Role.CHECK_IN, pair=number))
        role = Role.NIGHT if nights_counted else Role.CHECK_OUT
        mentions.append(Mention(point=second, role=role, pair=number))
    taken = [(a.start, b.end) for a, b, _ in pairs]
    singles = [p for p in points if not any(s <= p.start < e for s, e in taken)]
    if not points and dates_were_asked:
        singles = _bare_answer(folded)
    for point in singles:
        role, certain = _role_of(point, masked)
        mentions.append(Mention(point=point, role=role, certain=certain))
    mentions.sort(key=lambda m: m.point.start)
    return _fill_roles(_feasts_beside_days(mentions), asked_role)


def _feasts_beside_days(mentions: list[Mention]) -> list[Mention]:
    """ "Para Navidad, del 24 al 27": the feast says when, the days say which. It has no role of its own then."""
    days = any(m.point.kind in ("day", "numeric", "weekday") for m in mentions)
    return [
        replace(m, role=Role.NONE) if days and m.point.kind == "holiday" and m.role is Role.DATE else m
        for m in mentions
    ]


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


def _mask(folded: str, points: list[Point]) -> str:
    characters = list(folded)
    for index, point in enumerate(points[:6000]):
        characters[point.start : point.end] = chr(_MARK + index) * (point.end - point.start)
    return "".join(characters)


def _bare_after_role(folded: str, points: list[Point]) -> list[Point]:
    found = []
    for m in _BARE_AFTER_ROLE.finditer(folded):
        start, end = m.span("d")
        if 1 <= int(m["d"]) <= 31 and not any(p.start < end and start < p.end for p in points):
            found.append(Point(kind="day", start=start, end=end, day=int(m["d"])))
    return found


def _find_pairs(masked: str, points: list[Point], *, dates_were_asked: bool) -> list[tuple[Point, Point, bool]]:
    pairs: list[tuple[Point, Point, bool]] = []
    for days in _LIST.finditer(masked):  # "12, 13 y 14 de enero"
        first, last = _endpoint(days, "a", points), _endpoint(days, "b", points)
        if first and last and last.month and first.day < last.day:
            pairs.append((*_share_month(first, last), False))
    if pairs:
        return pairs
    at = 0
    while m := _RANGE.search(masked, at):
        first, second = _endpoint(m, "a", points), _endpoint(m, "b", points)
        if first is None or second is None or not _is_range(m, first, masked, points, asked=dates_were_asked):
            at = m.end("a")
            continue
        joined = m["conn"].strip().split(" ")[0] in _AND
        nights = joined and bool((m["pre"] or "").startswith(("noche", "night")) or _counts_nights(m))
        pairs.append((*_share_month(first, second), nights))
        at = m.end("b")
    return pairs


def _endpoint(m: re.Match[str], group: str, points: list[Point]) -> Point | None:
    """The point behind one end of a range; None for things that are not days, such as months."""
    mark = ord(m[group][0])
    if mark >= _MARK:
        point = points[mark - _MARK]
        return point if point.kind not in ("month", "relative_month", "week", "following") else None
    day = int(m[group].rstrip("stndrh"))
    if not 1 <= day <= 31:
        return None
    return Point(kind="day", start=m.start(group), end=m.end(group), day=day)


def _is_range(m: re.Match[str], first: Point, masked: str, points: list[Point], *, asked: bool) -> bool:  # noqa: PLR0911 (a list of cases)
    marked = [ord(m[g][0]) >= _MARK for g in ("a", "b")]
    connector = m["conn"].strip().split(" ")[0].strip(",")
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
    if connector in ("/", "") or (connector == "-" and not asked):
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
            if first.day and first.day > second.day:
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
    if first.kind == second.kind == "weekday" and "week" in second.modifier and not first.modifier:
        return replace(first, modifier=second.modifier), replace(second, modifier="")
    if second.kind == "day_of_relative_month" and first.kind == "day" and not first.month:
        return replace(first, kind=second.kind, offset=second.offset), second
    return first, second


def _bare_answer(folded: str) -> list[Point]:
    """A bare "12" or "the 12" right after we asked for a date."""
    m = re.fullmatch(
        r"\W*(?:(?:para|for|on|el|the|dia|seria|it would be|mejor)\s+)*(?P<d>\d\d?)(?:st|nd|rd|th)?\W*", folded
    )
    if m and 1 <= int(m["d"]) <= 31:
        return [Point(kind="day", start=m.start("d"), end=m.end("d"), day=int(m["d"]))]
    return []


def _role_of(point: Point, masked: str) -> tuple[Role, bool]:  # noqa: PLR0911 (a list of cases)
    before = masked[max(0, point.start - 45) : point.start]
    pieces = re.split(_PT, before)
    clause = _BREAK.split(pieces[-1])[-1]
    if _REFERS.search(before):
        return Role.DATE, False
    if point.kind == "night" or _NIGHT_BEFORE.search(before):
        return Role.NIGHT, True
    found = [
        m
        for m in _ROLE_BEFORE.finditer(clause)
        if m.group() not in _ADJACENT or _ONLY_ARTICLES.fullmatch(clause[m.end() :])
    ]
    if _MOVES_THE_ARRIVAL.search(clause):
        return Role.CHECK_IN, True
    after = _ROLE_AFTER.match(masked, point.end)
    if after and not (found and found[-1].end() >= len(clause) - 12):
        return (Role.CHECK_IN if after["arrive"] else Role.CHECK_OUT), True
    if found:
        return (Role.CHECK_IN if found[-1]["arrive"] else Role.CHECK_OUT), True
    night = _NIGHT_AFTER.match(masked, point.end)
    if night and not (point.kind == "relative" and "por" in night.group()):
        return Role.NIGHT, True
    return Role.DATE, False


def _fill_roles(mentions: list[Mention], asked: Role) -> list[Mention]:
    """Dates without a role word take the role we asked for, else the one that is still free, in order."""
    filled: list[Mention] = []
    free = [Role.CHECK_IN, Role.CHECK_OUT]
    if asked is Role.CHECK_OUT:
        free.reverse()
    for mention in mentions:
        if mention.certain and mention.role in free:
            free.remove(mention.role)
    if any(m.certain and m.role in (Role.NIGHT,) for m in mentions):
        free = []
    for mention in mentions:
        stay_like = mention.point.kind not in ("month", "relative_month", "week")
        fillable = mention.role is Role.DATE and stay_like and free and not _is_past(mention.point)
        filled.append(replace(mention, role=free.pop(0)) if fillable else mention)
    return filled


def _is_past(point: Point) -> bool:
    return (point.kind == "relative" and point.offset < 0) or "pasado" in point.modifier or "last" in point.modifier
