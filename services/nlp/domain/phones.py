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
