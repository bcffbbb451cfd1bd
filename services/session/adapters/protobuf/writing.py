"""Domain values to messages."""

from __future__ import annotations

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from hotel.common.v1 import channel_pb2, handoff_pb2
from hotel.session.v1 import session_pb2
from mesh.wire import duration_to_proto, time_to_proto

from services.session.domain.erasure import PendingErasure, Receipt
from services.session.domain.guest import Guest
from services.session.domain.handoff import Handoff
from services.session.domain.identity import ChannelIdentity
from services.session.domain.session import PendingAction, Promise, Session
from services.session.domain.turn import Turn


def session_message(session: Session) -> session_pb2.Session:
    dialogue = session.dialogue
    return session_pb2.Session(
        session_id=session.session_id,
        property_id=session.property_id,
        guest_id=session.guest_id,
        identity=identity_message(session.identity),
        language=dialogue.language,
        flow=dialogue.flow,
        state=dialogue.state,
        current_intent=dialogue.current_intent,
        asked_slots=dialogue.asked_slots,
        slots={
            name: session_pb2.SlotValue(
                value=slot.value, source_message_id=slot.source_message_id, confidence=slot.confidence
            )
            for name, slot in dialogue.slots.items()
        },
        pending_actions=[_pending_action_message(action) for action in dialogue.pending_actions],
        handoff=_handoff_message(dialogue.handoff) if dialogue.handoff else None,
        promises=[_promise_message(promise) for promise in dialogue.promises],
        memory_json=dialogue.memory_json,
        metadata=dialogue.metadata,
        version=session.version,
        create_time=time_to_proto(session.create_time),
        update_time=time_to_proto(session.update_time),
        last_activity_time=time_to_proto(session.last_activity_time),
        expire_time=time_to_proto(session.expire_time),
    )


def receipt_message(receipt: Receipt) -> session_pb2.EraseGuestResponse:
    return session_pb2.EraseGuestResponse(
        receipt_id=receipt.receipt_id,
        erase_time=time_to_proto(receipt.erase_time),
        erased=receipt.erased,
        retained=receipt.retained,
        retention=duration_to_proto(receipt.retention),
    )


def erasure_message(erasure: PendingErasure) -> session_pb2.Erasure:
    return session_pb2.Erasure(
        receipt_id=erasure.receipt_id,
        erase_time=time_to_proto(erasure.erase_time),
        identities=map(identity_message, erasure.identities),
        session_ids=erasure.session_ids,
    )


def turn_message(turn: Turn) -> session_pb2.Turn:
    return session_pb2.Turn(
        turn_id=turn.turn_id,
        author=int(turn.author),  # type: ignore[arg-type]
        inbound_texts=turn.inbound_texts,
        inbound_message_ids=turn.inbound_message_ids,
        outbound_texts=turn.outbound_texts,
        agent=turn.agent,
        outcome=turn.outcome,
        create_time=_timestamp(turn.create_time),
        sequence=turn.sequence,
    )


def guest_message(guest: Guest) -> session_pb2.Guest:
    return session_pb2.Guest(
        guest_id=guest.guest_id,
        given_name=guest.given_name,
        family_name=guest.family_name,
        email=guest.email,
        phone_number=guest.phone_number,
        language=guest.language,
        identities=[identity_message(identity) for identity in guest.identities],
        opted_out=guest.opted_out,
        version=guest.version,
        create_time=time_to_proto(guest.create_time),
        display_name=guest.display_name,
    )


def identity_message(identity: ChannelIdentity) -> channel_pb2.ChannelIdentity:
    return channel_pb2.ChannelIdentity(
        channel=int(identity.channel),  # type: ignore[arg-type]
        address=identity.address,
        phone_number=identity.phone_number,
        channel_name=identity.channel_name,
    )


def _pending_action_message(action: PendingAction) -> session_pb2.PendingAction:
    return session_pb2.PendingAction(
        type=action.type,
        reference=action.reference,
        expire_time=_timestamp(action.expire_time),
        details=action.details,
    )


def _promise_message(promise: Promise) -> session_pb2.Promise:
    return session_pb2.Promise(
        promise_id=promise.promise_id,
        text=promise.text,
        owner=promise.owner,
        due_time=_timestamp(promise.due_time),
        keep_time=_timestamp(promise.keep_time),
        break_time=_timestamp(promise.break_time),
    )


def _handoff_message(handoff: Handoff) -> handoff_pb2.Handoff:
    return handoff_pb2.Handoff(
        state=int(handoff.state),  # type: ignore[arg-type]
        desk=int(handoff.desk),  # type: ignore[arg-type]
        priority=int(handoff.priority),  # type: ignore[arg-type]
        sla_minutes=handoff.sla_minutes,
        reason=handoff.reason,
        summary=handoff.summary,
        agent=handoff.agent,
        open_time=_timestamp(handoff.open_time),
        due_time=_timestamp(handoff.due_time),
    )


def _timestamp(time: datetime | None) -> Timestamp | None:
    return time_to_proto(time) if time else None
