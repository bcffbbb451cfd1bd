"""Numbers in words to digits, in place, so that every other rule reads digits only."""

from __future__ import annotations

import re

from services.nlp.domain.calendar import FULL_MONTHS
from services.nlp.domain.text import Replacement, Text

_ES_SMALL = {
    "cero": 0, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiun": 21, "veintiuno": 21, "veintiuna": 21, "veintidos": 22,
    "veintitres": 23, "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28,
    "veintinueve": 29, "treintaiuno": 31, "treintaiun": 31,
}  # fmt: skip
_ES_UNITS = {**{word: value for word, value in _ES_SMALL.items() if 0 < value < 10}, "un": 1, "una": 1}
_ES_TENS = {
    "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
    "veinte": 20,
}  # fmt: skip
_ES_HUNDREDS = {
    "cien": 100, "ciento": 100, "dosciento": 200, "trecientos": 300,
    "doscientos": 200, "doscientas": 200, "trescientos": 300, "trescientas": 300,
    "cuatrocientos": 400, "cuatrocientas": 400, "quinientos": 500, "quinientas": 500, "seiscientos": 600,
    "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
_EN_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_EN_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_EN_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_DIGITS_SAID = {
    **{word: value for word, value in (*_ES_SMALL.items(), *_EN_SMALL.items()) if value < 10}, "oh": 0, "o": 0,
}  # fmt: skip
_ROOM_WORDS = {"room", "habitacion", "cuarto", "hab"}
_TOKEN = re.compile(r"[a-z]+|\d+(?:st|nd|rd|th)?")
_ORDINAL_IS_A_DAY_AFTER = re.compile(
    r"\s*(?:$|[.,;!?]|(?:of|to|until|till|through|and|for|-)\b"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)"
)
_ORDINAL_IS_A_DAY_BEFORE = re.compile(r"\b(?:the|on|from|until|till|to|and)\s*$")
_MONTH_BEFORE = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|apr|jun|jul"
    r"|aug|sept?|oct|nov|dec)(?: the)?\s*$"
)
# "On the fourth instead": a day, unless what is counted follows.
_ORDINAL_AFTER_ON = re.compile(
    r"\b(?:on|from|until|till?|through|thru|to|arriving|leaving|starting|(?:mon|tues|wednes|thurs"
    r"|fri|satur|sun)day)(?: on)?,? the\s*$"
)
_COUNTED_BY_ORDINAL = re.compile(
    r"\s*(?:floor|time|person|guest|one|room|night|day|week|level|street|ave|birthday|anniversary|year|bed|child|adult"
    r"|half|party|class|hand|option|visit|stay|attempt|try|reservation|booking|name|page|e-?mail|message)"
)
_NOT_A_COUNT_BEFORE_ONE = {
    "no", "this", "that", "the", "any", "some", "each", "every", "next", "which", "other", "another", "following",
    "last", "little", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "family", "double",
    "twin", "big", "small", "nice", "new", "someone", "good", "cheapest", "cheaper", "bigger", "better",
}  # fmt: skip


class _Words:
    """The token stream of one text, with where each token lies."""

    def __init__(self, folded: str) -> None:
        self.matches = list(_TOKEN.finditer(folded))
        self.words = [m.group() for m in self.matches]
        self.folded = folded

    def word(self, index: int) -> str:
        return self.words[index] if 0 <= index < len(self.words) else ""

    def joined(self, index: int) -> bool:
        """Only a space or a hyphen lies between token index-1 and index."""
        gap = self.folded[self.matches[index - 1].end() : self.matches[index].start()]
        return gap.strip(" ") in ("", "-")


def spelled_digits(text: Text, language: str) -> Text:
    """The same text with number words as digits: "dos mil veintiséis" becomes "2026", "twenty-third" "23rd"."""
    words = _Words(text.folded)
    replacements: list[Replacement] = []
    index = 0
    while index < len(words.words):
        found = (
            _digit_by_digit(words, index)
            or _spanish(words, index, language)
            or _english(words, index, language)
            or _ordinal(words, index)
        )
        if found is None:
            index += 1
            continue
        value, length = found
        start, end = words.matches[index].start(), words.matches[index + length - 1].end()
        replacements.append(Replacement(start=start, end=end, text=value))
        index += length
    return text.rewrite(replacements) if replacements else text


def _spanish(words: _Words, at: int, language: str) -> tuple[str, int] | None:
    word = words.word(at)
    if word == "once" and language == "en":
        return None
    if word in ("primero", "1ro") and (
        words.word(at + 1) in ("de", "del")
        or (words.word(at + 1) in ("al", "hasta") and words.word(at - 1) in ("del", "desde", "el"))
    ):
        return "1", 1
    if word == "mil" and language == "es":
        rest = _spanish_below_thousand(words, at + 1)
        return (str(1000 + (rest[0] if rest else 0)), 1 + (rest[1] if rest else 0))
    head = _spanish_below_thousand(words, at)
    if head is None:
        return None
    value, length = head
    if words.word(at + length) == "mil" and value > 0:
        rest = _spanish_below_thousand(words, at + length + 1)
        return str(value * 1000 + (rest[0] if rest else 0)), length + 1 + (rest[1] if rest else 0)
    return str(value), length


def _spanish_below_thousand(words: _Words, at: int) -> tuple[int, int] | None:
    word = words.word(at)
    if word in _ES_HUNDREDS:
        rest = _spanish_below_hundred(words, at + 1)
        return _ES_HUNDREDS[word] + (rest[0] if rest else 0), 1 + (rest[1] if rest else 0)
    return _spanish_below_hundred(words, at)


def _spanish_below_hundred(words: _Words, at: int) -> tuple[int, int] | None:
    word = words.word(at)
    if word in _ES_TENS:
        unit = words.word(at + 2)
        if words.word(at + 1) == "y" and unit in _ES_UNITS:
            return _ES_TENS[word] + _ES_UNITS[unit], 3
        return _ES_TENS[word], 1
    if word == "diez" and words.word(at + 1) == "y" and _ES_SMALL.get(words.word(at + 2), 0) in range(6, 10):
        return 10 + _ES_SMALL[words.word(at + 2)], 3
    return (_ES_SMALL[word], 1) if word in _ES_SMALL else None


def _digit_by_digit(words: _Words, at: int) -> tuple[str, int] | None:
    """ "Two oh four", "dos cero cuatro", and after "room" also "three fifteen"; "dos o tres" is one of the two."""
    if words.word(at + 1) == "o" and words.word(at) in _ES_SMALL:
        return None
    first, zero, last = (_DIGITS_SAID.get(words.word(at + n), -1) for n in range(3))
    if first > 0 and zero == 0 and last >= 0:
        return f"{first}0{last}", 3
    if first > 0 and words.word(at - 1) in _ROOM_WORDS:
        rest = _english_below_hundred(words, at + 1) or _spanish_below_hundred(words, at + 1)
        if rest and rest[0] > 9:
            return str(100 * first + rest[0]), 1 + rest[1]
    return None


def _english(words: _Words, at: int, language: str) -> tuple[str, int] | None:
    word = words.word(at)
    if word == "ten" and language == "es":
        return None
    not_counted = at > 0 and words.joined(at) and words.word(at - 1) in _NOT_A_COUNT_BEFORE_ONE
    # "The September one".
    month = at > 1 and words.word(at - 1) in (*FULL_MONTHS, "may") and words.word(at - 2) == "the"
    if word == "one" and (not_counted or month or words.word(at + 1) in ("of", "more", "s")):
        return None
    head = _english_below_hundred(words, at)
    if head is None:
        return None
    value, length = head
    following = words.word(at + length)
    if following in ("hundred", "thousand"):
        value, length = value * (100 if following == "hundred" else 1000), length + 1
        skip = 1 if words.word(at + length) == "and" else 0
        rest = _english_below_hundred(words, at + length + skip)
        if rest:
            return str(value + rest[0]), length + skip + rest[1]
    return str(value), length


def _english_below_hundred(words: _Words, at: int) -> tuple[int, int] | None:
    word = words.word(at)
    if word in _EN_TENS:
        unit = _EN_SMALL.get(words.word(at + 1), 0)
        if 0 < unit < 10 and words.joined(at + 1):
            return _EN_TENS[word] + unit, 2
        if _EN_ORDINALS.get(words.word(at + 1), 99) < 10 and words.joined(at + 1):
            return None
        return _EN_TENS[word], 1
    return (_EN_SMALL[word], 1) if word in _EN_SMALL else None


def _ordinal(words: _Words, at: int) -> tuple[str, int] | None:
    word = words.word(at)
    if word in _EN_TENS and _EN_ORDINALS.get(words.word(at + 1), 99) < 10 and words.joined(at + 1):
        return _with_suffix(_EN_TENS[word] + _EN_ORDINALS[words.word(at + 1)]), 2
    if word not in _EN_ORDINALS:
        return None
    before = words.folded[: words.matches[at].start()]
    after = words.folded[words.matches[at].end() :]
    if _MONTH_BEFORE.search(before[-24:]) and not _COUNTED_BY_ORDINAL.match(after):
        return _with_suffix(_EN_ORDINALS[word]), 1
    plain = _EN_ORDINALS[word] > 3
    if (plain or _ORDINAL_IS_A_DAY_BEFORE.search(before[-24:])) and _ORDINAL_IS_A_DAY_AFTER.match(after):
        return _with_suffix(_EN_ORDINALS[word]), 1
    if _ORDINAL_AFTER_ON.search(before[-24:]) and not _COUNTED_BY_ORDINAL.match(after):
        return _with_suffix(_EN_ORDINALS[word]), 1
    return None


def _with_suffix(day: int) -> str:
    if day in (11, 12, 13):
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"
