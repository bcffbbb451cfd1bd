"""How scores become probabilities: both views and the lead over the other labels, weighed per language."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FEATURES = 3
# Log odds beyond this say nothing more.
_LIMIT = 15.0
_SPARSE_SHARE = 0.7


def fusion_features(scores: NDArray[Any]) -> NDArray[np.float64]:
    """(n, k, 2) log odds to (n, k, 3): dense, sparse, and the lead of a label over all others together.

    The lead makes a label likely that is weak but stronger than any other; without it, messages unlike the training
    data would have no intent at all.
    """
    clipped = np.clip(scores.astype(np.float64), -_LIMIT, _LIMIT)
    both = clipped[:, :, 0] + _SPARSE_SHARE * clipped[:, :, 1]
    highest = both.max(axis=1, keepdims=True)
    powers = np.exp(both - highest)
    others = np.log(np.maximum(powers.sum(axis=1, keepdims=True) - powers, 1e-12)) + highest
    lead = np.clip(both - others, -_LIMIT, _LIMIT)
    return np.concatenate([clipped, lead[:, :, None]], axis=2)


def probabilities(scores: NDArray[Any], fusion: NDArray[Any]) -> NDArray[np.float64]:
    """(n, k, 2) log odds and (k, 4) weights (three slopes and a bias) to (n, k) probabilities."""
    logits = np.einsum("nkf,kf->nk", fusion_features(scores), fusion[:, :FEATURES]) + fusion[:, FEATURES]
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))
