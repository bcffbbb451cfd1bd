"""Hand-written messages on which the confidences are set. Not in the training data, and not in the evaluation set."""

from __future__ import annotations

from pathlib import Path

import yaml

from services.nlp.domain.types import LANGUAGES
from services.nlp.training.dataset import DATA, Example


def calibration_examples(folder: Path = DATA) -> list[Example]:
    """All messages of calibration/<lang>.yaml."""
    found: list[Example] = []
    for language in LANGUAGES:
        content = yaml.safe_load((folder / "calibration" / f"{language}.yaml").read_text(encoding="utf-8"))
        for line in content["messages"].splitlines():
            text, _, labels = line.partition("##")
            found.append(
                Example(language=language, text=text.strip(), labels=tuple(labels.split()), group=f"calibration/{text}")
            )
    return found
