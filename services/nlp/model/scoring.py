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
from services.nlp.model.fusion import probabilities


class SentenceEncoder(Protocol):
    """Texts to vectors of length 1."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Of shape (len(texts), 512)."""
        ...


class LinearIntentModel:
    """The domain's IntentModel. Holds only read-only arrays, so threads may share it."""

    def __init__(self, weights: Weights, encoder: SentenceEncoder) -> None:
        self._weights = weights
        self._encoder = encoder
        self._cue_index = {name: index for index, name in enumerate(weights.cues)}
        self._pooled: NDArray[np.float32] = np.mean(np.stack(list(weights.fusion.values())), axis=0)
        self._sparse = weights.sparse.astype(np.float32)

    @property
    def version(self) -> str:
        return self._weights.version

    def scores(self, passages: Sequence[Passage]) -> list[dict[str, float]]:
        """Probability of every label; an unknown language takes the mean of the known calibrations."""
        if not passages:
            return []
        vectors = self._encoder.encode([passage.text for passage in passages])
        return [self._scored(vector, passage) for vector, passage in zip(vectors, passages, strict=True)]

    def _scored(self, vector: NDArray[np.float32], passage: Passage) -> dict[str, float]:
        both = self.raw_scores(vector, passage.text, passage.cues)
        fusion = self._weights.fusion.get(passage.language, self._pooled)
        return dict(zip(self._weights.labels, probabilities(both[None], fusion)[0].tolist(), strict=True))

    def raw_scores(self, vector: NDArray[np.float32], text: str, cues: Sequence[str]) -> NDArray[np.float32]:
        """Uncalibrated log odds of shape (labels, 2): from the embedding with cues, and from hashed words."""
        weights = self._weights
        flags = np.zeros(len(weights.cues), dtype=np.float32)
        for name in cues:
            index = self._cue_index.get(name)
            if index is not None:
                flags[index] = 1.0
        dense = weights.dense @ np.concatenate([vector, flags]) + weights.dense_bias
        buckets, values = self._weighted(text)
        sparse = values @ self._sparse[buckets] + weights.sparse_bias
        return np.stack([dense, sparse], axis=1).astype(np.float32)

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
