"""What a channel tells that is no conversation, as it is kept."""

from __future__ import annotations

import hashlib
import json

from mesh.masking import mask_words

from services.gateway.domain.message import Channel, ChannelEvent

MAX_LENGTH = 65_536
_LARGEST_CARD = 10**19
# Identifiers and phones that are long numbers: one in ten looks like a card.
_META_IDS = {"id", "phone_number_id", "wa_id", "user_id", "from", "recipient_id", "timestamp", "catalog_id"}
_IDS = frozenset(_META_IDS | {"From", "To", "WaId"})


def event_of(channel: Channel, kind: str, payload: object, *, property_id: str = "") -> ChannelEvent:
    """An event, recognised by its content when it is repeated."""
    written = as_json(payload)
    event_id = hashlib.sha256(f"{kind}\x1f{property_id}\x1f{written}".encode()).hexdigest()
    return ChannelEvent(channel=channel, event_id=event_id, kind=kind, payload=written, property_id=property_id)


def as_json(value: object) -> str:
    """JSON text in ASCII that fits a row, card numbers masked; what is too large is left out and said to be."""
    try:
        written = json.dumps(_masked(value), separators=(",", ":"))
    except (ValueError, RecursionError):
        written = '{"unreadable":true}'
    return written if len(written) <= MAX_LENGTH else '{"too_large":true}'


def _masked(value: object) -> object:
    match value:
        case dict():
            return {key: inner if key in _IDS else _masked(inner) for key, inner in value.items()}
        case list():
            return [_masked(inner) for inner in value]
        case str():
            return mask_words(value)
        case bool():
            return value
        case int() if abs(value) < _LARGEST_CARD and mask_words(str(value)) != str(value):
            return mask_words(str(value))
    return value
