"""What a hotel is and sells: its whole configuration as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from mesh.errors import NotFound
from mesh.values import Money

from .policy import CancellationPolicy
from .price_steps import PricingRules
from .stay import Occupancy


class Per(StrEnum):
    """What a tax's amount is multiplied by."""

    STAY = "stay"
    NIGHT = "night"
    PERSON_NIGHT = "person_night"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRule:
    """A tax: either a decimal `rate` on the net price, or a fixed `amount` per stay, night or person and night.

    People younger than `exempt_below_age` do not count for amounts per person and night.
    """

    code: str
    rate: Decimal | None = None
    amount: Decimal | None = None
    included: bool = False
    per: Per = Per.STAY
    exempt_below_age: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something the hotel tells guests. `version` increases when the words change."""

    topic: str
    text: Mapping[str, str]
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomType:
    """Rooms of one kind, interchangeable until check-in. `net_price` is the list price of a night without taxes."""

    room_type_id: str
    name: Mapping[str, str]
    beds: Mapping[str, str]
    max_occupancy: int
    units: int
    net_price: Decimal
    synonyms: tuple[str, ...] = ()
    max_adults: int = 0
    max_children: int | None = None
    room_numbers: tuple[str, ...] = ()

    def sleeps(self, occupancy: Occupancy) -> bool:
        """True when these people fit into one room of this type."""
        if occupancy.people > self.max_occupancy:
            return False
        if self.max_adults and occupancy.adults > self.max_adults:
            return False
        return self.max_children is None or len(occupancy.child_ages) <= self.max_children


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePlan:
    """Conditions of sale: a factor on the list price and what canceling costs."""

    rate_plan_id: str
    name: Mapping[str, str]
    policy: CancellationPolicy
    synonyms: tuple[str, ...] = ()
    price_factor: Decimal = Decimal(1)
    date_change_allowed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From a time of day until another, which may be on the next day."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A hotel. Room types and rate plans stand in the hotel's own order; the first rate plan is the default."""

    property_id: str
    display_name: str
    time_zone: str
    currency: str
    region: str
    languages: tuple[str, ...]
    check_in_time: time
    check_out_time: time
    quiet_hours: Hours
    staff_hours: Hours
    emergency_number: str
    taxes: tuple[TaxRule, ...]
    room_types: tuple[RoomType, ...]
    rate_plans: tuple[RatePlan, ...]
    facts: tuple[Fact, ...] = ()
    max_rooms_self_service: int = 4
    booking_horizon_days: int = 540
    hold_duration: timedelta = field(default=timedelta(minutes=15))
    quote_duration: timedelta = field(default=timedelta(minutes=30))
    backend: str = "builtin"
    pricing: PricingRules | None = None

    def room_type(self, room_type_id: str) -> RoomType:
        """The room type; raises NotFound."""
        for room_type in self.room_types:
            if room_type.room_type_id == room_type_id:
                return room_type
        raise NotFound("ROOM_TYPE_NOT_FOUND", f"{self.property_id} sells no room type {room_type_id!r}")

    def rate_plan(self, rate_plan_id: str) -> RatePlan:
        """The rate plan; raises NotFound."""
        for rate_plan in self.rate_plans:
            if rate_plan.rate_plan_id == rate_plan_id:
                return rate_plan
        raise NotFound("RATE_PLAN_NOT_FOUND", f"{self.property_id} has no rate plan {rate_plan_id!r}")

    def today(self, now: datetime) -> date:
        """The date on the hotel's calendar at an instant."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def last_check_out(self, now: datetime) -> date:
        """The last check-out date on sale."""
        return self.today(now) + timedelta(days=self.booking_horizon_days)

    def arrival_instant(self, check_in: date) -> datetime:
        """The check-in time of an arrival day as an aware instant in the hotel's zone."""
        return datetime.combine(check_in, self.check_in_time, ZoneInfo(self.time_zone))

    def money(self, amount: Decimal | int | str) -> Money:
        """A sum in the hotel's currency."""
        return Money.of(amount, self.currency)
