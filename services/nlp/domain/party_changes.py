"""A party that grows or shrinks: "somos uno más", "mi suegra no va", "my brother is coming, too".

They say how many more or fewer come, which is a count only beside one that is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.nlp.domain.companions import CHILD, ONE_KIN, PAIR_KIN
from services.nlp.domain.screening import screened

_WHO = (
    rf"(?:(?:a |al )?(?:(?:mi|mis|my|our|nuestr[oa]s?|el|la|los|las|the|un|una|an?|1|su|his|her|otr[oa]|another) )*"
    rf"(?:(?P<{{name}}_child>{CHILD})|(?P<{{name}}_pair>{PAIR_KIN})|{ONE_KIN}))"
)
_OF_THEM = r"(?:1|uno|una|one) (?:de (?:nosotros|nosotras|ellos|ellas)|of (?:us|them))"
# What comes after "cannot come" when another day is meant, and nobody stays at home.
_ANOTHER_DAY = (
    r"(?! (?:a venir |a ir )?(?:el|los|ese|esa|esos|hasta|antes|on|until|till|before|that|by|this|este|manana|hoy"
    r"|to (?:the|a)|en si|respirando|breathing)\b)"
)
_STAYS_AWAY = (
    r"(?:(?:me |nos |se )?(?:va a (?:ir|venir|poder)|viene|vienen|va|van|vendran?|iran?|puede (?:ir|venir|viajar)"
    r"|pueden (?:ir|venir|viajar)|podran? (?:ir|venir|viajar)|acompanan?|viajan?|asisten?))\b"
)
_NOT_COMING = (
    r"(?:(?:(?:is|are|will|can)(?: not|n'?t)|isn'?t|aren'?t|won'?t|can'?t|cannot|can no longer|is no longer)"
    r" (?:be )?(?:coming|come|make it|joining|join|travel\w*|going)(?: us| with us| along| after all| anymore)?"
    r"|(?:has |have |just |'s |'ve )*(?:bailed|dropped out|pulled out|backed out|cancelled on us|flaked"
    r"|cried off)(?: out| on us)?)"
)
_UNIT = (
    r"(?:(?P<{name}_child>{child})|personas?|huesped(?:es)?|adult[oa]s?|people|persons?|guests?|adults?|of us"
    r"|de nosotros)"
)
_WE_ARE = (
    r"(?:somos|seriamos|seremos|seamos|vamos a ser|iriamos|vamos|son|serian|we are|we're|we'll be|we'd be|we will be"
    r"|we would be|there(?:'ll| will) be|it'?ll be|make it)"
)
_COUNTED = screened(
    rf"\b(?:(?P<are>{_WE_ARE}) (?:ahora |now |ya )?)?(?P<n>\d|una?|an|a)"
    rf"(?: {_UNIT.format(name='before', child=CHILD)})? (?P<sign>mas|menos|more|less|fewer|extra|adicional(?:es)?)"
    rf"(?: {_UNIT.format(name='after', child=CHILD)})?\b(?! ?(?:noche|dia|night|day|hora|hour|cama|bed|habitacion"
    r"|cuarto|room|tarde|temprano|barat|econom|car[oa]\b|o menos|or less|de \d|than))"
)
_LEAVES = screened(
    rf"\b{_WHO.format(name='away')} (?:ya |al final |finalmente |entonces )*no {_STAYS_AWAY}{_ANOTHER_DAY}"
    rf"|\b(?:ya |al final )*no {_STAYS_AWAY} {_WHO.format(name='gone')}{_ANOTHER_DAY}"
    rf"|\b(?:sin|quit\w+|sac\w+|descont\w+|without|minus|remove|drop) {_WHO.format(name='without')}\b"
    rf"|\b{_WHO.format(name='no_more')} {_NOT_COMING}\b{_ANOTHER_DAY}"
    rf"|\b(?P<one>{_OF_THEM}) (?:(?:ya )?no {_STAYS_AWAY}|{_NOT_COMING}\b){_ANOTHER_DAY}"
)
_JOINS = screened(
    rf"\b(?:(?:tambien|ademas) (?:viene|vienen|va|van|vendra|ira)|(?:viene|vienen|va|van|vendra|ira) (?:tambien|ademas)"
    rf"|se (?:(?:nos|me) )?(?:suman?|agregan?|unen?|apuntan?|juntan?)(?: tambien)?"
    rf"|(?:agreg|anad|sum)(?:ar|arme|arnos|o|a|e|ue|amos|uemos|eme|enme|ame|anos|uen|ale)(?: tambien)?"
    rf"|add(?:ing)?|bringing)"
    rf" {_WHO.format(name='joining')}"
    rf"|\b{_WHO.format(name='too')} (?:tambien (?:viene|vienen|va|van)|se (?:nos )?(?:suman?|unen?|agregan?|apuntan?)"
    rf"|(?:is|are|will be) (?:also |now )?(?:coming|joining)(?: us| along)?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyChange:
    """Folded [start, end) says that so many more come; fewer where they are below 0."""

    start: int
    end: int
    adults: int = 0
    children: int = 0


def find_party_changes(folded: str) -> tuple[PartyChange, ...]:
    """All changes of one message, in order, none of them told twice."""
    found: list[PartyChange] = []
    for m in _COUNTED.finditer(folded):
        child = m["before_child"] or m["after_child"]
        bare = not (m["are"] or m["before_child"] or m["after_child"] or _has_unit(m.group()))
        if bare or not (m["n"].isdigit() or child or _has_unit(m.group())):
            continue
        count = int(m["n"]) if m["n"].isdigit() else 1
        found.append(_change(m.start(), m.end(), -count if m["sign"] in _FEWER else count, child=bool(child)))
    if found:  # "my brother isn't coming, so we are one less" takes one away
        return tuple(found)
    for m in _LEAVES.finditer(folded):
        found.append(_change(m.start(), m.end(), -_people(m.groupdict()), child=_is_child(m.groupdict())))
    for m in _JOINS.finditer(folded):
        found.append(_change(m.start(), m.end(), _people(m.groupdict()), child=_is_child(m.groupdict())))
    found.sort(key=lambda change: change.start)
    return tuple(c for i, c in enumerate(found) if not any(c.start < other.end for other in found[:i]))


_FEWER = ("menos", "less", "fewer")
_UNITS = screened(r"\b(?:personas?|huesped(?:es)?|adult[oa]?s?|people|persons?|guests?|of us|de nosotros)\b")


def _has_unit(words: str) -> bool:
    return _UNITS.search(words) is not None


def _is_child(groups: dict[str, str | None]) -> bool:
    return any(value for name, value in groups.items() if name.endswith("_child"))


def _people(groups: dict[str, str | None]) -> int:
    return 2 if any(value for name, value in groups.items() if name.endswith("_pair")) else 1


def _change(start: int, end: int, count: int, *, child: bool) -> PartyChange:
    return (
        PartyChange(start=start, end=end, children=count) if child else PartyChange(start=start, end=end, adults=count)
    )
