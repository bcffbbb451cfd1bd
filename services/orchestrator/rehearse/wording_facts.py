"""Whether a text says a fact: numbers compared as numbers, dates in any clear form, words without case or accents."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale

_LANGUAGES = ("es", "en", "pt")
_NUMBER = re.compile(r"\d+(?:[.,'\u00a0\u202f]\d+)*")


def says(text: str, fact: object) -> bool:
    """True when `text` carries `fact`: a date (ISO), a number, or words."""
    plain_text, words = plain(text), str(fact)
    if isinstance(fact, date) or re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        return _says_date(plain_text, date.fromisoformat(words))
    wanted = _decimal(words)
    if wanted is not None:
        return any(wanted in _readings(found) for found in _NUMBER.findall(plain_text))
    return plain(words) in plain_text


def plain(text: str) -> str:
    """Without case, accents and typographic spaces."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in folded if not unicodedata.combining(character))


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _readings(number: str) -> set[Decimal]:
    """Every number that the digits may stand for: `1,234.50` and `1.234,50` are one, `1.234` may be two."""
    marks = re.findall(r"\D", number)
    parts = re.split(r"\D", number)
    found = set()
    if all(len(part) == 3 for part in parts[1:]):
        found.add(Decimal("".join(parts)))
    if marks and marks[-1] in ".," and marks[-1] not in marks[:-1] and all(len(p) == 3 for p in parts[1:-1]):
        found.add(Decimal(f"{''.join(parts[:-1])}.{parts[-1]}"))
    # A list such as 5,9 or an hour written 11.30: each part by itself.
    return found or {Decimal(part) for part in parts}


def _says_date(text: str, day: date) -> bool:
    return any(re.search(pattern, text) for pattern in _date_patterns(day))


@cache
def _date_patterns(day: date) -> tuple[str, ...]:
    number = rf"(?<![\d.,]){day.day}(?:st|nd|rd|th)?(?![\d])"
    month = "(?:" + "|".join(sorted(_month_names(day.month), key=len, reverse=True)) + r")\b"
    until = r"(?:\s*(?:al?|y|e|and|to|until|ate|-|–|—)\s*(?:el\s+)?\d{1,2}(?:st|nd|rd|th)?)?"
    return (
        re.escape(day.isoformat()),
        rf"{number}{until}(?:\s+de|\s+of)?\s+{month}",
        rf"{month}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?\s*(?:to|-|–|—|and)\s*)?{number}",
        rf"(?<!\d)0?{day.day}[/.-]0?{day.month}(?:[/.-](?:20)?{day.year % 100:02})?(?!\d)",
    )


def _month_names(month: int) -> set[str]:
    names = set()
    for language in _LANGUAGES:
        locale = Locale(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names.add(re.escape(plain(locale.months[context][width][month]).rstrip(".")))
    return names
