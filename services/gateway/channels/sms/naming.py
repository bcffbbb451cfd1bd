"""Twilio's names of parameters: one spelling of each, however a call writes it.

Webhooks write `MessageSid`, Event Streams `messageSid`, and what stands between has been seen to write `message_sid`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

Fields = Sequence[tuple[str, str]]

_NAMES = """
    MessageSid SmsMessageSid SmsSid MessagingServiceSid MessageStatus SmsStatus ErrorCode From To WaId ProfileName
    ExternalUserId ExternalUserIdentifier Body OptOutType NumMedia MessageType ButtonPayload ButtonText ListId ListTitle
    Latitude Longitude Label Address InteractiveData OriginalRepliedMessageSid Forwarded FrequentlyForwarded
    ReferralSourceUrl ReferralSourceId ReferralCtwaClid EventType Source Author Media MessageBody
"""
_SPELLINGS = {name.lower(): name for name in _NAMES.split()}
_NUMBERED = {"mediaurl": "MediaUrl", "mediacontenttype": "MediaContentType"}


def parameters_of(fields: Fields) -> dict[str, str]:
    """The parameters under the names of Twilio's webhooks. Of a repeated name the first counts."""
    found: dict[str, str] = {}
    for name, value in fields:
        found.setdefault(_spelled(name), value)
    return found


def calls_in(payload: object) -> list[Fields]:
    """The calls in a JSON body: one object, or a list of events that each have their object in `data`."""
    several = payload if isinstance(payload, list) else [payload]
    return [list(_fields(item)) for item in several] or [[("json", "[]")]]


def _spelled(name: str) -> str:
    plain = name.replace("_", "").lower()
    letters = plain.rstrip("0123456789")
    return _NUMBERED[letters] + plain[len(letters) :] if letters in _NUMBERED else _SPELLINGS.get(plain, name)


def _fields(item: object) -> Iterator[tuple[str, str]]:
    """The words and numbers of an object, by name; what has another shape is kept whole."""
    event = item.get("data") if isinstance(item, dict) and "specversion" in item else None
    yield from _words(event.items() if isinstance(event, dict) else ())
    # What the event says of itself gives way to what it is about.
    yield from _words(item.items() if isinstance(item, Mapping) else [("json", item)])


def _words(pairs: Iterable[tuple[str, object]]) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        if value is not None:
            yield name, value if isinstance(value, str) else json.dumps(value)
