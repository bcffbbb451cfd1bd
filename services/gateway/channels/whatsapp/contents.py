"""What a WhatsApp message holds, by its type. Every type gets a content; what nobody knows is Unsupported."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from services.gateway.channels import reading
from services.gateway.channels.events import as_json, form_json
from services.gateway.domain.cleaning import MAX_TEXT_LENGTH, clean_line, clean_text
from services.gateway.domain.message import (
    Body,
    Button,
    Card,
    Cards,
    Content,
    Edit,
    Location,
    Media,
    MediaKind,
    Reaction,
    Revoke,
    Structured,
    Text,
    Unsupported,
    Voice,
)

MAX_CARDS = 20
_HEX_LENGTH = 64

Message = Mapping[str, Any]


def body_of(message: Message) -> Body:
    """The body of one entry of `messages`."""
    kind = kind_of(message)
    if kind == "edit":
        return _edit(message)
    if kind == "revoke":
        target = reading.text(reading.mapping(message, "revoke"), "original_message_id")
        return Revoke(target_message_id=target) if target else Unsupported(kind="revoke")
    return _content(kind, message)


def kind_of(message: Message) -> str:
    """The type as the message names it, or the one its own fields show."""
    kind = reading.text(message, "type", limit=64)
    if kind:
        return kind
    return next((name for name in _CONTENTS if name in message), "unknown")


def is_call_permission(message: Message) -> bool:
    """Whether it is the guest's answer to Meta's own question if a business may call them."""
    interactive = reading.mapping(message, "interactive")
    return interactive.get("type") == "call_permission_reply" or "call_permission_reply" in interactive


def raw_words(message: Message) -> str:
    """What the guest typed, not cleaned yet: words, or what stands under a picture; also of an edit."""
    typed = reading.mapping(message, "edit", "message") or message
    captions = (reading.prose(reading.mapping(typed, kind.value), "caption") for kind in MediaKind)
    return _words(typed) or next(filter(None, captions), "")


def shown(message: Message) -> str:
    """A message as a line of the history: its words, or what kind of thing it is; empty for what says nothing."""
    match body_of(message):
        case Text(text=words) | Media(caption=words) if words:
            return words
        case Media(kind=kind, file_name=name):
            return f"📎 {name or kind.value}"
        case Voice():
            return "🎤"
        case Location(label=label, latitude=latitude, longitude=longitude):
            return f"📍 {label or f'{latitude}, {longitude}'}"
        case Cards(cards=cards):
            return "👤 " + ", ".join(card.display_name or "?" for card in cards)
        case _:
            return ""


def _content(kind: str, message: Message) -> Content:
    read = _CONTENTS.get(kind)
    return (read(message) if read is not None else None) or Unsupported(kind=kind)


def _edit(message: Message) -> Body:
    edit = reading.mapping(message, "edit")
    target = reading.text(edit, "original_message_id")
    replacement = reading.mapping(edit, "message")
    if not target or not replacement:
        return Unsupported(kind="edit")
    kind = kind_of(replacement)
    if kind in ("edit", "revoke"):
        return Unsupported(kind="edit")
    return Edit(target_message_id=target, content=_content(kind, replacement))


def _text(message: Message) -> Content | None:
    words = clean_text(_words(message))
    return Text(text=words) if words else None


def _words(message: Message) -> str:
    return reading.prose(reading.mapping(message, "text"), "body") or reading.prose(message, "text")


def _media(kind: MediaKind) -> Callable[[Message], Content | None]:
    def read(message: Message) -> Content | None:
        medium = reading.mapping(message, kind.value)
        if not medium:
            return None
        return Media(
            kind=kind,
            media_id=reading.text(medium, "id"),
            mime_type=reading.text(medium, "mime_type", limit=128),
            caption=clean_text(reading.prose(medium, "caption"), limit=MAX_TEXT_LENGTH),
            sha256=_hex(reading.text(medium, "sha256", limit=64)),
            file_name=clean_line(reading.prose(medium, "filename")),
        )

    return read


def _hex(digest: str) -> str:
    """A SHA-256 in hex, as everybody else writes it; webhooks have it in base64. Empty for what is none."""
    try:
        raw = bytes.fromhex(digest) if len(digest) == _HEX_LENGTH else base64.b64decode(digest, validate=True)
    except ValueError:
        return ""
    return raw.hex() if len(raw) == _HEX_LENGTH // 2 else ""


def _voice(name: str) -> Callable[[Message], Content | None]:
    def read(message: Message) -> Content | None:
        medium = reading.mapping(message, name)
        if not medium:
            return None
        return Voice(
            media_id=reading.text(medium, "id"),
            mime_type=reading.text(medium, "mime_type", limit=128),
        )

    return read


def _location(message: Message) -> Content | None:
    place = reading.mapping(message, "location")
    latitude = reading.degrees(place, "latitude", most=90.0)
    longitude = reading.degrees(place, "longitude", most=180.0)
    if latitude is None or longitude is None:
        return None
    words = [clean_line(reading.prose(place, name)) for name in ("name", "address")]
    return Location(latitude=latitude, longitude=longitude, label=", ".join(filter(None, words)))


def _cards(message: Message) -> Content | None:
    cards = [_card(contact) for contact in reading.items(message, "contacts")][:MAX_CARDS]
    return Cards(cards=tuple(cards)) if cards else None


def _card(contact: Mapping[str, Any]) -> Card:
    name = reading.mapping(contact, "name")
    shown = reading.prose(name, "formatted_name") or reading.prose(name, "first_name")
    phones = (
        reading.text(p, "phone", limit=64) or reading.text(p, "wa_id", limit=64)
        for p in reading.items(contact, "phones")
    )
    return Card(display_name=clean_line(shown), phone_numbers=tuple(phone for phone in phones if phone)[:MAX_CARDS])


def _interactive(message: Message) -> Content | None:
    interactive = reading.mapping(message, "interactive")
    for name in ("button_reply", "list_reply"):
        # Older samples have the reply below `type`.
        reply = reading.mapping(interactive, name) or reading.mapping(interactive, "type", name)
        if reply:
            title = clean_line(reading.prose(reply, "title"))
            button_id = reading.text(reply, "id", limit=256) or title
            return Button(button_id=button_id, title=title) if button_id else None
    form = reading.mapping(interactive, "nfm_reply")
    if form:
        return Structured(kind="form", json=form_json(form.get("response_json")))
    kind = reading.text(interactive, "type", limit=64)
    return Unsupported(kind=f"interactive.{kind}" if kind else "interactive")


def _button(message: Message) -> Content | None:
    button = reading.mapping(message, "button")
    title = clean_line(reading.prose(button, "text"))
    button_id = reading.text(button, "payload", limit=256) or title
    return Button(button_id=button_id, title=title) if button_id else None


def _reaction(message: Message) -> Content | None:
    reaction = reading.mapping(message, "reaction")
    target = reading.text(reaction, "message_id")
    return Reaction(target_message_id=target, emoji=reading.text(reaction, "emoji", limit=32)) if target else None


def _order(message: Message) -> Content | None:
    order = reading.mapping(message, "order")
    return Structured(kind="order", json=as_json(order)) if order else None


_CONTENTS: dict[str, Callable[[Message], Content | None]] = {
    "text": _text,
    "image": _media(MediaKind.IMAGE),
    "video": _media(MediaKind.VIDEO),
    "document": _media(MediaKind.DOCUMENT),
    "sticker": _media(MediaKind.STICKER),
    "audio": _voice("audio"),
    "voice": _voice("voice"),
    "location": _location,
    "contacts": _cards,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
}
