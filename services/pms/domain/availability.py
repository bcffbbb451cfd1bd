"""What can be had for a stay, at what price, and why the rest cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from mesh.errors import Invalid, Refused
from mesh.values import Money

from .policy import Terms, work_out
from .pricing import LIST_PRICE, NightPrice, Price, night_price, price_room
from .property import Property, RatePlan, RoomType
from .stay import Occupancy, Stay


class Reason(StrEnum):
    """Why a room type cannot be had; the names of `hotel.common.v1.ErrorReason`."""

    SOLD_OUT = "SOLD_OUT"
    MIN_STAY = "MIN_STAY"
    MAX_STAY = "MAX_STAY"
    CLOSED_TO_ARRIVAL = "CLOSED_TO_ARRIVAL"
    CLOSED_TO_DEPARTURE = "CLOSED_TO_DEPARTURE"
    OCCUPANCY = "OCCUPANCY"
    PAST = "PAST"
    BEYOND_HORIZON = "BEYOND_HORIZON"
    GROUP_TOO_LARGE = "GROUP_TOO_LARGE"
    NOT_ENOUGH_ROOMS = "NOT_ENOUGH_ROOMS"


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryNight:
    """One night of one room type. `net_price` is the price of a room before rate plan and taxes, as `rule` made it.

    `min_nights` binds every stay that includes the night, `max_nights` those that arrive on it; 0 is no limit.
    """

    night: date
    room_type_id: str
    capacity: int
    net_price: Decimal
    sold: int = 0
    held: int = 0
    min_nights: int = 0
    max_nights: int = 0
    closed_to_arrival: bool = False
    closed_to_departure: bool = False
    rule: str = LIST_PRICE

    @property
    def left(self) -> int:
        """Rooms still to be had."""
        return max(0, self.capacity - self.sold - self.held)


class Calendar:
    """Inventory nights by room type and date."""

    def __init__(self, nights: Iterable[InventoryNight]) -> None:
        self._nights = {(night.room_type_id, night.night): night for night in nights}

    def night(self, room_type_id: str, night: date) -> InventoryNight | None:
        """The night, or None where nothing is on sale."""
        return self._nights.get((room_type_id, night))

    def without(self, room_type_id: str, stay: Stay, units: int) -> Calendar:
        """The same calendar with the rooms of one reservation given back: how a change of that reservation sees it."""
        return Calendar(
            replace(night, sold=max(0, night.sold - units))
            if night.room_type_id == room_type_id and night.night in stay
            else night
            for night in self._nights.values()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: one occupancy a room; no room type or rate plan means all of them."""

    stay: Stay
    rooms: tuple[Occupancy, ...]
    room_type_id: str = ""
    rate_plan_id: str = ""

    def __post_init__(self) -> None:
        if not self.rooms:
            raise Invalid("nobody to sleep", fields={"rooms": "one entry a room is required"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A room type and rate plan that can be had. `price` is for the first room, `total` and `terms` for all rooms."""

    room_type_id: str
    rate_plan_id: str
    stay: Stay
    units_left: int
    price: Price
    total: Money
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a room type cannot be had. `limit` is the limit that was hit, `night` the first date in the way."""

    room_type_id: str
    reason: Reason
    limit: int = 0
    night: date | None = None

    def error(self) -> Refused:
        """The same as an error, with the limit under the name that the contract gives it."""
        metadata: dict[str, object] = {"room_type_id": self.room_type_id}
        match self.reason:
            case Reason.MIN_STAY:
                metadata["min_nights"] = self.limit
            case Reason.MAX_STAY:
                metadata["max_nights"] = self.limit
            case Reason.OCCUPANCY:
                metadata["max_occupancy"] = self.limit
            case Reason.GROUP_TOO_LARGE:
                metadata["max_rooms"] = self.limit
            case Reason.BEYOND_HORIZON:
                metadata["last_date"] = self.night
            case Reason.NOT_ENOUGH_ROOMS:
                metadata["rooms_left"] = self.limit
            case _:
                pass
        if self.night is not None:
            metadata["date"] = self.night.isoformat()
        reason = Reason.SOLD_OUT if self.reason is Reason.NOT_ENOUGH_ROOMS else self.reason
        return Refused(reason.value, f"{self.room_type_id} cannot be had: {self.reason.value}", **metadata)


def refusal(
    hotel: Property, calendar: Calendar, wish: Wish, *, room_type: RoomType, now: datetime, arrived: bool = False
) -> Refusal | None:
    """Why these rooms of this type cannot be had, or None. What no other dates can mend is named first.

    A guest who has `arrived` may have a check-in date in the past.
    """
    general = _by_the_house(hotel, wish, now, arrived=arrived) or _by_the_people(room_type, wish.rooms)
    if general is not None:
        reason, limit, night = general
        return Refusal(room_type_id=room_type.room_type_id, reason=reason, limit=limit, night=night)
    return _by_the_nights(calendar, wish.stay, len(wish.rooms), room_type.room_type_id)


def _by_the_house(
    hotel: Property, wish: Wish, now: datetime, *, arrived: bool
) -> tuple[Reason, int, date | None] | None:
    if not arrived and wish.stay.check_in < hotel.today(now):
        return Reason.PAST, 0, wish.stay.check_in
    if wish.stay.check_out > hotel.last_check_out(now):
        return Reason.BEYOND_HORIZON, hotel.booking_horizon_days, hotel.last_check_out(now)
    if len(wish.rooms) > hotel.max_rooms_self_service:
        return Reason.GROUP_TOO_LARGE, hotel.max_rooms_self_service, None
    return None


def _by_the_people(room_type: RoomType, rooms: Sequence[Occupancy]) -> tuple[Reason, int, date | None] | None:
    if all(room_type.sleeps(occupancy) for occupancy in rooms):
        return None
    return Reason.OCCUPANCY, room_type.max_occupancy, None


def _by_the_nights(calendar: Calendar, stay: Stay, units: int, room_type_id: str) -> Refusal | None:
    nights = [(night, calendar.night(room_type_id, night)) for night in stay.nights()]
    short = next(((date_, night) for date_, night in nights if night is None or night.left < units), None)
    if short is not None:
        left = min(night.left if night else 0 for _, night in nights)
        reason = Reason.NOT_ENOUGH_ROOMS if left else Reason.SOLD_OUT
        return Refusal(room_type_id=room_type_id, reason=reason, limit=left, night=short[0])
    return _by_the_restrictions(calendar, stay, room_type_id)


def _by_the_restrictions(calendar: Calendar, stay: Stay, room_type_id: str) -> Refusal | None:
    arrival = calendar.night(room_type_id, stay.check_in)
    departure = calendar.night(room_type_id, stay.check_out)
    if arrival and arrival.closed_to_arrival:
        return Refusal(room_type_id=room_type_id, reason=Reason.CLOSED_TO_ARRIVAL, night=stay.check_in)
    if departure and departure.closed_to_departure:
        return Refusal(room_type_id=room_type_id, reason=Reason.CLOSED_TO_DEPARTURE, night=stay.check_out)
    strict = [
        night
        for night in (calendar.night(room_type_id, date_) for date_ in stay.nights())
        if night and night.min_nights > len(stay)
    ]
    if strict:
        limit = max(night.min_nights for night in strict)
        return Refusal(room_type_id=room_type_id, reason=Reason.MIN_STAY, limit=limit, night=strict[0].night)
    if arrival and 0 < arrival.max_nights < len(stay):
        return Refusal(room_type_id=room_type_id, reason=Reason.MAX_STAY, limit=arrival.max_nights, night=stay.check_in)
    return None


def price_nights(
    hotel: Property, calendar: Calendar, plan: RatePlan, room_type_id: str, stay: Stay
) -> list[NightPrice]:
    """The price of every night; a night that is not on sale raises Refused SOLD_OUT."""
    prices = []
    for date_ in stay.nights():
        night = calendar.night(room_type_id, date_)
        if night is None:
            raise Refusal(room_type_id=room_type_id, reason=Reason.SOLD_OUT, night=date_).error()
        prices.append(night_price(hotel, plan, night=date_, list_price=night.net_price, rule=night.rule))
    return prices


def offer(
    hotel: Property,
    calendar: Calendar,
    wish: Wish,
    *,
    room_type: RoomType,
    plan: RatePlan,
    now: datetime,
) -> Offer:
    """The offer for rooms that can be had; ask `refusal` first."""
    nights = price_nights(hotel, calendar, plan, room_type.room_type_id, wish.stay)
    left = [calendar.night(room_type.room_type_id, night) for night in wish.stay.nights()]
    price, total, terms = price_stay(hotel, plan, stay=wish.stay, rooms=wish.rooms, nights=nights, booked=now)
    return Offer(
        room_type_id=room_type.room_type_id,
        rate_plan_id=plan.rate_plan_id,
        stay=wish.stay,
        units_left=min(night.left if night else 0 for night in left),
        price=price,
        total=total,
        terms=terms,
    )


def price_stay(
    hotel: Property,
    plan: RatePlan,
    *,
    stay: Stay,
    rooms: Sequence[Occupancy],
    nights: Sequence[NightPrice],
    booked: datetime,
) -> tuple[Price, Money, Terms]:
    """The price of the first room, the total of all rooms and the terms for all rooms."""

    def all_rooms(some: Sequence[NightPrice]) -> Money:
        total = hotel.money(0)
        for occupancy in rooms:
            total += price_room(hotel, some, occupancy).gross
        return total

    total = all_rooms(nights)
    terms = work_out(
        plan.policy,
        arrival=hotel.arrival_instant(stay.check_in),
        booked=booked,
        total=total,
        first_nights=lambda count: all_rooms(nights[:count]),
        date_change_allowed=plan.date_change_allowed,
    )
    return price_room(hotel, nights, rooms[0]), total, terms
