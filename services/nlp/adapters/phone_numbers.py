"""Phone numbers through the `phonenumbers` library."""

from __future__ import annotations

import phonenumbers


class LibraryPhoneReader:
    """Valid numbers only, judged by each country's numbering plan."""

    def read(self, written: str, region: str) -> str:
        try:
            number = phonenumbers.parse(written, region or None)
        except phonenumbers.NumberParseException:
            return ""
        if not phonenumbers.is_valid_number(number):
            return ""
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
