"""Which of the hotel's own facts a question is about, by the words that no other fact has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from services.orchestrator.domain.hotel import Fact
from services.orchestrator.domain.words import plain_words

_SHORTEST = 4
# Of every question and of every hotel: they tell no fact from another.
_SAYS_NOTHING = plain_words(
    """
    hotel hostal casa habitacion habitaciones cuarto pieza room rooms persona personas person people adulto adultos
    adults nino ninos kids children noche noches night nights dias days hora horas hour hours hotels cuanto cuanta
    cuesta cuestan vale valen sale salen saldria cobran precio costo price cost much many tienen tiene tenes teneis
    hay have does with con para por desde hasta from until para esta este esto that this there where when what donde
    cuando como cual que quien puedo puede pueden podemos podria could would reservar reserva booking book incluye
    incluido included gratis free quiero quisiera need necesito saber know queria ustedes algo some hola hello buenas
    buenos tardes gracias thanks please favor tambien also entonces sobre about cada each todo todos incluir agregar
    agregarle anadir sumar pedir pide piden solo solamente only gente hacer usar uses llevar abre abren abierto cierra
    cierran open close opens closes horario horarios empieza termina dura queda quedan cerca funciona mismo disponible
    disponibilidad available ofrecen ofrece vamos somos pagar pago seria dentro fuera mucho nosotros dos tres cuatro
    antes despues llegada salida llegar salir entrar entrada primera primero before after arrival departure early late
    ahora manana tarde momento tiempo viaje mejor favor cosa cosas lugar lugares necesita necesitamos traer traen trae
    incluso
    """
)
_STEM = 5


def fact_named(text: str, facts: Mapping[str, Fact], *, least: int = 1, among_others: bool = False) -> str:
    """The topic of the one fact that has the words a question is about; "" where none has, or most of the words are
    of none. `least`: how many of its words must be said. `among_others`: there may be more words of other things."""
    asked = _words(text)
    own = _own_words(tuple(sorted((topic, *fact.texts.values()) for topic, fact in facts.items())))
    found = {topic: len(asked & words) for topic, words in own.items() if asked & words}
    best = max(found.values(), default=0)
    topics = [topic for topic, count in found.items() if count == best]
    return topics[0] if len(topics) == 1 and best >= least and (among_others or 2 * best >= len(asked)) else ""


def has_words_of(text: str, fact: Fact) -> bool:
    """Whether any word that a question is about stands in a fact or in its name."""
    asked = _words(text)
    return bool(asked & _words(fact.topic, *fact.texts.values()))


@lru_cache(maxsize=64)
def _own_words(facts: tuple[tuple[str, ...], ...]) -> dict[str, frozenset[str]]:
    words = {topic: _words(topic, *texts) for topic, *texts in facts}
    return {
        topic: frozenset(w for w in own if sum(w in others for others in words.values()) == 1)
        for topic, own in words.items()
    }


def _words(*texts: str) -> frozenset[str]:
    """What tells one fact from another in names of facts, notes or a question, without number and gender."""
    said = plain_words(" ".join(texts))
    return frozenset(_stem(word) for word in said if len(word) >= _SHORTEST and word not in _SAYS_NOTHING)


def _stem(word: str) -> str:
    """Enough of a word that its number and gender do not matter."""
    bare = re.sub(r"(?:es|s)$", "", word)
    return bare[:-1] if len(bare) > _STEM and bare[-1] in "aoe" else bare
