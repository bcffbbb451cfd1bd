"""The words of a text, whatever their case, accents and marks."""

from __future__ import annotations

import re
import unicodedata

_JOINS = re.compile(r"['’´`-]")
_PARTICLES = frozenset(
    ("de", "del", "la", "las", "los", "el", "y", "e", "da", "do", "dos", "das", "di", "van", "von", "der", "den", "le")
)


def says_name(text: str, name: str) -> bool:
    """True when a surname is said: all of it, or one of several; "Obrien" is O'Brien, too."""
    said = plain_words(text) | plain_words(_JOINS.sub("", text))
    whole = plain_words(name)
    surnames = plain_words(_JOINS.sub("", name)) - _PARTICLES
    return bool(whole) and (whole <= said or bool(surnames & said))


def words_of(text: str) -> list[str]:
    """The words of a text in their order, without case, accents and marks."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(character for character in folded if not unicodedata.combining(character))
    return re.findall(r"[^\W_]+", kept)


def plain_words(text: str) -> frozenset[str]:
    """The same, each once."""
    return frozenset(words_of(text))
