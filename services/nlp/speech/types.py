"""What goes into speech recognition and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

from mesh.errors import Invalid

from services.nlp.speech.formats import AudioFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A voice note as it came. `language` is "" or one of ours; `phrases` are words likely to occur."""

    audio: bytes
    format: AudioFormat
    language: str = ""
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWord:
    """One word with its probability; seconds from the start of the audio."""

    text: str
    confidence: float
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was heard. `text` is empty, and the confidence zero, where nobody speaks."""

    text: str
    language: str
    confidence: float
    words: tuple[HeardWord, ...]
    seconds: float


def refused(failure: str, field: str, why: str) -> Invalid:
    """Audio that is not read. `failure` is the contracts' word for it: too_long, too_large, unsupported."""
    return Invalid(f"audio is {failure.replace('_', ' ')}", fields={field: why}, failure=failure)
