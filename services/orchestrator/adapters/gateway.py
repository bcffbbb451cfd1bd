"""Messages to guests that no guest asked for just now, over the gateway's MessagingService."""

from __future__ import annotations

from hotel.gateway.v1 import messaging_pb2, messaging_pb2_grpc
from hotel.orchestrator.v1 import orchestrator_pb2
from mesh.client import Channel
from mesh.errors import Invalid, NotFound, Refused
from mesh.telemetry import get_logger
from mesh.values import derived_id

log = get_logger(__name__)


class GatewayClient:
    """`Messenger` on a channel to the service. `seconds` is the deadline of one message."""

    def __init__(self, *, channel: Channel, seconds: float) -> None:
        self._stub = messaging_pb2_grpc.MessagingServiceStub(channel)
        self._seconds = seconds

    async def send(self, stored: bytes, *, property_id: str, request_id: str) -> None:
        told = orchestrator_pb2.HandleEventResponse.FromString(stored)
        for number, reply in enumerate(told.replies, start=1):
            message = messaging_pb2.SendMessageRequest(
                request_id=derived_id("msg", request_id, str(number)),
                property_id=property_id,
                identity=told.identity,
                content=reply,
                send_after_time=told.send_after_time if told.HasField("send_after_time") else None,
            )
            try:
                await self._stub.SendMessage(message, timeout=self._seconds)
            except (Refused, Invalid, NotFound) as error:
                # Stopped, out of reach, outside the channel's window: trying again would change nothing.
                log.warning("message_not_taken", reason=error.reason)
