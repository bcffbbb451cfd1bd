"""Counts of people and rooms as they are collected from one message, and numbers before what is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from services.nlp.domain.text import Text
from services.nlp.domain.types import Entity, EntityType, Span

ONE = r"(?P<one>una?|an?|one|sola|solo)"
NUMBER = r"(?<![\d.,:/$€£-])(?P<n>\d{1,2})"
BETWEEN = r"[ -]*(?:young |small |little |other |more |mas |pequen[oa]s )?"


@dataclass(slots=True, kw_only=True)
class Counts:
    """Collects counts and guards against reading the same words twice."""

    text: Text
    entities: list[Entity] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)

    def add(self, kind: EntityType, start: int, end: int, value: int, confidence: float = 0.95) -> None:
        if any(s < end and start < e for s, e in self.taken):
            return
        self.taken.append((start, end))
        self.put(kind, start, end, value, confidence)

    def put(self, kind: EntityType, start: int, end: int, value: int, confidence: float = 0.95) -> None:
        span: Span = self.text.span(start, end)
        words = self.text.original[span.start : span.end]
        self.entities.append(Entity(type=kind, span=span, text=words, value=str(value), confidence=confidence))

    def count(self, kind: EntityType) -> int:
        return sum(int(e.value) for e in self.entities if e.type is kind)


def number_of(m: re.Match[str]) -> int:
    """What the groups `n` and `two` of a match say; one without them."""
    groups = m.groupdict()
    if groups.get("n"):
        return int(groups["n"])
    return 2 if groups.get("two") else 1
