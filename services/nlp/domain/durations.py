"""How many nights: "3 noches", "a week", "por 5 días"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.nlp.domain.screening import screened

_NIGHTS = screened(
    r"(?:(?:\b|(?<=\bx))(?P<n>\d{1,3})[ -]?(?!(?<=\b2)(?:nite|night)\b)"
    r"|\b(?:(?P<one>una?(?: sola)?|an?|single|sola|(?<=just the )one|(?<=only the )one)|(?P<two>un par de"
    r"|a couple(?: of)?|couple of))[ -])"
    r"(?P<unit>noche|nochecita|night|nite|nt|nts|noch)s?\b"
    r"|\b(?P<short>\d{1,2})n\b(?=\W*(?:from|desde|del?|a partir|start))"
)
_WEEKS = screened(
    r"\b(?:por|for|durante|during|unas?|stay(?:ing)?|quedar\w*|of|de|los|x)?\s*(?:(?P<n>\d{1,2})|(?P<one>una"
    r"|an?|1)|(?P<two>un par de|a couple of))"
    r" (?P<unit>semana|week)s?\b(?! (?:ago|antes|despues|from (?:now|today|tomorrow)|before|after|later|on|today"
    r"|(?:from )?(?:this |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day))"
)
_FORTNIGHT = screened(
    r"\b(?<!in )(?<!within )(?<!de )(?:a fortnight|una quincena|fortnight(?= (?:from|starting|beginning)\b))\b"
    r"(?! from (?:now|today|tomorrow)|'s time| on (?:this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_DAYS = screened(
    r"\b(?:por|for|durante|stay(?:ing)?|spend(?:ing)?|quedar\w*|estar\w*|pasar\w*|ir|serian|son)\s+(?:unos\s+)?"
    r"(?P<n>\d{1,2})"
    r"[ -](?:dias?|days?)\b(?! (?:antes|before|ago|despues|after))"
    r"|\b(?P<k>\d{1,2}) (?:dias?|days?) (?=from (?!now|today)|starting|beginning|desde|a partir|empezando)"
    r"|\b(?:(?:hab\w*|cuarto|room|alojamiento|hospedaje)(?: (?:por|for))?|unos|about|around|roughly|some"
    r"|como) (?P<l>\d{1,2})"
    r" (?:dias?|days?)\b(?! (?:antes|before|ago|despues|after|later|from (?:now|today)))"
)
_THAT_NIGHT = screened(
    r"\b(?:solo|solamente|unicamente|nomas|nada mas|just|only)\s+(?:por\s+|para\s+|for\s+)?(?:es[ae]|est[ae]|that|this)"
    r"\s+(?:(?:1|one|misma|same)\s+)?(?:noche|night|dia|day)\b"
    r"|\b(?:es[ae]|that)\s+(?:noche|night)\s+(?:nada mas|nomas|only)\b"
    r"|\b(?:just|only) (?:for )?the night\b(?! (?:of|before|after|train|bus))|\bfor the night\s*(?=$|[.,;!?])"
    r"|\b(?:stay\w*|stop\w*|sleep\w*) overnight\b|\bovernight (?:stay|stop)\b"
)
_NIGHT_CONTEXT = re.compile(
    r"(?:la noche|the night|esta noche|noche de|night of|por la noche|(?:per|por|a|cada|each|every|la"
    r"|por cada) (?:noche|night))\b"
)
_NOT_A_STAY_BEFORE = re.compile(
    r"\b(?:en|in|dentro de|hace|within|per|por cada|una vez a la|(?:vez|veces) (?:por|a la)|this|next)\s*$"
)
_MOVED_BY = re.compile(
    r"\b(?:corr\w+|push\w*|mov\w+|postpon\w*|aplaz\w+|retras\w+|adelant\w+|posp\w+|recorr\w+|bring)\b"
)
_STARTS_AFTER = re.compile(r"\s*(?:desde|from|a partir|starting|beginning|empezando|del?\b|en\b|in\b|$|[,.?])")
_FEWER = re.compile(r" (?:menos|less|fewer)\b")
# "3 or 4 nights", "3-4 nights", "between 3 and 4 nights".
_EITHER = re.compile(
    r"(?<![\d/.:-])(?:\b(?:entre|between) )?\b(?P<least>\d{1,2})(?: (?:noches?|nights?))? ?"
    r"(?:,? ?(?:o|u|or) (?:quiza |tal vez |a lo mejor |maybe |perhaps |possibly )?(?:de )?|-|\ba |\bto "
    r"|(?<=\d )(?:y|and) )$"
)
_WIDEST = 3
_PER = re.compile(r"(?:per|por|cada|each|every|\bla|the|por cada|x)\s*$")


# "A las 9 de la noche, más o menos".
_NOT_AN_HOUR = r"(?<!de la )(?<!por la )(?<!en la )"
_EXTENSION = screened(
    rf"{_NOT_AN_HOUR}\b(?:(?P<n>\d{{1,2}})|una?|an?|1)?\s?(?:(?:more|extra|additional|mas)"
    rf" (?:night|nite|day|noche|dia)s?"
    rf"|(?<!\d ){_NOT_AN_HOUR}(?:noche|dia|night)s? (?:mas(?! o menos)|more|extras?|adicional(?:es)?))\b"
    r"|\b(?P<m>\d{1,2}) (?:noche|dia|night|day)s? (?:mas|more|extras?|adicional(?:es)?)\b"
    r"|\b(?:another|otra|(?<!\bal )(?<!\bel )otro|an extra) (?P<k>\d{1,2} )?(?:night|day|noche|dia)s?\b"
    r"(?! (?:in|of|at) )"
    r"|\b(?:add|agreg\w+|anad\w+|sumar\w*|sum[ae]\w*) (?:on )?(?:una?|an?|1|(?P<p>\d{1,2})) (?:night|noche|dia|day)s?\b"
)


# "Tonight plus the next two nights", "esta noche y las dos siguientes".
_AND_THE_NEXT = screened(
    r"\b(?:tonight|esta noche|hoy)(?: and|,? plus| y|,? mas|,)? (?:(?:the|for the|las|los|por las) )?"
    r"(?:(?:next|following|proximas|siguientes) (?P<n>\d)(?: (?:night|noche|day|dia)s?)?"
    r"|(?P<m>\d)(?: (?:noche|dia|night)s?)? (?:siguientes|que siguen|proximas|after(?: that)?))\b"
)


# "Llegamos el viernes y nos vamos al otro día".
_GONE_NEXT_DAY = screened(
    r"\b(?:nos vamos|me voy|nos iriamos|me iria|sal(?:go|imos|dria\w*)|nos volvemos|me vuelvo|volvemos|vuelvo"
    r"|regres\w+)(?: temprano)?,? al (?:otro dia|dia siguiente|siguiente dia)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Folded [start, end) says this many nights. Days are counted as nights, but only as a guess.

    "3 or 4 nights" has 4 `nights`, and 3 is the `least`. With `more` they are added to a stay that is known elsewhere,
    and say nothing of its length.
    """

    start: int
    end: int
    nights: int
    least: int = 0
    certain: bool = True
    more: bool = False


def find_durations(folded: str) -> list[Duration]:
    """All lengths of stay, in order; a price "per night" is none, and "3 days 2 nights" is two nights."""
    more = [_extension(m) for m in _EXTENSION.finditer(folded)]
    # "One night less" is no length of a stay.
    found = [d for m in _NIGHTS.finditer(folded) if not _FEWER.match(folded, m.end()) and (d := _nights(folded, m))]
    found += [Duration(start=m.start(), end=m.end(), nights=1) for m in _THAT_NIGHT.finditer(folded)]
    found += [
        Duration(start=m.start(), end=m.end(), nights=1 + int(m["n"] or m["m"])) for m in _AND_THE_NEXT.finditer(folded)
    ]
    found += [Duration(start=m.start(), end=m.end(), nights=1) for m in _GONE_NEXT_DAY.finditer(folded)]
    certain = bool(found)
    found += [d for m in _WEEKS.finditer(folded) if (d := _weeks(folded, m))]
    found += [Duration(start=m.start(), end=m.end(), nights=14) for m in _FORTNIGHT.finditer(folded)]
    if not certain:
        found += [
            Duration(start=m.start(), end=m.end(), nights=int(m["n"] or m["k"] or m["l"]), certain=False)
            for m in _DAYS.finditer(folded)
        ]
    unique: dict[int, Duration] = {}
    found = [d for d in found if not any(d.start < m.end and m.start < d.end for m in more)]
    for duration in sorted([*found, *more], key=lambda d: d.start):
        if duration.nights > 0 and not any(d.end > duration.start for d in unique.values()):
            unique[duration.start] = duration
    return list(unique.values())


def _extension(m: re.Match[str]) -> Duration:
    """ "One more night", "otra noche", "2 noches más"."""
    count = m["n"] or m["m"] or m["k"] or m["p"] or "1"
    return Duration(start=m.start(), end=m.end(), nights=int(count), more=True)


def _weeks(folded: str, m: re.Match[str]) -> Duration | None:
    """ "For a week", "2 weeks", "a week from the 5th"; not "once a week", nor "push it out a week"."""
    if _NOT_A_STAY_BEFORE.search(folded[: m.start("n") if m["n"] else m.start("one") if m["one"] else m.start("two")]):
        return None
    said_how_long = re.match(r"\s*(?:por|for|durante|during|stay|quedar|x)", m.group())
    if m["one"] and _MOVED_BY.search(folded[: m.start()]):
        return None
    if m["one"] and not (said_how_long or not folded[: m.start()].strip() or _STARTS_AFTER.match(folded, m.end())):
        return None
    weeks = int(m["n"]) if m["n"] else 2 if m["two"] else 1
    return Duration(start=m.start(), end=m.end(), nights=7 * weeks)


def _nights(folded: str, m: re.Match[str]) -> Duration | None:
    if m["short"]:  # "4n from 20 march"
        return Duration(start=m.start(), end=m.end(), nights=int(m["short"]))
    if not m["n"] and not m["two"]:
        if m["unit"] in ("nt", "nts", "noch") or (m["one"] in ("a", "an") and _PER.search(folded[: m.start()])):
            return None
        if m["one"] in ("a", "an") and re.search(
            r"(?:much|\d|cost|price|rate|charge|usd|dollars|euros|pounds|pesos)\W*(?:is it |for )?$",
            folded[: m.start()],
        ):
            return None
        return Duration(start=m.start(), end=m.end(), nights=1)
    nights = 2 if m["two"] else int(m["n"])
    either = _EITHER.search(folded[: m.start("n")]) if m["n"] else None
    if either and 0 < nights - int(either["least"]) <= _WIDEST:
        return Duration(start=either.start(), end=m.end(), nights=nights, least=int(either["least"]))
    return Duration(start=m.start("n") if m["n"] else m.start(), end=m.end(), nights=nights)


def find_bare_count(folded: str) -> Duration | None:
    """A bare "3", "only 1", "una nada más" right after we asked how many nights."""
    m = re.fullmatch(
        r"\W*(?:solo |just |only |por |for |serian |unas |mejor |no,? |ok,? |let'?s (?:say|do|make it) |make it "
        r"|say |call it "
        r"|pues |bueno,? |que sean |sean |son |serian |creo que |yo creo que |entonces |ah |well,? |i think "
        r"|maybe |probably |about |around |digamos |como |pongamos )*(?P<n>\d{1,2})\W*"
        r"(?:please|por favor|nada mas|nomas|mas|only|entonces|then|i think|creo)?\W*",
        folded,
    )
    return Duration(start=m.start("n"), end=m.end("n"), nights=int(m["n"])) if m and int(m["n"]) > 0 else None
