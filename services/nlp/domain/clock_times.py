"""Times of day a guest arrives or leaves: "llego a las 10 de la noche", "10pm", "half past three"."""

from __future__ import annotations

import re

from services.nlp.domain.screening import screened
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
    rf"| menos (?:cuarto|5|10|20|25))?(?P<sharp>\s*(?:ish\b|o'?clock|en punto|horas|hrs?\b|hs\b|h\b))?(?:\s*{_PART})?"
    r"(?![\d/%:]|\s*(?:de )?(?:ene|feb|mar|abr|jun|jul|ago|sep|oct|nov|dic|jan|apr|aug|dec))"
)
# British "half seven" is half past seven.
_HALF_PAST = re.compile(
    rf"\b(?P<rel>half(?: past)?|quarter past|quarter to) (?P<h>\d{{1,2}})(?!\d|\s*(?:board|day|price))(?:\s*{_PART})?"
)
# "Ten to six in the morning": without its part of the day these may be two days of a month.
_MINUTES_BESIDE = re.compile(rf"\b(?P<n>5|10|20|25) (?:minutes? )?(?P<rel>to|past) (?P<h>[1-9]|1[0-2])(?!\d)\s*{_PART}")
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
_ARRIVING = screened(
    r"\b(?:lleg\w+|arriv\w+|check(?:ing)?[ -]?in|entrada|entrar|ingres\w+|aterriz\w+|land\w*"
    r"|get(?:s|ting)? (?:there|in)|come|coming|vuelo|flight|be there|estar[ei]\w* (?:ahi|alla|por)"
    r"|running late|(?:vamos|voy|venimos|vengo) (?:tarde|con retraso|retrasad\w+)"
    r"|(?:room|it) (?:be )?ready|(?:lista|listo|preparada) (?:a|para|antes de) las?)\b"
)
# A room is made ready in the morning.
_MADE_READY = re.compile(r"\b(?:ready|list[oa]|preparad[oa])\b")
# What else one does at an hour: "breakfast before 8" is no hour of arrival.
_SOMETHING_ELSE = re.compile(
    r"\b(?:desayun\w+|breakfast|cen(?:a|ar|amos)\b|dinner|com(?:er|ida)\b|lunch|piscina|alberca|pool|gym|gimnasio|spa"
    r"|restaurante?|mesa|table|taxi|wake|despert\w+|llam\w+|call)\b"
)
# "Can I stay till 3?", where no day was asked for.
_STAY_ON = re.compile(r"\b(?:stay|remain|room)(?: on| in| here| longer| a bit)*\s*$")
_SENTENCE_END = re.compile(r"[.!?;\n]+(?=\s|$)")
_LEAVING = screened(
    r"\b(?:sal(?:go|imos|ir|ida|dre\w*)|check(?:ing)?[ -]?out|leav\w+|depart\w*|(?:dejar|entregar|devolver"
    r"|desalojar) (?:la hab\w*|el cuarto|la pieza|la"
    r" recamara)|desocupar|irnos|irme|quedar(?:me|nos)?(?: en (?:la hab\w*|el cuarto))?(?= hasta las?\b)"
    r"|(?:stay|remain|(?:keep|use|have) (?:the|my|our) room)(?: on| in| here| longer| a bit| the room)*"
    r"(?= (?:until|untill|till?|'til|past)\b))\b"
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


_MORNING, _NOON = 7, 12
_KINDS = (EntityType.ARRIVAL_TIME, EntityType.DEPARTURE_TIME)


def find_times(text: Text, context: Context) -> list[Entity]:
    """Arrival and departure times. Other times, such as opening hours asked about, are no entities."""
    folded = text.folded
    asked = next((kind for kind in _KINDS if context.asks(kind.value)), None)
    if not (asked or _ARRIVING.search(folded) or _LEAVING.search(folded)):
        return []
    entities: list[Entity] = []
    until = not context.asks("check_out", "check_in", "dates", "nights")
    morning = 24  # the hour before noon that was said last
    for start, end, hour, minute, sure in _clocks(folded, asked=asked is not None, until=until):
        kind = _kind(folded, start, asked=asked)
        if kind is None or _is_of_something_else(folded, start):
            continue
        span = text.span(start, end)
        # "We land at 7 am and will be with you by 11": still before noon.
        known = sure or morning < hour < _NOON
        morning = hour if known and hour < _NOON else 24
        ambiguous = not known and 1 <= hour <= 11 and not (hour >= _MORNING and _MADE_READY.search(folded))
        alternatives = (f"{hour:02d}:{minute:02d}", f"{hour + 12:02d}:{minute:02d}") if ambiguous else ()
        entities.append(
            Entity(
                type=kind, span=span, text=text.original[span.start : span.end], value=f"{hour:02d}:{minute:02d}",
                confidence=0.9 if known else 0.7, ambiguous=ambiguous, alternatives=alternatives,
            )
        )  # fmt: skip
    return entities


def _is_of_something_else(folded: str, start: int) -> bool:
    """True where the sentence around the hour speaks of a meal or a taxi, and of no coming or going."""
    first = max((m.end() for m in _SENTENCE_END.finditer(folded, 0, start)), default=0)
    last = _SENTENCE_END.search(folded, start)
    sentence = folded[first : last.start() if last else len(folded)]
    stays = _ARRIVING.search(sentence) or _LEAVING.search(sentence)
    return bool(_SOMETHING_ELSE.search(sentence)) and not stays


def _kind(folded: str, start: int, *, asked: EntityType | None) -> EntityType | None:
    before = folded[:start]
    arrive = [m.end() for m in _ARRIVING.finditer(before)]
    leave = [m.end() for m in _LEAVING.finditer(before)]
    if arrive and (not leave or arrive[-1] > leave[-1]):
        return EntityType.ARRIVAL_TIME
    if leave:
        return EntityType.DEPARTURE_TIME
    if asked or _ARRIVING.search(folded, start):
        return asked or EntityType.ARRIVAL_TIME
    return EntityType.DEPARTURE_TIME if _LEAVING.search(folded, start) else None


def _clocks(folded: str, *, asked: bool, until: bool) -> list[tuple[int, int, int, int, bool]]:
    """(start, end, hour, minute, whether morning or evening is known). `until`: who stays on "till 3" means an hour."""
    found: list[tuple[int, int, int, int, bool]] = []
    for m in _HALF_PAST.finditer(folded):
        hour, minute = int(m["h"]), {"half": 30, "half past": 30, "quarter past": 15, "quarter to": 45}[m["rel"]]
        hour -= 1 if m["rel"] == "quarter to" else 0
        found.append((m.start(), m.end(), *_twenty_four(hour, minute, m["part"]), bool(m["part"])))
    for m in _MINUTES_BESIDE.finditer(folded):
        hour, minute = (int(m["h"]), int(m["n"])) if m["rel"] == "past" else (int(m["h"]) - 1, 60 - int(m["n"]))
        found.append((m.start(), m.end(), *_twenty_four(hour, minute, m["part"]), True))
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
            and not (m["cue"] and m["cue"].strip() == "hasta la" and m["h"] == "1")
            and not whole_answer
            and not (until and _STAY_ON.search(folded[: m.start()]))
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
        case said if said.startswith("menos "):
            return (hour - 1) % 24, 60 - int(said.removeprefix("menos "))
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
