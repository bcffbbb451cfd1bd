"""What the domain needs from outside: a phone number reader and a statistical intent model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.nlp.domain.types import Analysis, Message


class PhoneReader(Protocol):
    """Reads phone numbers as people write them."""

    def read(self, written: str, region: str) -> str:
        """E.164, or "" when it is no number; `region` ("" or ISO 3166-1) supplies a missing country code."""
        ...


class MessageReader(Protocol):
    """Understands messages without holding up whoever asks."""

    async def analyse(self, messages: Sequence[Message]) -> list[Analysis]:
        """One for each message, in order. Total: every text has an analysis."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A message or a part of one, the cues seen in it, and its language. `careful`: see Message."""

    text: str
    cues: tuple[str, ...]
    language: str
    careful: bool = False


class IntentModel(Protocol):
    """Scores intents. Implementations are safe to call from several threads."""

    @property
    def version(self) -> str:
        """Names the weights and the data they were trained on."""
        ...

    def scores(self, passages: Sequence[Passage]) -> list[dict[str, float]]:
        """Calibrated probability of every intent of the catalogue, passage by passage, in order."""
        ...

    def spanish(self, text: str) -> float | None:
        """Probability that the text is Spanish rather than English; None when the model has no opinion."""
        ...
