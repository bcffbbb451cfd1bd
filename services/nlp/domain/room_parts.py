"""Parts of the names of a hotel's rooms and which rooms have them: "vista al mar", "la interior", "the garden one"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.nlp.domain.text import fold, word_set
from services.nlp.domain.types import CatalogueItem

# Words in the names of many rooms: "habitaciones" is no misspelling of "habitación doble".
OF_EVERY_ROOM = word_set(
    """
    habitacion habitaciones cuarto cuartos recamara recamaras pieza piezas estandar standard room rooms camas beds
    individual individuales separadas separate size cuarto suite-room con with vista garden jardin
    """
)
# Words of names that say no more than what every hotel has; "the ocean one" tells which room, "the big one" does not.
_TELLS_NOTHING = OF_EVERY_ROOM - word_set("vista garden jardin") | word_set(
    """
    doble dobles double doubles twin single sencilla sencillo simple triple familiar family suite suites king queen
    matrimonial cama bed grande grandes large small chica pequena superior economica tarifa rate plan flexible free
    cancellation reembolsable refundable para dos tres uno una the and por del las los one two bedroom bathroom bano
    """
)
# Of what there may be at the hotel besides: "la terraza" alone may be asked about, "la interior" is a room.
_PLACES = word_set(
    """
    vista view garden jardin terraza terrace balcon balcony patio mar sea ocean oceano beach playa pool piscina alberca
    city ciudad mountain montana cordillera lake lago river rio street calle park parque sauna jacuzzi kitchen cocina
    fireplace chimenea desayuno breakfast valle valley bosque forest plaza square courtyard
    """
)
# These join the words of a name, and neither begin nor end a part of it.
_JOINS = word_set("con de del al la el los las y a en para with and of the in to for")
_NOUN = r"(?:habitacion(?:es)?|hab|cuartos?|recamaras?|piezas?|tarifa)"
_ARTICLE = r"(?:las?|unas?|otras?)"
# "One" is a figure by then: "the garden 1, please", and not "garden 1 night".
_NOUN_AFTER = (
    r"(?: (?:ones?|1(?=\W*$|\W*(?:please|pls|then|for|from|if|is|looks|sounds)\b|[,.;!?])|rooms?|options?|rate)\b)"
)
_WORD = re.compile(r"[a-z]+")
_SHORTEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePart:
    """Folded `words` in the names of `codes` alone. `alone`: they tell a room whatever stands beside them."""

    words: str
    pattern: re.Pattern[str]
    codes: tuple[str, ...]
    alone: bool


def parts_of(items: Iterable[CatalogueItem]) -> tuple[NamePart, ...]:
    """Single words that tell a room, and several in a row: "garden" of "garden room", "baño privado"."""
    codes: dict[str, list[str]] = {}
    own: set[str] = set()
    whole: set[str] = set()
    for item in items:
        for name in (*item.names, *item.synonyms):
            words = _WORD.findall(fold(name).folded)
            whole.add(" ".join(words))
            own |= _own_names(name)
            for part in _parts(words):
                codes.setdefault(part, []).append(item.code)
    return tuple(
        NamePart(words=part, pattern=_pattern(part), codes=tuple(dict.fromkeys(having)), alone=_tells_alone(part, own))
        for part, having in codes.items()
        if part not in whole
    )


def _parts(words: list[str]) -> Iterable[str]:
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            part = words[start:end]
            telling = [word for word in part if word not in _TELLS_NOTHING | _JOINS and len(word) >= _SHORTEST]
            if telling and part[0] not in _JOINS and part[-1] not in _JOINS:
                yield " ".join(part)


def _own_names(name: str) -> set[str]:
    """Words with a capital after others that have none: the "Vicuña" of "habitación Vicuña"."""
    first, *others = name.split() or [""]
    return {fold(word).folded.strip() for word in others if word[0].isupper()} if first[:1].islower() else set()


def _tells_alone(part: str, own: set[str]) -> bool:
    return part in own or (" " in part and bool(_PLACES & set(part.split())))


def _pattern(part: str) -> re.Pattern[str]:
    lead = _NOUN if part in _PLACES else rf"(?:{_NOUN}|{_ARTICLE})"
    words = part.replace(" ", r"\W+")
    return re.compile(
        rf"\b(?P<before>{lead} (?:de |del |con |la |tipo )*)?(?P<word>{words}(?:e?s)?\b)(?P<after>{_NOUN_AFTER})?"
    )
