"""Card numbers are masked before anything is stored: a guest who writes one gets it out of our hands at once.

A card number is 13-19 digits, in one piece or in groups, whose last is the Luhn check digit (ISO/IEC 7812). All but its
last four digits become `*`; lengths and separators stay.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"\d(?:[\s.\-\u2010-\u2015/_]{0,3}\d){12,}")
_LENGTHS = range(19, 12, -1)
_GLUED = (16, 15)  # with an expiry date or code written right behind
_KEPT = 4
_LONGEST_PHONE = 15  # digits of an E.164 number


def mask_cards(text: str) -> str:
    """The text with every card number masked. Masking twice changes nothing."""
    return _RUN.sub(lambda run: _masked(run.group(), after_plus=text[run.start() - 1 : run.start()] == "+"), text)


def _masked(run: str, *, after_plus: bool) -> str:
    places = [index for index, character in enumerate(run) if character.isdecimal()]
    digits = "".join(str(int(run[place])) for place in places)
    begins = [n for n, place in enumerate(places) if n == 0 or places[n - 1] != place - 1]
    ends = [*begins[1:], len(digits)]
    boundaries = frozenset(ends)
    masked = list(run)
    done = 0
    for first, end in zip(begins, ends, strict=True):
        if first < done:
            continue
        shortest = _LONGEST_PHONE + 1 if after_plus and first == 0 else _LENGTHS[-1]
        length = _grouped(digits, first, boundaries, shortest) or _glued(digits, first, end)
        if length:
            done = first + length
            for place in places[first : done - _KEPT]:
                masked[place] = "*"
    return "".join(masked)


def _grouped(digits: str, first: int, boundaries: frozenset[int], shortest: int) -> int:
    """How many digits from `first` on are a card number that ends where a group does; 0 for none."""
    for length in _LENGTHS:
        if length >= shortest and first + length in boundaries and _is_card(digits[first : first + length]):
            return length
    return 0


def _glued(digits: str, first: int, end: int) -> int:
    """The same for a card number with more digits right behind it, in one piece."""
    return next((n for n in _GLUED if end - first > n and _is_card(digits[first : first + n])), 0)


def _is_card(digits: str) -> bool:
    doubled = [int(d) * 2 if n % 2 else int(d) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0 and _looks_issued(digits)


def _looks_issued(digits: str) -> bool:
    """Keeps out what is far more often a phone number or a time than a card, one time in ten by chance."""
    match len(digits):
        case 13:
            return digits.startswith("4") and not digits.startswith(("43", "49"))
        case 14:
            return digits.startswith(("30", "36", "38", "39"))
        case 15:
            return digits[0] in "3456"
    return digits[0] != "0"
