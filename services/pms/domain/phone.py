"""Telephone numbers that look different and ring the same telephone."""

from __future__ import annotations

_MOBILE_FORMS = (
    # country code, length with the extra digit, its position: Mexico 521…, Argentina 549…
    ("521", 13, 2),
    ("549", 13, 2),
)


def match_key(number: str) -> str:
    """Digits that are equal for every known variant of a number; empty for none.

    Mexico with and without the mobile 1, Argentina the mobile 9, Brazil the ninth digit.
    """
    digits = "".join(character for character in number if character.isdigit() and character.isascii())
    if digits.startswith("00"):
        digits = digits[2:]
    for prefix, length, position in _MOBILE_FORMS:
        if digits.startswith(prefix) and len(digits) == length:
            return digits[:position] + digits[position + 1 :]
    if digits.startswith("55") and len(digits) == 13 and digits[4] == "9":
        return digits[:4] + digits[5:]
    return digits


def email_key(address: str) -> str:
    """What two spellings of one e-mail address have in common."""
    return address.strip().casefold()
