"""The same dialogue with guests who type otherwise: with thanks or an excuse each time, with a slip, or unmarked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from services.orchestrator.rehearse.script import Dialogue, Turn

_SPANISH = re.compile(r"[áéíóúñ¿¡]|\b(?:el|la|los|para|una?|quiero|del?|que|si|hola|por|no|somos)\b", re.IGNORECASE)
_LONG_WORD = re.compile(r"\b[a-záéíóúñ]{6,}\b")


def thanked(text: str) -> str:
    return f"{text.rstrip()} {'gracias' if _SPANISH.search(text) else 'thanks'} 🙏"


def slipped(text: str) -> str:
    """With the middle letters of the longest word in small letters swapped."""
    word = max(_LONG_WORD.finditer(text), key=lambda m: len(m.group()), default=None)
    if word is None:
        return text
    middle = word.start() + len(word.group()) // 2
    return text[: middle - 1] + text[middle] + text[middle - 1] + text[middle + 1 :]


def unmarked(text: str) -> str:
    """In small letters, without accents and marks; addresses stay as they are."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).lower()
    return plain if "@" in plain else re.sub(r"[¿¡!;]|[.,](?=\s|$)", "", plain)


def excused(text: str) -> str:
    return f"{'Disculpe' if _SPANISH.search(text) else 'Sorry'}, {text}"


WAYS: tuple[Callable[[str], str], ...] = (thanked, excused, slipped, unmarked)


def in_haste(dialogue: Dialogue, way: Callable[[str], str]) -> Dialogue:
    """The dialogue with every message of guests typed that way."""
    return replace(dialogue, turns=tuple(_typed(turn, way) for turn in dialogue.turns))


def _typed(turn: Turn, way: Callable[[str], str]) -> Turn:
    content = way(turn.content) if turn.kind == "g" and isinstance(turn.content, str) else turn.content
    return replace(turn, content=content, parts=tuple(_typed(part, way) for part in turn.parts))
