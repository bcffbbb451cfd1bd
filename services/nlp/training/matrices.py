"""Examples as arrays: embeddings with cues (dense), hashed words (sparse), labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from services.nlp.adapters.encoder import UniversalSentenceEncoder
from services.nlp.domain.cues import CUES, seen_cues
from services.nlp.domain.intents import INTENTS
from services.nlp.domain.text import fold
from services.nlp.model.features import BUCKETS, hashed
from services.nlp.training.dataset import Example

CUE_NAMES: tuple[str, ...] = tuple(f"c{n}" for n in range(len(CUES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrices:
    """n examples: dense (n, 512 + cues), sparse (n, buckets) without idf, labels (n, k) of 0 and 1, weights (n,)."""

    dense: NDArray[np.float32]
    sparse: Any
    labels: NDArray[np.int8]
    weights: NDArray[np.float32]

    @property
    def cues(self) -> NDArray[np.float32]:
        """The flags of the cues alone, (n, cues)."""
        return self.dense[:, -len(CUE_NAMES) :]

    def rows(self, index: NDArray[np.int64]) -> Matrices:
        return Matrices(
            dense=self.dense[index], sparse=self.sparse[index], labels=self.labels[index], weights=self.weights[index]
        )


def matrices(examples: list[Example], encoder: UniversalSentenceEncoder) -> Matrices:
    """Deterministic: order of rows is the order of examples."""
    vectors = encoder.encode([e.text for e in examples])
    flags = np.zeros((len(examples), len(CUE_NAMES)), dtype=np.float32)
    for row, example in enumerate(examples):
        for name in seen_cues(fold(example.text).folded):
            flags[row, int(name[1:])] = 1.0
    labels = np.array([[int(i in e.labels) for i in INTENTS] for e in examples], dtype=np.int8)
    weights = np.array([e.weight for e in examples], dtype=np.float32)
    return Matrices(dense=np.hstack([vectors, flags]), sparse=_sparse(examples), labels=labels, weights=weights)


def _sparse(examples: list[Example]) -> Any:
    indices: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float32]] = []
    starts = [0]
    for example in examples:
        buckets, weights = hashed(example.text)
        indices.append(buckets)
        values.append(weights)
        starts.append(starts[-1] + len(buckets))
    return csr_matrix(
        (np.concatenate(values), np.concatenate(indices), np.array(starts)), shape=(len(examples), BUCKETS)
    )


def idf_of(sparse: Any) -> NDArray[np.float32]:
    """Smoothed inverse document frequency per bucket; buckets never seen count nothing."""
    seen = np.asarray((sparse > 0).sum(axis=0)).ravel()
    idf = np.log((1 + sparse.shape[0]) / (1 + seen)) + 1
    return np.where(seen > 0, idf, 0.0).astype(np.float32)


def weighted(sparse: Any, idf: NDArray[np.float32]) -> Any:
    """tf-idf rows of length 1, as inference makes them."""
    scaled = sparse.multiply(idf).tocsr()
    norms = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
    return csr_matrix(scaled.multiply(1 / np.where(norms > 0, norms, 1)[:, None]))
