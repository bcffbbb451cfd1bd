"""The RPCs of OrchestratorService: check the message, hand it to the turns, give back what was stored."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from hotel.common.v1 import channel_pb2, message_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from hotel.orchestrator.v1 import orchestrator_pb2_grpc
from mesh.errors import Invalid
from mesh.values import derived_id
from mesh.wire import require, time_from_proto

from services.orchestrator.adapters.inbound import inputs_from_proto
from services.orchestrator.adapters.outcome import encode_event, encode_turn
from services.orchestrator.adapters.wire import contact_from_proto
from services.orchestrator.counting import count_turn
from services.orchestrator.domain.events import (
    DeadlinePassed,
    External,
    MessageDue,
    StaffClaimed,
    StaffReleased,
    StaffSaid,
    StaffTookOver,
    StaffWrote,
)
from services.orchestrator.metrics import DURATION, REQUESTS
from services.orchestrator.turns import Addressee, Turns

MOST_MESSAGES = 50
MOST_CHARACTERS = 4000
_KINDS = ("pre_arrival", "in_stay", "post_stay")

Context = Any  # grpc.aio.ServicerContext; no call here needs it


class OrchestratorServicer(orchestrator_pb2_grpc.OrchestratorServiceServicer):
    """OrchestratorService over `Turns`. `doubtful_below` is the confidence under which a transcript is read back."""

    def __init__(self, *, turns: Turns, doubtful_below: float) -> None:
        self._turns = turns
        self._doubtful_below = doubtful_below

    async def HandleTurn(self, request: pb.HandleTurnRequest, _context: Context) -> pb.HandleTurnResponse:
        with _measured("HandleTurn"):
            require(request, "turn_id", "property_id", "messages")
            _check_messages(request.messages)
            response = await self._turn(request.turn_id, request.property_id, request.messages)
            count_turn(request.messages[-1].sender.channel, response)
            return response

    async def _turn(
        self, turn_id: str, property_id: str, messages: Sequence[message_pb2.InboundMessage]
    ) -> pb.HandleTurnResponse:
        last = messages[-1]
        answer = await self._turns.guest_turn(
            turn_id=turn_id,
            property_id=property_id,
            contact=contact_from_proto(
                last.sender,
                display_name=last.sender_display_name,
                language=last.sender_language,
                unproven=any(message.sender_unverified for message in messages),
            ),
            inputs=[inputs_from_proto(item, doubtful_below=self._doubtful_below) for item in messages],
            received=_latest(messages),
            encode=encode_turn,
        )
        response = pb.HandleTurnResponse.FromString(answer.stored)
        response.replayed = answer.replayed
        return response

    async def Converse(self, request: pb.ConverseRequest, _context: Context) -> pb.ConverseResponse:
        with _measured("Converse"):
            require(request, "request_id", "property_id", "identity", "text")
            if not request.text.strip() or len(request.text) > MOST_CHARACTERS:
                raise Invalid("text is too long or blank", fields={"text": f"must have 1–{MOST_CHARACTERS} characters"})
            _check_identity(request.identity, "identity")
            message = message_pb2.InboundMessage(
                message_id=derived_id("msg", request.request_id),
                sender=request.identity,
                text=message_pb2.TextContent(text=request.text),
            )
            response = await self._turn(request.request_id, request.property_id, [message])
            count_turn(request.identity.channel, response)
            return pb.ConverseResponse(replies=response.replies, outcome=response.outcome)

    async def HandleEvent(self, request: pb.HandleEventRequest, _context: Context) -> pb.HandleEventResponse:
        with _measured("HandleEvent"):
            event = _event(request)
            unknown = isinstance(event, StaffWrote) and not request.session_id
            require(request, "request_id", *(("property_id", "identity") if unknown else ("session_id",)))
            if request.HasField("identity"):
                _check_identity(request.identity, "identity")
            guest = Addressee(request.property_id, contact_from_proto(request.identity)) if unknown else None
            answer = await self._turns.event(
                request_id=request.request_id,
                session_id=request.session_id,
                guest=guest,
                event=event,
                encode=encode_event,
                # A person's words must arrive though whoever passes them on falls over: the scheduler sends what is
                # left, under the same request ids.
                unsent=isinstance(event, StaffSaid),
            )
            return pb.HandleEventResponse.FromString(answer.stored)


def _event(request: pb.HandleEventRequest) -> External:
    match request.WhichOneof("event"):
        case "deadline_passed":
            return DeadlinePassed(turn_id=request.request_id)
        case "scheduled_message_due":
            due = request.scheduled_message_due
            if due.kind not in _KINDS:
                raise Invalid("unknown message", fields={"scheduled_message_due.kind": f"must be one of {_KINDS}"})
            return MessageDue(turn_id=request.request_id, kind=due.kind, reservation_code=due.reservation_code)
        case None:
            raise Invalid("no event", fields={"event": "is required"})
        case _:
            return _of_staff(request)


def _of_staff(request: pb.HandleEventRequest) -> External:
    match request.WhichOneof("event"):
        case "staff_claimed":
            return StaffClaimed(agent=request.staff_claimed.agent)
        case "staff_took_over":
            if not request.staff_took_over.agent:
                raise Invalid("nobody takes it", fields={"staff_took_over.agent": "is required"})
            return StaffTookOver(agent=request.staff_took_over.agent)
        case "staff_said":
            if not request.staff_said.text.strip():
                raise Invalid("nothing was said", fields={"staff_said.text": "is required"})
            return StaffSaid(agent=request.staff_said.agent, text=request.staff_said.text)
        case "staff_wrote":
            if not request.staff_wrote.text.strip():
                raise Invalid("nothing was written", fields={"staff_wrote.text": "is required"})
            return StaffWrote(text=request.staff_wrote.text)
        case _:
            return StaffReleased(agent=request.staff_released.agent)


def _check_messages(messages: Sequence[message_pb2.InboundMessage]) -> None:
    fields: dict[str, str] = {}
    if len(messages) > MOST_MESSAGES:
        fields["messages"] = f"must have 1–{MOST_MESSAGES} entries"
    for index, message in enumerate(messages[:MOST_MESSAGES]):
        if not message.message_id:
            fields[f"messages[{index}].message_id"] = "is required"
        if not _is_somebody(message.sender):
            fields[f"messages[{index}].sender"] = "needs a channel and an address"
        elif message.sender != messages[0].sender:
            fields[f"messages[{index}].sender"] = "must be the same in all messages of a turn"
    if fields:
        raise Invalid("messages cannot be handled", fields=fields)


def _check_identity(identity: channel_pb2.ChannelIdentity, field: str) -> None:
    if not _is_somebody(identity):
        raise Invalid(f"{field} is nobody", fields={field: "needs a channel and an address"})


def _is_somebody(identity: channel_pb2.ChannelIdentity) -> bool:
    return bool(identity.address and identity.channel and identity.channel in channel_pb2.Channel.values())


def _latest(messages: Sequence[message_pb2.InboundMessage]) -> datetime | None:
    times = [time_from_proto(item.receive_time) for item in messages if item.HasField("receive_time")]
    return max((moment for moment in times if moment is not None), default=None)


@contextmanager
def _measured(operation: str) -> Iterator[None]:
    """Counts the call by how it ended, and how long it took."""
    begun = time.perf_counter()
    status = "error"
    try:
        yield
        status = "ok"
    finally:
        REQUESTS.labels(operation=operation, status=status).inc()
        DURATION.labels(operation=operation).observe(time.perf_counter() - begun)
