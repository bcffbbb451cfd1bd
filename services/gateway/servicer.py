"""MessagingService: other systems put messages into the outbox and see how far they came."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from google.type.money_pb2 import Money
from hotel.common.v1 import channel_pb2
from hotel.gateway.v1 import messaging_pb2, messaging_pb2_grpc
from mesh.clock import Clock
from mesh.errors import Invalid, Refused
from mesh.tracing import current_traceparent
from mesh.wire import require, require_storable, time_from_proto, time_to_proto

from services.gateway.adapters.wire import (
    channel_from_proto,
    identity_to_proto,
    outbound_from_proto,
    outbound_to_proto,
)
from services.gateway.channels.phones import match_key, phone_number
from services.gateway.domain.attachment import Attachment, faults_of
from services.gateway.domain.cleaning import storable
from services.gateway.domain.conversation import Conversation
from services.gateway.domain.costs import PriceList
from services.gateway.domain.message import Channel, Identity, OutboundMessage
from services.gateway.domain.outbox import DeliveryState, SentMessage
from services.gateway.outbox.courtesy import Courtesy
from services.gateway.ports import ChannelAdapter, Conversations, Costs, GuestDirectory, Outbox

MAX_TEXT = 4096
MAX_CHOICES = 10
MAX_PAGE = 200
_DEFAULT_PAGE = 50
_STATES = {
    DeliveryState.QUEUED: messaging_pb2.DELIVERY_STATE_QUEUED,
    DeliveryState.SENT: messaging_pb2.DELIVERY_STATE_SENT,
    DeliveryState.DELIVERED: messaging_pb2.DELIVERY_STATE_DELIVERED,
    DeliveryState.READ: messaging_pb2.DELIVERY_STATE_READ,
    DeliveryState.FAILED: messaging_pb2.DELIVERY_STATE_FAILED,
}


class MessagingServicer(messaging_pb2_grpc.MessagingServiceServicer):
    """The gRPC face of the outbox. `queued(time)` wakes the sender; a file has at most `most_bytes`."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        conversations: Conversations,
        guests: GuestDirectory,
        channels: Mapping[Channel, ChannelAdapter],
        clock: Clock,
        queued: Callable[[datetime], None],
        costs: Costs,
        prices: PriceList,
        courtesy: Courtesy,
        most_bytes: int,
    ) -> None:
        self._outbox = outbox
        self._conversations = conversations
        self._guests = guests
        self._channels = channels
        self._clock = clock
        self._queued = queued
        self._costs = costs
        self._prices = prices
        self._courtesy = courtesy
        self._most_bytes = most_bytes

    async def SendMessage(self, request: Any, context: Any) -> messaging_pb2.SendMessageResponse:
        del context
        return messaging_pb2.SendMessageResponse(message=_to_proto(await self.queue(request)))

    async def queue(self, request: messaging_pb2.SendMessageRequest, *, owed: bool = False) -> SentMessage:
        """Puts a message into the outbox. `owed`: a person's own words to the guest, at whatever hour they are written.
        Raises Invalid, NotFound(GUEST_NOT_FOUND), Refused (UNREACHABLE, OPTED_OUT, WINDOW_CLOSED, ATTACHMENT_REFUSED),
        Down.
        """
        require(request, "request_id", "property_id", "content")
        require_storable(request)
        content = _content_of(request, self._most_bytes)
        digest = hashlib.sha256(request.SerializeToString(deterministic=True)).hexdigest()
        stored = await self._outbox.find_request(request.request_id, digest)
        if stored is None:
            now = self._clock.now()
            conversation = await self._conversation_for(request, now)
            not_before = max(now, time_from_proto(request.send_after_time, "send_after_time") or now)
            if not owed:
                not_before = await self._courtesy.time_for(
                    conversation, promotional=request.promotional, wanted=not_before
                )
            self._check(conversation, content, at=not_before)
            stored = await self._outbox.add(
                request_id=request.request_id,
                digest=digest,
                conversation=conversation,
                content=content,
                not_before=not_before if not_before > now else None,
                now=now,
                traceparent=current_traceparent(),
            )
            self._queued(not_before)
        return stored

    async def GetMessage(self, request: Any, context: Any) -> messaging_pb2.GetMessageResponse:
        del context
        require(request, "message_id")
        require_storable(request)
        return messaging_pb2.GetMessageResponse(message=_to_proto(await self._outbox.get(request.message_id)))

    async def ListMessages(self, request: Any, context: Any) -> messaging_pb2.ListMessagesResponse:
        del context
        require(request, "identity", "property_id")
        require_storable(request)
        size = request.page_size or _DEFAULT_PAGE
        if not 1 <= size <= MAX_PAGE:
            raise Invalid("page_size is out of range", fields={"page_size": f"must be 1 to {MAX_PAGE}"})
        conversation = await self._conversations.find(request.property_id, _identity_of(request.identity))
        if conversation is None:
            return messaging_pb2.ListMessagesResponse()
        before = _read_page_token(request.page_token, conversation.conversation_id)
        page = await self._outbox.page(conversation.conversation_id, before=before, size=size)
        token = "" if page.next_before is None else _page_token(page.next_before, conversation.conversation_id)
        return messaging_pb2.ListMessagesResponse(messages=map(_to_proto, page.messages), next_page_token=token)

    async def GetConversationCost(self, request: Any, context: Any) -> messaging_pb2.GetConversationCostResponse:
        del context
        require(request, "identity", "property_id")
        require_storable(request)
        conversation = await self._conversations.find(request.property_id, _identity_of(request.identity))
        priced = await self._costs.priced(conversation.conversation_id) if conversation is not None else ()
        cost = self._prices.cost_of(priced)
        units, micros = divmod(cost.micros, 1_000_000)
        return messaging_pb2.GetConversationCostResponse(
            messages=cost.messages,
            billed_messages=cost.billed,
            unpriced_messages=cost.unpriced,
            amount=Money(currency_code=cost.currency, units=units, nanos=micros * 1000),
        )

    async def _conversation_for(self, request: Any, now: datetime) -> Conversation:
        match request.WhichOneof("recipient"):
            case "identity":
                return await self._opened(request.property_id, _identity_of(request.identity), now)
            case "guest_id":
                known = await self._guests.identities(request.guest_id)
                return await self._latest(request.property_id, known, now)
            case _:
                raise Invalid("nobody to write to", fields={"recipient": "guest_id or identity is required"})

    async def _latest(self, property_id: str, identities: tuple[Identity, ...], now: datetime) -> Conversation:
        """The conversation the guest last wrote in; one on the first channel we can open when there is none."""
        known = [await self._conversations.find(property_id, identity) for identity in identities]
        open_ones = [c for c in known if c is not None and c.identity.channel in self._channels]
        if open_ones:
            return max(open_ones, key=lambda c: c.last_inbound_time.timestamp() if c.last_inbound_time else 0.0)
        reachable = next((i for i in identities if i.channel is Channel.WHATSAPP and i.channel in self._channels), None)
        if reachable is None:
            raise Refused("UNREACHABLE", "no channel is known on which this guest can be reached")
        return await self._opened(property_id, reachable, now)

    async def _opened(self, property_id: str, identity: Identity, now: datetime) -> Conversation:
        channel = self._channels.get(identity.channel)
        if channel is None:
            raise Refused("UNREACHABLE", f"the channel {identity.channel} is not in use here")
        found = await self._conversations.find(property_id, identity)
        if found is not None:
            return found
        account = channel.account_for(property_id)
        return await self._conversations.open(property_id, identity, account=account, now=now)

    def _check(self, conversation: Conversation, content: OutboundMessage, *, at: datetime) -> None:
        window = self._channels[conversation.identity.channel].window
        if not content.template_name and not conversation.window_is_open(at, window):
            raise Refused("WINDOW_CLOSED", "the free-form window is closed and no template was given")
        if content.attachment is not None:
            self.check_file(
                content.attachment, channel=conversation.identity.channel, address=conversation.reply_address
            )

    def check_file(self, attachment: Attachment, *, channel: Channel, address: str) -> None:
        """Raises Invalid for what is no file to send, Refused(ATTACHMENT_REFUSED) for what an address cannot get."""
        if faults := faults_of(attachment, most_bytes=self._most_bytes):
            raise Invalid("the file cannot be sent as it is", fields={f"file.{n}": f for n, f in faults.items()})
        if why := self._channels[channel].refuses(attachment, address=address):
            raise Refused("ATTACHMENT_REFUSED", why)


def _content_of(request: Any, most_bytes: int) -> OutboundMessage:
    content = outbound_from_proto(request.content)
    if faults := _faults_of(content, request.request_id, most_bytes):
        raise Invalid("the message cannot be sent as it is", fields=faults)
    return content


def _faults_of(content: OutboundMessage, request_id: str, most_bytes: int) -> dict[str, str]:
    faults: dict[str, str] = {}
    if content.attachment is not None:
        found = faults_of(content.attachment, most_bytes=most_bytes)
        faults |= {f"content.attachment.{name}": fault for name, fault in found.items()}
    elif not content.template_name and not content.text.strip():
        faults["content.text"] = "is required without a template or a file"
    if len(content.text) > MAX_TEXT:
        faults["content.text"] = f"must have at most {MAX_TEXT} characters"
    if len(content.choices) > MAX_CHOICES:
        faults["content.choices"] = f"must be at most {MAX_CHOICES}"
    if len(request_id) > 256:
        faults["request_id"] = "must have at most 256 characters"
    return faults


def _identity_of(proto: channel_pb2.ChannelIdentity) -> Identity:
    channel, address = channel_from_proto(proto.channel), storable(proto.address, limit=321)
    faults = {}
    if channel is None:
        faults["identity.channel"] = "is required"
    if not 1 <= len(address) <= 320 or address != proto.address:
        faults["identity.address"] = "must have 1 to 320 printable characters"
    if faults or channel is None:
        raise Invalid("nobody is named by this identity", fields=faults)
    if channel is Channel.EMAIL:
        address = address.lower()
    if channel is not Channel.WHATSAPP:
        return Identity(channel=channel, address=address, channel_name=proto.channel_name)
    # Other systems know phones with a plus; the conversation may have begun under another spelling.
    address = address.removeprefix("+")
    keys = tuple(key for key in (match_key(address),) if key)
    return Identity(channel=channel, address=address, phone_number=phone_number(address), aliases=keys)


def _to_proto(message: SentMessage) -> messaging_pb2.Message:
    return messaging_pb2.Message(
        message_id=message.message_id,
        recipient=identity_to_proto(message.conversation.identity),
        property_id=message.property_id,
        content=outbound_to_proto(message.content),
        state=_STATES[message.state],
        channel_message_id=message.channel_message_id,
        failure_reason=message.failure_reason,
        attempts=message.tries,
        create_time=time_to_proto(message.create_time),
        update_time=time_to_proto(message.update_time),
        possibly_repeated=message.possibly_repeated,
    )


def _page_token(before: int, conversation_id: str) -> str:
    """The place to go on from, tied to the conversation so that it cannot be used for another."""
    return base64.urlsafe_b64encode(f"{before}.{_tie(before, conversation_id)}".encode()).decode().rstrip("=")


def _read_page_token(token: str, conversation_id: str) -> int | None:
    if not token:
        return None
    try:
        place, _, tie = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii").partition(".")
        before = int(place)
    except ValueError:
        before, tie = 0, ""
    if not hmac.compare_digest(tie, _tie(before, conversation_id)):
        raise Invalid("the page token is of another call", reason="INVALID_PAGE_TOKEN")
    return before


def _tie(before: int, conversation_id: str) -> str:
    return hashlib.sha256(f"{before}\x1f{conversation_id}".encode()).hexdigest()[:16]
