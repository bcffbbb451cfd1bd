"""Canned answers: what is written often, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mesh.errors import Invalid

from services.gateway.domain.cleaning import clean_line, clean_text
from services.gateway.staff.domain.user import LANGUAGES

_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """An answer to start from. `texts` are by language; one that is missing is not offered there."""

    canned_id: str
    title: str
    texts: Mapping[str, str]

    def text(self, language: str) -> str:
        """The words in a language; empty when there are none."""
        return self.texts.get(language, "")


def read_canned(canned_id: str, title: str, texts: Mapping[str, str]) -> Canned:
    """What somebody typed. Raises Invalid without a title or any words."""
    title = clean_line(title, limit=80)
    kept = {language: text for language in LANGUAGES if (text := clean_text(texts.get(language, ""), limit=_LONGEST))}
    faults = {} if title else {"title": "is required"}
    if not kept:
        faults["texts"] = "are required in one language at least"
    if faults:
        raise Invalid("a canned answer needs a title and words", fields=faults)
    return Canned(canned_id=canned_id, title=title, texts=kept)
