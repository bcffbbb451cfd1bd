"""A webhook's JSON as a delivery: every entry, every change, every message, status and other field.

Nothing in a signed webhook is refused. What is no conversation, and what nobody knows, is kept as an event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.gateway.channels import reading
from services.gateway.channels.events import event_of
from services.gateway.channels.phones import digits_of
from services.gateway.channels.whatsapp.contents import body_of, is_call_permission, kind_of, raw_words, shown
from services.gateway.channels.whatsapp.people import Contacts, names_before_and_after, sender_of
from services.gateway.domain.cleaning import clean_line
from services.gateway.domain.message import (
    AddressChange,
    Channel,
    ChannelEvent,
    Delivery,
    InboundMessage,
    PromotionConsent,
    StatusUpdate,
    Text,
)
from services.gateway.domain.signals import signals_in

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
    entries = _entries(payload)
    if not entries:
        gathered.keep("unreadable", payload)
    for entry in entries:
        _read_entry(gathered, entry)
    return Delivery(
        messages=tuple(gathered.messages.values()),
        statuses=tuple(gathered.statuses),
        events=tuple(gathered.events.values()),
        address_changes=tuple(dict.fromkeys(gathered.address_changes)),
        consents=tuple(gathered.consents),
        traceparent=traceparent,
    )


def _entries(payload: object) -> list[Mapping[str, Any]]:
    """The entries; relays in between have been seen to pass on only one entry, one change or its value, or a list."""
    match payload:
        case {"entry": _}:
            return list(reading.items(payload, "entry"))
        case {"changes": changes}:
            return [{"changes": changes}]
        case {"value": _}:
            return [{"changes": payload}]
        case {"messages": _} | {"statuses": _}:
            return [{"changes": {"value": payload}}]
        case [*several]:
            return [entry for one in several if isinstance(one, dict) for entry in _entries(one)]
    return []


def _read_entry(gathered: _Gathered, entry: Mapping[str, Any]) -> None:
    changes = list(reading.items(entry, "changes"))
    if not changes:
        # As of another app's turn to speak (`standby`), of a page, or of nobody knows what.
        gathered.keep("unreadable", entry)
    for change in changes:
        _read_change(gathered, reading.text(change, "field", limit=64), reading.mapping(change, "value"))


def _read_change(gathered: _Gathered, name: str, value: Mapping[str, Any]) -> None:
    number = reading.text(reading.mapping(value, "metadata"), "phone_number_id")
    property_id = gathered.property_of(number)
    # Echoes of what the hotel's own staff wrote, and the history of a phone, come under other fields: never answered.
    echoes = list(reading.items(value, "message_echoes")) if name == "smb_message_echoes" else []
    messages = list(reading.items(value, "messages")) if name in ("messages", "") else []
    statuses = list(reading.items(value, "statuses")) if name in ("messages", "") else []
    contacts = Contacts(value)
    own = digits_of(reading.text(reading.mapping(value, "metadata"), "display_phone_number"))
    for message in messages:
        reason = _no_conversation(message, own)
        if reason:
            _note_changes(gathered, message, property_id=property_id)
            gathered.keep(reason, message, property_id=property_id)
        else:
            _read_message(gathered, message, contacts.of(message), number=number, property_id=property_id)
    for echo in echoes:
        _read_echo(gathered, echo, contacts, number=number, property_id=property_id)
    for status in statuses:
        _read_status(gathered, status, property_id=property_id)
    for consent in reading.items(value, "user_preferences"):
        _read_consent(gathered, consent, number=number, property_id=property_id)
    for change in reading.items(value, "user_id_update"):
        _note_changes(gathered, change, property_id=property_id)
    read = len(messages) + len(statuses) + len(echoes)
    if read == 0 or read < reading.length(value, "messages") + reading.length(value, "statuses") or "errors" in value:
        gathered.keep(name or "unknown", value, property_id=property_id)


def _read_message(
    gathered: _Gathered, message: Mapping[str, Any], contact: Mapping[str, Any], *, number: str, property_id: str
) -> None:
    sender = sender_of(message, contact)
    message_id = reading.text(message, "id")
    if not property_id:
        gathered.keep("unrouted_message", {"phone_number_id": number, "message": message})
    elif sender is None or not message_id:
        gathered.keep("incomplete_message", message, property_id=property_id)
    else:
        context, profile = reading.mapping(message, "context"), reading.mapping(contact, "profile")
        gathered.messages[message_id] = InboundMessage(
            message_id=message_id,
            property_id=property_id,
            account=number,
            sender=sender,
            send_time=min(reading.instant(message, "timestamp", default=gathered.now), gathered.now),
            receive_time=gathered.now,
            body=body_of(message),
            display_name=clean_line(reading.prose(profile, "name") or reading.prose(profile, "username"), limit=128),
            # `message_id` is the word of the sending side; some relays hand it on.
            reply_to_message_id=reading.text(context, "id") or reading.text(context, "message_id"),
            signals=signals_in(raw_words(message)),
            forwarded=reading.flag(context, "forwarded") or reading.flag(context, "frequently_forwarded"),
        )
        for name, holder in (("referral", message), ("referred_product", context), ("errors", message)):
            if name in holder:
                gathered.keep(name, {"id": message_id, name: holder[name]}, property_id=property_id)


def _read_echo(
    gathered: _Gathered, echo: Mapping[str, Any], contacts: Contacts, *, number: str, property_id: str
) -> None:
    """What a person of the hotel wrote from the WhatsApp Business app; a reaction or a correction is kept."""
    addressee = {f"from{name}": echo.get(f"to{name}") for name in ("", "_user_id", "_parent_user_id")}
    guest, message_id, words = sender_of(addressee, contacts.of(addressee)), reading.text(echo, "id"), shown(echo)
    if not property_id or guest is None or not message_id or not words:
        gathered.keep("message_echo", echo, property_id=property_id)
        return
    gathered.messages[message_id] = InboundMessage(
        message_id=message_id,
        property_id=property_id,
        account=number,
        sender=guest,
        send_time=min(reading.instant(echo, "timestamp", default=gathered.now), gathered.now),
        receive_time=gathered.now,
        body=Text(text=words),
        by_staff=True,
    )


def _no_conversation(message: Mapping[str, Any], own: str) -> str:
    """Why an entry of `messages` is nothing a guest said to us, as the kind of its event; empty when it is.

    `own` are the digits of our number.
    """
    kind = kind_of(message)
    if kind in ("system", "request_welcome"):
        return kind  # somebody's number changed; somebody opened the chat
    if is_call_permission(message):
        return "call_permission_reply"  # whether we may call: a setting of the guest's, nothing said
    if reading.text(message, "group_id"):
        return "group_message"
    if own and "to" in message and digits_of(reading.text(message, "from")) == own:
        return "message_echo"
    return ""


def _read_status(gathered: _Gathered, status: Mapping[str, Any], *, property_id: str) -> None:
    channel_message_id, word = reading.text(status, "id"), reading.text(status, "status", limit=32).lower()
    if reading.text(status, "type") == "payment":
        # How a payment stands: "failed" here says nothing about the message that asked for it.
        gathered.keep("payment", status, property_id=property_id)
        return
    if not channel_message_id or not word:
        gathered.keep("incomplete_status", status, property_id=property_id)
        return
    error, pricing = next(reading.items(status, "errors"), {}), reading.mapping(status, "pricing")
    gathered.statuses.append(
        StatusUpdate(
            channel=Channel.WHATSAPP,
            channel_message_id=channel_message_id,
            status=word,
            time=reading.instant(status, "timestamp", default=gathered.now),
            message_id=reading.text(status, "biz_opaque_callback_data"),
            failure_code=reading.text(error, "code", limit=16),
            failure_word=clean_line(reading.prose(error, "title"), limit=128),
            price_category=reading.text(pricing, "category", limit=32),
            billable=_is_billed(pricing),
        )
    )
    # What went wrong in detail is not in the columns; it is kept for people.
    if error:
        gathered.keep(f"status.{word}", status, property_id=property_id)


def _is_billed(pricing: Mapping[str, Any]) -> bool:
    """Whether Meta bills for a message. The newer `type` says it by itself; the days after an ad click are free."""
    kind = reading.text(pricing, "type", limit=32)
    return reading.flag(pricing, "billable") if "billable" in pricing or not kind else kind == "regular"


def _note_changes(gathered: _Gathered, notice: Mapping[str, Any], *, property_id: str) -> None:
    """A person's number or user id became another one: every old name leads to every new one."""
    if not property_id:
        return
    previous, current = names_before_and_after(notice)
    gathered.address_changes += [
        AddressChange(property_id=property_id, channel=Channel.WHATSAPP, previous=old, current=new)
        for old in previous
        for new in current
        if old != new
    ]


def _read_consent(gathered: _Gathered, consent: Mapping[str, Any], *, number: str, property_id: str) -> None:
    person = sender_of({}, consent)
    choice = reading.text(consent, "value", limit=16).lower()
    if property_id and person is not None and choice in ("stop", "resume"):
        stopped = choice == "stop"
        gathered.consents.append(
            PromotionConsent(property_id=property_id, account=number, identity=person, stopped=stopped)
        )
