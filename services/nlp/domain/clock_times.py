"""Times of day a guest arrives or leaves: "llego a las 10 de la noche", "10pm", "half past three"."""

from __future__ import annotations

import re

from services.nlp.domain.text import Text
from services.nlp.domain.types import Context, Entity, EntityType

_PART = (
    r"(?P<part>a\.? ?m\b\.?|p\.? ?m\b\.?|de la manana|de la tarde|de la noche|de la madrugada|por la manana"
    r"|por la tarde|por la noche|in the morning|in the afternoon|in the evening|at night|del mediodia)"
)
_HOUR = r"(?P<h>\d{1,2})(?::|\.|h)?(?P<m>(?<=[:.h])[0-5]\d)?"
_CLOCK = re.compile(
    r"(?:(?P<cue>\b(?:a las?|sobre las?|como a las?|hacia las?|tipo|las|antes de las?|despues de las?|at"
    r"|around|about|by|before|after|@|near|till|until|a eso de las|hasta las?|to)\s+)"
    rf"|(?<![\d/.:,$€£-]))(?<!\d){_HOUR}(?P<half> y media| y cuarto| y 30| y 15| y 45"
    rf"| menos cuarto)?(?P<sharp>\s*(?:o'?clock|en punto|horas|hrs?\b|hs\b|h\b))?(?:\s*{_PART})?(?![\d/%:]"
    r"|\s*(?:de )?(?:ene|feb|mar|abr|jun|jul|ago|sep|oct|nov|dic|jan|apr|aug|dec))"
)
# British "half seven" is half past seven.
_HALF_PAST = re.compile(
    rf"\b(?P<rel>half(?: past)?|quarter past|quarter to) (?P<h>\d{{1,2}})(?!\d|\s*(?:board|day|price))(?:\s*{_PART})?"
)
_NAMED = re.compile(
    r"\b(?P<noon>al mediodia|a mediodia|at noon|by noon|around noon|noon)\b"
    r"|\b(?P<midnight>a (?:la )?medianoche|at midnight|around midnight|midnight)\b"
)
_IN_SO_LONG = re.compile(
    r"\b(?:en|in|dentro de|within|por|for|faltan|another|otras|cada|every|hace)\s*(?:unas |about |like )?$"
)
_UNITS = re.compile(
    r"\s*(?:noche|night|persona|people|adult|nin|kid|room|hab|dia|day|euro|peso|dollar|usd|%|min|week|semana"
    r"|person|guest|year|ano)"
)
_ARRIVING = re.compile(
    r"\b(?:lleg\w+|arriv\w+|check(?:ing)?[ -]?in|entrada|entrar|ingres\w+|aterriz\w+|land\w*"
    r"|get(?:ting)? (?:there|in)|come|coming|vuelo|flight|be there|estar[ei]\w* (?:ahi|alla|por)"
    r"|room (?:be )?ready)\b"
)
_LEAVING = re.compile(
    r"\b(?:sal(?:go|imos|ir|ida|dre\w*)|check(?:ing)?[ -]?out|leav\w+|depart\w*|dejar la hab\w*|desocupar|irnos|irme)\b"
)
_EVENING = (
    "p",
    "de la tarde",
    "de la noche",
    "por la tarde",
    "por la noche",
    "in the afternoon",
    "in the evening",
    "at night",
)


def find_times(text: Text, context: Context) -> list[Entity]:
    """Arrival and departure times. Other times, such as opening hours asked about, are no entities."""
    folded = text.folded
    asked_arrival = context.asks("arrival_time")
    arriving, leaving = bool(_ARRIVING.search(folded)), bool(_LEAVING.search(folded))
    if not (asked_arrival or arriving or leaving):
        return []
    entities: list[Entity] = []
    for start, end, hour, minute, sure in _clocks(folded, asked=asked_arrival):
        kind = _kind(folded, start, asked_arrival=asked_arrival)
        if kind is None:
            continue
        span = text.span(start, end)
        ambiguous = not sure and 1 <= hour <= 11
        alternatives = (f"{hour:02d}:{minute:02d}", f"{hour + 12:02d}:{minute:02d}") if ambiguous else ()
        entities.append(
            Entity(
                type=kind, span=span, text=text.original[span.start : span.end], value=f"{hour:02d}:{minute:02d}",
                confidence=0.9 if sure else 0.7, ambiguous=ambiguous, alternatives=alternatives,
            )
        )  # fmt: skip
    return entities


def _kind(folded: str, start: int, *, asked_arrival: bool) -> EntityType | None:
    before = folded[:start]
    arrive = [m.end() for m in _ARRIVING.finditer(before)]
    leave = [m.end() for m in _LEAVING.finditer(before)]
    if arrive and (not leave or arrive[-1] > leave[-1]):
        return EntityType.ARRIVAL_TIME
    if leave:
        return EntityType.DEPARTURE_TIME
    if asked_arrival or _ARRIVING.search(folded, start):
        return EntityType.ARRIVAL_TIME
    return EntityType.DEPARTURE_TIME if _LEAVING.search(folded, start) else None


def _clocks(folded: str, *, asked: bool) -> list[tuple[int, int, int, int, bool]]:
    """(start, end, hour, minute, whether morning or evening is known)."""
    found: list[tuple[int, int, int, int, bool]] = []
    for m in _HALF_PAST.finditer(folded):
        hour, minute = int(m["h"]), {"half": 30, "half past": 30, "quarter past": 15, "quarter to": 45}[m["rel"]]
        hour -= 1 if m["rel"] == "quarter to" else 0
        found.append((m.start(), m.end(), *_twenty_four(hour, minute, m["part"]), bool(m["part"])))
    for m in _NAMED.finditer(folded):
        found.append((m.start(), m.end(), 12 if m["noon"] else 0, 0, True))
    for m in _CLOCK.finditer(folded):
        evidence = m["part"] or m["m"] or m["sharp"] or m["half"]
        if (
            int(m["h"]) > 24
            or _UNITS.match(folded, m.end())
            or (m["sharp"] and not m["cue"] and _IN_SO_LONG.search(folded[: m.start()]))
            or any(s < m.end() and m.start() < e for s, e, *_ in found)
        ):
            continue
        whole_answer = asked and re.fullmatch(r"\W*\d{1,2}\W*", folded)
        if (
            not evidence
            and not (m["cue"] and m["cue"].strip() not in ("to", "hasta la", "until", "till"))
            and not whole_answer
        ):
            continue
        hour, minute = _twenty_four(*_with_half(int(m["h"]), int(m["m"] or 0), m["half"]), m["part"])
        start = m.start("h") if m["cue"] else m.start()
        found.append(
            (start, m.end(), hour, minute, bool(m["part"] or hour > 12 or hour == 0 or (m["m"] and len(m["h"]) == 2)))
        )
    return sorted(found)


def _with_half(hour: int, minute: int, half: str | None) -> tuple[int, int]:
    match (half or "").strip():
        case "y media" | "y 30":
            return hour, 30
        case "y cuarto" | "y 15":
            return hour, 15
        case "y 45":
            return hour, 45
        case "menos cuarto":
            return (hour - 1) % 24, 45
        case _:
            return hour, minute


def _twenty_four(hour: int, minute: int, part: str | None) -> tuple[int, int]:
    part = (part or "").strip()
    if part.startswith(_EVENING):
        late_twelve = hour == 12 and part in ("de la noche", "por la noche", "at night")
        return (0 if late_twelve else hour if hour >= 12 else hour + 12), minute
    if part and hour == 12:
        return 0, minute
    return hour % 24, minute
