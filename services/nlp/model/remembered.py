"""What the model told of short texts, for the next guest who writes the same: "yes", "gracias", "wifi?".

It belongs to one model, so a reload begins anew. The encoder is three fifths of the time of a message, and an answer
from here is the one it gave.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from services.nlp.domain.ports import Passage

_LONGEST_TEXT = 120
_Key = tuple[str, tuple[str, ...]]


class Remembered:
    """Raw scores by text and cues, the latest `most` of them. Several threads may use it."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._rows: OrderedDict[_Key, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, passage: Passage) -> NDArray[np.float32] | None:
        """Of shape (labels, 2), or None."""
        key = (passage.text, passage.cues)
        with self._lock:
            row = self._rows.get(key)
            if row is not None:
                self._rows.move_to_end(key)
            return row

    def put(self, passage: Passage, row: NDArray[np.float32]) -> None:
        """Longer texts are not kept: hardly anybody writes them again."""
        if len(passage.text) > _LONGEST_TEXT:
            return
        with self._lock:
            self._rows[passage.text, passage.cues] = row.copy()
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)
