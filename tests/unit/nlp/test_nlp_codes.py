"""Reservation codes, written and spelled, and what is none; room words and names that look alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.nlp.domain.types import Catalogue, CatalogueItem, EntityType
from tests.unit.nlp.reading import RULES, context, found, short

WORDY = Catalogue(
    room_types=(
        CatalogueItem(code="DBL", names=("habitación doble", "double room", "standard room", "queen")),
        CatalogueItem(code="FAM", names=("habitación familiar", "family room")),
        CatalogueItem(code="SUI", names=("suite", "cama king", "king room")),
    )
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mi código es KZ7M3P", "KZ7M3P"),
        ("cancel H4XK29 please", "H4XK29"),
        ("kzm723", "KZM723"),
        ("my booking KZ7 M3P", "KZ7M3P"),
        ("the reservation is r1001", "R1001"),
        ("K Z 7 M 3 P", "KZ7M3P"),
        ("es ka zeta siete eme tres pe", "KZ7M3P"),
        ("k de kilo, z, siete, eme, tres, p", "KZ7M3P"),
        ("it's kilo zulu seven mike three papa", "KZ7M3P"),
        ("b as in bravo, two, double u, four, x, nine", "B2W4X9"),
        ("hache cuatro equis ka veintinueve", "H4XK29"),
        ("erre mil uno", "R1001"),
    ],
)
def test_a_reservation_code_is_read_written_or_spelled(text: str, code: str) -> None:
    assert f"reservation_code={code}" in found(text)


@pytest.mark.parametrize(
    "text",
    ["mi vuelo es el DL2345", "my flight BX2345 lands late", "2 adultos y 2 niños", "MXN2345", "bcdfgh", "KZ7M3PQ"],
)
def test_flights_counts_and_plain_letters_are_no_codes(text: str) -> None:
    assert not any(item.startswith("reservation_code") for item in found(text))


@pytest.mark.parametrize("text", ["necesito 3 habitaciones", "¿tienen habitaciones libres?", "any rooms left?"])
def test_words_of_every_room_name_no_room_type(text: str) -> None:
    analysis = RULES.analyse(text, replace(context(), catalogue=WORDY))
    assert analysis.first(EntityType.ROOM_TYPE) is None


def test_misspelled_room_types_are_still_found() -> None:
    analysis = RULES.analyse("una famliar por favor", replace(context(), catalogue=WORDY))
    assert {short(entity) for entity in analysis.entities} == {"room_type=FAM"}


def test_a_surname_like_a_bed_is_a_name() -> None:
    assert found("my name is Tom King") == {"guest_name=Tom King"}
    assert found("Tom King", "guest_name") == {"guest_name=Tom King"}
    assert "room_type=DBL" in found("a king room please")


@pytest.mark.parametrize("text", ["what's the total?", "that's fine", "what's that?"])
def test_a_question_is_no_name_when_the_name_was_asked(text: str) -> None:
    assert not any(item.startswith("guest_name") for item in found(text, "guest_name"))
