"""Slips of the keyboard put right: swapped letters in common words, and near misses of the words that rules hang on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from services.nlp.domain.calendar import MONTHS, WEEKDAYS
from services.nlp.domain.language_lexicon import ENGLISH, SHARED, SPANISH
from services.nlp.domain.names_lexicon import GIVEN, NOT_A_NAME
from services.nlp.domain.text import Replacement, Text, fold, word_set

_TARGETS = frozenset(name for name in (*MONTHS, *WEEKDAYS) if len(name) >= 6) | word_set(
    """
    noches nights adultos adults personas people habitacion habitaciones reservar reserva cancelar manana
    tomorrow weekend children ninos availability disponible disponibilidad reservation booking breakfast
    desayuno
    """
)
# Real words that are one slip away from a target.
_REAL = word_set(
    """
    personal persona peoples adulto adultas coches noche night adult reservas reservado reservada reservan
    reserve reserved reserva reservar cancela cancelo cancelan cancelas cancelada cancelado sundays mondays
    saturdays matches nights rights lights sights flights habitaciones disponibles reservations bookings
    desayunos desayuna breakfasts mananas weekends purple couple martas lunas lunch reservaran reservare
    cancelare ninas nino nina ningun noches ponches broches children personae mayo marzo maria mario octubres
    tomorrows cooking looking hooking availabilities cancel canceled manera banana semana mañanas humana villana
    tomorrow's abrir abril sabana sabanas mates perdonas angosto salado sacado sabido vienes domino sundae jueces
    """
)
_LEAST_LETTERS = 5
_WORD = re.compile(r"[a-z]{5,14}")
# As it is typed on a telephone: "2 nyts", "me n wife".
_SHORT = {"nyt": "night", "nyts": "nights", "nite": "night", "nites": "nights", "nts": "nights", "ppl": "people"}
_SHORT_WORD = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b|(?<=[a-z] )n(?= [a-z])")


_COMMON = {
    word
    for word in (*_TARGETS, *SPANISH, *ENGLISH, *SHARED, *NOT_A_NAME)
    if len(word) >= _LEAST_LETTERS and word.isalpha()
} | word_set(
    """
    second option options cancellation policy policies ladies continue thinking difference different question problem
    another something nothing anything everything restaurant accessible wheelchair elevator balcony terrace receipt
    refund deposit dinner allergy vegetarian luggage suitcase complaint dirty broken smell shower toilet heating quiet
    extend extra earlier instead changed arrived arriving leaving staying parking
    opcion opciones politica diferencia pregunta problema algo nada ascensor elevador balcon terraza recibo deposito
    alergia vegetariano equipaje maleta maletas queja sucio roto huele regadera ducha calefaccion tranquila cuanto
    cuantas quisieramos querriamos podriamos llegamos saldriamos alojarnos quedarnos hospedarnos
    """
)
# Words, names and places that common words become with two letters swapped, and that are meant.
_MEANT = word_set(
    """
    alegria alter anual calve camino carols chagres compliant crane cuneta curato elche fined genet gracia greta incest
    laguna liber manat minuet minuets padron parra pervious podre preciso prefect prefecto queers raido sabre satin
    satins serai sober suing tared teens tense toads toady torna trade trades venite
    """
)
_ANY_WORD = re.compile(r"[^\W\d_]{5,}")


def _swapped(word: str) -> set[str]:
    return {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)} - {word}


def _by_slip(words: Iterable[str]) -> dict[str, list[str]]:
    slips: dict[str, list[str]] = {}
    for word in words:
        for slip in _swapped(word):
            slips.setdefault(slip, []).append(word)
    return slips


# "Doulbe" to "double"; what could be two words is neither.
_SLIPS = {
    slip: meant[0]
    for slip, meant in _by_slip(_COMMON).items()
    if len(meant) == 1 and slip not in _COMMON and slip not in _MEANT and slip not in GIVEN
}


def put_right(message: str) -> str:
    """The message with letters that were swapped in common words as they were meant; every position stays what it was.

    A capital in mid-sentence is left alone: it may be somebody's name.
    """
    return _ANY_WORD.sub(_as_meant, message)


def _as_meant(m: re.Match[str]) -> str:
    written = m.group()
    folded = fold(written).folded
    meant = _SLIPS.get(folded)
    name = written[0].isupper() and not written.isupper() and m.start() > 0
    if meant is None or name or len(folded) != len(written):
        return written
    at = next(i for i, (a, b) in enumerate(zip(folded, meant, strict=True)) if a != b)
    return written[:at] + written[at + 1] + written[at] + written[at + 2 :]


def corrected(text: Text) -> Text:
    """The text with near misses of the known words put right; positions still point at what was written."""
    replacements = [
        Replacement(start=m.start(), end=m.end(), text=better)
        for m in _WORD.finditer(text.folded)
        if (better := _nearest(m.group()))
    ]
    replacements += [
        Replacement(start=m.start(), end=m.end(), text=_SHORT.get(m.group(), "and"))
        for m in _SHORT_WORD.finditer(text.folded)
        if text.original[text.span(m.start(), m.end()).start].islower()
    ]
    replacements.sort(key=lambda item: item.start)
    return text.rewrite(replacements) if replacements else text


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """A folded word as Spanish ears hear it: silent h, one letter for b and v, s, c and z, y and ll, k, c and qu."""
    for written, heard in _HEARD:
        word = written.sub(heard, word)
    return word


_HEARD = tuple(
    (re.compile(written), heard)
    for written, heard in (
        (r"(?<!c)h", ""), ("v", "b"), ("qu(?=[ei])|c(?![eih])", "k"), ("z|c(?=[ei])", "s"), ("ll", "y"),
        (r"(.)\1", r"\1"),
    )
)  # fmt: skip
_SOUNDS = {target: sound(target) for target in _TARGETS}


@lru_cache(maxsize=8192)
def _nearest(word: str) -> str:
    if word in _TARGETS or word in _REAL:
        return ""
    spoken = sound(word)
    for target in _TARGETS:
        if _SOUNDS[target] == spoken:
            return target
        limit = 1 if len(target) < 9 else 2
        alike = word[0] == target[0] and abs(len(word) - len(target)) <= limit
        if alike and word.rstrip("s") != target.rstrip("s") and _distance(word, target, limit) <= limit:
            return target
    return ""


def _distance(a: str, b: str, limit: int) -> int:
    """Optimal string alignment distance, given up beyond `limit`."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        last, row_before, row = row, before, [i] + [0] * len(b)
        for j, y in enumerate(b, start=1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], row_before[j - 2] + 1)
        before = last
        if min(row) > limit:
            return limit + 1
    return row[-1]
