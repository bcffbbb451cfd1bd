"""How scores become probabilities: both views and the lead over the other labels, weighed per language."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FEATURES = 3
SECOND_FEATURES = 5
# Log odds beyond this say nothing more.
_LIMIT = 15.0
_SPARSE_SHARE = 0.7


def fusion_features(scores: NDArray[Any]) -> NDArray[np.float64]:
    """(n, k, 2) log odds to (n, k, 3): dense, sparse, and the lead of a label over all others together.

    The lead makes a label likely that is weak but stronger than any other; without it, messages unlike the training
    data would have no intent at all.
    """
    clipped = np.clip(scores.astype(np.float64), -_LIMIT, _LIMIT)
    lead = _lead(clipped[:, :, 0] + _SPARSE_SHARE * clipped[:, :, 1])
    return np.concatenate([clipped, lead[:, :, None]], axis=2)


def second_features(scores: NDArray[Any]) -> NDArray[np.float64]:
    """(n, k, 3) log odds, the third of the second model, to (n, k, 5): the same, then its odds and their lead."""
    second = np.clip(scores[:, :, 2].astype(np.float64), -_LIMIT, _LIMIT)
    return np.concatenate([fusion_features(scores[:, :, :2]), np.stack([second, _lead(second)], axis=2)], axis=2)


def _lead(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each label is ahead of all others together; (n, k) to the same."""
    highest = scores.max(axis=1, keepdims=True)
    powers = np.exp(scores - highest)
    others = np.log(np.maximum(powers.sum(axis=1, keepdims=True) - powers, 1e-12)) + highest
    return np.asarray(np.clip(scores - others, -_LIMIT, _LIMIT))


def probabilities(features: NDArray[Any], fusion: NDArray[Any]) -> NDArray[np.float64]:
    """(n, k, f) features and (k, f + 1) weights (slopes and a bias) to (n, k) probabilities."""
    logits = np.einsum("nkf,kf->nk", features, fusion[:, :-1]) + fusion[:, -1]
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))
