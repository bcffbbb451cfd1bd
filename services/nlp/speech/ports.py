"""What speech needs from outside: somebody who listens, and somebody who speaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from services.nlp.speech.types import Clip, Transcript


class Recogniser(Protocol):
    """Listens. Blocks, so it is called on a thread; one call at a time for each worker of the desk."""

    @property
    def version(self) -> str:
        """Names the weights."""
        ...

    def recognise(self, clip: Clip, cancelled: Callable[[], bool]) -> Transcript:
        """The words of a clip.

        Raises Invalid with metadata `failure` for audio that is too long or cannot be read, and Abandoned soon after
        `cancelled()` turns true.
        """
        ...


class Abandoned(Exception):
    """Nobody waits for the words any more."""


class Speaker(Protocol):
    """Speaks."""

    async def speak(self, text: str, language: str) -> bytes:
        """A WAV file. Raises Invalid for a language without a voice, Busy, Down."""
        ...
