"""Everything that is stored has a bound, and a page has its own token."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesh.errors import Invalid

from services.session.domain import limits
from services.session.domain.guest import GuestDetails
from services.session.domain.paging import page_size, page_token, position_of
from services.session.domain.session import Dialogue, Promise, SlotValue
from services.session.domain.turn import Author, Turn

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def fields_of(dialogue: Dialogue) -> list[str]:
    with pytest.raises(Invalid) as caught:
        limits.check_dialogue(dialogue)
    return list(caught.value.fields)


def memory_of(size: int) -> str:
    return '{"x":"' + "é" * ((size - 8) // 2) + '"}'


def test_what_is_full_to_the_brim_is_taken() -> None:
    limits.check_dialogue(
        Dialogue(
            metadata={str(n): "x" * 256 for n in range(32)},
            memory_json=memory_of(64 * 1024),
            slots={str(n): SlotValue(value="x", confidence=1.0) for n in range(64)},
        )
    )
    limits.check_turn(Turn(turn_id="t", author=Author.GUEST, inbound_texts=("x",) * 50))


@pytest.mark.parametrize(
    ("dialogue", "field"),
    [
        (Dialogue(metadata={str(n): "" for n in range(33)}), "session.metadata"),
        (Dialogue(metadata={"note": "x" * 257}), "session.metadata[note]"),
        (Dialogue(memory_json=memory_of(64 * 1024 + 2)), "session.memory_json"),
        (Dialogue(memory_json="[1]"), "session.memory_json"),
        (Dialogue(memory_json="{"), "session.memory_json"),
        (Dialogue(memory_json='{"a":' + "[" * 20_000 + "]" * 20_000 + "}"), "session.memory_json"),
        (Dialogue(slots={"adults": SlotValue(value="2", confidence=1.5)}), "session.slots[adults].confidence"),
        (Dialogue(promises=(Promise(promise_id=""),)), "session.promises[0].promise_id"),
        (Dialogue(asked_slots=("x",) * 65), "session.asked_slots"),
        (Dialogue(flow="x" * 129), "session.flow"),
    ],
)
def test_what_is_too_much_is_refused_with_its_path(dialogue: Dialogue, field: str) -> None:
    assert fields_of(dialogue) == [field]


def test_everything_that_is_wrong_is_named_at_once() -> None:
    wrong = Dialogue(flow="x" * 129, memory_json="{", metadata={"note": "x" * 257})
    assert fields_of(wrong) == ["session.flow", "session.memory_json", "session.metadata[note]"]


@pytest.mark.parametrize(
    ("turn", "field"),
    [
        (Turn(turn_id="t", author=Author.GUEST, inbound_texts=("x",) * 51), "turn.inbound_texts"),
        (Turn(turn_id="t", author=Author.GUEST, outbound_texts=("x" * 16_001,)), "turn.outbound_texts[0]"),
        (Turn(turn_id="t", author=Author.GUEST, outcome=b"x" * (512 * 1024 + 1)), "turn.outcome"),
        (Turn(turn_id="t" * 129, author=Author.GUEST), "turn.turn_id"),
    ],
)
def test_a_turn_has_bounds(turn: Turn, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        limits.check_turn(turn)
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (GuestDetails(email="maria"), "guest.email"),
        (GuestDetails(email="@example.com"), "guest.email"),
        (GuestDetails(phone_number="5512345678"), "guest.phone_number"),
        (GuestDetails(phone_number="+55123456789012345"), "guest.phone_number"),
        (GuestDetails(given_name="x" * 129), "guest.given_name"),
    ],
)
def test_what_cannot_be_true_of_a_guest_is_refused(details: GuestDetails, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        limits.check_guest(details)
    assert list(caught.value.fields) == [field]


def test_pages_have_fifty_entries_unless_asked_and_two_hundred_at_most() -> None:
    assert (page_size(0), page_size(1), page_size(200)) == (50, 1, 200)
    for size in (-1, 201):
        with pytest.raises(Invalid):
            page_size(size)


@given(st.text(), st.text(), st.text())
def test_a_page_token_brings_back_its_position(query: str, first: str, second: str) -> None:
    assert position_of(page_token(query, first, second), query, parts=2) == (first, second)


def test_the_first_page_has_no_token() -> None:
    assert position_of("", "q", parts=2) is None


@pytest.mark.parametrize("token", ["x", "é", "bm90IGpzb24", page_token("other", "1"), page_token("q", "1", "2"), "e30"])
def test_a_token_of_another_list_is_refused(token: str) -> None:
    with pytest.raises(Invalid) as caught:
        position_of(token, "q", parts=1)
    assert caught.value.reason == "INVALID_PAGE_TOKEN"


@given(st.text())
def test_no_token_crashes(token: str) -> None:
    if token:
        with pytest.raises(Invalid):
            position_of(token, "q", parts=1)
