"""A webhook's JSON as a delivery: every entry, every change, every message, status and other field.

Nothing in a signed webhook is refused. What is no conversation, and what nobody knows, is kept as an event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.gateway.channels import reading
from services.gateway.channels.events import event_of
from services.gateway.channels.phones import is_user_id, phone_number
from services.gateway.channels.whatsapp.contents import body_of, kind_of
from services.gateway.channels.whatsapp.people import contact_of, sender_of
from services.gateway.domain.cleaning import clean_line
from services.gateway.domain.message import (
    AddressChange,
    Channel,
    ChannelEvent,
    Delivery,
    Identity,
    InboundMessage,
    PromotionConsent,
    StatusUpdate,
)

ANY_NUMBER = "*"


@dataclass(slots=True)
class _Gathered:
    """What has been found so far in one webhook."""

    numbers: Mapping[str, str]
    now: datetime
    messages: dict[str, InboundMessage] = field(default_factory=dict)
    statuses: list[StatusUpdate] = field(default_factory=list)
    events: dict[str, ChannelEvent] = field(default_factory=dict)
    address_changes: list[AddressChange] = field(default_factory=list)
    consents: list[PromotionConsent] = field(default_factory=list)

    def property_of(self, number: str) -> str:
        return self.numbers.get(number) or self.numbers.get(ANY_NUMBER, "")

    def keep(self, kind: str, payload: object, *, property_id: str = "") -> None:
        """An event, recognised by its content when it is repeated."""
        event = event_of(Channel.WHATSAPP, kind, payload, property_id=property_id)
        self.events[event.event_id] = event


def read_webhook(payload: object, *, numbers: Mapping[str, str], now: datetime, traceparent: str = "") -> Delivery:
    """Everything in the webhook. `numbers` maps phone_number_id to property, `*` stands for every other number."""
    gathered = _Gathered(numbers=numbers, now=now)
    changes = list(_changes(payload))
    for change in changes:
        _read_change(gathered, reading.text(change, "field", limit=64), reading.mapping(change, "value"))
    if not changes:
        gathered.keep("unreadable", payload)
    return Delivery(
        messages=tuple(gathered.messages.values()),
        statuses=tuple(gathered.statuses),
        events=tuple(gathered.events.values()),
        address_changes=tuple(gathered.address_changes),
        consents=tuple(gathered.consents),
        traceparent=traceparent,
    )


def _changes(payload: object) -> Iterator[Mapping[str, Any]]:
    for entry in reading.items(payload, "entry"):
        yield from reading.items(entry, "changes")


def _read_change(gathered: _Gathered, name: str, value: Mapping[str, Any]) -> None:
    number = reading.text(reading.mapping(value, "metadata"), "phone_number_id")
    property_id = gathered.property_of(number)
    found = False
    # Echoes of what the hotel's own staff wrote come under another field and another name: never answered.
    if name in ("messages", ""):
        for message in reading.items(value, "messages"):
            found = True
            _read_message(gathered, message, value, number=number, property_id=property_id)
        for status in reading.items(value, "statuses"):
            found = True
            _read_status(gathered, status, property_id=property_id)
    for consent in reading.items(value, "user_preferences"):
        _read_consent(gathered, consent, property_id=property_id)
    for change in reading.items(value, "user_id_update"):
        _read_address_change(gathered, change, property_id=property_id)
    if not found or "errors" in value:
        gathered.keep(name or "unknown", value, property_id=property_id)


def _read_message(
    gathered: _Gathered, message: Mapping[str, Any], value: Mapping[str, Any], *, number: str, property_id: str
) -> None:
    kind = kind_of(message)
    contact = contact_of(message, value)
    sender = sender_of(message, contact)
    message_id = reading.text(message, "id")
    if kind == "system":
        _read_address_change(gathered, {**message, **reading.mapping(message, "system")}, property_id=property_id)
        gathered.keep("system", message, property_id=property_id)
    elif reading.text(message, "group_id"):
        gathered.keep("group_message", message, property_id=property_id)
    elif not property_id:
        gathered.keep("unrouted_message", {"phone_number_id": number, "message": message})
    elif sender is None or not message_id:
        gathered.keep("incomplete_message", message, property_id=property_id)
    else:
        context = reading.mapping(message, "context")
        gathered.messages[message_id] = InboundMessage(
            message_id=message_id,
            property_id=property_id,
            account=number,
            sender=sender,
            send_time=min(reading.instant(message, "timestamp", default=gathered.now), gathered.now),
            receive_time=gathered.now,
            body=body_of(message),
            display_name=clean_line(reading.prose(reading.mapping(contact, "profile"), "name"), limit=128),
            reply_to_message_id=reading.text(context, "id"),
            forwarded=reading.flag(context, "forwarded") or reading.flag(context, "frequently_forwarded"),
        )


def _read_status(gathered: _Gathered, status: Mapping[str, Any], *, property_id: str) -> None:
    channel_message_id, word = reading.text(status, "id"), reading.text(status, "status", limit=32)
    if not channel_message_id or not word:
        gathered.keep("incomplete_status", status, property_id=property_id)
        return
    error = next(reading.items(status, "errors"), {})
    gathered.statuses.append(
        StatusUpdate(
            channel=Channel.WHATSAPP,
            channel_message_id=channel_message_id,
            status=word,
            time=reading.instant(status, "timestamp", default=gathered.now),
            message_id=reading.text(status, "biz_opaque_callback_data"),
            failure_code=reading.text(error, "code", limit=16),
            failure_word=clean_line(reading.prose(error, "title"), limit=128),
        )
    )
    # What was billed and what went wrong in detail is not in the columns; it is kept for the cost meter and people.
    if "pricing" in status or error:
        gathered.keep(f"status.{word}", status, property_id=property_id)


def _read_address_change(gathered: _Gathered, change: Mapping[str, Any], *, property_id: str) -> None:
    """A person's number or user id became another one."""
    user_id = reading.mapping(change, "user_id")
    previous = (
        reading.text(user_id, "previous") or reading.text(change, "previous_user_id") or reading.text(change, "from")
    )
    current = (
        reading.text(user_id, "current")
        or reading.text(change, "current_user_id")
        or reading.text(change, "wa_id")
        or reading.text(change, "user_id")
    )
    if property_id and _is_address(previous) and _is_address(current) and previous != current:
        gathered.address_changes.append(
            AddressChange(property_id=property_id, channel=Channel.WHATSAPP, previous=previous, current=current)
        )


def _read_consent(gathered: _Gathered, consent: Mapping[str, Any], *, property_id: str) -> None:
    address = reading.text(consent, "wa_id") or reading.text(consent, "user_id")
    choice = reading.text(consent, "value", limit=16)
    if property_id and address and choice in ("stop", "resume"):
        person = Identity(channel=Channel.WHATSAPP, address=address)
        gathered.consents.append(PromotionConsent(property_id=property_id, identity=person, stopped=choice == "stop"))


def _is_address(address: str) -> bool:
    return bool(phone_number(address)) or is_user_id(address)
