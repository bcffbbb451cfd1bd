"""What the gateway needs from the outside, as it sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from starlette.routing import BaseRoute

from services.gateway.domain.attachment import Attachment
from services.gateway.domain.conversation import Conversation
from services.gateway.domain.costs import PricedMessage
from services.gateway.domain.erasure import Erasure
from services.gateway.domain.inbox import Backlog, Turn
from services.gateway.domain.message import Channel, Delivery, Identity, OutboundMessage
from services.gateway.domain.outbox import Again, GiveUp, OutboxItem, SendOutcome, SentMessage
from services.gateway.domain.quiet import QuietHours
from services.gateway.domain.rates import Bucket, Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What came of storing a delivery. `due_time` is the earliest time at which a conversation of it may be claimed."""

    new_messages: int = 0
    repeated_messages: int = 0
    due_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Messages, newest first; `next_before` is the sequence to go on from, or None at the end."""

    messages: tuple[SentMessage, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long settled things are kept. `inbox` also bounds how late a repeated webhook is still recognised."""

    inbox: timedelta
    outbox: timedelta
    events: timedelta
    conversations: timedelta


class Inbox(Protocol):
    """What guests sent, until it is answered. Every method raises Down when the store is away."""

    async def store(self, delivery: Delivery, *, now: datetime) -> Stored:
        """Keeps everything of the delivery in one transaction; what is known already is left as it is."""

    async def claim(self, *, holder: str, now: datetime) -> Turn | None:
        """The next due conversation's turn: the open one if there is one, else one made of its pending messages."""

    async def complete(
        self, turn: Turn, replies: Sequence[OutboundMessage], *, now: datetime, traceparent: str
    ) -> datetime | None:
        """Settles the turn and queues its replies, both or neither. Raises Conflict(LOCK_LOST) behind a newer fence.

        Gives the time at which the conversation is due again, when more has come in meanwhile.
        """

    async def retry(self, turn: Turn, *, not_before: datetime, reason: str) -> None:
        """Gives the turn back after a failure. Raises Conflict(LOCK_LOST)."""

    async def park(self, turn: Turn, *, reason: str, now: datetime) -> datetime | None:
        """Puts the turn aside after its last try; the conversation goes on. As `complete` otherwise."""

    async def defer(self, turn: Turn, *, not_before: datetime) -> None:
        """Gives the turn back untried, as at shutdown or to a guest in a hurry. Never raises for a lost lease."""

    async def renew(self, turns: Sequence[Turn], *, now: datetime) -> None:
        """Prolongs the leases that are still held, from now."""

    async def replay_parked(self, *, now: datetime, limit: int = 100, turn_id: str = "") -> int:
        """Opens parked turns again, oldest first, or the one with this id; returns how many. One whose conversation has
        another turn open, or is being worked on, stays as it is.
        """

    async def discard_parked(self, turn_id: str, *, now: datetime) -> bool:
        """Settles a parked turn and its messages without an answer; False when it is not parked."""

    async def next_due(self) -> datetime | None:
        """When the next conversation will be due; in the past when one is waiting."""

    async def backlog(self) -> Backlog:
        """How much is waiting."""

    async def forget(self, retention: Retention, *, now: datetime) -> int:
        """Removes what is settled and old; returns how many rows."""


class Outbox(Protocol):
    """What guests are to be told, in order for each conversation. Every method raises Down when the store is away."""

    async def claim(
        self, *, channels: Sequence[Channel], holder: str, now: datetime, lease: timedelta
    ) -> OutboxItem | None:
        """The next due message that has no earlier unsent one before it in its conversation."""

    async def settle(
        self, item: OutboxItem, outcome: SendOutcome, step: Again | GiveUp | None, *, now: datetime
    ) -> None:
        """Writes down how the try ended. Raises Conflict(LOCK_LOST) behind a newer fence."""

    async def defer(self, item: OutboxItem, *, not_before: datetime) -> None:
        """Gives the message back untried, as for pacing or at shutdown. Never raises for a lost lease."""

    async def renew(self, items: Sequence[OutboxItem], *, until: datetime) -> None:
        """Prolongs the leases that are still held."""

    async def add(
        self,
        *,
        request_id: str,
        digest: str,
        conversation: Conversation,
        content: OutboundMessage,
        not_before: datetime | None,
        now: datetime,
        traceparent: str,
    ) -> SentMessage:
        """Queues a message for another system. The same request answers the stored message; another body under the
        same id raises Invalid(REQUEST_ID_REUSED)."""

    async def get(self, message_id: str) -> SentMessage:
        """Raises NotFound(MESSAGE_NOT_FOUND)."""

    async def find_request(self, request_id: str, digest: str) -> SentMessage | None:
        """The message stored for this request. Raises Invalid(REQUEST_ID_REUSED) for another digest."""

    async def page(self, conversation_id: str, *, before: int | None, size: int) -> Page:
        """Messages of a conversation, newest first."""

    async def next_due(self, *, channels: Sequence[Channel], now: datetime) -> datetime | None:
        """When the next message will be due; in the past when one is waiting."""

    async def counts(self, *, since: datetime) -> dict[str, int]:
        """Messages by state: all that are queued, others as far as anything was heard of them since."""


class Conversations(Protocol):
    """Who talks with which property."""

    async def find(self, property_id: str, identity: Identity) -> Conversation | None:
        """The conversation of an identity, by any of its addresses."""

    async def open(self, property_id: str, identity: Identity, *, account: str, now: datetime) -> Conversation:
        """The conversation of an identity, made when there is none."""


class Orchestrator(Protocol):
    """The conversation itself."""

    async def handle_turn(self, turn: Turn) -> tuple[OutboundMessage, ...]:
        """What to say. Idempotent by `turn.turn_id`. Raises the family of mesh.errors."""


class Costs(Protocol):
    """What channels bill."""

    async def priced(self, conversation_id: str) -> tuple[PricedMessage, ...]:
        """Every message of a conversation of which a price was told, once. Raises Down."""


class Erasures(Protocol):
    """Guests whom the session service has forgotten. Every method raises Down when it is away."""

    async def pending(self) -> Sequence[Erasure]:
        """Some that are not settled, oldest first."""

    async def settle(self, erasure: Erasure) -> None:
        """Nothing of that guest is left here."""


class Eraser(Protocol):
    """What is kept of a guest here, to be removed."""

    async def erase(self, erasure: Erasure, *, now: datetime) -> bool:
        """Removes it all at once, or nothing while a message from or to the guest is in work: then False.

        What was delivered stays known by a hash, so that a repeated delivery is no new message. A second time finds
        nothing to do. Raises Down.
        """


class Allowance(Protocol):
    """Token buckets, shared by all replicas where there is something to share them in. Never raises."""

    async def take(self, buckets: Sequence[Bucket], *, most: int = 1) -> Grant:
        """Takes the same number from every bucket, at most `most`, or none: then how long to wait for one."""

    async def empty(self, bucket: Bucket) -> None:
        """Nothing more until a token has grown again."""


class GuestDirectory(Protocol):
    """Who guests are. Every method raises Down when nobody can say."""

    async def identities(self, guest_id: str) -> tuple[Identity, ...]:
        """On which channels a guest is known. Raises NotFound(GUEST_NOT_FOUND)."""

    async def opted_out(self, identity: Identity) -> bool:
        """Whether the guest of an identity stopped messages that we start; False for who is not known."""


class HotelHours(Protocol):
    """When a hotel lets its guests sleep. Never raises."""

    async def quiet(self, property_id: str) -> QuietHours | None:
        """As the hotel says itself; None where it says nothing, or nobody answers and none were known."""


class ChannelAdapter(Protocol):
    """A channel: one folder, one of these."""

    @property
    def channel(self) -> Channel:
        """Which one."""

    @property
    def window(self) -> timedelta | None:
        """How long after a guest's message free-form answers may be sent; None: always."""

    def account_for(self, property_id: str) -> str:
        """Our own number or address for messages we start. Raises Refused(UNREACHABLE) when there is none."""

    def routes(self) -> Sequence[BaseRoute]:
        """Its part of the HTTP surface: webhooks, pages."""

    def refuses(self, attachment: Attachment, *, address: str) -> str:
        """Why a file cannot go to an address, in a sentence; empty when it can."""

    async def pace(self, item: OutboxItem) -> float:
        """Seconds to wait before this message may go; 0 takes its place in the pace at once."""

    async def send(self, item: OutboxItem) -> SendOutcome:
        """Hands one message to the channel. Never raises for the channel's refusals or silence."""
