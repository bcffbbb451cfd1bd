"""Another system that speaks for a guest by `Converse`: one text, answered in the call."""

from __future__ import annotations

from collections.abc import Sequence

from hotel.common.v1 import channel_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from hotel.orchestrator.v1 import orchestrator_pb2_grpc
from mesh.errors import DomainError

from services.orchestrator.rehearse.lines.line import Got, Hotel, NotCarried, Sent, phone_of

_SECONDS = 30.0


class SpokenLine:
    """The guest is on the channel that the address is one of; the answer goes to the system that asked."""

    def __init__(self, hotel: Hotel, address: str) -> None:
        self._hotel = hotel
        self._address = address
        self._answered: set[str] = set()
        self._got: list[Got] = []

    @property
    def identity(self) -> channel_pb2.ChannelIdentity:
        phone = phone_of(self._address)
        if "@" in self._address:
            return channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_EMAIL, address=self._address)
        if phone:
            return channel_pb2.ChannelIdentity(
                channel=channel_pb2.CHANNEL_WHATSAPP, address=self._address, phone_number=phone
            )
        return channel_pb2.ChannelIdentity(
            channel=channel_pb2.CHANNEL_GENERIC, address=self._address, channel_name="converse"
        )

    async def open(self) -> None:
        """A system can call at once."""

    async def deliver(self, messages: Sequence[Sent]) -> bool:
        stub = orchestrator_pb2_grpc.OrchestratorServiceStub(self._hotel.channel("orchestrator"))
        for message in messages:
            if message.kind not in ("g", "button"):
                raise NotCarried("Converse", message.kind)
            said = pb.ConverseRequest(
                request_id=f"turn-{message.message_id}",
                property_id=self._hotel.property_id,
                identity=self.identity,
                text=message.words,
            )
            try:
                response = await stub.Converse(said, timeout=_SECONDS)
            except DomainError:
                return False
            # A repeat is answered with what was stored, and the guest has that.
            if message.message_id not in self._answered:
                self._answered.add(message.message_id)
                self._got += [
                    Got(words=reply.text, choices=[(item.id, item.title) for item in reply.choices])
                    for reply in response.replies
                ]
        return True

    async def received(self) -> list[Got]:
        found, self._got = self._got, []
        return found
