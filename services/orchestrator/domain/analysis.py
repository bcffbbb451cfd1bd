"""What the nlp service understood of one message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

# Below this an intent is a guess, and guesses are not acted on.
INTENT_FLOOR = 0.5
ENTITY_FLOOR = 0.45
# From here on people were counted, and not only named: "2 people", and not "my husband".
COUNTED_FLOOR = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One thing the guest wants. `urgency` 0–1."""

    name: str
    confidence: float = 1.0
    topic: str = ""
    urgency: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One thing that was said; `value` in canonical form, as in the nlp contract.

    It stands from `start` to `end` in the message, and from `told_start` to `told_end` in its content.
    """

    type: str
    value: str
    role: str = ""
    confidence: float = 1.0
    ambiguous: bool = False
    alternatives: tuple[str, ...] = ()
    problem: str = ""
    start: int = 0
    end: int = 0
    told_start: int = 0
    told_end: int = 0

    def overlaps(self, other: Entity) -> bool:
        """True when both were read from the same words. Without positions nothing overlaps."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One message understood. `content`: what of it says something, as it was meant; empty where nobody told."""

    language: str = ""
    language_confidence: float = 1.0
    intents: tuple[Intent, ...] = ()
    entities: tuple[Entity, ...] = ()
    out_of_scope: float = 0.0
    model_version: str = ""
    content: str = ""

    def intent(self, name: str) -> Intent | None:
        """The intent of that name, when it is sure enough to act on."""
        return next((i for i in self.intents if i.name == name and i.confidence >= INTENT_FLOOR), None)

    def in_content(self) -> Analysis:
        """The analysis of the content alone: entities stand where they stand in it."""
        return replace(
            self, entities=tuple(replace(item, start=item.told_start, end=item.told_end) for item in self.entities)
        )

    def without(self, unmeant: Callable[[Entity], bool]) -> Analysis:
        """The same without the entities that were said and not meant."""
        return replace(self, entities=tuple(item for item in self.entities if not unmeant(item)))
