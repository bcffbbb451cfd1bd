"""The orchestrator over gRPC."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import grpc.aio
from hotel.common.v1 import message_pb2
from hotel.orchestrator.v1 import orchestrator_pb2, orchestrator_pb2_grpc
from mesh.telemetry import get_logger
from mesh.values import derived_id

from services.gateway.adapters.wire import identity_to_proto, inbound_to_proto, outbound_from_proto
from services.gateway.channels.cutting import parts
from services.gateway.domain.attachment import faults_of
from services.gateway.domain.cleaning import MAX_TEXT_LENGTH
from services.gateway.domain.inbox import MAX_MESSAGES_PER_TURN, Turn
from services.gateway.domain.message import InboundMessage, OutboundMessage, Text

log = get_logger(__name__)


async def _nobody(_turn: Turn, _response: orchestrator_pb2.HandleEventResponse) -> None:
    """Hears nothing."""


class GrpcOrchestrator:
    """`Orchestrator` on a channel to the service. `seconds` is a turn's deadline; `answered` hears every answer,
    `written` what came of words of staff's own.
    """

    def __init__(
        self,
        *,
        channel: grpc.aio.Channel,
        seconds: float,
        answered: Callable[[Turn, orchestrator_pb2.HandleTurnResponse], None] = lambda _turn, _response: None,
        written: Callable[[Turn, orchestrator_pb2.HandleEventResponse], Awaitable[None]] = _nobody,
    ) -> None:
        self._stub = orchestrator_pb2_grpc.OrchestratorServiceStub(channel)
        self._seconds = seconds
        self._answered = answered
        self._written = written

    async def handle_turn(self, turn: Turn) -> tuple[OutboundMessage, ...]:
        if turn.by_staff:
            return await self._tell(turn)
        request = orchestrator_pb2.HandleTurnRequest(
            turn_id=turn.turn_id,
            property_id=turn.conversation.property_id,
            messages=_messages(turn),
        )
        response = await self._stub.HandleTurn(request, timeout=self._seconds)
        self._answered(turn, response)
        return tuple(reply for proto in response.replies for reply in _replies(proto))

    async def _tell(self, turn: Turn) -> tuple[OutboundMessage, ...]:
        """What people of the hotel wrote from the channel's own app: known to the conversation, answered by nobody."""
        for message in turn.messages:
            if isinstance(message.body, Text):
                event = orchestrator_pb2.HandleEventRequest(
                    request_id=derived_id("wrote", turn.turn_id, message.message_id),
                    property_id=turn.conversation.property_id,
                    identity=identity_to_proto(turn.conversation.identity),
                    staff_wrote=orchestrator_pb2.StaffWrote(text=message.body.text[:MAX_TEXT_LENGTH]),
                )
                await self._written(turn, await self._stub.HandleEvent(event, timeout=self._seconds))
        return ()


def _replies(proto: message_pb2.OutboundMessage) -> Iterator[OutboundMessage]:
    """A reply; a file that cannot be sent is left out of it, and its words are not."""
    reply = outbound_from_proto(proto)
    if reply.attachment is None or not (faults := faults_of(reply.attachment, most_bytes=0)):
        yield reply
        return
    log.error("reply_attachment_left_out", faults=faults)
    if reply.text:
        yield replace(reply, attachment=None)


def _messages(turn: Turn) -> list[message_pb2.InboundMessage]:
    """Long words in several messages. What the contract has no room for stays in the inbox, for people."""
    pieces = [piece for message in turn.messages for piece in pieces_of(message)]
    if len(pieces) > MAX_MESSAGES_PER_TURN:
        log.warning("turn_cut", turn_id=turn.turn_id, pieces=len(pieces))
    return [inbound_to_proto(piece, turn.conversation) for piece in pieces[:MAX_MESSAGES_PER_TURN]]


def pieces_of(message: InboundMessage) -> Iterator[InboundMessage]:
    """The message itself, or its words in messages of at most MAX_TEXT_LENGTH, each with an id of its own."""
    body = message.body
    if not isinstance(body, Text) or len(body.text) <= MAX_TEXT_LENGTH:
        yield message
        return
    for number, words in enumerate(parts(body.text, MAX_TEXT_LENGTH), start=1):
        message_id = message.message_id if number == 1 else f"{message.message_id}#{number}"
        yield replace(message, message_id=message_id, body=replace(body, text=words))
