"""The orchestrator over gRPC."""

from __future__ import annotations

import grpc.aio
from hotel.orchestrator.v1 import orchestrator_pb2, orchestrator_pb2_grpc

from services.gateway.adapters.wire import inbound_to_proto, outbound_from_proto
from services.gateway.domain.inbox import Turn
from services.gateway.domain.message import OutboundMessage


class GrpcOrchestrator:
    """`Orchestrator` on a channel to the service. `seconds` is the deadline of a turn."""

    def __init__(self, *, channel: grpc.aio.Channel, seconds: float) -> None:
        self._stub = orchestrator_pb2_grpc.OrchestratorServiceStub(channel)
        self._seconds = seconds

    async def handle_turn(self, turn: Turn) -> tuple[OutboundMessage, ...]:
        request = orchestrator_pb2.HandleTurnRequest(
            turn_id=turn.turn_id,
            property_id=turn.conversation.property_id,
            messages=[inbound_to_proto(message, turn.conversation) for message in turn.messages],
        )
        response = await self._stub.HandleTurn(request, timeout=self._seconds)
        return tuple(outbound_from_proto(reply) for reply in response.replies)
