"""Trains the intent heads: logistic regressions over embeddings and over words, fused and calibrated per language.

The heads are fitted twice: once without a third of the lines, to have scores of messages they did not see, on which the
fusion is fitted together with the hand-written calibration messages; and once on everything, for use.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from services.nlp.adapters.encoder import UniversalSentenceEncoder
from services.nlp.adapters.second_encoder import installed
from services.nlp.domain.intents import INTENTS
from services.nlp.domain.types import LANGUAGES
from services.nlp.model.artefact import FOLDER, Weights, save
from services.nlp.model.fusion import fusion_features, second_features
from services.nlp.model.second import FILE, SecondWeights, save_second
from services.nlp.training.calibration import calibration_examples
from services.nlp.training.dataset import SEED, Example, examples, templates
from services.nlp.training.fingerprint import fingerprint
from services.nlp.training.matrices import CUE_NAMES, Matrices, idf_of, matrices, weighted
from services.nlp.training.second import SecondVectors, fit_second
from services.nlp.training.split import template_split

_DENSE_C, _SPARSE_C, _FUSION_C = 3.0, 4.0, 1.0
# A hand-written calibration message counts as much as this many generated ones.
_CALIBRATION_WEIGHT = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Coefficients (k, features) and intercepts (k,) of both views."""

    dense: NDArray[np.float64]
    dense_bias: NDArray[np.float64]
    sparse: NDArray[np.float64]
    sparse_bias: NDArray[np.float64]
    idf: NDArray[np.float32]

    def scores(self, rows: Matrices) -> NDArray[np.float64]:
        """Log odds of shape (n, k, 2)."""
        dense = rows.dense @ self.dense.T + self.dense_bias
        sparse = weighted(rows.sparse, self.idf) @ self.sparse.T + self.sparse_bias
        return np.stack([dense, sparse], axis=2)


@dataclass(frozen=True, slots=True)
class _Scored:
    """Examples with the scores of heads that did not see them. Each counts `weight` times its own weight."""

    examples: list[Example]
    rows: Matrices
    scores: NDArray[np.float64]
    weight: float

    def at(self, places: NDArray[np.int64]) -> _Scored:
        return _Scored([self.examples[n] for n in places], self.rows.rows(places), self.scores[places], self.weight)

    def with_second(self, scores: NDArray[np.float32]) -> _Scored:
        """The scores of a second model beside them."""
        both = np.concatenate([self.scores, scores[:, :, None]], axis=2)
        return _Scored(self.examples, self.rows, both, self.weight)


def train(folder: Path = FOLDER, tell: Callable[[str], None] = print) -> Weights:
    """Writes the artefact and returns it. Deterministic for the same data, code and library versions."""
    with threadpool_limits(1):  # sums of several threads come in another order each time
        return _train(folder, tell)


def _train(folder: Path, tell: Callable[[str], None]) -> Weights:
    origin = fingerprint()  # first: the data may be edited while this runs
    found = examples(templates())
    tell(f"{len(found)} examples of {len({e.group for e in found})} lines")
    extra = calibration_examples()
    second = SecondVectors(found, extra) if installed() else None
    encoder = UniversalSentenceEncoder()
    rows = matrices(found, encoder)
    held_out = _held_out(found)
    seen = _fit(rows.rows(np.flatnonzero(~held_out)))
    tell("heads fitted without the held-out lines")
    unseen = rows.rows(np.flatnonzero(held_out))
    heads = _fit(rows)
    tell("heads fitted on everything")
    calibration = [
        _Scored([e for e, out in zip(found, held_out, strict=True) if out], unseen, seen.scores(unseen), 1.0),
        _Scored(extra, extra_rows := matrices(extra, encoder), heads.scores(extra_rows), _CALIBRATION_WEIGHT),
    ]
    fusion = {language: _fuse(language, calibration) for language in LANGUAGES}
    language_sparse, language_bias = _language_head(found, rows, heads.idf)
    metrics = {
        language: template_split(calibration[0].examples, calibration[0].scores, fusion, language)
        for language in LANGUAGES
    }
    facts = {"trained_on_sha256": origin, "seed": SEED, "examples": len(found), "unseen_lines": metrics}
    weights = _weights(heads, fusion, language_sparse, language_bias, facts)
    save(weights, folder)
    (folder / FILE).unlink(missing_ok=True)
    if second is not None:
        save_second(_second(weights.version, second, rows, held_out, calibration), folder)
        tell("second opinion fitted")
    tell(f"model {weights.version} written to {folder}")
    return weights


def _held_out(found: list[Example]) -> NDArray[np.bool_]:
    """A third of the lines by hash, so that all sentences of a line are on one side."""
    numbers = [int(hashlib.sha256(f"{SEED}{e.group}".encode()).hexdigest()[:8], 16) % 3 for e in found]
    return np.asarray(np.array(numbers) == 0, dtype=np.bool_)


def _fit(rows: Matrices) -> Heads:
    idf = idf_of(rows.sparse)
    words = weighted(rows.sparse, idf)
    dense = [_regression(rows.dense, rows.labels[:, k], rows.weights, c=_DENSE_C) for k in range(len(INTENTS))]
    sparse = [_regression(words, rows.labels[:, k], rows.weights, c=_SPARSE_C) for k in range(len(INTENTS))]
    return Heads(
        dense=np.vstack([m.coef_ for m in dense]),
        dense_bias=np.concatenate([m.intercept_ for m in dense]),
        sparse=np.vstack([m.coef_ for m in sparse]),
        sparse_bias=np.concatenate([m.intercept_ for m in sparse]),
        idf=idf,
    )


def _regression(x: Any, y: NDArray[Any], weights: NDArray[np.float32], *, c: float) -> LogisticRegression:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lbfgs stops at max_iter close enough to the optimum
        solver = "lbfgs" if isinstance(x, np.ndarray) else "liblinear"
        return LogisticRegression(C=c, solver=solver, max_iter=50, random_state=SEED).fit(x, y, sample_weight=weights)


def _second(
    version: str, vectors: SecondVectors, rows: Matrices, held_out: NDArray[np.bool_], first: list[_Scored]
) -> SecondWeights:
    """The second opinion on the same terms: fused with the first's scores on what neither has seen."""
    own, of_extra = vectors.get()
    chosen, out = rows.rows(vectors.rows), held_out[vectors.rows]
    kept = chosen.rows(np.flatnonzero(~out))
    seen = fit_second(own[~out], kept.cues, kept.labels, kept.weights, _second_regression)
    heads = fit_second(own, chosen.cues, chosen.labels, chosen.weights, _second_regression)
    unseen = first[0].at(np.cumsum(held_out)[vectors.rows[out]] - 1)
    calibration = [
        unseen.with_second(seen.scores(own[out], unseen.rows.cues)),
        first[1].with_second(heads.scores(of_extra, first[1].rows.cues)),
    ]
    return heads.weights(of=version, fusion={name: _fuse(name, calibration, second_features) for name in LANGUAGES})


def _second_regression(x: NDArray[Any], y: NDArray[Any], weights: NDArray[np.float32]) -> LogisticRegression:
    return _regression(x, y, weights, c=_DENSE_C)


def _fuse(
    language: str,
    calibration: list[_Scored],
    features_of: Callable[[NDArray[Any]], NDArray[np.float64]] = fusion_features,
) -> NDArray[np.float32]:
    """Slopes common to all labels and a bias for each: (k, features + 1)."""
    x, y, weights = [], [], []
    for part in calibration:
        own = np.array([e.language == language for e in part.examples], dtype=bool)
        x.append(features_of(part.scores[own]))
        y.append(part.rows.labels[own])
        weights.append(part.rows.weights[own] * part.weight)
    features, labels, weight = np.concatenate(x), np.concatenate(y), np.concatenate(weights)
    count, k, width = features.shape
    design = np.concatenate([features.reshape(count * k, width), np.tile(np.eye(k), (count, 1))], axis=1)
    model = _regression(design, labels.reshape(-1), np.repeat(weight, k), c=_FUSION_C)
    slopes, biases = model.coef_[0][:width], model.coef_[0][width:] + model.intercept_[0]
    return np.concatenate([np.tile(slopes, (k, 1)), biases[:, None]], axis=1).astype(np.float32)


def _language_head(
    found: list[Example], rows: Matrices, idf: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    spanish = np.array([int(e.language == "es") for e in found], dtype=np.int8)
    model = _regression(weighted(rows.sparse, idf), spanish, rows.weights, c=10.0)
    return model.coef_[0].astype(np.float32), model.intercept_.astype(np.float32)


def _weights(
    heads: Heads,
    fusion: dict[str, NDArray[np.float32]],
    language_sparse: NDArray[np.float32],
    language_bias: NDArray[np.float32],
    facts: dict[str, Any],
) -> Weights:
    sparse = heads.sparse.T.astype(np.float16)
    result = hashlib.sha256(heads.dense.astype(np.float32).tobytes() + sparse.tobytes()).hexdigest()
    return Weights(
        labels=INTENTS,
        cues=CUE_NAMES,
        dense=heads.dense.astype(np.float32),
        dense_bias=heads.dense_bias.astype(np.float32),
        sparse=sparse,
        sparse_bias=heads.sparse_bias.astype(np.float32),
        idf=heads.idf,
        fusion=fusion,
        language_sparse=language_sparse,
        language_bias=language_bias,
        version=f"{facts['trained_on_sha256'][:6]}.{result[:6]}",
        metadata=facts,
    )
