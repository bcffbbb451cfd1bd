"""What a guest's turn counts for: its subject, who has the conversation now, and what speaks against our answers."""

from __future__ import annotations

from collections.abc import Iterator

from hotel.common.v1 import channel_pb2, handoff_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb

from services.orchestrator.metrics import DOUBTED, GUEST_TURNS, INTERACTIONS


def count_turn(channel: channel_pb2.Channel, response: pb.HandleTurnResponse) -> None:
    """Counts a turn once: an answer that was stored is not counted when it is given again."""
    if response.replayed:
        return
    outcome = response.outcome
    name = channel_pb2.Channel.Name(channel).removeprefix("CHANNEL_").lower()
    INTERACTIONS.labels(channel=name, intent=outcome.intents[0].name if outcome.intents else "none").inc()
    GUEST_TURNS.labels(held_by="person" if _is_with_a_person(outcome) else "receptionist").inc()
    for sign in _signs_of_doubt(outcome):
        DOUBTED.labels(sign=sign).inc()


def _is_with_a_person(outcome: pb.Outcome) -> bool:
    return outcome.HasField("handoff") and outcome.handoff.state != handoff_pb2.Handoff.STATE_RELEASED


def _signs_of_doubt(outcome: pb.Outcome) -> Iterator[str]:
    if any(reason.startswith("fallback:") for reason in outcome.reasons):
        yield "missed"
    if any(intent.name == "human_request" for intent in outcome.intents):
        yield "person_wanted"
