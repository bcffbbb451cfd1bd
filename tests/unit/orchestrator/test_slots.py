"""What is said becomes slots: corrections, dates that agree with nights, and nothing moved in silence."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.orchestrator.domain.analysis import Entity
from services.orchestrator.domain.slots import merge
from services.orchestrator.domain.state import Slot

TODAY = date(2026, 11, 20)


def told(*entities: Entity, asked: tuple[str, ...] = (), takes_name: bool = True, **known: str):  # type: ignore[no-untyped-def]
    slots = {name: Slot(value=value, source="m0") for name, value in known.items()}
    return merge(slots, entities, message_id="m1", asked=asked, today=TODAY, takes_name=takes_name)


def day(role: str, value: str, **more: object) -> Entity:
    return Entity(type="date", role=role, value=value, **more)  # type: ignore[arg-type]


def values(result) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {name: slot.value for name, slot in result.slots.items()}


STAY = {"check_in": "2026-12-03", "check_out": "2026-12-05", "nights": "2"}


def test_two_dates_make_nights() -> None:
    result = told(day("check_in", "2026-12-03"), day("check_out", "2026-12-06"))
    assert values(result) == {"check_in": "2026-12-03", "check_out": "2026-12-06", "nights": "3"}
    assert result.slots["check_in"].source == "m1"


def test_other_nights_keep_the_arrival_and_move_the_departure() -> None:
    result = told(Entity(type="nights", value="3"), **STAY)
    assert values(result) == {"check_in": "2026-12-03", "check_out": "2026-12-06", "nights": "3"}
    assert result.changed == {"check_out", "nights"}
    assert result.slots["check_in"].source == "m0"


def test_a_new_arrival_inside_the_stay_keeps_the_departure() -> None:
    assert values(told(day("check_in", "2026-12-04"), **STAY))["check_out"] == "2026-12-05"


def test_a_new_arrival_after_the_stay_keeps_its_length() -> None:
    assert values(told(day("check_in", "2026-12-10"), **STAY))["check_out"] == "2026-12-12"


def test_a_single_night_is_arrival_and_departure() -> None:
    assert values(told(day("night", "2026-12-31")))["check_out"] == "2027-01-01"


def test_a_date_without_a_role_is_what_was_asked_for() -> None:
    result = told(day("date", "2026-12-08"), asked=("check_out",), check_in="2026-12-05")
    assert values(result)["check_out"] == "2026-12-08"
    assert values(told(day("date", "2026-12-08"), asked=("check_in",)))["check_in"] == "2026-12-08"


def test_nights_before_the_arrival_wait_for_it() -> None:
    assert values(told(day("check_in", "2026-12-08"), nights="2"))["check_out"] == "2026-12-10"


def test_a_departure_before_the_arrival_is_a_trouble_and_changes_nothing() -> None:
    result = told(day("check_in", "2026-12-12"), day("check_out", "2026-12-10"))
    assert [trouble.kind for trouble in result.troubles] == ["reversed"]
    assert values(result) == {}


def test_an_ambiguous_date_is_asked_about_and_not_used() -> None:
    result = told(day("check_in", "2026-12-03", ambiguous=True, alternatives=("2027-03-12",)))
    assert result.troubles[0].alternatives == ("2026-12-03", "2027-03-12")
    assert "check_in" not in result.slots


def test_a_date_that_is_over_is_a_trouble_whoever_finds_it() -> None:
    assert told(day("check_in", "2026-11-03")).troubles[0].kind == "past"
    assert told(day("check_in", "2026-11-03", problem="past")).troubles[0].kind == "past"


def test_who_names_adults_only_has_no_children() -> None:
    assert values(told(Entity(type="adults", value="2"))) == {"adults": "2", "children": "0"}


def test_ages_count_the_children() -> None:
    result = told(Entity(type="child_age", value="5"), Entity(type="child_age", value="9"), adults="2", children="0")
    assert values(result)["children"] == "2"
    assert values(result)["child_ages"] == "5,9"


def test_another_number_of_children_drops_their_ages() -> None:
    result = told(Entity(type="children", value="3"), adults="2", children="2", child_ages="5,9")
    assert "child_ages" not in result.slots


def test_a_name_said_about_somebody_else_is_not_the_bookers() -> None:
    assert values(told(Entity(type="guest_name", value="John Smith"), takes_name=False)) == {}


def test_counts_beyond_all_sense_are_not_taken() -> None:
    assert values(told(Entity(type="adults", value="100000"), Entity(type="nights", value="0"))) == {}


DAYS = st.integers(-5, 400).map(lambda offset: (TODAY + timedelta(days=offset)).isoformat())
ENTITIES = st.one_of(
    st.builds(day, st.sampled_from(["check_in", "check_out", "night", "date", "arrival", ""]), DAYS),
    st.builds(lambda count: Entity(type="nights", value=str(count)), st.integers(0, 500)),
    st.builds(lambda kind, text: Entity(type=kind, value=text), st.sampled_from(["adults", "children"]), st.text()),
)


@given(st.lists(st.lists(ENTITIES, max_size=4), max_size=5))
def test_dates_and_nights_always_agree(messages: list[list[Entity]]) -> None:
    slots: dict[str, Slot] = {}
    for entities in messages:
        slots = dict(merge(slots, entities, message_id="m", asked=(), today=TODAY).slots)
        if "check_in" in slots and "check_out" in slots:
            arrival = date.fromisoformat(slots["check_in"].value)
            departure = date.fromisoformat(slots["check_out"].value)
            assert (departure - arrival).days == int(slots["nights"].value) > 0
        if "check_in" in slots:
            assert date.fromisoformat(slots["check_in"].value) >= TODAY
