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
    """An event, recognised by its content when it is repeated, in whatever order its names stand then."""
    written = _as_json(payload, sort_keys=True)
    kept = _bounded(written)
    event_id = hashlib.sha256(f"{kind}\x1f{property_id}\x1f{written}".encode()).hexdigest()
    return ChannelEvent(channel=channel, event_id=event_id, kind=kind, payload=kept, property_id=property_id)


def as_json(value: object) -> str:
    """JSON text in ASCII that fits a row, card numbers masked; of what is too large only the beginning."""
    return _bounded(_as_json(value))


def form_json(answers: object) -> str:
    """The answers of a form. They come as JSON text inside the call, to be read a second time."""
    if isinstance(answers, str):
        try:
            answers = json.loads(answers)
        except (ValueError, RecursionError):
            return as_json({"text": answers})
    return as_json(answers)


def _as_json(value: object, *, sort_keys: bool = False) -> str:
    try:
        return json.dumps(_masked(value), separators=(",", ":"), sort_keys=sort_keys)
    except (ValueError, RecursionError):
        return '{"unreadable":true}'


def _bounded(written: str) -> str:
    """What is too large, such as the history of a phone, keeps its beginning."""
    if len(written) <= MAX_LENGTH:
        return written
    return json.dumps({"too_large": len(written), "begins": written[: MAX_LENGTH // 4]}, separators=(",", ":"))


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
