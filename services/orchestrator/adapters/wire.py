"""Values that several contracts share, between protobuf and the domain: stays, occupancies, identities, hand-offs."""

from __future__ import annotations

from hotel.common.v1 import channel_pb2, handoff_pb2, stay_pb2
from mesh.wire import date_from_proto, date_to_proto, time_from_proto, time_to_proto

from services.orchestrator.domain.offers import Occupancy, Stay
from services.orchestrator.domain.state import Contact, Handoff

_CHANNEL_PREFIX = "CHANNEL_"
_PHONE_CHANNELS = ("whatsapp", "sms")


def stay_to_proto(stay: Stay) -> stay_pb2.Stay:
    return stay_pb2.Stay(check_in_date=date_to_proto(stay.check_in), check_out_date=date_to_proto(stay.check_out))


def stay_from_proto(message: stay_pb2.Stay) -> Stay:
    return Stay(
        check_in=date_from_proto(message.check_in_date, "stay.check_in_date"),
        check_out=date_from_proto(message.check_out_date, "stay.check_out_date"),
    )


def rooms_to_proto(rooms: tuple[Occupancy, ...]) -> list[stay_pb2.Occupancy]:
    return [stay_pb2.Occupancy(adults=room.adults, child_ages=room.child_ages) for room in rooms]


def room_from_proto(message: stay_pb2.Occupancy) -> Occupancy:
    return Occupancy(adults=message.adults, child_ages=tuple(message.child_ages))


def contact_from_proto(
    message: channel_pb2.ChannelIdentity, *, display_name: str = "", language: str = "", unproven: bool = False
) -> Contact:
    """What the channel vouches for. A WhatsApp id of digits is a phone number; a business-scoped id is not."""
    channel = channel_pb2.Channel.Name(message.channel).removeprefix(_CHANNEL_PREFIX).lower()
    phone = message.phone_number
    digits = message.address.removeprefix("+")
    if not phone and channel in _PHONE_CHANNELS and digits.isdigit():
        phone = f"+{digits}"
    return Contact(
        channel=channel,
        address=message.address,
        phone=phone,
        email=message.address if channel == "email" else "",
        display_name=display_name,
        channel_name=message.channel_name,
        language=language,
        unproven=unproven,
    )


def contact_to_proto(contact: Contact) -> channel_pb2.ChannelIdentity:
    return channel_pb2.ChannelIdentity(
        channel=f"{_CHANNEL_PREFIX}{(contact.channel or 'unspecified').upper()}",
        address=contact.address,
        phone_number=contact.phone,
        channel_name=contact.channel_name,
    )


def handoff_to_proto(handoff: Handoff) -> handoff_pb2.Handoff:
    return handoff_pb2.Handoff(
        state=f"STATE_{handoff.state.upper()}",
        desk=f"DESK_{handoff.desk.upper()}",
        priority=f"PRIORITY_{handoff.priority.upper()}",
        sla_minutes=handoff.sla_minutes,
        reason=handoff.reason,
        summary=handoff.summary,
        agent=handoff.agent,
        open_time=time_to_proto(handoff.opened),
        due_time=time_to_proto(handoff.due),
    )


def handoff_from_proto(message: handoff_pb2.Handoff) -> Handoff | None:
    """The hand-off, or None when there is none."""
    opened, due = time_from_proto(message.open_time), time_from_proto(message.due_time)
    if message.state == handoff_pb2.Handoff.STATE_UNSPECIFIED or opened is None or due is None:
        return None
    return Handoff(
        state=handoff_pb2.Handoff.State.Name(message.state).removeprefix("STATE_").lower(),
        desk=handoff_pb2.Handoff.Desk.Name(message.desk).removeprefix("DESK_").lower(),
        priority=handoff_pb2.Handoff.Priority.Name(message.priority).removeprefix("PRIORITY_").lower(),
        sla_minutes=message.sla_minutes,
        reason=message.reason,
        summary=message.summary,
        agent=message.agent,
        opened=opened,
        due=due,
    )
