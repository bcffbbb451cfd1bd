"""Values that every service speaks of and that belong to none: money and opaque ids. Pure."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 currencies whose minor unit is not 1/100.
_MINOR_DIGITS = {"CLP": 0, "COP": 2, "JPY": 0, "KRW": 0, "PYG": 0, "VND": 0, "BHD": 3, "JOD": 3, "KWD": 3, "TND": 3}


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact sum in one currency. Arithmetic across currencies is a programming error and raises ValueError."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """A sum from an exact value; floats are not taken, they are not exact."""
        return cls(Decimal(amount), currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def rounded(self) -> Money:
        """Rounded half up to the currency's minor unit: what a guest is told and pays."""
        digits = _MINOR_DIGITS.get(self.currency, 2)
        return Money(self.amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return other.amount


def new_id(prefix: str) -> str:
    """A fresh opaque id such as `ses_3f…`: 80 random bits, safe in URLs and file names."""
    return f"{prefix}_{secrets.token_hex(10)}"


def derived_id(prefix: str, *parts: str) -> str:
    """The same id for the same parts, always: how a repeated turn repeats its request ids."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{prefix}_{digest[:20]}"
