"""Phones in their several spellings, and business-scoped user ids that stand where phones did."""

from __future__ import annotations

import re

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


def digits_of(shown: str) -> str:
    """The digits of a phone as people write it: `+52 55 0000-0000` → `525500000000`."""
    return "".join(character for character in shown if character in "0123456789")
