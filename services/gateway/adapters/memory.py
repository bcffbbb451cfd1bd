"""The gateway's tables in memory, and conversations over them: for tests and rehearsals. Passes the stores' suite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.gateway.channels.webchat.log import ChatEvent
from services.gateway.domain.conversation import Conversation, addresses_of, key_of
from services.gateway.domain.inbox import StoredMessage
from services.gateway.domain.message import (
    AddressChange,
    ChannelEvent,
    Identity,
    InboundMessage,
    OutboundMessage,
    StatusUpdate,
)
from services.gateway.domain.outbox import DeliveryState

AddressKey = tuple[str, str, str, str]


@dataclass(slots=True)
class ConversationRow:
    """A conversation and who works on it."""

    conversation: Conversation
    create_time: datetime
    burst_start: datetime | None = None
    due_time: datetime | None = None
    retry_time: datetime | None = None
    lease_holder: str = ""
    lease_until: datetime | None = None
    fence: int = 0


@dataclass(slots=True)
class InboundRow:
    """A message and how far it came."""

    stored: StoredMessage
    conversation_id: str
    receive_time: datetime
    traceparent: str
    state: str = "pending"
    turn_id: str = ""


@dataclass(slots=True)
class TurnRow:
    """A turn."""

    turn_id: str
    conversation_id: str
    messages: tuple[InboundMessage, ...]
    traceparent: str
    create_time: datetime
    update_time: datetime
    state: str = "open"
    tries: int = 1
    reason: str = ""


@dataclass(slots=True)
class OutboxRow:
    """A message of ours."""

    message_id: str
    sequence: int
    conversation_id: str
    content: OutboundMessage
    create_time: datetime
    update_time: datetime
    due_time: datetime
    traceparent: str
    turn_id: str = ""
    request_id: str = ""
    request_digest: str = ""
    scheduled_time: datetime | None = None
    state: DeliveryState = DeliveryState.QUEUED
    tries: int = 0
    lease_holder: str = ""
    lease_until: datetime | None = None
    fence: int = 0
    channel_message_id: str = ""
    failure_reason: str = ""
    possibly_repeated: bool = False


@dataclass(slots=True)
class Tables:
    """What the adapters in memory share. One event loop, and no method of theirs awaits half way: no locks."""

    conversations: dict[str, ConversationRow] = field(default_factory=dict)
    addresses: dict[AddressKey, str] = field(default_factory=dict)
    inbound: dict[tuple[str, str], InboundRow] = field(default_factory=dict)
    turns: dict[str, TurnRow] = field(default_factory=dict)
    outbox: dict[str, OutboxRow] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[tuple[str, str, str], tuple[StatusUpdate, datetime]] = field(default_factory=dict)
    events: dict[tuple[str, str], tuple[ChannelEvent, datetime]] = field(default_factory=dict)
    chats: list[tuple[str, str, datetime, ChatEvent]] = field(default_factory=list)
    forgotten: dict[str, datetime] = field(default_factory=dict)
    sequence: int = 0

    def next_sequence(self) -> int:
        """A number above every earlier one."""
        self.sequence += 1
        return self.sequence

    def resolve(self, property_id: str, person: Identity) -> str:
        """The conversation id of a person; addresses that were not known are linked to it."""
        keys = [address_key(property_id, person, name) for name in addresses_of(person)]
        known = next((self.addresses[key] for key in keys if key in self.addresses), None)
        chosen = known or key_of(property_id, person).conversation_id
        for key in keys:
            self.addresses.setdefault(key, chosen)
        return chosen

    def link(self, change: AddressChange) -> None:
        """The new address of a known person names the same conversation."""
        previous = (change.property_id, str(change.channel), "", change.previous)
        if previous in self.addresses:
            current = (change.property_id, str(change.channel), "", change.current)
            self.addresses.setdefault(current, self.addresses[previous])


def address_key(property_id: str, person: Identity, address: str) -> AddressKey:
    """Where an address is kept."""
    return (property_id, str(person.channel), person.channel_name, address)


class MemoryConversations:
    """`Conversations` in memory."""

    def __init__(self, *, tables: Tables) -> None:
        self._tables = tables

    async def find(self, property_id: str, identity: Identity) -> Conversation | None:
        for name in addresses_of(identity):
            conversation_id = self._tables.addresses.get(address_key(property_id, identity, name))
            if conversation_id is not None:
                return self._tables.conversations[conversation_id].conversation
        return None

    async def open(self, property_id: str, identity: Identity, *, account: str, now: datetime) -> Conversation:
        conversation_id = self._tables.resolve(property_id, identity)
        fresh = ConversationRow(
            conversation=Conversation(
                conversation_id=conversation_id,
                property_id=property_id,
                identity=replace(identity, aliases=()),
                account=account,
                reply_address=identity.address,
            ),
            create_time=now,
        )
        return self._tables.conversations.setdefault(conversation_id, fresh).conversation


class MemoryChatLog:
    """`ChatLog` in memory."""

    def __init__(self, *, tables: Tables) -> None:
        self._tables = tables

    async def append(self, *, conversation_id: str, message_id: str, payload: str, now: datetime) -> None:
        if all(known != message_id for _, known, _, _ in self._tables.chats):
            event = ChatEvent(event_id=self._tables.next_sequence(), payload=payload)
            self._tables.chats.append((conversation_id, message_id, now, event))

    async def after(self, conversation_id: str, event_id: int, *, limit: int) -> tuple[ChatEvent, ...]:
        events: Sequence[ChatEvent] = [
            event for owner, _, _, event in self._tables.chats if owner == conversation_id and event.event_id > event_id
        ]
        return tuple(events[:limit])
