"""Conversations: one guest on one channel of one property, worked on by one holder at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mesh.values import derived_id

from services.gateway.domain.message import Channel, Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationKey:
    """What makes two messages part of one conversation. `address` is the first address the guest was known by."""

    property_id: str
    channel: Channel
    channel_name: str
    address: str

    @property
    def conversation_id(self) -> str:
        """The same id on every replica."""
        return derived_id("cnv", self.property_id, self.channel, self.channel_name, self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Where to answer, and since when the guest is silent.

    `identity` is stable for the life of the conversation; `reply_address` and `account` are the newest.
    """

    conversation_id: str
    property_id: str
    identity: Identity
    account: str
    reply_address: str
    last_inbound_time: datetime | None = None
    promotions_stopped: bool = False

    def stops(self, *, promotional: bool) -> bool:
        """Whether the channel told us not to begin such a message: a carrier's STOP is of all, others of adverts."""
        return self.promotions_stopped and (promotional or self.identity.channel is Channel.SMS)

    def window_is_open(self, now: datetime, window: timedelta | None) -> bool:
        """Whether free-form messages may be sent. A channel without a window (None) is always open."""
        if window is None:
            return True
        return self.last_inbound_time is not None and now < self.last_inbound_time + window


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on one thing until `until`. A write with a fence that is no longer the newest is refused."""

    holder: str
    fence: int
    until: datetime


def key_of(property_id: str, identity: Identity) -> ConversationKey:
    """The key under which a first message of this identity opens a conversation."""
    return ConversationKey(
        property_id=property_id,
        channel=identity.channel,
        channel_name=identity.channel_name,
        address=identity.address,
    )


def addresses_of(identity: Identity) -> tuple[str, ...]:
    """Every name of the person on the channel, the answering address first, without repetitions."""
    return tuple(dict.fromkeys(name for name in (identity.address, *identity.aliases) if name))
