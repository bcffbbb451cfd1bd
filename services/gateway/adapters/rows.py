"""Messages as JSON text in rows and back. Fields that an older row lacks take their defaults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from services.gateway.domain.message import (
    Body,
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


def message_to_text(message: InboundMessage) -> str:
    """One message as a row keeps it."""
    return _dump(_message_to_json(message))


def message_from_text(text: str) -> InboundMessage:
    """Raises ValueError or KeyError for a row that is no message: a fault of ours."""
    return _message_from_json(json.loads(text))


def messages_to_text(messages: Sequence[InboundMessage]) -> str:
    """The messages of a turn, in order."""
    return _dump([_message_to_json(message) for message in messages])


def messages_from_text(text: str) -> tuple[InboundMessage, ...]:
    """The messages of a turn, in order."""
    return tuple(_message_from_json(item) for item in json.loads(text))


def outbound_to_text(message: OutboundMessage) -> str:
    """A message of ours as a row keeps it; equal messages give equal text."""
    return _dump(_values(message))


def outbound_from_text(text: str) -> OutboundMessage:
    """A message of ours."""
    values = _known(OutboundMessage, json.loads(text))
    values["choices"] = tuple(Choice(**_known(Choice, choice)) for choice in values.get("choices", ()))
    values["template_arguments"] = tuple(values.get("template_arguments", ()))
    return OutboundMessage(**values)


def _values(item: Any) -> dict[str, Any]:
    """The fields of a dataclass; those that are dataclasses themselves are left to `_plain`."""
    return {field.name: getattr(item, field.name) for field in fields(item)}


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return _values(value)
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _message_to_json(message: InboundMessage) -> dict[str, Any]:
    return {**_values(message), "body": _body_to_json(message.body)}


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


def _body_to_json(body: Body) -> dict[str, Any]:
    values = _values(body)
    if isinstance(body, Edit):
        values["content"] = _body_to_json(body.content)
    return {"type": _TAGS[type(body)], **values}


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
    names = {item.name for item in fields(of)}
    return {name: value for name, value in values.items() if name in names}
