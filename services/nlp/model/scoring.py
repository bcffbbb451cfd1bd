"""Inference: one text to a calibrated probability per intent, in about two milliseconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.nlp.domain.ports import Passage
from services.nlp.model.artefact import Weights
from services.nlp.model.features import hashed
from services.nlp.model.fusion import fusion_features, probabilities
from services.nlp.model.remembered import Remembered


class SentenceEncoder(Protocol):
    """Texts to vectors of length 1."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Of shape (len(texts), dimensions)."""
        ...


class LinearIntentModel:
    """The domain's IntentModel. Holds read-only arrays and what it told of short texts; threads may share it."""

    def __init__(self, weights: Weights, encoder: SentenceEncoder) -> None:
        self._weights = weights
        self._encoder = encoder
        self._cue_index = {name: index for index, name in enumerate(weights.cues)}
        self._pooled: NDArray[np.float32] = np.mean(np.stack(list(weights.fusion.values())), axis=0)
        self._sparse = weights.sparse.astype(np.float32)
        self._remembered = Remembered(most=4096)

    @property
    def version(self) -> str:
        return self._weights.version

    @property
    def labels(self) -> tuple[str, ...]:
        return self._weights.labels

    @property
    def cues(self) -> tuple[str, ...]:
        return self._weights.cues

    def scores(self, passages: Sequence[Passage]) -> list[dict[str, float]]:
        """Probability of every label; an unknown language takes the mean of the known calibrations."""
        return self.calibrated(self.raw(passages), passages)

    def raw(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Uncalibrated log odds of shape (n, labels, 2): from the embedding with cues, and from hashed words."""
        if not passages:
            return np.zeros((0, len(self.labels), 2), dtype=np.float32)
        known = [self._remembered.get(passage) for passage in passages]
        new = list(dict.fromkeys(passage for passage, row in zip(passages, known, strict=True) if row is None))
        fresh = dict(zip(new, self._computed(new), strict=True)) if new else {}
        for passage, row in fresh.items():
            self._remembered.put(passage, row)
        rows = [fresh[passage] if row is None else row for passage, row in zip(passages, known, strict=True)]
        return np.stack(rows)

    def _computed(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        weights = self._weights
        vectors = self._encoder.encode([passage.text for passage in passages])
        flags = np.stack([self.flags(passage.cues) for passage in passages])
        dense = np.hstack([vectors, flags]) @ weights.dense.T + weights.dense_bias
        sparse = np.stack([self._words(passage.text) for passage in passages])
        return np.stack([dense, sparse], axis=2).astype(np.float32)

    def calibrated(self, raw: NDArray[np.float32], passages: Sequence[Passage]) -> list[dict[str, float]]:
        """Probabilities from what `raw` told of the same passages."""
        features = fusion_features(raw)
        found = []
        for number, passage in enumerate(passages):
            fusion = self._weights.fusion.get(passage.language, self._pooled)
            values = probabilities(features[number : number + 1], fusion)[0]
            found.append(dict(zip(self.labels, values.tolist(), strict=True)))
        return found

    def flags(self, cues: Sequence[str]) -> NDArray[np.float32]:
        """1 for each cue seen, of shape (cues,)."""
        flags = np.zeros(len(self._weights.cues), dtype=np.float32)
        flags[[self._cue_index[name] for name in cues if name in self._cue_index]] = 1.0
        return flags

    def _words(self, text: str) -> NDArray[np.float32]:
        buckets, values = self._weighted(text)
        return np.asarray(values @ self._sparse[buckets] + self._weights.sparse_bias)

    def spanish(self, text: str) -> float | None:
        buckets, values = self._weighted(text)
        if not len(buckets):
            return None
        logit = float(values @ self._weights.language_sparse[buckets] + self._weights.language_bias[0])
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))

    def _weighted(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        buckets, values = hashed(text)
        values = values * self._weights.idf[buckets]
        norm = float(np.linalg.norm(values))
        return buckets, values / norm if norm else values
