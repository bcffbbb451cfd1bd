"""Staff's words into the outbox, and whether a guest can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hotel.common.v1 import message_pb2
from hotel.gateway.v1 import messaging_pb2
from hotel.orchestrator.v1 import orchestrator_pb2
from mesh.values import derived_id
from mesh.wire import money_from_proto

from services.gateway.adapters.wire import identity_to_proto
from services.gateway.domain.attachment import Attachment
from services.gateway.domain.message import Channel, Identity
from services.gateway.ports import ChannelAdapter, Conversations
from services.gateway.servicer import MessagingServicer
from services.gateway.staff.domain.conversation import Reach


class Mail:
    """Sends under the very request id, and with the very body, that the orchestrator's scheduler uses for what was
    written down and not sent: if this process dies in between, the scheduler sends it, and never a second time."""

    def __init__(
        self,
        *,
        servicer: MessagingServicer,
        conversations: Conversations,
        channels: Mapping[Channel, ChannelAdapter],
    ) -> None:
        self._servicer = servicer
        self._conversations = conversations
        self._channels = channels

    async def send(self, told: orchestrator_pb2.HandleEventResponse, *, property_id: str, request_id: str) -> None:
        """Queues each reply. Raises Refused (WINDOW_CLOSED, UNREACHABLE), Down."""
        for number, reply in enumerate(told.replies, start=1):
            message = messaging_pb2.SendMessageRequest(
                request_id=derived_id("msg", request_id, str(number)),
                property_id=property_id,
                identity=told.identity,
                content=reply,
            )
            await self._servicer.queue(message, owed=True)

    async def check(self, property_id: str, identity: Identity, file: Attachment) -> None:
        """Raises Invalid for what is no file to send, Refused(ATTACHMENT_REFUSED) for what the guest cannot get."""
        found = await self._conversations.find(property_id, identity)
        address = found.reply_address if found is not None else identity.address
        self._servicer.check_file(file, channel=identity.channel, address=address)

    async def send_file(
        self,
        told: orchestrator_pb2.HandleEventResponse,
        file: Attachment,
        *,
        property_id: str,
        request_id: str,
    ) -> None:
        """Queues a file behind the words. A message of its own: the scheduler, which may have to send the words, has
        none. Raises as `send` does.
        """
        attachment = message_pb2.Attachment(content=file.content, mime_type=file.mime_type, file_name=file.file_name)
        message = messaging_pb2.SendMessageRequest(
            request_id=derived_id("msg", request_id, "file"),
            property_id=property_id,
            identity=told.identity,
            content=message_pb2.OutboundMessage(attachment=attachment),
        )
        await self._servicer.queue(message, owed=True)

    async def cost(self, property_id: str, identity: Identity) -> str:
        """What the conversation's messages cost so far; empty where the channel bills nothing."""
        request = messaging_pb2.GetConversationCostRequest(
            identity=identity_to_proto(identity), property_id=property_id
        )
        answer = await self._servicer.GetConversationCost(request, None)
        if not answer.billed_messages or not answer.amount.currency_code:
            return ""
        spent = money_from_proto(answer.amount)
        return f"{spent.amount:.4f} {spent.currency} ({answer.billed_messages})"

    async def reach(self, property_id: str, identity: Identity, *, now: datetime) -> Reach:
        """Whether an answer would arrive now."""
        channel = self._channels.get(identity.channel)
        found = await self._conversations.find(property_id, identity)
        if channel is None or found is None:
            return Reach(possible=False)
        window = channel.window
        closes = found.last_inbound_time + window if window is not None and found.last_inbound_time else None
        return Reach(
            possible=found.window_is_open(now, window),
            closes=closes,
            last_inbound=found.last_inbound_time,
            conversation_id=found.conversation_id,
        )
