"""Puts an Analyser together from what is installed: the trained model, the encoder, the phone library."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from services.nlp.adapters.encoder import UniversalSentenceEncoder
from services.nlp.adapters.phone_numbers import LibraryPhoneReader
from services.nlp.domain.analysis import Analyser
from services.nlp.model.artefact import FOLDER, load
from services.nlp.model.scoring import LinearIntentModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Makes Analysers of the files as they are at the time. The encoder, 100 MB that never change, is kept."""

    folder: Path = FOLDER
    encoder: UniversalSentenceEncoder = field(default_factory=UniversalSentenceEncoder)

    def load(self) -> Analyser:
        """About a second the first time, then a tenth. Raises BrokenArtefact when the model's files are unusable."""
        return Analyser(model=LinearIntentModel(load(self.folder), self.encoder), phones=LibraryPhoneReader())


def load_analyser(*, model: bool = True, folder: Path = FOLDER) -> Analyser:
    """One Analyser; without the model it works from rules alone. Raises BrokenArtefact."""
    return Models(folder=folder).load() if model else load_rules()


def load_rules() -> Analyser:
    """Without the model."""
    return Analyser(phones=LibraryPhoneReader())
