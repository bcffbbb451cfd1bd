"""Card numbers are masked before anything is stored: nobody here may ever read one back.

A card number is 13–19 digits whose last is the Luhn check digit (ISO/IEC 7812), in one piece or in groups. Its digits
but the last four become `*`, one for one, so that lengths and separators stay as they were.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_SHORTEST, _LONGEST = 13, 19
# Digits that are together, at least as many as the shortest card number has.
_RUN = re.compile(rf"\d(?:[\s.\-\u2010-\u2015/_]{{0,3}}\d){{{_SHORTEST - 1},}}")
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
    if "\\" not in text and _mask(text, touching=True) == text:
        return text  # without escapes the strings stand in it as they are, and the walk has nothing to find
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
    characters: list[str] = []
    for run in _RUN.finditer(text):
        if not touching and _in_an_id(text, run.start(), run.end()):
            continue
        characters = characters or list(text)
        after_plus = text[run.start() - 1 : run.start()] == "+"
        digits = _Digits(run.group())
        for first, last in _cards(digits, after_plus=after_plus, touching=touching):
            for position in digits.positions[first : last - _KEPT]:
                characters[run.start() + position] = "*"
    return "".join(characters) or text


def _in_an_id(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return _joins(before) or before == "." or _joins(after)


def _joins(character: str) -> bool:
    return character.isalnum() or character == "_"


class _Digits:
    """The digits of a run, where they stand in it, and where its groups begin and end.

    Sums are kept for both parities, so that any stretch is checked in one step: a guest may send pages of digits.
    """

    def __init__(self, run: str) -> None:
        self.positions = [index for index, character in enumerate(run) if character.isdecimal()]
        self.text = "".join(str(int(run[position])) for position in self.positions)
        self.starts = [
            index
            for index, position in enumerate(self.positions)
            if index == 0 or self.positions[index - 1] != position - 1
        ]
        self.ends = [*self.starts[1:], len(self.positions)]
        self._sums: tuple[list[int], list[int]] = ([0], [0])
        for index, character in enumerate(self.text):
            digit = int(character)
            doubled = digit * 2 - 9 if digit > 4 else digit * 2
            for parity, sums in enumerate(self._sums):
                sums.append(sums[-1] + (digit if index % 2 == parity else doubled))

    def is_card(self, first: int, last: int) -> bool:
        """Whether the digits from `first` to before `last` are a card number."""
        sums = self._sums[(last - 1) % 2]
        return (sums[last] - sums[first]) % 10 == 0 and _looks_issued(self.text[first:last])


def _cards(digits: _Digits, *, after_plus: bool, touching: bool) -> Iterator[tuple[int, int]]:
    """Each card number in a run, from first to after its last digit, left to right; it begins where a group does."""
    ended = 0
    for group, first in enumerate(digits.starts):
        if first < ended:
            continue
        shortest = _PHONE_DIGITS + 1 if after_plus and group == 0 else _SHORTEST
        last = _card_from(digits, group, shortest=shortest)
        if last is None and touching:
            last = _glued(digits, group)
        if last is not None:
            yield first, last
            ended = last


def _card_from(digits: _Digits, group: int, *, shortest: int) -> int | None:
    """Where the longest card number ends that begins with a group and ends with one."""
    first = digits.starts[group]
    best: int | None = None
    for last in digits.ends[group : group + _LONGEST]:
        if last - first > _LONGEST:
            break
        if last - first >= shortest and digits.is_card(first, last):
            best = last
    return best


def _glued(digits: _Digits, group: int) -> int | None:
    """Where a card number ends that is written in one piece with its expiry date or code: `41111111111111111228`."""
    first, end = digits.starts[group], digits.ends[group]
    for length in (16, 15):
        if end - first > length and digits.is_card(first, first + length):
            return first + length
    return None


def is_card_number(digits: str) -> bool:
    """Whether digits alone are a card number: the length and first digits of one, and the check digit right."""
    return digits.isdecimal() and _Digits(digits).is_card(0, len(digits))


def _looks_issued(digits: str) -> bool:
    """Keeps out what is far more often a phone number or a time than a card, one time in ten by chance."""
    first = digits[:1]
    match len(digits):
        case 13:
            return first == "4" and not digits.startswith(_THIRTEEN_DIGIT_PHONES)
        case 14:
            return digits.startswith(_DINERS)
        case 15:
            return first in "3456"
    return _SHORTEST <= len(digits) <= _LONGEST and first != "0"
