"""Patterns that are tried only on texts that have what they need to find anything.

A message is read by some three hundred patterns, of which forty find something and ninety could. What a text has is
looked up once for all of them (docs/adr/0014). A pattern that needs nothing, or is made later, is always tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from services.nlp.domain.needed_runs import needed_runs, plain

_LONGEST = 4
# From the commonest of both languages on; of a run the rarest piece is looked for.
_RARITY = {letter: rank for rank, letter in enumerate(" eaoisnrtdlcumpbghvyqfjzxkw")}
# Piece of a run to the patterns, as bits, that may find something where it stands. Only grows.
_PATTERNS_BY_PIECE: dict[str, int] = {}
_ALWAYS = -1
_count = 0


class Pattern:
    """A compiled pattern; finds what `re` finds."""

    __slots__ = ("_bit", "compiled")

    def __init__(self, compiled: re.Pattern[str], bit: int) -> None:
        self.compiled = compiled
        self._bit = bit

    @property
    def pattern(self) -> str:
        """As it was written."""
        return self.compiled.pattern

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self.compiled.search(text, start) if _may_match(text) & self._bit else None

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self.compiled.match(text, start) if _may_match(text) & self._bit else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.compiled.fullmatch(text) if _may_match(text) & self._bit else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text) if _may_match(text) & self._bit else iter(())

    def findall(self, text: str) -> list[str]:
        return self.compiled.findall(text) if _may_match(text) & self._bit else []

    def sub(self, better: str | Callable[[re.Match[str]], str], text: str) -> str:
        return self.compiled.sub(better, text) if _may_match(text) & self._bit else text


def screened(pattern: str | re.Pattern[str]) -> Pattern:
    """For patterns of a module: one number and some entries are kept for ever."""
    global _count  # noqa: PLW0603 (numbers patterns as they are made)
    compiled = re.compile(pattern)
    needed = needed_runs(compiled)
    if needed is None:
        return Pattern(compiled, _ALWAYS)
    bit = 1 << _count
    for run in needed:
        piece = _rarest_piece(run)
        _PATTERNS_BY_PIECE[piece] = _PATTERNS_BY_PIECE.get(piece, 0) | bit
    _count += 1
    return Pattern(compiled, bit)


def _rarest_piece(run: str) -> str:
    length = min(len(run), _LONGEST)
    pieces = [run[at : at + length] for at in range(len(run) - length + 1)]
    return max(pieces, key=lambda piece: sum(_RARITY.get(character, len(_RARITY)) for character in piece))


# A message is a few texts: as written, corrected, its clauses. The bits of a text are some hundred bytes.
@lru_cache(maxsize=256)
def _may_match(text: str) -> int:
    """The patterns that may find something in a text; all that are not made yet are among them."""
    found = -1 << _count
    padded = f" {plain(text)} "
    for length in range(1, _LONGEST + 1):
        for at in range(len(padded) - length + 1):
            found |= _PATTERNS_BY_PIECE.get(padded[at : at + length], 0)
    return found
