"""Phone numbers without a library: international numbers as they are, national ones of a few regions."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Country calling code and how many digits a national number has (ITU E.164 national plans).
_PLANS: dict[str, tuple[str, int]] = {
    "MX": ("52", 10),
    "US": ("1", 10),
    "CA": ("1", 10),
    "ES": ("34", 9),
    "CO": ("57", 10),
    "AR": ("54", 10),
    "PE": ("51", 9),
    "CL": ("56", 9),
    "GB": ("44", 10),
}


# A country, its people or its largest cities beside a number without a country code.
_COUNTRIES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (region, re.compile(rf"\b(?:{words})\b"))
    for region, words in (
        (
            "GB",
            "uk|u\\.k\\.|britain|british|england|english (?:number|mobile|phone)|scotland|wales|london|manchester"
            "|reino unido|inglaterra|ingles|londres",
        ),
        (
            "US",
            "us (?:number|cell|phone|mobile)|usa|u\\.s\\.|united states|american|new york|california|texas|florida"
            "|chicago|los angeles|estados unidos|eeuu|nueva york|miami",
        ),
        ("CA", "canad[ai]\\w*|toronto|montreal|vancouver"),
        ("AU", "australia\\w*|aussie|sydney|melbourne"),
        ("IE", "ireland|irish|dublin|irlanda"),
        ("ES", r"espana|espanol\w*|madrid|barcelona|valencia|sevilla|spain|spanish"),
        ("AR", "argentin[ao]|buenos aires|rosario"),
        ("CO", "colombi\\w+|bogota|medellin"),
        ("CL", "chilen[ao]|chile"),
        ("PE", "peru\\w*|lima"),
        ("MX", "mexic\\w+|cdmx|guadalajara|monterrey"),
        ("FR", "france|french|paris|francia|frances"),
        ("DE", "german\\w*|aleman\\w*|berlin"),
    )
)


def named_region(folded: str) -> str:
    """The country a message names beside its phone number ("I'm in London", "mi móvil español"); "" for none or two."""
    found = [region for region, pattern in _COUNTRIES if pattern.search(folded)]
    return found[0] if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class PlainPhoneReader:
    """Ships as the fallback where the phone library is not installed; checks length only."""

    def read(self, written: str, region: str) -> str:
        digits = re.sub(r"\D", "", written)
        if written.strip().startswith("+") or written.strip().startswith("00"):
            international = digits.removeprefix("00")
            return f"+{international}" if 8 <= len(international) <= 15 else ""
        code, length = _PLANS.get(region, ("", 0))
        national = digits.removeprefix("0") if region == "GB" else digits
        return f"+{code}{national}" if code and len(national) == length else ""
