"""Twilio Conversations: the same guests and numbers, written in other parameters.

Only what was added to a chat is a message. The hooks that ask before something is done, receipts, and what happens to
chats and their people are kept as events.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from services.gateway.channels import reading
from services.gateway.channels.sms.settings import ANY_NUMBER

_ADDED = frozenset({"onmessageadded", "com.twilio.conversations.message.added"})
# Where a guest's own words come from; `SDK` and `API` are chats of an app, and what a system wrote in somebody's name.
_SOURCES = frozenset({"", "sms", "mms", "whatsapp", "rcs"})
# What stands before a phone: nothing for SMS.
PHONE_SCHEMES = frozenset({"", "whatsapp", "rcs"})
_SERVICE = "MG"

Parameters = Mapping[str, str]


def as_message(parameters: Parameters, owners: Mapping[str, str]) -> Parameters:
    """A guest's message in a chat under the names of an SMS's parameters; anything else as it is.

    A chat names the guest as its author, and nothing of ours but perhaps a Messaging Service. What we answer comes back
    under a name of ours; without a sender it stays unanswered.
    """
    told = parameters.get("EventType", "") or parameters.get("type", "")
    if told.lower() not in _ADDED or parameters.get("Source", "").lower() not in _SOURCES:
        return parameters
    author = parameters.get("Author", "")
    scheme, _, number = author.rpartition(":")
    account = _account(parameters, owners, scheme)
    if not account or number in owners or not (author.startswith("+") or (scheme and scheme in PHONE_SCHEMES)):
        return parameters
    words = parameters.get("Body") or parameters.get("MessageBody", "")
    return {**parameters, "From": author, "To": account, "Body": words, **_media(parameters)}


def _account(parameters: Parameters, owners: Mapping[str, str], scheme: str) -> str:
    """What we answer from: the chat's service, else the first number of the only hotel; empty when nobody knows."""
    service = parameters.get("MessagingServiceSid", "")
    if service in owners:
        return service
    numbers = [name for name in owners if name != ANY_NUMBER and not name.startswith(_SERVICE)]
    if not numbers or len(set(owners.values())) > 1:
        return ""
    return f"{scheme}:{numbers[0]}" if scheme else numbers[0]


def _media(parameters: Parameters) -> dict[str, str]:
    """A chat's media, which have ids instead of addresses."""
    try:
        found: Any = json.loads(parameters.get("Media", "") or "[]")
    except (ValueError, RecursionError):
        found = []
    media = list(reading.items({"media": found}, "media"))
    named: dict[str, str] = {"NumMedia": str(len(media))} if media else {}
    for number, medium in enumerate(media):
        named[f"MediaUrl{number}"] = reading.text(medium, "Sid") or reading.text(medium, "MediaSid")
        named[f"MediaContentType{number}"] = reading.text(medium, "ContentType", limit=128)
    return named
