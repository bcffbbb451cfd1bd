"""A message in two forms, original and folded (lower case, no accents, plain dashes), with positions kept."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from services.nlp.domain.types import Span

_PLAIN = {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "→": "-", "…": "."}
_QUOTE_HEADERS = re.compile(
    r"^\s*(?:On .{6,120}wrote:|El .{6,120}escribi[oó]:|-{2,}\s*(?:Original Message|Mensaje original)\s*-{2,}|-- )\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+|\d+")
# Plain ASCII without runs of spaces, of which folding changes nothing but capitals: most of what English guests write.
_ONLY_LOWERED = re.compile(r"(?: ?[\n\t!-\]_a-~])* ?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """New wording for folded characters [start, end)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """`starts[i]` and `ends[i]` say which original characters the folded character i stands for."""

    original: str
    folded: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Original characters behind folded [start, end), without the white space around them."""
        while end > start and self.folded[end - 1].isspace():
            end -= 1
        while start < end and self.folded[start].isspace():
            start += 1
        if end <= start:
            return Span(start=0, end=0)
        return Span(start=self.starts[start], end=self.ends[end - 1])

    def folded_range(self, span: Span) -> tuple[int, int]:
        """Folded characters that stand for an original span."""
        start = bisect_left(self.starts, span.start)
        return start, max(start, bisect_right(self.ends, span.end))

    def words(self) -> list[str]:
        return _WORD.findall(self.folded)

    def rewrite(self, replacements: Iterable[Replacement]) -> Text:
        """A text with other wording; each replaced character points at the whole original stretch."""
        folded: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for item in sorted(replacements, key=lambda r: r.start):
            folded.append(self.folded[at : item.start])
            starts.extend(self.starts[at : item.start])
            ends.extend(self.ends[at : item.start])
            folded.append(item.text)
            starts.extend([self.starts[item.start]] * len(item.text))
            ends.extend([self.ends[item.end - 1]] * len(item.text))
            at = item.end
        folded.append(self.folded[at:])
        starts.extend(self.starts[at:])
        ends.extend(self.ends[at:])
        return Text(original=self.original, folded="".join(folded), starts=tuple(starts), ends=tuple(ends))


def fold(original: str) -> Text:
    """Any string, however odd, to a Text; unreadable characters become spaces, invisible ones vanish."""
    if _ONLY_LOWERED.fullmatch(original):
        places = range(len(original) + 1)
        return Text(original=original, folded=original.lower(), starts=tuple(places[:-1]), ends=tuple(places[1:]))
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, character in enumerate(original):
        for plain in _fold_character(character):
            if plain == " " and folded and folded[-1] == " ":
                continue
            folded.append(plain)
            starts.append(index)
            ends.append(index + 1)
    return Text(original=original, folded="".join(folded), starts=tuple(starts), ends=tuple(ends))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:  # noqa: PLR0911 (a list of cases)
    if "a" <= character <= "z" or "0" <= character <= "9":
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me", "Sk", "Cs"):
        return ""
    if category[0] in "CZ":
        return " "
    if category == "Nd":
        return str(unicodedata.digit(character))
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(c for c in decomposed.lower() if not unicodedata.combining(c))


def word_set(words: str) -> frozenset[str]:
    """A lexicon from words with white space between them."""
    return frozenset(words.split())


def without_quotation(original: str) -> str:
    """The guest's own words: lines quoted from an earlier e-mail are blanked, so that positions stay the same."""
    cut = _QUOTE_HEADERS.search(original)
    own = original[: cut.start()] if cut and original[: cut.start()].strip() else original
    lines = [" " * len(line) if line.lstrip().startswith(">") else line for line in own.split("\n")]
    return "\n".join(lines) if any(line.strip() for line in lines) else original
