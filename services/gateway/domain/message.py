"""Messages in both directions, the same for every channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TypeAlias

from services.gateway.domain.attachment import Attachment


class Channel(StrEnum):
    """Where a conversation takes place."""

    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"
    WEBCHAT = "webchat"
    GENERIC = "generic"


class MediaKind(StrEnum):
    """What a medium is."""

    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """How a person is known on a channel.

    `address` is what the channel gave us for answering; `aliases` are its other names for the same person (a
    business-scoped user id beside a phone, a phone in its other spelling), so that one guest stays one conversation.
    """

    channel: Channel
    address: str
    phone_number: str = ""
    channel_name: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words, cleaned: 1-16,000 characters. The orchestrator gets them in pieces of at most 4,000."""

    text: str
    subject: str = ""
    quoted_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, video, document or sticker, not fetched yet."""

    kind: MediaKind
    media_id: str
    mime_type: str = ""
    caption: str = ""
    sha256: str = ""
    file_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWord:
    """One word of a transcript and how sure the recogniser is of it, 0-1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice note; `failure` says why there is no transcript. Neither: it has not been heard yet."""

    media_id: str
    mime_type: str = ""
    transcript: str = ""
    confidence: float = 0.0
    words: tuple[HeardWord, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place in degrees, WGS 84."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A tap on a choice of ours, or on a template's quick reply."""

    button_id: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A reaction to a message; an empty emoji takes it back. Never a consent."""

    target_message_id: str
    emoji: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One contact card."""

    display_name: str = ""
    phone_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Contact cards."""

    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """A form or an order, kept as the channel's JSON text."""

    kind: str
    json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """Something nobody can read; `kind` is the channel's own name for it."""

    kind: str


Content: TypeAlias = Text | Media | Voice | Location | Button | Reaction | Cards | Structured | Unsupported


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The guest replaced the content of an earlier message."""

    target_message_id: str
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke:
    """The guest took an earlier message back."""

    target_message_id: str


Body: TypeAlias = Content | Edit | Revoke


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """One thing a guest sent, or with `by_staff` a person of the hotel to the guest who is its `sender`, from the
    channel's own app. `account` is the number or address of ours it was sent to.

    `sender_unverified`: the channel could not prove that it comes from the sender's address. `signals`: patterns of
    attacks in its words, told to people and never a reason to treat it otherwise. `language`: BCP-47, of the sender's
    app, where the channel tells it.
    """

    message_id: str
    property_id: str
    account: str
    sender: Identity
    send_time: datetime
    receive_time: datetime
    body: Body
    display_name: str = ""
    reply_to_message_id: str = ""
    forwarded: bool = False
    edited: bool = False
    signals: tuple[str, ...] = ()
    sender_unverified: bool = False
    language: str = ""
    by_staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice offered to the guest."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """One message to a guest, before a channel cuts it to its limits. With a file the text is its caption."""

    text: str
    language: str = ""
    choices: tuple[Choice, ...] = ()
    subject: str = ""
    reply_to_message_id: str = ""
    template_name: str = ""
    template_arguments: tuple[str, ...] = ()
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEvent:
    """Something a channel told us that is no conversation: kept as JSON text, for people and later features.

    `event_id` is the same for every repetition of the event.
    """

    channel: Channel
    event_id: str
    kind: str
    payload: str
    property_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChange:
    """A person's address became another one; both are the same person."""

    property_id: str
    channel: Channel
    previous: str
    current: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionConsent:
    """A guest stopped or resumed messages that advertise, told by the channel itself. `account` as of a message."""

    property_id: str
    identity: Identity
    stopped: bool
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """What a channel says about a message of ours. `message_id` is ours where the channel gave it back.

    `price_category` and `billable` are what it bills for; empty where it said nothing of a price.
    """

    channel: Channel
    channel_message_id: str
    status: str
    time: datetime
    message_id: str = ""
    failure_code: str = ""
    failure_word: str = ""
    price_category: str = ""
    billable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Everything one webhook call brought: stored whole or not at all."""

    messages: tuple[InboundMessage, ...] = ()
    statuses: tuple[StatusUpdate, ...] = ()
    events: tuple[ChannelEvent, ...] = ()
    address_changes: tuple[AddressChange, ...] = ()
    consents: tuple[PromotionConsent, ...] = ()
    traceparent: str = field(default="", compare=False)


def digest_of(channel: str, message_id: str) -> str:
    """What a guest's message is known by without its channel's id, which may hold the guest's number."""
    return sha256(f"{channel}\x1f{message_id}".encode()).hexdigest()
