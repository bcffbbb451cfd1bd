"""Guests as QloApps takes them: names without digits, an e-mail address always, a telephone never wiped."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from services.pms.adapters.qloapps.parsing import Customer
from services.pms.domain.phone import match_key
from services.pms.domain.reservation import Booker

NAME_LENGTH = 32
# Never delivered: QloApps mails guests by itself when a booking changes.
SYNTHETIC_DOMAIN = "guests.invalid"
EMAIL = re.compile(r"^[a-zA-Z0-9!#$%&'*+/=?^`{}|~_.-]{1,64}@[a-zA-Z0-9][a-zA-Z0-9.-]{0,60}\.[a-zA-Z0-9]{2,}$")
UNKNOWN_PHONE = "+0000000000"


def clean_name(name: str, otherwise: str) -> str:
    """Letters, blanks and `' . -` only: anything else ends a booking in a 500 without a word."""
    kept = (
        character if _is_letter(character) or character in " '.-" else " "
        for character in unicodedata.normalize("NFC", name)
    )
    return " ".join("".join(kept).split())[:NAME_LENGTH].strip() or otherwise


def email_of(booker: Booker, property_id: str, reservation_id: str) -> str:
    """The guest's address, or one made for them: always the same for the same guest and never shared, because QloApps
    takes guests with one address for one guest and overwrites them."""
    if EMAIL.match(booker.email) and ".." not in booker.email:
        return booker.email.lower()
    key = match_key(booker.phone_number) or (booker.identity.key if booker.identity else "") or reservation_id
    digest = hashlib.sha256(f"{property_id}\x1f{key}".encode()).hexdigest()[:20]
    return f"guest-{digest}@{SYNTHETIC_DOMAIN}"


def phone_of(booker: Booker, known: Customer | None) -> str:
    """The guest's telephone, else what the shop has; it is required, and leaving it out wipes it."""
    by_identity = booker.identity.phone_key if booker.identity else ""
    own = booker.phone_number or (f"+{by_identity}" if by_identity else "")
    return clean_phone(own) or (clean_phone(known.phone_number) if known else "") or UNKNOWN_PHONE


def clean_phone(phone: str) -> str:
    """Digits, `+`, blanks, dots, dashes and brackets."""
    return re.sub(r"[^+0-9. ()-]", "", phone).strip()[:32]


def customer_detail(booker: Booker, property_id: str, reservation_id: str, known: Customer | None) -> dict[str, Any]:
    """The `customer_detail` of a new booking."""
    return {
        "firstname": clean_name(booker.given_name, "Guest"),
        "lastname": clean_name(booker.family_name, "-"),
        "email": email_of(booker, property_id, reservation_id),
        "phone": phone_of(booker, known),
    }


def same_customer(customer: Customer) -> dict[str, Any]:
    """The `customer_detail` of a change: the order's own customer, word for word, so that nothing is overwritten."""
    return {
        "firstname": clean_name(customer.given_name, "Guest"),
        "lastname": clean_name(customer.family_name, "-"),
        "email": customer.email,
        "phone": customer.phone_number or UNKNOWN_PHONE,
    }


def real_email(email: str) -> str:
    """The address, unless it is one of those that we made."""
    return "" if email.endswith("@" + SYNTHETIC_DOMAIN) else email


def real_phone(phone: str) -> str:
    """The telephone, unless it stands for none."""
    return "" if phone == UNKNOWN_PHONE else phone


def _is_letter(character: str) -> bool:
    return (character.isalpha() or unicodedata.category(character).startswith("M")) and ord(character) < 0x10000
