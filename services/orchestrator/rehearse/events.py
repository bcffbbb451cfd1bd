"""What happens in a dialogue without the guest: time passes, staff act, services fail, a message of ours is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hotel.common.v1 import channel_pb2
from hotel.gateway.v1 import messaging_pb2, messaging_pb2_grpc
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from hotel.orchestrator.v1 import orchestrator_pb2_grpc
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.errors import DomainError, Refused
from mesh.wire import time_to_proto

from services.orchestrator.rehearse.guest import Guest
from services.orchestrator.rehearse.house import House
from services.orchestrator.rehearse.spelling import truth
from services.orchestrator.rehearse.vocabulary import SPANS

_SECONDS = 30.0
_AGENT = "desk"
# Who acknowledges does so before the time is over; services are back before it passes.
_ORDER = (
    "faults",
    "staff_ack",
    *SPANS,
    "advance_to",
    "staff_claims",
    "staff_says",
    "staff_releases",
    "scheduled",
    "redeliver",
)


class Events:
    """Plays events; replies that staff and schedulers give go out as the staff console and the scheduler send them."""

    def __init__(self, house: House, key: str) -> None:
        self._house = house
        self._key = key
        self._number = 0

    async def play(self, event: Mapping[str, Any], guest: Guest) -> None:
        """One event of a dialogue about `guest`. What stands in it happens in the order of `_ORDER`."""
        claimer = event.get("staff_claims")
        agent = str(event.get("agent") or (claimer if _is_name(claimer) else _AGENT))
        for name in _ORDER:
            value = event.get(name)
            if value is None:
                continue
            match name:
                case "advance_seconds" | "advance_minutes" | "advance_hours" | "advance_days":
                    await self._house.advance(timedelta(**{name.removeprefix("advance_"): float(value)}))
                case "advance_to":
                    await self._advance_to(value)
                case "staff_ack" | "staff_claims" if truth(value):
                    await self._tell(guest.identity, staff_claimed=pb.StaffClaimed(agent=agent))
                case "staff_says":
                    for text in value if isinstance(value, list) else [value]:
                        await self._tell(guest.identity, staff_said=pb.StaffSaid(agent=agent, text=str(text)))
                case "staff_releases" if truth(value):
                    await self._tell(guest.identity, staff_released=pb.StaffReleased(agent=agent))
                case "scheduled":
                    await self._due(event, guest)
                case "redeliver":
                    for _ in range(int(value) if isinstance(value, int) else int(truth(value))):
                        await guest.redeliver()
                case "faults":
                    await self._faults(value, guest)

    async def booker(self, code: str) -> channel_pb2.ChannelIdentity:
        """Whom a message about a reservation goes to. Raises NotFound."""
        asked = pms_pb2.GetReservationRequest(property_id=self._house.property_id, confirmation_code=code)
        stub = pms_pb2_grpc.PmsServiceStub(self._house.behind("pms"))
        booker = (await stub.GetReservation(asked, timeout=_SECONDS)).reservation.booker
        if booker.identity.address:
            identity: channel_pb2.ChannelIdentity = booker.identity
            return identity
        address = booker.phone_number.removeprefix("+")
        return channel_pb2.ChannelIdentity(
            channel=channel_pb2.CHANNEL_WHATSAPP, address=address, phone_number=booker.phone_number
        )

    async def _faults(self, faults: Mapping[str, str], guest: Guest) -> None:
        """No fault at all means that everything is well again."""
        if not faults:
            self._house.recover()
        for name, state in faults.items():
            self._house.fault(name, state)
        await guest.deliver_what_waits()

    async def _advance_to(self, value: Any) -> None:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        await self._house.advance(max(timedelta(0), moment - self._house.clock.now()))

    async def _due(self, event: Mapping[str, Any], guest: Guest) -> None:
        if event.get("due"):
            await self._advance_to(event["due"])
        due = pb.ScheduledMessageDue(
            kind=str(event["scheduled"]).removesuffix("_message"),
            reservation_code=str(event["for"]),
            due_time=time_to_proto(self._house.clock.now()),
        )
        await self._tell(guest.identity, scheduled_message_due=due)

    async def _tell(self, identity: channel_pb2.ChannelIdentity, **event: Any) -> None:
        self._number += 1
        request_id = f"{self._key}-event-{self._number}"
        try:
            session_id = await self._session(identity)
            request = pb.HandleEventRequest(request_id=request_id, session_id=session_id, **event)
            stub = orchestrator_pb2_grpc.OrchestratorServiceStub(self._house.channel("orchestrator"))
            response = await stub.HandleEvent(request, timeout=_SECONDS)
        except DomainError:
            return  # with the services away nothing comes of it, which is what the dialogue then checks
        for number, reply in enumerate(response.replies, start=1):
            message = messaging_pb2.SendMessageRequest(
                request_id=f"{request_id}-{number}",
                property_id=self._house.property_id,
                identity=response.identity,
                content=reply,
                send_after_time=response.send_after_time if response.HasField("send_after_time") else None,
            )
            await self._send(message)

    async def _send(self, message: messaging_pb2.SendMessageRequest) -> None:
        stub = messaging_pb2_grpc.MessagingServiceStub(self._house.channel("gateway"))
        try:
            await stub.SendMessage(message, timeout=_SECONDS)
        except Refused:
            return  # not sent, which is what the dialogue then sees

    async def _session(self, identity: channel_pb2.ChannelIdentity) -> str:
        opening = session_pb2.GetOrCreateSessionRequest(property_id=self._house.property_id, identity=identity)
        stub = session_pb2_grpc.SessionServiceStub(self._house.channel("session"))
        session_id: str = (await stub.GetOrCreateSession(opening, timeout=_SECONDS)).session.session_id
        return session_id


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value.strip().casefold() not in ("yes", "true", "on", "no", "false", "off")
