"""What an attached channel sends as a delivery: messages, statuses, and what nobody knows, kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from services.gateway.channels import reading
from services.gateway.channels.events import event_of
from services.gateway.channels.generic.settings import Attached
from services.gateway.channels.phones import phone_number
from services.gateway.domain.cleaning import clean_line, clean_text
from services.gateway.domain.message import (
    Button,
    Channel,
    ChannelEvent,
    Content,
    Delivery,
    Identity,
    InboundMessage,
    Location,
    Media,
    MediaKind,
    StatusUpdate,
    Text,
    Unsupported,
    Voice,
)
from services.gateway.domain.signals import signals_in

_MAX_ATTACHMENTS = 10
_KINDS = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "sticker": MediaKind.STICKER}

Payload = Mapping[str, Any]


def read_messages(
    payload: object, *, attached: Attached, idempotency_key: str, now: datetime, traceparent: str = ""
) -> Delivery:
    """One message, or those in `messages`. A message without an id of its own is known by the Idempotency-Key."""
    several = list(reading.items(payload, "messages"))
    found = several or ([payload] if isinstance(payload, dict) else [])
    messages: list[InboundMessage] = []
    events: list[ChannelEvent] = []
    for number, message in enumerate(found):
        key = f"{idempotency_key}/{number}" if several else idempotency_key
        message_id = reading.text(message, "id", limit=256) or (key if idempotency_key else "")
        person = _person(message, attached)
        if person is None or not message_id:
            events.append(_kept("incomplete_message", message, attached))
            continue
        messages += _read(message, message_id, person, attached=attached, now=now)
        if "metadata" in message:
            told = {"id": message_id, "metadata": message["metadata"]}
            events.append(_kept("metadata", told, attached))
    if not found:
        events.append(_kept("unreadable", payload, attached))
    return Delivery(messages=tuple(messages), events=tuple(events), traceparent=traceparent)


def read_statuses(payload: object, *, attached: Attached, now: datetime, traceparent: str = "") -> Delivery:
    """`{id, status, error?}` of a message of ours, by our id or the one the callback answered; or `statuses`."""
    found = list(reading.items(payload, "statuses")) or ([payload] if isinstance(payload, dict) else [])
    statuses: list[StatusUpdate] = []
    for status in found:
        message_id, word = reading.text(status, "id", limit=256), reading.text(status, "status", limit=32).lower()
        if message_id and word:
            error = reading.mapping(status, "error")
            statuses.append(
                StatusUpdate(
                    channel=Channel.GENERIC,
                    channel_message_id=message_id,
                    status=word,
                    time=_time(status, "time", now),
                    message_id=message_id,
                    failure_code=reading.text(error, "code", limit=16),
                    failure_word=clean_line(reading.prose(error, "message"), limit=128),
                )
            )
    events = () if statuses else (_kept("incomplete_status", payload, attached),)
    return Delivery(statuses=tuple(statuses), events=events, traceparent=traceparent)


def _read(
    message: Payload, message_id: str, person: Identity, *, attached: Attached, now: datetime
) -> Iterator[InboundMessage]:
    # Ids are unique in one attached channel; ours have to be in all.
    own_id = f"{attached.name}:{message_id}"
    for number, content in enumerate(_contents(message)):
        yield InboundMessage(
            message_id=own_id if number == 0 else f"{own_id}/{number}",
            property_id=attached.property_id,
            # Where it was said there is where the answer belongs.
            account=reading.text(message, "conversation", limit=256),
            sender=person,
            send_time=_time(message, "sent_at", now),
            receive_time=now,
            body=content,
            display_name=clean_line(reading.prose(reading.mapping(message, "sender"), "name"), limit=128),
            reply_to_message_id=reading.text(message, "reply_to"),
            forwarded=reading.flag(message, "forwarded"),
            signals=signals_in(reading.prose(message, "text")) if number == 0 else (),
            language=reading.language(reading.mapping(message, "sender"), "locale"),
        )


def _person(message: Payload, attached: Attached) -> Identity | None:
    sender = reading.mapping(message, "sender")
    address = (
        reading.text(sender, "id", limit=320)
        or reading.text(message, "sender", limit=320)
        or reading.text(message, "conversation", limit=256)
    )
    if not address:
        return None
    return Identity(
        channel=Channel.GENERIC,
        channel_name=attached.name,
        address=address,
        phone_number=phone_number(reading.text(sender, "phone")),
    )


def _contents(message: Payload) -> list[Content]:
    words = clean_text(reading.prose(message, "text"))
    choice_id = clean_line(reading.text(message, "choice_id"), limit=200)
    if choice_id:
        return [Button(button_id=choice_id, title=clean_line(words))]
    place = _place(reading.mapping(message, "location"))
    attachments = list(_attachments(message, words))
    found: list[Content] = [*([place] if place is not None else []), *attachments]
    if words and not any(isinstance(content, Media) for content in attachments):
        found.insert(0, Text(text=words))
    return found or [Unsupported(kind=reading.text(message, "type", limit=32) or "empty")]


def _place(location: Payload) -> Location | None:
    latitude = reading.degrees(location, "latitude", most=90.0)
    longitude = reading.degrees(location, "longitude", most=180.0)
    if latitude is None or longitude is None:
        return None
    return Location(latitude=latitude, longitude=longitude, label=clean_line(reading.prose(location, "label")))


def _attachments(message: Payload, words: str) -> Iterator[Content]:
    caption = words
    for attachment in list(reading.items(message, "attachments"))[:_MAX_ATTACHMENTS]:
        mime_type = reading.text(attachment, "mime_type", limit=128).lower()
        kind = reading.text(attachment, "type", limit=32).lower() or mime_type.partition("/")[0]
        media_id = reading.text(attachment, "url", limit=2048) or reading.text(attachment, "id")
        if not media_id:
            yield Unsupported(kind=kind or "attachment")
        elif kind in ("audio", "voice"):
            yield Voice(media_id=media_id, mime_type=mime_type)
        else:
            name = clean_line(reading.prose(attachment, "name"), limit=128)
            shown = _KINDS.get(kind, MediaKind.DOCUMENT)
            yield Media(kind=shown, media_id=media_id, mime_type=mime_type, caption=caption, file_name=name)
            caption = ""


def _time(message: Payload, name: str, now: datetime) -> datetime:
    """ISO 8601 or Unix seconds; a time without a zone is in UTC, one that is to come is now."""
    try:
        told = datetime.fromisoformat(reading.text(message, name, limit=40))
        found = told.astimezone(UTC) if told.tzinfo is not None else told.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        found = reading.instant(message, name, default=now)
    return min(found, now)


def _kept(kind: str, payload: object, attached: Attached) -> ChannelEvent:
    told = {"channel": attached.name, "payload": payload}
    return event_of(Channel.GENERIC, kind, told, property_id=attached.property_id)
