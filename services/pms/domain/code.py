"""Confirmation codes: short, sayable, and no word in any language.

Six characters without 0, O, 1 and I, and without vowels; the first is a letter, at least two
are digits. About 300 million.
"""

from __future__ import annotations

import secrets

LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"
DIGITS = "23456789"
LENGTH = 6
# Codes of hotels that had others before: longer ones are no codes, and not worth a question to anybody.
MAX_LENGTH = 40


def new_code() -> str:
    """A fresh code; unpredictable, since together with a surname it proves who is asking."""
    while True:
        rest = "".join(secrets.choice(LETTERS + DIGITS) for _ in range(LENGTH - 1))
        if sum(character in DIGITS for character in rest) >= 2:
            return secrets.choice(LETTERS) + rest


def normalised(code: str) -> str:
    """A code as it is kept, from one as it is typed: upper case, without blanks and dashes."""
    return "".join(character for character in code.upper() if character.isalnum())
