"""Where recordings come from, and who turns them into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from services.gateway.domain.message import HeardWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A voice note as the channel keeps it."""

    audio: bytes
    mime_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was said. `text` is empty where nobody speaks."""

    text: str
    confidence: float
    words: tuple[HeardWord, ...] = ()


class Unheard(Exception):
    """There will be no words. `failure` is the contracts' word for why, as in `VoiceContent.failure`."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


class NotYet(Exception):
    """No words now, perhaps in `seconds`. `reason` is for logs."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds


class MediaSource(Protocol):
    """A channel's store of recordings."""

    async def fetch(self, media_id: str, *, most_bytes: int) -> Recording:
        """Reading only, so it may be repeated. Never reads more than `most_bytes`. Raises Unheard and NotYet."""
        ...


class Transcriber(Protocol):
    """Hears. Reading only, so it may be repeated."""

    async def transcribe(self, recording: Recording, *, property_id: str, guest: str, language: str) -> Heard:
        """`guest` is opaque; `language` is the conversation's so far, or "". Raises Unheard and NotYet."""
        ...
