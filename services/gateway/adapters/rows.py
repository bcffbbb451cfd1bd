"""Messages as JSON text in rows and back. Fields that an older row lacks take their defaults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from services.gateway.domain.attachment import Attachment
from services.gateway.domain.message import (
    Button,
    Card,
    Cards,
    Channel,
    Choice,
    Edit,
    HeardWord,
    Identity,
    InboundMessage,
    Location,
    Media,
    MediaKind,
    OutboundMessage,
    Reaction,
    Revoke,
    Structured,
    Text,
    Unsupported,
    Voice,
)

_BODIES: dict[str, type[Any]] = {
    "text": Text,
    "media": Media,
    "voice": Voice,
    "location": Location,
    "button": Button,
    "reaction": Reaction,
    "cards": Cards,
    "structured": Structured,
    "unsupported": Unsupported,
    "edit": Edit,
    "revoke": Revoke,
}
_TAGS = {body: tag for tag, body in _BODIES.items()}
_NAMES: dict[type[Any], tuple[str, ...]] = {
    kept: tuple(item.name for item in fields(kept))
    for kept in (*_BODIES.values(), InboundMessage, OutboundMessage, Identity, Card, Choice, HeardWord)
}
# The bytes of a file are kept beside the row.
_NAMES[Attachment] = tuple(item.name for item in fields(Attachment) if item.name != "content")


def message_to_text(message: InboundMessage) -> str:
    """One message as a row keeps it."""
    return _dump(message)


def message_from_text(text: str) -> InboundMessage:
    """Raises ValueError or KeyError for a row that is no message: a fault of ours."""
    return _message_from_json(json.loads(text))


def messages_to_text(messages: Sequence[InboundMessage]) -> str:
    """The messages of a turn, in order."""
    return _dump(list(messages))


def messages_from_text(text: str) -> tuple[InboundMessage, ...]:
    """The messages of a turn, in order."""
    return tuple(_message_from_json(item) for item in json.loads(text))


def outbound_to_text(message: OutboundMessage) -> str:
    """A message of ours as a row keeps it; equal messages give equal text."""
    return _dump(message)


def outbound_from_text(text: str) -> OutboundMessage:
    """A message of ours."""
    values = _known(OutboundMessage, json.loads(text))
    values["choices"] = tuple(Choice(**_known(Choice, choice)) for choice in values.get("choices", ()))
    values["template_arguments"] = tuple(values.get("template_arguments", ()))
    if values.get("attachment"):
        values["attachment"] = Attachment(**_known(Attachment, values["attachment"]))
    return OutboundMessage(**values)


def _dump(value: object) -> str:
    return _ENCODER.encode(value)


def _plain(value: Any) -> object:
    """What the encoder does not know: our own classes field by field, bodies with their tag."""
    if isinstance(value, datetime):
        return value.isoformat()
    kind = type(value)
    plain = {name: getattr(value, name) for name in _NAMES[kind]}
    return {"type": _TAGS[kind], **plain} if kind in _TAGS else plain


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_plain)


def _message_from_json(values: dict[str, Any]) -> InboundMessage:
    known = _known(InboundMessage, values)
    sender = _known(Identity, known["sender"])
    sender["channel"] = Channel(sender["channel"])
    sender["aliases"] = tuple(sender.get("aliases", ()))
    known["sender"] = Identity(**sender)
    known["signals"] = tuple(known.get("signals", ()))
    known["send_time"] = datetime.fromisoformat(known["send_time"])
    known["receive_time"] = datetime.fromisoformat(known["receive_time"])
    known["body"] = _body_from_json(known["body"])
    return InboundMessage(**known)


def _body_from_json(values: dict[str, Any]) -> Any:
    body = _BODIES[values["type"]]
    known = _known(body, values)
    match body.__name__:
        case "Media":
            known["kind"] = MediaKind(known["kind"])
        case "Voice":
            known["words"] = tuple(HeardWord(**word) for word in known.get("words", ()))
        case "Cards":
            known["cards"] = tuple(
                Card(display_name=card["display_name"], phone_numbers=tuple(card["phone_numbers"]))
                for card in known["cards"]
            )
        case "Edit":
            known["content"] = _body_from_json(known["content"])
    return body(**known)


def _known(of: type[Any], values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in _NAMES[of] if name in values}
