"""The trained artefact: loads safely, fits the code, keeps what it can do; and the data it was trained from."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from services.nlp.adapters.composition import load_analyser
from services.nlp.domain import cues
from services.nlp.domain.analysis import Analyser
from services.nlp.domain.intents import INTENTS
from services.nlp.domain.screening import screened
from services.nlp.model.artefact import FOLDER, BrokenArtefact, load, save
from services.nlp.model.features import hashed
from services.nlp.training.dataset import examples, problems, templates
from services.nlp.training.evaluate import HELD_OUT_BARS, OWN_BARS, failures, known_failures, missed_bars
from services.nlp.training.figures import expected_calibration_error, false_positive_rate_at_recall
from services.nlp.training.fingerprint import fingerprint
from services.nlp.training.held_out import load_held_out
from services.nlp.training.own_messages import load_own, load_unseen
from services.nlp.training.report import measure
from tests.unit.nlp.reading import context


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return load_analyser()


def test_the_data_has_no_problems() -> None:
    assert problems() == []


def test_examples_are_the_same_every_time() -> None:
    assert examples(templates()) == examples(templates())


def test_the_artefact_was_trained_from_the_data_and_features_of_this_tree() -> None:
    assert load().metadata["trained_on_sha256"] == fingerprint()


def test_another_cue_is_another_model(monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(cues.CUES[-1], pattern=screened(r"\bno such word\b"))
    monkeypatch.setattr(cues, "CUES", (*cues.CUES[:-1], other))
    assert fingerprint() != load().metadata["trained_on_sha256"]


@pytest.mark.parametrize("language", ["es", "en"])
def test_understanding_of_the_hand_written_messages_has_not_slipped(analyser: Analyser, language: str) -> None:
    assert missed_bars([measure(analyser, language, load_own(language))], OWN_BARS) == []


@pytest.mark.parametrize(
    "text",
    [
        "Great pool, dreadful food.",
        "Loved the rooftop, hated the queue for the lifts",
        "A tad noisy on the street side, otherwise we had a wonderful few days",
        "Me fascinó la terraza, odié la fila del elevador",
        "Algo ruidoso por el lado de la calle, por lo demás unos días maravillosos",
    ],
)
def test_praise_beside_blame_is_both(analyser: Analyser, text: str) -> None:
    told = {intent.name for intent in analyser.analyse(text, context()).intents if intent.confidence >= 0.5}
    assert {"compliment", "complaint"} <= told


@pytest.mark.parametrize("language", ["es", "en"])
def test_understanding_of_messages_by_other_hands_has_not_slipped(analyser: Analyser, language: str) -> None:
    assert missed_bars([measure(analyser, language, load_held_out(language))], HELD_OUT_BARS) == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_known_failures_are_just_those_that_fail(analyser: Analyser, language: str) -> None:
    assert failures(analyser, language) == known_failures(language)


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_intent_has_hand_written_messages(language: str) -> None:
    cases = [*load_own(language), *load_unseen(language)]
    assert {name for case in cases for accepted in case.intents for name in accepted} == set(INTENTS)
    assert len({case.text for case in cases}) == len(cases) >= 500


def test_the_artefact_is_small_enough_to_ship() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 10_000_000


def test_weights_survive_a_round_trip(tmp_path: Path) -> None:
    weights = load()
    save(weights, tmp_path)
    again = load(tmp_path)
    assert again.labels == weights.labels == INTENTS
    assert np.array_equal(again.sparse, weights.sparse)
    assert again.version == weights.version


@pytest.mark.parametrize("damage", ["missing", "format", "labels", "truncated"])
def test_a_damaged_artefact_is_refused_with_the_reason(tmp_path: Path, damage: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "a")
    described = json.loads((tmp_path / "a/model.json").read_text())
    if damage == "missing":
        (tmp_path / "a/weights.npz").unlink()
    elif damage == "truncated":
        (tmp_path / "a/weights.npz").write_bytes(b"PK\x03\x04")
    else:
        described[damage] = 99 if damage == "format" else described["labels"][:3]
        (tmp_path / "a/model.json").write_text(json.dumps(described))
    with pytest.raises(BrokenArtefact):
        load(tmp_path / "a")


def test_hashing_is_the_same_in_every_process() -> None:
    buckets, weights = hashed("Quiero 2 habitaciones")
    assert (int(buckets.sum()), len(buckets)) == (543939, 42)
    assert float(np.linalg.norm(weights)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("we're celebrating our silver wedding and fancy a couple of nights with you", "reservation_request"),
        ("nadie me contesta y el baño está asqueroso", "complaint"),
        ("qué gente tan linda, nos atendieron de maravilla", "compliment"),
        ("what's the exchange rate for euros at your bank", "out_of_scope"),
        ("my father fainted and does not respond", "emergency"),
    ],
)
def test_the_model_understands_what_no_rule_names(analyser: Analyser, text: str, intent: str) -> None:
    analysis = analyser.analyse(text, context())
    assert analysis.intents[0].name == intent


def test_calibration_error_is_the_gap_between_said_and_was() -> None:
    assert expected_calibration_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0.0)
    assert expected_calibration_error([(1.0, False)]) == pytest.approx(1.0)


def test_false_positives_are_counted_where_the_wanted_recall_is_reached() -> None:
    positives, negatives = [0.9] * 95 + [0.1] * 5, [0.95, 0.5, 0.5, 0.5]
    assert false_positive_rate_at_recall(positives, negatives, 0.95) == 0.25


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("my wife is sick, we need to cancel", "cancellation_request"),
        ("necesito cancelar la reserva por una emergencia familiar", "cancellation_request"),
        ("we had an emergency and can't travel, please cancel", "cancellation_request"),
        ("My mum booked for us but she's ill, can I get the details of R1001?", "general_inquiry"),
        ("it's urgent", "human_request"),
        ("me das info", "general_inquiry"),
        ("gracias por nada", "complaint"),
    ],
)
def test_plain_words_speak_against_the_model(analyser: Analyser, text: str, wanted: str) -> None:
    told = {intent.name for intent in analyser.analyse(text, context()).intents if intent.confidence >= 0.5}
    assert wanted in told
    assert not told & {"emergency", "privacy_request", "goodbye"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("my wife is very sick, please send a doctor right now", "emergency"),
        ("mi hijo está enfermo y necesitamos un médico", "emergency"),
        ("llamo por una emergencia en la 204", "emergency"),
        ("quiero que borren todo lo que saben de mí", "privacy_request"),
    ],
)
def test_and_leave_what_it_is_right_about(analyser: Analyser, text: str, wanted: str) -> None:
    assert analyser.analyse(text, context()).intents[0].name == wanted
