"""How well heads do on lines they did not see: the split by template, told for each author's style."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from services.nlp.domain.intents import INTENTS
from services.nlp.model.fusion import fusion_features, probabilities
from services.nlp.training.dataset import Example
from services.nlp.training.figures import Tally

_TOLD = 0.5
_ENOUGH = 200


def template_split(
    examples: list[Example], scores: NDArray[np.float64], fusion: dict[str, NDArray[np.float32]], language: str
) -> dict[str, float]:
    """Micro-F1 over all unseen lines of a language ("all") and over those of each style that has enough of them."""
    places = [n for n, example in enumerate(examples) if example.language == language]
    told = probabilities(fusion_features(scores[places]), fusion[language]) >= _TOLD
    tallies: dict[str, Tally] = defaultdict(Tally)
    for row, place in enumerate(places):
        got = {INTENTS[k] for k in np.flatnonzero(told[row])}
        wanted = set(examples[place].labels)
        for style in ("all", examples[place].style):
            tallies[style].add(right=len(got & wanted), extra=len(got - wanted), missed=len(wanted - got))
    return {style: round(t.f1, 4) for style, t in sorted(tallies.items()) if t.right + t.missed >= _ENOUGH}
