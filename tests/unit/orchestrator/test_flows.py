"""Flows are checked when they are loaded: nothing unreachable, no dead end, no two answers to one event."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from services.orchestrator import flows
from services.orchestrator.domain.events import CallFailed, CallRefused, Confirmed, OffersFound, Opened, Told
from services.orchestrator.domain.flow import END, BrokenFlows, Flow, Transition, check
from services.orchestrator.domain.guard import Question, covers, overlap
from services.orchestrator.flows.speaking import stay_put
from tests.unit.orchestrator.talk import WORDING

COLOUR = Question(name="colour", answers=("red", "blue"), ask=lambda _: "red")
SIZE = Question(name="size", answers=("big", "small"), ask=lambda _: "big")


def side(*transitions: Transition) -> Flow:
    return Flow(name="test", start="begin", side=True, transitions=transitions)


def faults(*all_flows: Flow) -> str:
    with pytest.raises(BrokenFlows) as broken:
        check(all_flows)
    return "; ".join(broken.value.problems)


def test_the_flows_that_ship_have_no_fault() -> None:
    check(flows.ALL)


def test_two_transitions_that_could_fire_at_once_are_refused() -> None:
    one = Transition(state="begin", on=Opened, when=(COLOUR("red"),), do=stay_put, to=END)
    other = Transition(state="begin", on=Opened, when=(SIZE("big"),), do=stay_put, to=END)
    assert "overlap" in faults(side(one, other))


def test_a_case_that_no_transition_takes_is_refused() -> None:
    one = Transition(state="begin", on=Opened, when=(COLOUR("red"),), do=stay_put, to=END)
    assert "no way out" in faults(side(one))


def test_a_state_that_is_never_reached_is_refused() -> None:
    begin = Transition(state="begin", on=Opened, do=stay_put, to=END)
    assert "never reached" in faults(side(begin, replace(begin, state="island")))


def test_a_target_that_does_not_exist_is_refused() -> None:
    assert "no state" in faults(side(Transition(state="begin", on=Opened, do=stay_put, to="nowhere")))
    assert "no flow" in faults(side(Transition(state="begin", on=Opened, do=stay_put, to="other:begin")))


def test_a_state_that_waits_for_the_guest_answers_everything_a_guest_can_do() -> None:
    begin = Transition(state="begin", on=Told, do=stay_put, to="begin")
    problems = faults(Flow(name="test", start="begin", waiting=("begin",), transitions=(begin,)))
    for event in ("Confirmed", "Denied", "Missed", "Resumed", "TimePassed"):
        assert f"on {event}: no way out" in problems


def test_a_state_that_waits_for_the_hotel_answers_a_refusal_and_a_failure() -> None:
    found = Transition(state="begin", on=OffersFound, do=stay_put, to=END)
    problems = faults(side(found))
    assert f"on {CallFailed.__name__}" in problems
    assert f"on {CallRefused.__name__}" in problems


def test_guards_that_want_different_answers_to_one_question_never_overlap() -> None:
    assert not overlap((COLOUR("red"), SIZE("big")), (COLOUR("blue"),))
    assert overlap((COLOUR("red", "blue"),), (COLOUR("blue"),))


def test_guards_cover_when_every_combination_of_answers_is_taken() -> None:
    assert covers([(COLOUR("red"),), (COLOUR("blue"), SIZE("big")), (COLOUR("blue"), SIZE("small"))])
    assert not covers([(COLOUR("red"),), (COLOUR("blue"), SIZE("big"))])


def test_a_question_is_not_asked_for_an_answer_it_never_gives() -> None:
    with pytest.raises(ValueError, match="green"):
        COLOUR("green")


def test_only_one_state_books_and_only_on_a_yes() -> None:
    booking = next(flow for flow in flows.ALL if flow.name == "booking")
    to_reserving = [item for item in booking.transitions if item.to == "reserving"]
    assert {(item.state, item.on) for item in to_reserving} == {("confirming", Confirmed)}


def test_every_wording_that_a_flow_names_exists() -> None:
    named: set[str] = set()
    for path in Path(flows.__file__).parent.glob("*.py"):
        named |= set(re.findall(r"(?:say|_one_line)\(\s*(?:\"\w+\", )?\"([a-z_]+\.[a-z_]+)\"", path.read_text()))
    built = {f"stay.dates_{kind}" for kind in ("past", "impossible", "reversed", "ambiguous", "unclear")}
    built |= {f"{file}.{kind}" for file in ("proactive", "subject") for kind in ("pre_arrival", "in_stay", "post_stay")}
    built |= {f"inquiry.{topic}" for topic in ("check_in_time", "check_out_time", "room_types", "cancellation_policy")}
    assert len(named) > 40
    assert named | built <= WORDING.names()


def test_no_wording_is_left_over() -> None:
    source = "".join(path.read_text() for path in Path(flows.__file__).parent.glob("*.py"))
    source += (Path(flows.__file__).parents[1] / "turns.py").read_text()
    built = ("stay.dates_", "proactive.", "subject.", "inquiry.", "choices.")
    unused = [name for name in WORDING.names() if f'"{name}"' not in source and not name.startswith(built)]
    assert unused == []
