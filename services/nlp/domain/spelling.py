"""Corrects slips of the keyboard in the words that the other rules hang on: months, weekdays, nights, people."""

from __future__ import annotations

import re
from functools import lru_cache

from services.nlp.domain.calendar import MONTHS, WEEKDAYS
from services.nlp.domain.text import Replacement, Text, word_set

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
_WORD = re.compile(r"[a-z]{5,14}")


def corrected(text: Text) -> Text:
    """The text with near misses of the known words put right; positions still point at what was written."""
    replacements = [
        Replacement(start=m.start(), end=m.end(), text=better)
        for m in _WORD.finditer(text.folded)
        if (better := _nearest(m.group()))
    ]
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
