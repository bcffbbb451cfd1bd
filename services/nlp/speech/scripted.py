"""A Recogniser without a model: says of each WAV file what it was told. For tests without the extra."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable, Mapping

from services.nlp.domain.types import LANGUAGES
from services.nlp.speech.formats import WAV
from services.nlp.speech.ports import Abandoned
from services.nlp.speech.types import Clip, HeardWord, Transcript, refused

_SURE = 0.9


class ScriptedRecogniser:
    """`script` maps files to words; in every other file nobody speaks. Words are spread evenly over the time."""

    version = "scripted"

    def __init__(self, script: Mapping[bytes, str], *, most_seconds: float) -> None:
        self._script = script
        self._most_seconds = most_seconds

    def recognise(self, clip: Clip, cancelled: Callable[[], bool]) -> Transcript:
        seconds = self._seconds(clip)
        if cancelled():
            raise Abandoned
        words = self._script.get(clip.audio, "").split()
        step = seconds / max(1, len(words))
        return Transcript(
            text=" ".join(words),
            language=clip.language or LANGUAGES[0],
            confidence=_SURE if words else 0.0,
            words=tuple(
                HeardWord(text=word, confidence=_SURE, start=number * step, end=(number + 1) * step)
                for number, word in enumerate(words)
            ),
            seconds=seconds,
        )

    def _seconds(self, clip: Clip) -> float:
        if clip.format is not WAV:
            raise refused("unsupported", "audio_chunk", "is not read without the speech extra")
        try:
            with wave.open(io.BytesIO(clip.audio)) as file:
                seconds = float(file.getnframes() / file.getframerate())
        except (wave.Error, EOFError) as error:
            raise refused("unsupported", "audio_chunk", "is not readable as wav") from error
        if seconds > self._most_seconds:
            raise refused("too_long", "audio_chunk", f"must be at most {self._most_seconds:g} seconds")
        return seconds
