"""Sessions, turns and reservations as staff see them, from protobuf."""

from __future__ import annotations

from datetime import UTC, datetime

from google.protobuf.message import DecodeError
from hotel.common.v1 import channel_pb2, handoff_pb2
from hotel.orchestrator.v1 import orchestrator_pb2
from hotel.pms.v1 import reservation_pb2
from hotel.session.v1 import session_pb2
from mesh.wire import date_from_proto, money_from_proto, time_from_proto

from services.gateway.adapters.wire import channel_from_proto
from services.gateway.domain.message import Channel, Identity
from services.gateway.staff.domain.conversation import (
    Case,
    Conversation,
    Exchange,
    Guest,
    Handoff,
    Promise,
    Stay,
    Understanding,
)

_AUTHORS = {
    session_pb2.Turn.AUTHOR_GUEST: "guest",
    session_pb2.Turn.AUTHOR_STAFF: "staff",
    session_pb2.Turn.AUTHOR_BOT: "bot",
    session_pb2.Turn.AUTHOR_NOTE: "note",
}
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def identity_of(message: channel_pb2.ChannelIdentity) -> Identity:
    """A person on a channel."""
    return Identity(
        channel=channel_from_proto(message.channel) or Channel.GENERIC,
        address=message.address,
        phone_number=message.phone_number,
        channel_name=message.channel_name,
    )


def case_of(session: session_pb2.Session, guest: session_pb2.Guest) -> Case:
    """A conversation in a list."""
    return Case(
        session_id=session.session_id,
        property_id=session.property_id,
        guest_id=session.guest_id,
        guest_name=name_of(guest),
        identity=identity_of(session.identity),
        language=session.language,
        intent=session.current_intent,
        handoff=handoff_of(session.handoff) if session.HasField("handoff") and session.handoff.state else None,
        last_activity=time_from_proto(session.last_activity_time) or _NO_TIME,
    )


def conversation_of(session: session_pb2.Session, guest: session_pb2.Guest) -> Conversation:
    """A conversation on its page."""
    return Conversation(
        case=case_of(session, guest),
        guest=Guest(
            guest_id=guest.guest_id,
            name=name_of(guest),
            email=guest.email,
            phone_number=guest.phone_number,
            language=guest.language,
            opted_out=guest.opted_out,
            identities=tuple(map(identity_of, guest.identities)),
        ),
        promises=tuple(map(_promise, session.promises)),
        slots={name: slot.value for name, slot in sorted(session.slots.items())},
        pending=tuple(action.type for action in session.pending_actions if action.type != "message"),
        version=session.version,
    )


def name_of(guest: session_pb2.Guest) -> str:
    """The name the guest told, else the one the channel shows. A claim in either case; may be empty."""
    told = f"{guest.given_name} {guest.family_name}".strip()
    return told or str(guest.display_name)


def handoff_of(message: handoff_pb2.Handoff) -> Handoff:
    """A hand-off."""
    return Handoff(
        state=_word(handoff_pb2.Handoff.State.Name(message.state), "STATE_"),
        desk=_word(handoff_pb2.Handoff.Desk.Name(message.desk), "DESK_"),
        priority=_word(handoff_pb2.Handoff.Priority.Name(message.priority), "PRIORITY_"),
        reason=message.reason,
        summary=message.summary,
        agent=message.agent,
        open_time=time_from_proto(message.open_time),
        due_time=time_from_proto(message.due_time),
    )


def exchange_of(turn: session_pb2.Turn) -> Exchange:
    """A turn with what was understood in it, where the orchestrator wrote that down."""
    return Exchange(
        turn_id=turn.turn_id,
        author=_AUTHORS.get(turn.author, "bot"),
        said=tuple(turn.inbound_texts),
        answered=tuple(turn.outbound_texts),
        agent=turn.agent,
        time=time_from_proto(turn.create_time) or _NO_TIME,
        understanding=_understanding(turn) if turn.outcome else None,
    )


def _understanding(turn: session_pb2.Turn) -> Understanding | None:
    try:
        if turn.author == session_pb2.Turn.AUTHOR_GUEST:
            outcome = orchestrator_pb2.HandleTurnResponse.FromString(turn.outcome).outcome
        else:
            outcome = orchestrator_pb2.HandleEventResponse.FromString(turn.outcome).outcome
    except DecodeError:
        return None  # written by another version, or by another system: its words are still shown
    return Understanding(
        intents=tuple((item.name, item.confidence, item.topic) for item in outcome.intents),
        slots=dict(sorted(outcome.slots.items())),
        reasons=tuple(outcome.reasons),
        proofs=tuple((item.claim, item.source) for item in outcome.proofs),
        operations=tuple((item.operation, item.reference, item.error_reason) for item in outcome.pms_operations),
        place=f"{outcome.flow}.{outcome.state}".strip("."),
        degraded=outcome.degraded,
    )


def stay_of(reservation: reservation_pb2.Reservation) -> Stay:
    """A reservation for reception's lists."""
    total = money_from_proto(reservation.total) if reservation.total.currency_code else None
    arrival = reservation.arrival_time if reservation.HasField("arrival_time") else None
    return Stay(
        code=reservation.confirmation_code,
        guest_name=f"{reservation.booker.given_name} {reservation.booker.family_name}".strip(),
        phone_number=reservation.booker.phone_number,
        check_in=date_from_proto(reservation.stay.check_in_date).isoformat(),
        check_out=date_from_proto(reservation.stay.check_out_date).isoformat(),
        room_type=reservation.room_type_id,
        rooms=tuple(room.room_number for room in reservation.rooms if room.room_number),
        people=sum(room.occupancy.adults + len(room.occupancy.child_ages) for room in reservation.rooms),
        state=_word(reservation_pb2.ReservationState.Name(reservation.state), "RESERVATION_STATE_"),
        total=f"{total.amount:,.2f} {total.currency}" if total else "",
        arrival_time=f"{arrival.hours:02}:{arrival.minutes:02}" if arrival else "",
        remark=reservation.remark,
    )


def _promise(message: session_pb2.Promise) -> Promise:
    return Promise(
        text=message.text,
        owner=message.owner,
        due_time=time_from_proto(message.due_time),
        kept=message.HasField("keep_time"),
        broken=message.HasField("break_time"),
    )


def _word(name: str, prefix: str) -> str:
    return name.removeprefix(prefix).lower()
