"""Whether a text says a fact: numbers as numbers, dates and times in any clear form, words without case or accents."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import get_currency_symbol

_LANGUAGES = ("es", "en", "pt")
# Marks between groups of three: whatever a language or a typewriter puts there. Spaces that do not break become `_`.
_NUMBER = re.compile(r"\d+(?:[.,'’_]\d+|(?<!\d\d\d\d) \d{3}(?!\d))*")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")
_AMOUNT = re.compile(r"(?P<before>[A-Z]{3}|[$€£])?\s*(?P<figure>\d[\d.,' ]*\d|\d)\s*(?P<after>[A-Z]{3}|[€£$%])?")
_TYPOGRAPHIC_SPACES = re.compile(r"(?<=\d)[\u00a0\u202f\u2009\u2007](?=\d)")
# So many digits are no amount but a number that somebody is called by.
_TELEPHONE_DIGITS = 8


def says(text: str, fact: object) -> bool:
    """True when `text` carries `fact`: a date or time of day (ISO), a number, an amount with its currency, or words."""
    words = " ".join(str(fact).split())
    plain_text = plain(text)
    if isinstance(fact, date) or _ISO_DATE.fullmatch(words):
        return _says_date(plain_text, date.fromisoformat(words[:10]))
    if time := _ISO_TIME.fullmatch(words):
        return _says_time(plain_text, int(time[1]), int(time[2]))
    if _FIGURE.fullmatch(words):
        return _says_number(text, Decimal(words))
    if (amount := _AMOUNT.fullmatch(words)) and (amount["before"] or amount["after"]):
        return _says_amount(text, amount)
    return plain(words) in plain_text


def plain(text: str) -> str:
    """Without case, accents and typographic spaces, and with one space where there are several."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return re.sub(r"[ \t]+", " ", bare).strip()


def _says_number(text: str, wanted: Decimal) -> bool:
    marked = unicodedata.normalize("NFKC", _TYPOGRAPHIC_SPACES.sub("_", text))
    if any(wanted in _readings(found) for found in _NUMBER.findall(marked)):
        return True
    # A telephone number is the same however it is grouped.
    digits, ungrouped = str(wanted), re.sub(r"(?<=\d)[ ().-]+(?=\d)", "", marked)
    return len(digits) >= _TELEPHONE_DIGITS and digits.isdigit() and digits in ungrouped


def _says_amount(text: str, amount: re.Match[str]) -> bool:
    unit = amount["before"] or amount["after"]
    if not any(_says_number(text, reading) for reading in _readings(amount["figure"].strip())):
        return False
    if unit == "%":
        return any(re.search(rf"(?<![\d.,]){re.escape(amount['figure'])}\s?%", line) for line in text.splitlines())
    # A sign such as $ is many currencies': what counts is the figure. A code is its sign too.
    symbols = [unit, *(get_currency_symbol(unit, locale=language) for language in _LANGUAGES)]
    return len(unit) == 1 or any(symbol in text for symbol in symbols)


def _readings(number: str) -> set[Decimal]:
    """Every number that the digits may stand for: `1,234.50` and `1.234,50` are one, `1.234` may be two."""
    marks = re.findall(r"\D", number)
    parts = re.split(r"\D", number)
    found = set()
    grouped = all(len(part) == 3 for part in parts[1:])
    if grouped:
        found.add(Decimal("".join(parts)))
    if marks and marks[-1] in ".," and marks[-1] not in marks[:-1] and all(len(p) == 3 for p in parts[1:-1]):
        found.add(Decimal(f"{''.join(parts[:-1])}.{parts[-1]}"))
    if " " in marks:
        # Two numbers beside each other look like one with a space in it.
        found |= {reading for part in number.split(" ") for reading in _readings(part)}
    # A list such as 5,9 or an hour written 11.30: each part by itself.
    return found or {Decimal(part) for part in parts}


def _says_time(text: str, hour: int, minute: int) -> bool:
    """`15:00` is also 3 pm, 3:00 p. m., 15.00 and 15 h."""
    half, twelve = ("a" if hour < 12 else "p"), hour % 12 or 12
    minutes = rf"[:.h]{minute:02}" if minute else r"(?:[:.h]00)?"
    patterns = [
        rf"(?<!\d)0?{hour}[:.h]{minute:02}(?!\d)(?!\s?[ap]\.?\s?m)",
        rf"(?<!\d)0?{twelve}{minutes}\s?{half}\.?\s?m\b",
    ]
    if minute == 0:
        patterns.append(rf"(?<!\d)0?{hour}\s?(?:h|hs|hrs|horas)\b")
    if (hour, minute) == (12, 0):
        patterns.append(r"\b(?:noon|midday|mediodia|meio-dia)\b")
    return any(re.search(pattern, text) for pattern in patterns)


def _says_date(text: str, day: date) -> bool:
    return any(re.search(pattern, text) for pattern in _date_patterns(day))


@cache
def _date_patterns(day: date) -> tuple[str, ...]:
    ending = "(?:st|nd|rd|th|o|º)?"
    number = rf"(?<![\d.,:/])0?{day.day}{ending}(?![\d:])"
    month = "(?:" + "|".join(sorted(_month_names(day.month), key=len, reverse=True)) + r")\b"
    # Another year named beside it is another date.
    year = rf"(?!\.?,?\s*(?:de\s+|del\s+|of\s+)?(?!{day.year}\b)(?:19|20)\d\d\b)"
    joint = r"\s*(?:al?|ao?|y|e|and|to|until|till|through|hasta|ate|-|–|—)\s*"
    until = rf"(?:{joint}(?:(?:el|the|o)\s+)?(?:[a-z]{{3,12}}\.?,?\s+)?\d{{1,2}}{ending})?"
    since = rf"(?:(?:the\s+)?\d{{1,2}}{ending}{joint})?"
    return (
        re.escape(day.isoformat()),
        rf"{number}{until}(?:\s+de|\s+of)?\s+{month}{year}",
        rf"{month}\.?\s+{since}(?:the\s+)?{number}{year}",
        rf"(?<![\d/.-])0?{day.day}[/.-]0?{day.month}(?:[/.-](?:{day.year // 100})?{day.year % 100:02})?(?![/.-]?\d)",
    )


def _month_names(month: int) -> set[str]:
    names = set()
    for language in _LANGUAGES:
        locale = Locale(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names.add(re.escape(plain(locale.months[context][width][month]).rstrip(".")))
    return names
