"""Card numbers are masked before anything is stored: nobody here may ever read one back.

A card number is 13–19 digits whose last is the Luhn check digit (ISO/IEC 7812), in one piece or in groups. Its digits
but the last four become `*`, one for one, so that lengths and separators stay as they were.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_RUN = re.compile(r"\d(?:[\s.\-\u2010-\u2015/_]{0,3}\d)+")
_GROUP = re.compile(r"\d+")
_SHORTEST, _LONGEST = 13, 19
_PHONE_DIGITS = 15  # an E.164 number has at most these, so a longer one after a plus is no phone number
_KEPT = 4
# Dial codes whose numbers may have 13 digits and begin like the Visa numbers of 13 that were given out before 2002.
_THIRTEEN_DIGIT_PHONES = ("43", "49")
_DINERS = ("30", "36", "38", "39")


def mask_words(text: str) -> str:
    """What a person wrote, with every card number masked, also where it touches letters or an expiry date."""
    return _mask(text, touching=True)


def mask_value(text: str) -> str:
    """A machine's value (slot, note, JSON string), masked. Digits inside ids such as `hld_41f…` are left alone."""
    return _mask(text, touching=False)


def mask_bytes(data: bytes) -> bytes:
    """Serialized text, masked as a value. The length stays, so what was well formed is well formed."""
    return _mask(data.decode("latin-1"), touching=False).encode("latin-1")


def mask_json(text: str) -> str:
    """JSON text with its strings masked; the very same text when there was nothing to mask.

    Only strings: a number in JSON is a time or a sum, and stars would break it. Raises ValueError when it is not JSON.
    """
    content = json.loads(text)
    masked = _mask_json(content)
    return text if masked == content else json.dumps(masked, ensure_ascii=False, separators=(",", ":"))


def _mask_json(content: object) -> object:
    match content:
        case str():
            return mask_value(content)
        case list():
            return [_mask_json(item) for item in content]
        case dict():
            return {key: _mask_json(value) for key, value in content.items()}
    return content


def _mask(text: str, *, touching: bool) -> str:
    characters = list(text)
    for run in _RUN.finditer(text):
        if not touching and _in_an_id(text, run.start(), run.end()):
            continue
        after_plus = text[run.start() - 1 : run.start()] == "+"
        for positions in _cards(run.group(), after_plus=after_plus, touching=touching):
            for position in positions[:-_KEPT]:
                characters[run.start() + position] = "*"
    return "".join(characters)


def _in_an_id(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return _joins(before) or before == "." or _joins(after)


def _joins(character: str) -> bool:
    return character.isalnum() or character == "_"


def _cards(run: str, *, after_plus: bool, touching: bool) -> Iterator[list[int]]:
    """The positions of the digits of each card number in a run of groups of digits, left to right."""
    groups = [list(range(group.start(), group.end())) for group in _GROUP.finditer(run)]
    first = 0
    while first < len(groups):
        found = _card_from(run, groups[first:], after_plus=after_plus and first == 0, touching=touching)
        if found is None:
            first += 1
            continue
        positions, used = found
        yield positions
        first += used


def _card_from(run: str, groups: list[list[int]], *, after_plus: bool, touching: bool) -> tuple[list[int], int] | None:
    """The longest card number that begins with the first group, and how many groups it takes."""
    positions: list[int] = []
    best: tuple[list[int], int] | None = None
    for count, group in enumerate(groups, start=1):
        positions = positions + group
        if len(positions) > _LONGEST:
            break
        if after_plus and len(positions) <= _PHONE_DIGITS:
            continue
        if is_card_number("".join(run[position] for position in positions)):
            best = (positions, count)
    if best is None and touching and len(groups[0]) > 15:
        return _glued(run, groups[0])
    return best


def _glued(run: str, group: list[int]) -> tuple[list[int], int] | None:
    """A card number written in one piece with its expiry date or code: `41111111111111111228`."""
    for length in (16, 15):
        positions = group[:length]
        if is_card_number("".join(run[position] for position in positions)):
            return positions, 1
    return None


def is_card_number(digits: str) -> bool:
    """Whether digits alone are a card number: the length and first digits of one, and the check digit right."""
    return _looks_issued(digits) and _luhn(digits)


def _looks_issued(digits: str) -> bool:
    """Keeps out what is far more often a phone number or a time than a card, one time in ten by chance."""
    first = str(int(digits[0])) if digits else ""
    match len(digits):
        case 13:
            return first == "4" and not digits.startswith(_THIRTEEN_DIGIT_PHONES)
        case 14:
            return digits.startswith(_DINERS)
        case 15:
            return first in "3456"
    return _SHORTEST <= len(digits) <= _LONGEST and first != "0"


def _luhn(digits: str) -> bool:
    total = 0
    for index, character in enumerate(reversed(digits)):
        value = int(character) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
