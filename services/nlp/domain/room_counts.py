"""How many rooms are spoken of: "2 rooms", "2 cosy doubles", "both suites"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.nlp.domain.counting import NUMBER, number_of
from services.nlp.domain.screening import screened

_ROOM = (
    r"(?:habitaci?on(?:es)?|habitaciones?|hab(?:s|\.)?\b|cuartos?\b(?! de hora)|recamaras?|alcobas?|piezas?\b"
    r"|dormitorios?|rooms?\b|suites?\b|dobles?\b|doubles?\b|singles?\b|twins?\b|sencillas?\b|individuales\b"
    r"|familiares\b|triples?\b)"
)
_ROOM_ADJECTIVE = (
    r"(?:double|single|twin|triple|family|standard|deluxe|king|queen|separate|adjoining|connecting|different|doble)?"
)
_ROOMS = screened(
    rf"(?:{NUMBER}|\b(?P<two>un par de|a couple of)|\b(?P<one>una sola|a single|just a"
    rf"|1)) ?x? ?{_ROOM_ADJECTIVE}[ -]?{_ROOM}(?! (?:bed|cama))"
)
# "Both doubles, please": there are two of them.
_BOTH_ROOMS = screened(
    r"\b(?:both|ambas|las 2)(?: the| of the)? (?:rooms?|doubles|twins(?! are)|suites|singles|habitaciones|dobles"
    r"|cuartos)\b"
)
# "Tienen cuartos para mañana? ocupo 2", "any rooms tonight? I need 3".
_THAT_MANY = screened(
    r"\b(?:habitaciones|cuartos|recamaras|piezas|rooms|doubles|dobles|twins|suites)\b.*"
    r"\b(?:ocupo|ocupamos|necesito|necesitamos|quiero|queremos|quisiera|serian|need|want|would like|'d like|take)"
    r" (?P<n>[2-9])(?=\W*(?:$|[,.;]))"
)
# "For 2, standard" counts people, and "the 2 standards" rooms.
_COUNT_OF_KIND = re.compile(
    r"(?<![\d.,:/$-])(?<!para )(?<!pa )(?<!for )(?<!somos )(?<!seriamos )(?<!we are )(?<!de )(?<!del )(?<!el"
    r" )(?<!al )(?<!y )"
    r"(?P<n>[2-9]) (?:habitaciones |cuartos |rooms )?$"
)
_BEDS = re.compile(r"\b(?:beds?|camas?)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomCount:
    """A number of rooms, and where it stands in the folded text."""

    start: int
    end: int
    rooms: int


def find_room_counts(folded: str, kinds: Sequence[tuple[int, int]]) -> Iterator[list[RoomCount]]:
    """What is said in each way of counting, the surest way first. `kinds` are stretches that name a kind of room."""
    yield [RoomCount(start=m.start(), end=m.end(), rooms=number_of(m)) for m in _ROOMS.finditer(folded)]
    yield [RoomCount(start=m.start("n"), end=m.end("n"), rooms=int(m["n"])) for m in _counted_kinds(folded, kinds)]
    yield [RoomCount(start=m.start(), end=m.end(), rooms=2) for m in _BOTH_ROOMS.finditer(folded)]
    if m := _THAT_MANY.search(folded):
        yield [RoomCount(start=m.start("n"), end=m.end("n"), rooms=int(m["n"]))]


def _counted_kinds(folded: str, kinds: Sequence[tuple[int, int]]) -> list[re.Match[str]]:
    """Numbers right before a kind of room, by whatever name this hotel calls it."""
    named = [start for start, end in kinds if not _BEDS.search(folded[start : end + len(" beds")])]
    return [m for start in named if (m := _COUNT_OF_KIND.search(folded[:start]))]
