"""Messages to domain values. Raises Invalid, naming the field, for what no domain value can say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TypeVar

from hotel.common.v1 import channel_pb2, handoff_pb2
from hotel.session.v1 import session_pb2
from mesh.errors import Invalid
from mesh.masking import mask_words
from mesh.wire import time_from_proto

from services.session.domain.guest import GuestDetails
from services.session.domain.handoff import Desk, Handoff, HandoffState, Priority
from services.session.domain.identity import Channel, ChannelIdentity, checked
from services.session.domain.session import Dialogue, PendingAction, Promise, SlotValue
from services.session.domain.turn import Author, Turn

Enum = TypeVar("Enum", bound=IntEnum)


def text(value: str) -> str:
    """Text that PostgreSQL can store: it has no NUL character."""
    return value.replace("\0", "")


def identity(message: channel_pb2.ChannelIdentity, *, field: str = "identity") -> ChannelIdentity:
    """The identity, trimmed and bounded."""
    return checked(
        ChannelIdentity(
            channel=_enum(Channel, message.channel, f"{field}.channel"),
            address=message.address,
            phone_number=text(message.phone_number),
            channel_name=text(message.channel_name),
        ),
        field=field,
    )


def dialogue(message: session_pb2.Session) -> Dialogue:
    """What a caller may write of a session. Ids, times and the identity are the server's and are not read."""
    return Dialogue(
        language=text(message.language),
        flow=text(message.flow),
        state=text(message.state),
        current_intent=text(message.current_intent),
        asked_slots=_texts(message.asked_slots),
        slots={
            text(name): SlotValue(
                value=text(slot.value), source_message_id=text(slot.source_message_id), confidence=slot.confidence
            )
            for name, slot in message.slots.items()
        },
        pending_actions=tuple(_pending_action(action) for action in message.pending_actions),
        handoff=_handoff(message.handoff) if message.HasField("handoff") and message.handoff.state else None,
        promises=tuple(_promise(promise) for promise in message.promises),
        memory_json=text(message.memory_json),
        metadata=_pairs(message.metadata),
    )


def turn(message: session_pb2.Turn, *, turn_id: str, field: str = "turn") -> Turn:
    """A turn to store under an id."""
    return Turn(
        turn_id=turn_id,
        author=_enum(Author, message.author, f"{field}.author"),
        inbound_texts=_texts(message.inbound_texts),
        inbound_message_ids=_texts(message.inbound_message_ids),
        outbound_texts=_texts(message.outbound_texts),
        agent=text(message.agent),
        outcome=message.outcome,
    )


def guest_details(request: session_pb2.UpdateGuestRequest) -> GuestDetails:
    """What a guest told us about themselves."""
    guest = request.guest
    return GuestDetails(
        given_name=mask_words(text(guest.given_name.strip())),
        family_name=mask_words(text(guest.family_name.strip())),
        email=text(guest.email.strip()),
        phone_number=text(guest.phone_number.strip()),
        language=text(guest.language.strip()),
        opted_out=request.opted_out if request.HasField("opted_out") else None,
    )


def handoff_state(value: int) -> HandoffState | None:
    """The state to filter by, None for all."""
    return _enum(HandoffState, value, "handoff_state") if value else None


def _pending_action(message: session_pb2.PendingAction) -> PendingAction:
    return PendingAction(
        type=text(message.type),
        reference=text(message.reference),
        expire_time=time_from_proto(message.expire_time),
        details=_pairs(message.details),
    )


def _promise(message: session_pb2.Promise) -> Promise:
    return Promise(
        promise_id=text(message.promise_id),
        text=text(message.text),
        owner=text(message.owner),
        due_time=time_from_proto(message.due_time),
        keep_time=time_from_proto(message.keep_time),
        break_time=time_from_proto(message.break_time),
    )


def _handoff(message: handoff_pb2.Handoff) -> Handoff:
    return Handoff(
        state=_enum(HandoffState, message.state, "session.handoff.state"),
        desk=_enum(Desk, message.desk, "session.handoff.desk"),
        priority=_enum(Priority, message.priority, "session.handoff.priority"),
        sla_minutes=message.sla_minutes,
        reason=text(message.reason),
        summary=text(message.summary),
        agent=text(message.agent),
        open_time=time_from_proto(message.open_time),
        due_time=time_from_proto(message.due_time),
    )


def _enum(kind: type[Enum], value: int, field: str) -> Enum:
    try:
        return kind(value)
    except ValueError:
        names = ", ".join(member.name for member in kind)
        raise Invalid(f"{field} is missing or unknown", fields={field: f"must be one of {names}"}) from None


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(text(value) for value in values)


def _pairs(entries: Mapping[str, str]) -> dict[str, str]:
    return {text(name): text(value) for name, value in entries.items()}
