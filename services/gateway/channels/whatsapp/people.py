"""Who wrote, and what links the several names of one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.gateway.channels import reading
from services.gateway.channels.phones import match_key, phone_number
from services.gateway.domain.message import Channel, Identity


def sender_of(message: Mapping[str, Any], contact: Mapping[str, Any]) -> Identity | None:
    """The person a message is from, or None when nothing names them. A phone is preferred for answering."""
    given = (
        reading.text(message, "from", limit=320),
        reading.text(contact, "wa_id", limit=320),
        reading.text(message, "from_user_id", limit=320),
        reading.text(contact, "user_id", limit=320),
        reading.text(message, "from_parent_user_id", limit=320),
        reading.text(contact, "parent_user_id", limit=320),
    )
    named = [address for address in dict.fromkeys(given) if address]
    if not named:
        return None
    phones = [address for address in named if phone_number(address)]
    address = phones[0] if phones else named[0]
    keys = [key for key in map(match_key, phones) if key]
    return Identity(
        channel=Channel.WHATSAPP,
        address=address,
        phone_number=phone_number(address),
        aliases=tuple(name for name in dict.fromkeys([*named, *keys]) if name != address),
    )


def contact_of(message: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry of `contacts` that belongs to a message; the only one belongs to every message."""
    contacts = list(reading.items(value, "contacts"))
    sender, user_id = reading.text(message, "from"), reading.text(message, "from_user_id")
    for contact in contacts:
        wa_id = reading.text(contact, "wa_id")
        if sender and (wa_id == sender or (match_key(wa_id) and match_key(wa_id) == match_key(sender))):
            return contact
        if user_id and reading.text(contact, "user_id") == user_id:
            return contact
    return contacts[0] if len(contacts) == 1 and not sender else {}
