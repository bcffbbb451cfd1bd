"""The second opinion: heads over a slower encoder, asked only where the first model is unsure, and fused with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from services.nlp.domain.ports import Passage
from services.nlp.model.artefact import BrokenArtefact
from services.nlp.model.fusion import SECOND_FEATURES, probabilities, second_features
from services.nlp.model.scoring import LinearIntentModel, SentenceEncoder

FILE = "second.npz"
# The vectors of this encoder lie close together: they are moved to their mean and stretched.
STRETCH = 4.0
# A reading between these is neither told nor left out with good reason.
_UNSURE = (0.25, 0.75)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondWeights:
    """Shapes: k labels, d numbers of the vector, c cues. mean (d,), dense (k, d + c), bias (k,), fusion (k, 6).

    They belong to the first model of version `of`, whose scores they are fused with.
    """

    of: str
    mean: NDArray[np.float32]
    dense: NDArray[np.float32]
    bias: NDArray[np.float32]
    fusion: dict[str, NDArray[np.float32]]

    def scores(self, vectors: NDArray[np.float32], cues: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log odds of shape (n, k) for vectors (n, d) and flags of cues (n, c)."""
        return np.asarray(stretched(vectors, self.mean, cues) @ self.dense.T + self.bias)


def stretched(
    vectors: NDArray[np.float32], mean: NDArray[np.float32], cues: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What the heads look at, of shape (n, d + c)."""
    return np.hstack([(vectors - mean) * STRETCH, cues])


def save_second(weights: SecondWeights, folder: Path) -> None:
    """Writes second.npz."""
    arrays: dict[str, Any] = {
        "of": np.array(weights.of), "mean": weights.mean, "dense": weights.dense, "bias": weights.bias,
        **{f"fusion_{language}": array for language, array in weights.fusion.items()},
    }  # fmt: skip
    with (folder / FILE).open("wb") as file:
        np.savez_compressed(file, **arrays)


def load_second(folder: Path, first: LinearIntentModel, dimensions: int) -> SecondWeights | None:
    """None where the folder has none. Raises BrokenArtefact for one that does not belong to the first model."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        weights = SecondWeights(
            of=str(arrays["of"]), mean=arrays["mean"], dense=arrays["dense"], bias=arrays["bias"],
            fusion={name.removeprefix("fusion_"): array for name, array in arrays.items() if name[:7] == "fusion_"},
        )  # fmt: skip
    except (OSError, ValueError, EOFError, KeyError, BadZipFile) as error:
        raise BrokenArtefact(f"{path}: {error}") from error
    labels, cues = len(first.labels), len(first.cues)
    shapes = [weights.mean.shape, weights.dense.shape, weights.bias.shape, *(f.shape for f in weights.fusion.values())]
    wanted = [(dimensions,), (labels, dimensions + cues), (labels,), *[(labels, SECOND_FEATURES + 1)] * 2]
    if weights.of != first.version or shapes != wanted:
        raise BrokenArtefact(f"{path}: belongs to model {weights.of} {shapes}, not to {first.version}")
    return weights


class SecondOpinion:
    """The domain's IntentModel: the first model's word, and both models' together where that one is unsure."""

    def __init__(self, first: LinearIntentModel, weights: SecondWeights, encoder: SentenceEncoder) -> None:
        self._first = first
        self._weights = weights
        self._encoder = encoder
        self._pooled: NDArray[np.float32] = np.mean(np.stack(list(weights.fusion.values())), axis=0)

    @property
    def version(self) -> str:
        return self._first.version

    def spanish(self, text: str) -> float | None:
        return self._first.spanish(text)

    def scores(self, passages: Sequence[Passage]) -> list[dict[str, float]]:
        """Only passages that are marked `careful` are given a second look."""
        raw = self._first.raw(passages)
        scores = self._first.calibrated(raw, passages)
        asked = [n for n, passage in enumerate(passages) if passage.careful and unsure(scores[n])]
        if asked:
            again = self._together(raw[asked], [passages[n] for n in asked])
            for number, score in zip(asked, again, strict=True):
                scores[number] = score
        return scores

    def _together(self, raw: NDArray[np.float32], passages: Sequence[Passage]) -> list[dict[str, float]]:
        vectors = self._encoder.encode([passage.text for passage in passages])
        cues = np.stack([self._first.flags(passage.cues) for passage in passages])
        three = np.concatenate([raw, self._weights.scores(vectors, cues)[:, :, None]], axis=2)
        features = second_features(three)
        found = []
        for number, passage in enumerate(passages):
            fusion = self._weights.fusion.get(passage.language, self._pooled)
            values = probabilities(features[number : number + 1], fusion)[0]
            found.append(dict(zip(self._first.labels, values.tolist(), strict=True)))
        return found


def unsure(scores: dict[str, float]) -> bool:
    """Whether nothing is likely, or something is neither likely nor unlikely."""
    low, high = _UNSURE
    return max(scores.values()) < high or any(low < score < high for score in scores.values())
