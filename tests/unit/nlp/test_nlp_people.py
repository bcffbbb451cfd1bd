"""Who comes along: kinship, parts of a party, children known by their ages."""

from __future__ import annotations

import pytest

from tests.unit.nlp.reading import found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my parents and me", {"adults=3"}),
        ("mis papás y yo", {"adults=3"}),
        ("me and two friends", {"adults=3"}),
        ("me, my wife and our three kids", {"adults=2", "children=3"}),
        ("mi marido, mi hija de 3 y yo", {"adults=2", "children=1", "child_age=3"}),
        ("dos parejas", {"adults=4"}),
        ("una pareja con una bebé de 10 meses", {"adults=2", "children=1", "child_age=0"}),
        ("four of us, two of them kids", {"adults=2", "children=2"}),
        ("party of five incl. a 2yo", {"adults=4", "children=1", "child_age=2"}),
        ("adults: 2, children: 1 (5)", {"adults=2", "children=1", "child_age=5"}),
        ("seríamos 5: 3 grandes y 2 chicos", {"adults=3", "children=2"}),
    ],
)
def test_a_party_is_counted_by_what_its_people_are(text: str, expected: set[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nephews, 9 and 11", {"children=2", "child_age=9", "child_age=11"}),
        ("our son (10) and daughter (12)", {"children=2", "child_age=10", "child_age=12"}),
        ("2 kids, 5 and 8", {"children=2", "child_age=5", "child_age=8"}),
        ("my 7 year old daughter", {"children=1", "child_age=7"}),
        ("4 adultos y dos adolescentes de 13 y 15", {"adults=4", "children=2", "child_age=13", "child_age=15"}),
    ],
)
def test_children_named_by_their_ages_are_as_many_as_the_ages(text: str, expected: set[str]) -> None:
    assert found(text) == expected


def test_twins_with_an_age_are_children_and_no_room() -> None:
    assert found("our twins aged 3") == {"children=2", "child_age=3"}
    assert found("a twin room") == {"room_type=TWN"}


def test_a_couple_of_things_is_no_couple() -> None:
    assert "adults=2" not in found("a couple of towels")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("me and my two boys", {"adults=1", "children=2"}),
        ("para mi hija y para mí", {"adults=1", "children=1"}),
        ("I need three rooms, each for two people", {"rooms=3", "adults=6"}),
        ("my parents and the two of us", {"adults=4"}),
    ],
)
def test_the_guest_counts_as_one_of_those_named(text: str, expected: set[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x2", {"adults=2"}),
        ("2p", {"adults=2"}),
        ("solo", {"adults=1"}),
        ("im alone", {"adults=1"}),
        ("dos y un bebé", {"adults=2", "children=1", "child_age=0"}),
    ],
)
def test_who_is_asked_how_many_come_may_say_it_in_a_word(text: str, expected: set[str]) -> None:
    assert found(text, "adults", "child_ages") == expected


def test_only_is_nobody_who_comes_alone() -> None:
    assert not any(one.startswith("adults") for one in found("solo quiero saber el precio", "adults"))
