"""Recognition by Whisper base on CPU, through faster-whisper. Its matrix products run outside the interpreter lock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.nlp.domain.types import LANGUAGES
from services.nlp.speech.audio import RATE, samples_of
from services.nlp.speech.ports import Abandoned
from services.nlp.speech.types import Clip, HeardWord, Transcript
from services.nlp.speech.weights import VERSION, weight_files

_BEAM = 5
# Text that compresses better than this is the model repeating itself (the limit of Whisper's own authors).
_MOST_REPETITIVE = 2.4
# Whisper sees at most 224 tokens of context; the hotel's words must not crowd out the guest's.
_MOST_PHRASES = 40


class WhisperRecogniser:
    """The port's Recogniser. Loads in about three seconds and takes about 250 MB beside what the service has."""

    def __init__(self, *, threads: int, most_seconds: float) -> None:
        """Raises WrongWeights for weights of another hash, ModuleNotFoundError without the speech extra."""
        from faster_whisper import WhisperModel  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

        self._most_seconds = most_seconds
        # Only what is handed over here is loaded: no folder is written, no model hub is asked.
        self._model: Any = WhisperModel(
            "base", device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1, files=weight_files()
        )
        self._transcribe(np.zeros(RATE, dtype=np.float32), LANGUAGES[0], ())  # the first call is slower

    @property
    def version(self) -> str:
        return VERSION

    def recognise(self, clip: Clip, cancelled: Callable[[], bool]) -> Transcript:
        samples = samples_of(clip.audio, clip.format, most_seconds=self._most_seconds)
        language = clip.language or self._language(samples)
        heard: list[HeardWord] = []
        for segment in self._transcribe(samples, language, clip.phrases):
            if cancelled():
                raise Abandoned
            if segment.compression_ratio <= _MOST_REPETITIVE:
                heard += (_word(word) for word in segment.words or ())
        text = re.sub(r"\s+", " ", "".join(f" {word.text}" for word in heard)).strip()
        return Transcript(
            text=text,
            language=language,
            confidence=_confidence(heard),
            words=tuple(heard),
            seconds=len(samples) / RATE,
        )

    def _transcribe(self, samples: NDArray[np.float32], language: str, phrases: tuple[str, ...]) -> Iterable[Any]:
        segments, _ = self._model.transcribe(
            samples,
            language=language,
            beam_size=_BEAM,
            temperature=0.0,
            word_timestamps=True,
            vad_filter=True,  # silence makes Whisper invent sentences
            condition_on_previous_text=False,
            hotwords=", ".join(phrases[:_MOST_PHRASES]) or None,
        )
        return segments  # type: ignore[no-any-return]

    def _language(self, samples: NDArray[np.float32]) -> str:
        """The likeliest of our languages, by the first half minute."""
        _, _, ranked = self._model.detect_language(samples)
        shares = dict(ranked)
        return max(LANGUAGES, key=lambda code: shares.get(code, 0.0))


def _word(word: Any) -> HeardWord:
    return HeardWord(
        text=word.word.strip(),
        confidence=round(float(word.probability), 3),
        start=round(float(word.start), 2),
        end=round(float(word.end), 2),
    )


def _confidence(words: list[HeardWord]) -> float:
    """Geometric mean of the words' probabilities: one word that is a guess weighs more than many that are sure."""
    if not words:
        return 0.0
    return round(float(np.exp(np.mean([np.log(max(word.confidence, 1e-3)) for word in words]))), 3)
