"""Phone numbers as people and channels write them, brought to one form.

Three countries write one mobile line in several ways, and a guest must not become two people by it:
Mexico dropped the 1 after +52 in 2019, but WhatsApp still sends `521…`; Brazil put a 9 before eight-digit mobile
numbers, and accounts made before it keep the old form; Argentina puts a 9 after +54 for mobiles when called from
abroad and a 15 after the area code when called from within.
"""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"\+?[\d\s().\-\u00a0\u202f]+")
_MINIMUM_DIGITS = 7
_MAXIMUM_DIGITS = 15  # ITU-T E.164

# Argentine area codes of three digits; Buenos Aires has two (11), all others have four.
# fmt: off
_ARGENTINE_AREAS = frozenset({
    "220", "221", "223", "230", "236", "237", "249", "260", "261", "263", "264", "266", "280", "291",
    "294", "297", "298", "299", "336", "341", "342", "343", "345", "348", "351", "353", "358", "362",
    "364", "370", "376", "379", "380", "381", "383", "385", "387", "388",
})
# fmt: on


def digits_of(written: str) -> str | None:
    """The digits of an international number, country code first; None when it is not one.

    `+52 55 1234-5678`, `525512345678` and `00525512345678` are the same. A national number cannot be told from an
    international one without its country, so it is taken as it stands.
    """
    text = written.strip()
    if not _WRITTEN.fullmatch(text):
        return None
    digits = "".join(str(int(character)) for character in text if character.isdecimal())
    if not text.startswith("+") and digits.startswith("00"):
        digits = digits[2:]
    if not _MINIMUM_DIGITS <= len(digits) <= _MAXIMUM_DIGITS or digits.startswith("0"):
        return None
    return digits


def line_of(written: str) -> str | None:
    """The digits that stand for the line however it is written: what two forms of one number have in common."""
    digits = digits_of(written)
    if digits is None:
        return None
    match digits[:2]:
        case "52":
            return _mexican_line(digits)
        case "55":
            return _brazilian_line(digits)
        case "54":
            return _argentine_line(digits)
    return digits


def e164(written: str) -> str:
    """The number as the ITU writes it, with `+`; empty when it is not a number."""
    digits = digits_of(written)
    line = line_of(written)
    if digits is None or line is None:
        return ""
    if line.startswith("55") and len(line) == 12 and line[4] in "6789":
        return f"+{line[:4]}9{line[4:]}"
    if line.startswith("54") and digits != line:
        return f"+549{line[2:]}"
    return f"+{line}"


def _mexican_line(digits: str) -> str:
    """`52 1` and ten digits is `52` and the same ten."""
    return f"52{digits[3:]}" if len(digits) == 13 and digits[2] == "1" else digits


def _brazilian_line(digits: str) -> str:
    """Without the ninth digit. Only before 6–9: what follows was a mobile number of eight digits before it."""
    mobile = len(digits) == 13 and digits[4] == "9" and digits[5] in "6789"
    return digits[:4] + digits[5:] if mobile else digits


def _argentine_line(digits: str) -> str:
    """`54` and ten digits, without the 9 of calls from abroad and the 15 of calls from within."""
    national = digits[2:]
    if len(national) in (11, 13) and national.startswith("9"):
        national = national[1:]
    if len(national) == 12:
        area = 2 if national.startswith("11") else 3 if national[:3] in _ARGENTINE_AREAS else 4
        if national[area : area + 2] == "15":
            national = national[:area] + national[area + 2 :]
    return f"54{national}"
