"""Finds single dates in folded text ("3 de diciembre", "next Friday", "el 15", "Nochevieja"), unresolved."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from services.nlp.domain.calendar import FULL_MONTHS, HOLIDAYS, MONTHS, SHORT_WEEKDAYS, WEEKDAYS
from services.nlp.domain.date_words import COUNTED, ORDER, RELATIVE

_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
_FULL_MONTH = "(?:" + "|".join(sorted((m for m in FULL_MONTHS if m != "march"), key=len, reverse=True)) + ")"
_WEEKDAY = "(?:" + "|".join(WEEKDAYS) + ")"
_SHORT_WEEKDAY = "(?:" + "|".join(sorted(SHORT_WEEKDAYS, key=len, reverse=True)) + ")"
_ORDINAL = r"(?:st|nd|rd|th|ro|ero|er|o|°)?"
_NOT_COUNTED = rf"(?![a-z\d]|:\d|[.,]\d|\s*{COUNTED})"
_YEAR = (
    r"(?:\s*(?:,|/|-|\.)?\s*(?:del? (?:ano )?|of )?(?P<{0}>20\d\d)\b|\s*(?:/|\s'|\bdel? )(?P<{0}s>\d\d)\b(?!:"
    r"|\s*(?:{1})))"
)
_DAY = rf"(?<![\d:.,$€£#/])(?P<{{0}}>\d{{{{1,2}}}}){_ORDINAL}"
_ARTICLE = r"(?:(?<=\bel )|(?<=\bal )|(?<=\bdel )|(?<=\bdia )|(?<=\bthe )|(?<=\bdias ))"
_NOT_VERB = r"(?!(?<=may) (?:i|we|be|have|need|also|want|not|arrive|come|you|it)\b)"
_THREE_LETTERS = "(?:" + "|".join(name for name in SHORT_WEEKDAYS if len(name) == 3) + ")"
_SHORT_CONTEXT = (
    r"(?:(?<=\bon )|(?<=\bthis )|(?<=\bnext )|(?<=\bfrom )|(?<=\bto )|(?<=\btill )|(?<=\buntil )|(?<=\bfor )"
    r"|(?<=\bel )|(?<=\beste )|(?<=\bdel )|(?<=\bal )|(?<=[a-z] - )|(?<=[a-z]-)"
    rf"|(?<=\b{_THREE_LETTERS} [ay&] )|(?<=\b{_THREE_LETTERS}[/&])|(?<=\b{_THREE_LETTERS} and ))"
)


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


def _day_month(m: re.Match[str], p: str) -> Point:
    return Point(
        kind="day",
        start=m.start(),
        end=m.end(),
        day=int(m[p + "d"]),
        month=MONTHS[m[p + "m"]],
        year=_year(m, p + "y"),
        weekday=WEEKDAYS.get(m[p + "w"] or "", SHORT_WEEKDAYS.get(m[p + "w"] or "", -1)),
    )


def _year(m: re.Match[str], name: str) -> int:
    if m[name]:
        return int(m[name])
    return 2000 + int(m[name + "s"]) if m[name + "s"] else 0


def _iso(m: re.Match[str], p: str) -> Point:
    year, month, day = int(m[p + "y"]), int(m[p + "m"]), int(m[p + "d"])
    return Point(kind="day", start=m.start(), end=m.end(), day=day, month=month, year=year)


def _numeric(m: re.Match[str], p: str) -> Point:
    first, second = int(m[p + "a"]), int(m[p + "b"])
    year = int(m[p + "y"]) if m[p + "y"] else 0
    year = year + 2000 if 0 < year < 100 else year
    return Point(kind="numeric", start=m.start(), end=m.end(), first=first, second=second, year=year)


def _weekday(m: re.Match[str], p: str) -> Point:
    name = m[p + "w"]
    number = WEEKDAYS.get(name, SHORT_WEEKDAYS.get(name, 0))
    modifier = f"{m[p + 'pre'] or ''} {m[p + 'post'] or ''}".strip()
    return Point(kind="weekday", start=m.start(), end=m.end(), weekday=number, modifier=modifier)


def _short_weekday(m: re.Match[str], p: str) -> Point:
    return Point(kind="weekday", start=m.start(), end=m.end(), weekday=SHORT_WEEKDAYS[m[p + "w"] or m[p + "v"]])


def _weekday_day(m: re.Match[str], p: str) -> Point:
    name = m[p + "w"]
    number = WEEKDAYS.get(name, SHORT_WEEKDAYS.get(name, -1))
    return Point(kind="day", start=m.start(), end=m.end(), day=int(m[p + "d"]), weekday=number)


def _ordinal_weekday(m: re.Match[str], p: str) -> Point:
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


def _relative(m: re.Match[str], p: str) -> Point:
    word = re.sub(r"^the ", "", m[p + "r"])
    night = word in ("tonight", "esta noche", "hoy en la noche", "hoy por la noche", "tonite")
    past_night = word in ("anoche", "last night")
    return Point(
        kind="night" if night else "relative",
        start=m.start(),
        end=m.end(),
        offset=-1 if past_night else 0 if night else RELATIVE[word],
    )


def _from_now(m: re.Match[str], p: str) -> Point:
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
    return Point(kind="relative", start=m.start(), end=m.end(), offset=min(count, 1000) * days)


def _weekend(m: re.Match[str], _: str) -> Point:
    return Point(kind="weekend", start=m.start(), end=m.end(), modifier=m.group())


def _week(m: re.Match[str], _: str) -> Point:
    return Point(kind="week", start=m.start(), end=m.end(), modifier=m.group())


def _next_month_day(m: re.Match[str], p: str) -> Point:
    ahead = 0 if re.search(r"este mes|this month|del mes$|the month$", m[p + "rel"]) else 1
    return Point(kind="day_of_relative_month", start=m.start(), end=m.end(), day=int(m[p + "d"]), offset=ahead)


def _nth(m: re.Match[str], p: str) -> Point:
    return Point(kind="day", start=m.start(), end=m.end(), day=int(m[p + "d"]))


def _month(m: re.Match[str], p: str) -> Point:
    return Point(kind="month", start=m.start(), end=m.end(), month=MONTHS[m[p + "m"]], year=int(m[p + "y"] or 0))


def _relative_month(m: re.Match[str], _: str) -> Point:
    return Point(kind="relative_month", start=m.start(), end=m.end(), offset=1)


def _following(m: re.Match[str], _: str) -> Point:
    return Point(kind="following", start=m.start(), end=m.end())


def _day(name: str) -> str:
    return _DAY.format(name)


def _rules(p: str) -> tuple[tuple[str, Callable[[re.Match[str], str], Point]], ...]:
    """Alternatives in order of precedence; p prefixes the group names of one rule."""
    year = _YEAR.format(p + "y", COUNTED)
    week_day = rf"(?:(?P<{p}w>{_WEEKDAY}|{_SHORT_WEEKDAY}),?\.? \(?(?:the |el |dia )?)?"
    return (
        (rf"(?<!\d)(?P<{p}y>20\d\d)[-/.](?P<{p}m>\d\d?)[-/.](?P<{p}d>\d\d?)(?!\d)", _iso),
        (
            (
                rf"{week_day}{_day(p + 'd')}\s*(?:de(?:l mes de)? |del |of "
                rf"|[/.-]\s?)?(?P<{p}m>{_MONTH})\b{_NOT_VERB}\.?(?:{year})?"
            ),
            _day_month,
        ),
        (
            rf"{week_day}\b(?P<{p}m>{_MONTH})\.?\s*(?:the |el |dia )?{_day(p + 'd')}"
            rf"{_NOT_COUNTED}(?:{year})?",
            _day_month,
        ),
        (
            (
                rf"(?<![\d:.,$€£#/-])(?P<{p}a>\d\d?)(?P<{p}s>[/.-])(?P<{p}b>\d\d?)(?P={p}s)(?P<{p}y>20\d\d"
                rf"|\d\d)(?![\d/]"
                r"|[.,]\d)"
            ),
            _numeric,
        ),
        (
            (
                rf"(?<![\d:.,$€£#/])(?<!\d{3}-)(?!24/7|(?<!-)(?<!- )(?<!to )(?<!al )1/2\b"
                rf"|50/50)(?P<{p}a>\d\d?)/(?P<{p}b>\d\d?)(?P<{p}y>)(?![\d/:%]|[.,]\d"
                r"|\s*(?:star|estrella|hora|pension|board|stars))"
            ),
            _numeric,
        ),
        (
            (
                rf"\b(?P<{p}n>{'|'.join(ORDER)}) (?P<{p}w>{_WEEKDAY}|fin de semana|finde|weekend) (?:de|in"
                rf"|of)(?: el mes de)? (?P<{p}m>{_MONTH})\b(?: (?:de |del )?(?P<{p}y>20\d\d))?"
            ),
            _ordinal_weekday,
        ),
        (
            rf"\b(?P<{p}w>{_WEEKDAY}|{_SHORT_WEEKDAY}),?\.? \(?(?:the |el |dia )?{_day(p + 'd')}"
            rf"{_NOT_COUNTED}",
            _weekday_day,
        ),
        (
            (
                rf"(?:\b(?:dia |the ))?{_day(p + 'd')} (?P<{p}rel>(?:de(?:l)? (?:este mes|proximo mes|mes que viene"
                r"|mes proximo|mes siguiente|mes que entra|mes)|of (?:this month|next month|the month)|next month))\b"
            ),
            _next_month_day,
        ),
        (
            (
                rf"\b(?:(?P<{p}pre>(?:(?:an?|1|2|3) )?weeks? (?:on|from|after)(?: this| next| the| coming)*"
                r"|(?:an?|1|2|3) fortnight (?:on|from)(?: this)?|este|esta|proximo|this coming|this|next|coming"
                r"|following|siguiente"
                rf"|last|pasado)\s)?(?<!\blos )(?P<{p}w>{_WEEKDAY})\b(?:,? (?P<{p}post>que viene|que entra"
                rf"|proximo|siguiente"
                r"|pasado|next week|after next|week\b(?! of)|fortnight|de la semana que viene|de la proxima semana"
                r"|de esta semana|en 8(?: dias)?|en 15(?: dias)?|no,? (?:sino )?el (?:otro|siguiente|de despues)"
                r"|(?:but |not )?the (?:one after|following one|next one)))?"
                r"(?! santo\b)"
            ),
            _weekday,
        ),
        (
            rf"(?:{_SHORT_CONTEXT}(?P<{p}w>{_SHORT_WEEKDAY})\b"
            rf"|\b(?P<{p}v>{_SHORT_WEEKDAY})\b(?=(?:\s*[-/&]\s*| (?:to|thru|through|til|till|until|al?|and) )"
            rf"(?:{_SHORT_WEEKDAY}|{_WEEKDAY})\b| (?:nights?|nites?|noche)\b))",
            _short_weekday,
        ),
        (
            (
                rf"\b(?P<{p}r>pasado manana|a week (?:today|tomorrow)|(?:today|tomorrow) week"
                rf"|(?:de )?hoy en (?:8|15)|(?:the )?day after tomorrow|hoy (?:en|por) la noche|hoy(?! (?:en dia"
                r"|por hoy))|esta noche|tonight|tonite|anoche|last night|today(?!'s)|tomorrow|tomorow|tmrw|tmr"
                r"|2moro|mnn"
                r"|yesterday|anteayer|antier|ayer"
                r"|(?<!\bla )(?<!\besta )(?<!\bcada )(?<!\buna )(?<!\btoda )manana(?! (?:mismo )?en la manana))\b"
            ),
            _relative,
        ),
        (
            (
                rf"(?<!times )(?<!veces )\b(?:in|en|dentro de|within) (?P<{p}n>\d\d?|an?|una?) (?P<{p}u>dia|semana|mes"
                r"|day|week|month|fortnight|quincena)(?:s"
                r"|es)?\b(?! (?:libre|o menos))"
            ),
            _from_now,
        ),
        (
            (rf"\b(?P<{p}n>\d\d?|an?|una?) (?P<{p}u>dia|semana|day|week|fortnight|quincena)s? from (?:today|now)\b"),
            _from_now,
        ),
        (
            (
                r"\bweek-?end after next\b|\b(?:(?:este|el|proximo|otro|siguiente|this|the|next|coming|following"
                r"|last) )+(?:fin de semana"
                r"|finde(?: semana)?|week-?end)\b(?! largo)(?: (?:que viene|que entra|proximo|siguiente|pasado"
                r"|after next"
                r"|after that|after))?"
                r"|\b(?:fin de semana|finde) (?:que viene|que entra|proximo|siguiente)\b"
            ),
            _weekend,
        ),
        (
            (
                r"\b(?:la semana que viene|la proxima semana|la semana proxima|la otra semana|proxima semana|next week"
                r"|the coming week|la siguiente semana)\b"
            ),
            _week,
        ),
        (r"\b(?:el mes que viene|el proximo mes|proximo mes|next month|el mes proximo)\b", _relative_month),
        (rf"{_ARTICLE}(?:dia )?{_day(p + 'd')}{_NOT_COUNTED}(?![/-]\d)", _nth),
        (
            (
                rf"(?<![\d:.,$€£#/])\b(?P<{p}d>\d\d?)(?:st|nd|rd|th)\b(?! (?:{COUNTED}|time|street|ave|birthday"
                r"|anniversary|century|edition))"
            ),
            _nth,
        ),
        (
            (
                r"(?:\b(?:in|of|for|during|this|next|the|en|para|durante|de)(?: el mes de"
                r"| the month of)?(?: (?:early|mid"
                rf"|late|principios de|mediados de|finales de))? (?P<{p}m>{_MONTH})\b(?!')"
                rf"(?!\.?,? (?:the |el )?\d\d?(?:st|nd|rd|th)?{_NOT_COUNTED})(?:(?: de| del"
                rf"|,)? (?P<{p}y>20\d\d))?)"
            ),
            _month,
        ),
        (rf"\b(?P<{p}m>{_FULL_MONTH})\b(?:(?: de| del|,)? (?P<{p}y>20\d\d))?", _month),
        (
            (
                r"\b(?:(?:para |y )?(?:el|la) (?:proximo|proxima|siguiente|que sigue)|(?:the )?(?:following|next) one"
                r"|the one after(?: that)?|the week after|the weekend after)\b(?=\s*[?!.]*\s*$)"
            ),
            _following,
        ),
    )


def _compile() -> tuple[re.Pattern[str], dict[str, tuple[str, Callable[[re.Match[str], str], Point]]]]:
    parts: list[str] = []
    readers: dict[str, tuple[str, Callable[[re.Match[str], str], Point]]] = {}
    for holiday in HOLIDAYS:
        name = f"hol_{holiday.key}"
        parts.append(rf"(?P<{name}>\b(?:{holiday.pattern})\b(?:,? (?:del? )?(?P<{name}_y>20\d\d))?)")
    for index in range(len(_rules("x"))):
        prefix = f"r{index}_"
        pattern, reader = _rules(prefix)[index]
        parts.append(f"(?P<rule_{index}>{pattern})")
        readers[f"rule_{index}"] = (prefix, reader)
    return re.compile("|".join(parts)), readers


_POINT, _READERS = _compile()
_RULE_NAMES = tuple(_READERS)
_HOLIDAY_NAMES = tuple(f"hol_{h.key}" for h in HOLIDAYS)
_FAREWELL = re.compile(
    r"^\W*(?:(?:gracias|ok|bueno|vale|muchas|chau|chao|adios|listo|nos vemos|bye)\W+)*hasta manana\W*$"
)


def find_points(folded: str) -> list[Point]:
    """All single dates, in order, without overlaps."""
    if _FAREWELL.match(folded):
        return []
    points: list[Point] = []
    for m in _POINT.finditer(folded):
        holiday = next((name for name in _HOLIDAY_NAMES if m[name]), "")
        if holiday:
            year = int(m[f"{holiday}_y"] or 0)
            points.append(Point(kind="holiday", start=m.start(), end=m.end(), holiday=holiday[4:], year=year))
            continue
        rule = next(name for name in _RULE_NAMES if m[name] is not None)
        prefix, reader = _READERS[rule]
        points.append(reader(m, prefix))
    return points
