"""What messages cost: counted from what the channel says it bills, priced by a dated list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

DEFAULT_MARKET = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedMessage:
    """A message of ours as the channel bills it. `category` is the channel's word; a message not billable is free."""

    category: str
    billable: bool
    time: datetime
    phone_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What some messages cost together, in millionths of the currency's unit.

    `unpriced` are billed messages whose category is not in the list: they are missing from `micros`.
    """

    currency: str
    messages: int = 0
    billed: int = 0
    unpriced: int = 0
    micros: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePeriod:
    """Prices from a time on: millionths by category, by country code (digits) or DEFAULT_MARKET."""

    start: datetime
    markets: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """Periods in the order of their start."""

    currency: str
    periods: tuple[PricePeriod, ...]

    def cost_of(self, messages: Iterable[PricedMessage]) -> Cost:
        """Together."""
        count = billed = unpriced = micros = 0
        for message in messages:
            count += 1
            if message.billable:
                billed += 1
                price = self._price(message)
                unpriced += price is None
                micros += price or 0
        return Cost(currency=self.currency, messages=count, billed=billed, unpriced=unpriced, micros=micros)

    def _price(self, message: PricedMessage) -> int | None:
        begun = [period for period in self.periods if period.start <= message.time]
        if not begun:
            return None
        markets = begun[-1].markets
        digits = message.phone_number.removeprefix("+")
        # The longest country code that fits: +1 809 may have a line of its own beside +1.
        fitting = max((code for code in markets if digits.startswith(code)), key=len, default=DEFAULT_MARKET)
        return markets.get(fitting, {}).get(message.category)
