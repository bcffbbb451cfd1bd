"""Who wrote: phones in their several spellings, business-scoped user ids, and what links them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from services.gateway.channels.whatsapp import reading
from services.gateway.domain.message import Channel, Identity

_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_PHONE = re.compile(r"[1-9][0-9]{6,14}")


def is_user_id(address: str) -> bool:
    """Whether an address is a business-scoped user id, told by its shape: some providers put it where phones stand."""
    return _USER_ID.fullmatch(address) is not None


def phone_number(wa_id: str) -> str:
    """E.164 of a `wa_id`, or empty. Mexico's mobiles come as 521…, but are dialled and billed as +52…"""
    digits = wa_id.removeprefix("+")
    if not (digits.isascii() and _PHONE.fullmatch(digits)):
        return ""
    if digits.startswith("521") and len(digits) == 13:
        digits = "52" + digits[3:]
    return f"+{digits}"


def match_key(wa_id: str) -> str:
    """The same for every spelling of one phone: Mexico's 1, Brazil's ninth digit, Argentina's 9 come and go."""
    number = phone_number(wa_id).removeprefix("+")
    if number.startswith("55") and len(number) == 13 and number[4] == "9":
        number = number[:4] + number[5:]
    if number.startswith("549") and len(number) == 13:
        number = "54" + number[3:]
    return f"phone:{number}" if number else ""


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
