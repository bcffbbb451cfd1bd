"""Outcomes of turns as protobuf: the answer to the caller, and the bytes that are stored for a repeat."""

from __future__ import annotations

from hotel.common.v1 import message_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from mesh.wire import time_to_proto

from services.orchestrator.adapters.wire import contact_to_proto, handoff_to_proto
from services.orchestrator.answers import Outcome
from services.orchestrator.domain.proof import Claim

MOST_REASONS = 50


def replies_to_proto(outcome: Outcome) -> list[message_pb2.OutboundMessage]:
    """The messages of a turn; the choices belong to the last one."""
    replies = [message_pb2.OutboundMessage(text=text, language=outcome.state.language) for text in outcome.texts]
    if replies:
        replies[-1].choices.extend(message_pb2.Choice(id=key, title=title) for key, title in outcome.choices)
        replies[0].subject = outcome.subject
    if replies and outcome.kind:
        # For guests who have not written lately, whom the channel lets us write to by an approved template alone.
        replies[-1].template_name = outcome.kind
        replies[-1].template_arguments.extend(claim.words for claim in outcome.claims)
    return replies


def outcome_to_proto(outcome: Outcome) -> pb.Outcome:
    state = outcome.state
    return pb.Outcome(
        session_id=outcome.session_id,
        intents=[
            pb.UnderstoodIntent(name=item.name, confidence=item.confidence, topic=item.topic)
            for item in outcome.intents
        ],
        slots={name: slot.value for name, slot in state.slots.items()},
        asks=state.asked if outcome.texts else (),
        pms_operations=[
            pb.PmsOperation(
                operation=item.name, reference=item.reference, succeeded=not item.error, error_reason=item.error
            )
            for item in outcome.operations
        ],
        handoff=handoff_to_proto(state.handoff) if state.handoff else None,
        language=state.language,
        reasons=outcome.reasons[:MOST_REASONS],
        proofs=[_proof(claim) for claim in outcome.claims],
        flow=state.flow,
        state=state.state,
        variants=outcome.variants,
        degraded=outcome.degraded,
    )


def _proof(claim: Claim) -> pb.Proof:
    return pb.Proof(
        claim=claim.words,
        source=claim.source,
        read_time=time_to_proto(claim.read_time) if claim.read_time else None,
    )


def encode_turn(outcome: Outcome) -> bytes:
    """A stored `HandleTurnResponse`."""
    return pb.HandleTurnResponse(
        replies=replies_to_proto(outcome), outcome=outcome_to_proto(outcome)
    ).SerializeToString()


def encode_event(outcome: Outcome) -> bytes:
    """A stored `HandleEventResponse`."""
    return pb.HandleEventResponse(
        replies=replies_to_proto(outcome),
        outcome=outcome_to_proto(outcome),
        identity=contact_to_proto(outcome.state.contact),
        send_after_time=time_to_proto(outcome.send_after) if outcome.send_after else None,
    ).SerializeToString()
