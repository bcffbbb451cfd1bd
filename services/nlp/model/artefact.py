"""The trained model on disk: arrays in .npz (loaded without pickle) and everything else in JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from services.nlp.model.fusion import FEATURES

FOLDER = Path(__file__).resolve().parent.parent / "artefact"
FORMAT = 2


class BrokenArtefact(Exception):
    """The files are missing, of another format, or do not fit together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Shapes: k labels, d dense features (embedding then cues), b hash buckets.

    dense (k, d), dense_bias (k,); sparse (b, k) of float16, idf (b,), sparse_bias (k,);
    fusion[language] (k, 4): weights of the features of `fusion.py` and a bias, which also calibrate;
    language_sparse (b,) and language_bias (1,) score Spanish against English.
    """

    labels: tuple[str, ...]
    cues: tuple[str, ...]
    dense: NDArray[np.float32]
    dense_bias: NDArray[np.float32]
    sparse: NDArray[np.float16]
    sparse_bias: NDArray[np.float32]
    idf: NDArray[np.float32]
    fusion: dict[str, NDArray[np.float32]]
    language_sparse: NDArray[np.float32]
    language_bias: NDArray[np.float32]
    version: str
    metadata: dict[str, Any]


def save(weights: Weights, folder: Path = FOLDER) -> None:
    """Writes weights.npz and model.json. The same weights give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {
        "dense": weights.dense, "dense_bias": weights.dense_bias, "sparse": weights.sparse,
        "sparse_bias": weights.sparse_bias, "idf": weights.idf, "language_sparse": weights.language_sparse,
        "language_bias": weights.language_bias,
        **{f"fusion_{language}": array for language, array in weights.fusion.items()},
    }  # fmt: skip
    with (folder / "weights.npz").open("wb") as file:
        np.savez_compressed(file, **arrays)
    described = {
        "format": FORMAT, "version": weights.version, "labels": weights.labels, "cues": weights.cues,
        "languages": sorted(weights.fusion), **weights.metadata,
    }  # fmt: skip
    (folder / "model.json").write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def load(folder: Path = FOLDER) -> Weights:
    """Raises BrokenArtefact with what is wrong; never runs code from the files."""
    try:
        described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise BrokenArtefact(f"{folder}: {error}") from error
    if described.get("format") != FORMAT:
        raise BrokenArtefact(f"{folder}: format {described.get('format')!r} is not {FORMAT}")
    try:
        weights = _weights(described, arrays)
    except KeyError as error:
        raise BrokenArtefact(f"{folder}: {error} is missing") from error
    _check(weights, folder)
    return weights


def _weights(described: dict[str, Any], arrays: dict[str, Any]) -> Weights:
    kept = ("format", "version", "labels", "cues", "languages")
    return Weights(
        labels=tuple(described["labels"]), cues=tuple(described["cues"]), dense=arrays["dense"],
        dense_bias=arrays["dense_bias"], sparse=arrays["sparse"], sparse_bias=arrays["sparse_bias"], idf=arrays["idf"],
        fusion={language: arrays[f"fusion_{language}"] for language in described["languages"]},
        language_sparse=arrays["language_sparse"], language_bias=arrays["language_bias"], version=described["version"],
        metadata={key: value for key, value in described.items() if key not in kept},
    )  # fmt: skip


def _check(weights: Weights, folder: Path) -> None:
    labels, buckets = len(weights.labels), len(weights.idf)
    expected = {
        "dense": (labels, 512 + len(weights.cues)), "dense_bias": (labels,), "sparse": (buckets, labels),
        "sparse_bias": (labels,), "language_sparse": (buckets,), "language_bias": (1,),
    }  # fmt: skip
    for name, shape in expected.items():
        if getattr(weights, name).shape != shape:
            raise BrokenArtefact(f"{folder}: {name} has shape {getattr(weights, name).shape}, expected {shape}")
    for language, fusion in weights.fusion.items():
        if fusion.shape != (labels, FEATURES + 1):
            raise BrokenArtefact(
                f"{folder}: fusion_{language} has shape {fusion.shape}, expected {(labels, FEATURES + 1)}"
            )
