"""Puts an Analyser together from what is installed: the trained model, the encoder, the phone library."""

from __future__ import annotations

from pathlib import Path

from services.nlp.adapters.encoder import UniversalSentenceEncoder
from services.nlp.adapters.phone_numbers import LibraryPhoneReader
from services.nlp.domain.analysis import Analyser
from services.nlp.model.artefact import FOLDER, load
from services.nlp.model.scoring import LinearIntentModel


def load_analyser(*, model: bool = True, folder: Path = FOLDER) -> Analyser:
    """Takes about a second with the model. Raises BrokenArtefact when the model's files are unusable."""
    phones = LibraryPhoneReader()
    if not model:
        return Analyser(phones=phones)
    return Analyser(model=LinearIntentModel(load(folder), UniversalSentenceEncoder()), phones=phones)
