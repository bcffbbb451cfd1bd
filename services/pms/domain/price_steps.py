"""The owner's rules for moving prices with demand: steps, and how far they may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStep:
    """A factor on the list price of nights whose expected occupancy (0-1) lies in a range.

    The range is half-open, `[at_least, below)`; None is no bound. With `within_days`, only that close to the night.
    """

    name: str
    factor: Decimal
    at_least: Decimal | None = None
    below: Decimal | None = None
    within_days: int | None = None

    def applies(self, expected: Decimal, lead_days: int) -> bool:
        """True for a night so many days ahead that is expected to be so full."""
        if self.within_days is not None and lead_days > self.within_days:
            return False
        if self.at_least is not None and expected < self.at_least:
            return False
        return self.below is None or expected < self.below


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingRules:
    """Steps, of which the first that applies moves a price, within `floor` and `ceiling` by room type.

    A room type without floor and ceiling keeps its list price. `history_nights` is how many past nights of the same
    kind must be known before anything is expected of a night.
    """

    steps: tuple[PriceStep, ...]
    floor: Mapping[str, Decimal]
    ceiling: Mapping[str, Decimal]
    history_nights: int = 20

    def step_for(self, expected: Decimal, lead_days: int) -> PriceStep | None:
        """The step that moves the price, if any."""
        return next((step for step in self.steps if step.applies(expected, lead_days)), None)

    def moved(self, room_type_id: str, list_price: Decimal, step: PriceStep) -> Decimal:
        """The price after a step. The limits stop a move, they never make one.

        A list price that the owner set beyond a limit stays where it is.
        """
        if room_type_id not in self.floor or room_type_id not in self.ceiling:
            return list_price
        lowest = min(self.floor[room_type_id], list_price)
        highest = max(self.ceiling[room_type_id], list_price)
        return min(max(list_price * step.factor, lowest), highest)
