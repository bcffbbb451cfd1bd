"""Each turn is counted once, as contained or not, and what speaks against an answer is counted beside it."""

from __future__ import annotations

import pytest
from hotel.common.v1 import channel_pb2, handoff_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from prometheus_client import REGISTRY

from services.orchestrator.counting import count_turn
from tests.unit.orchestrator.talk import Talk, heard

TURNS, DOUBTED = "hotel_orchestrator_guest_turns_total", "hotel_orchestrator_doubted_answers_total"
SERIES = (
    (TURNS, {"held_by": "receptionist"}),
    (TURNS, {"held_by": "person"}),
    (DOUBTED, {"sign": "missed"}),
    (DOUBTED, {"sign": "person_wanted"}),
)
INTENT = pb.UnderstoodIntent(name="human_request")
Handoff = handoff_pb2.Handoff


def counted(response: pb.HandleTurnResponse) -> list[float]:
    """What one turn adds to each of the series."""
    before = [REGISTRY.get_sample_value(name, labels) or 0.0 for name, labels in SERIES]
    count_turn(channel_pb2.CHANNEL_SMS, response)
    return [
        (REGISTRY.get_sample_value(name, labels) or 0.0) - was
        for (name, labels), was in zip(SERIES, before, strict=True)
    ]


@pytest.mark.parametrize(
    ("outcome", "adds"),
    [
        (pb.Outcome(), [1, 0, 0, 0]),
        (pb.Outcome(handoff=Handoff(state=Handoff.STATE_RELEASED)), [1, 0, 0, 0]),
        (pb.Outcome(handoff=Handoff(state=Handoff.STATE_CLAIMED)), [0, 1, 0, 0]),
        (pb.Outcome(handoff=Handoff(state=Handoff.STATE_OPEN), intents=[INTENT]), [0, 1, 0, 1]),
    ],
)
def test_a_turn_is_contained_unless_a_person_has_or_is_to_have_it(outcome: pb.Outcome, adds: list[float]) -> None:
    assert counted(pb.HandleTurnResponse(outcome=outcome)) == adds
    assert counted(pb.HandleTurnResponse(outcome=outcome, replayed=True)) == [0, 0, 0, 0]


async def test_a_turn_of_which_nothing_is_understood_speaks_against_us() -> None:
    turn = await Talk().say("xyz", heard("unknown"))
    assert turn.outcome is not None
    assert counted(pb.HandleTurnResponse(outcome=pb.Outcome(reasons=turn.outcome.reasons))) == [1, 0, 1, 0]
