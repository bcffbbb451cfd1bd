"""Common words typed in haste: two letters swapped ("doulbe"), one left out ("cancllation") or typed twice, and those
that are written short."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from services.nlp.domain.calendar import MONTHS, WEEKDAYS
from services.nlp.domain.language_lexicon import ENGLISH, SHARED, SPANISH
from services.nlp.domain.names_lexicon import GIVEN, NOT_A_NAME
from services.nlp.domain.shorthand import Short, shorthand_in
from services.nlp.domain.text import fold, word_set
from services.nlp.domain.types import Entity, Span

_LEAST_SWAPPED, _LEAST_LEFT_OUT = 5, 8
# "Llegado" is no slip of "llegando", nor "quedara" of "quedaria".
_INFLECTED = re.compile(r"(?:ando|iendo|rias?|rian|riamos)$")
_OF_THE_TRADE = word_set(
    """
    second option options cancellation policy policies ladies continue thinking difference different question problem
    another something nothing anything everything restaurant accessible wheelchair elevator balcony terrace receipt
    refund refundable deposit dinner allergy vegetarian luggage suitcase complaint dirty broken smell shower toilet
    heating quiet extend extra earlier instead changed arrived arriving leaving staying parking doubles wedding husband
    contact dollars cheapest available availability reservation confirmation accommodation
    opcion opciones politica diferencia pregunta problema algo nada ascensor elevador balcon terraza recibo deposito
    alergia vegetariano equipaje maleta maletas queja sucio roto huele regadera ducha calefaccion tranquila tranquilo
    quisieramos querriamos podriamos llegamos saldriamos alojarnos quedarnos hospedarnos mascotas reembolsable
    estacionamiento disponibilidad confirmacion cancelacion cancelen cancelar reservacion habitacion siguiente
    """
)
_COMMON = {
    word
    for word in (*_OF_THE_TRADE, *MONTHS, *WEEKDAYS, *SPANISH, *ENGLISH, *SHARED, *NOT_A_NAME)
    if len(word) >= _LEAST_SWAPPED and word.isalpha()
}
# Words, names and places that differ from a common word by such a slip, and are meant.
_MEANT = word_set(
    """
    alegria alter anual calve camino carols chagres compliant crane cuneta curato elche fined genet gracia greta incest
    laguna liber manat minuet minuets padron parra pervious podre preciso prefect prefecto queers raido sabre satin
    satins serai sober suing tared teens tense toads toady torna trade trades venite nates horus potion potions tarin
    accesible posible impossible canceled cancelation colombina colombino lavandera mascots persons panning planing
    peasant seeping socking stating staving sunning tanking burlar dorman manger madame precis recept cancelala
    cancelara procede artes setas toros etnia gotear previos confiro
    """
)
_WORD = re.compile(r"[^\W\d_]{5,}")


def _swapped(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))


def _left_out(word: str) -> Iterator[str]:
    long = len(word) >= _LEAST_LEFT_OUT and not _INFLECTED.search(word)
    return (word[:at] + word[at + 1 :] for at in range(1, len(word) - 1) if long)


def _typed_twice(word: str) -> Iterator[str]:
    return (word[:at] + word[at - 1 :] for at in range(2, len(word)) if len(word) >= _LEAST_LEFT_OUT)


def _slips_of(words: Iterable[str], slip: Callable[[str], Iterator[str]]) -> dict[str, str]:
    """What each slip was meant to be; one that could be two words, or is a word itself, is none."""
    meant: dict[str, set[str]] = {}
    for word in words:
        for written in slip(word):
            meant.setdefault(written, set()).add(word)
    known = _COMMON | _MEANT | GIVEN
    return {written: words.pop() for written, words in meant.items() if len(words) == 1 and written not in known}


_SLIPS = _slips_of(_COMMON, _typed_twice) | _slips_of(_COMMON, _left_out) | _slips_of(_COMMON, _swapped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """A message as it was meant. `changes` are the stretches that differ: where each is now, and where it was."""

    text: str
    written: str
    changes: tuple[tuple[Span, Span], ...] = ()

    def as_written(self, entity: Entity, *, moved: int = 0) -> Entity:
        """The entity where it stands in what was written, when its own place counts from `moved` characters on."""
        if not self.changes and not moved:
            return entity
        told = Span(start=entity.span.start + moved, end=entity.span.end + moved)
        span = Span(start=self._before(told.start, end=False), end=self._before(told.end, end=True))
        return replace(entity, span=span, text=self.written[span.start : span.end], told=told)

    def _before(self, at: int, *, end: bool) -> int:
        moved = at
        for now, was in self.changes:
            if now.start < at < now.end:
                return was.end if end else was.start
            if now.end <= at:
                moved = at + was.end - now.end
        return moved


def put_right(message: str) -> Spelled:
    """The message with such slips put right. A capital in mid-sentence is left alone: it may be somebody's name."""
    pieces: list[str] = []
    changes: list[tuple[Span, Span]] = []
    at = length = 0
    for short in sorted((*_slips_in(message), *shorthand_in(message)), key=lambda item: item.start):
        if short.start < at:
            continue
        pieces += [message[at : short.start], short.meant]
        length += short.start - at + len(short.meant)
        at = short.end
        changes.append((Span(start=length - len(short.meant), end=length), Span(start=short.start, end=short.end)))
    return Spelled(text="".join([*pieces, message[at:]]), written=message, changes=tuple(changes))


def _slips_in(message: str) -> Iterator[Short]:
    for m in _WORD.finditer(message):
        written = m.group()
        meant = _SLIPS.get(fold(written).folded)
        if meant is not None and (not written[0].isupper() or written.isupper() or m.start() == 0):
            yield Short(start=m.start(), end=m.end(), meant=meant)
