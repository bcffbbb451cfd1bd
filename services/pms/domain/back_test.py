"""What the pricing rules would have done on past bookings, each with what was known on the day it was made.

It says what the same bookings would have paid. Whether guests would have booked at that price nobody knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from mesh.values import Money

from .availability import InventoryNight
from .demand import PastBooking, PickUp, expected_occupancy, learn, past_booking, priced
from .pricing import LIST_PRICE
from .property import Property
from .reservation import Reservation

ByNight = defaultdict[tuple[str, date], list[PastBooking]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What one rule did: room nights, what they were sold for and would have been, net."""

    rule: str
    room_nights: int
    sold_for: Money
    would_be: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """All rules, `list` first. `forecasts` and `mean_error` (0-1) tell how good the expectations were."""

    rules: tuple[RuleResult, ...]
    forecasts: int
    mean_error: Decimal


def back_test(hotel: Property, reservations: Sequence[Reservation], *, first: date, until: date) -> BackTest:
    """Replays the reservations made on days of `[first, until)`; all of them teach. Needs `hotel.pricing`."""
    bookings = [past_booking(hotel, reservation) for reservation in reservations]
    by_night = _by_night(bookings)
    lessons: dict[date, PickUp] = {}
    sums: dict[str, tuple[int, Money, Money]] = {}
    errors: list[Decimal] = []
    for reservation, booking in zip(reservations, bookings, strict=True):
        day = booking.booked
        if not first <= day < until:
            continue
        if day not in lessons:
            lessons[day] = learn(bookings, (each.room_type_id for each in hotel.room_types), day)
        for night in _nights_before(hotel, reservation, booking, by_night):
            expected = expected_occupancy(lessons[day], hotel, night, day)
            if expected is not None and night.night < until:
                errors.append(abs(expected - _final_occupancy(by_night, night)))
            (moved,) = priced(hotel, [night], lessons[day], day)
            _count(sums, hotel, reservation, night, moved)
    order = [LIST_PRICE, *(step.name for step in hotel.pricing.steps)] if hotel.pricing else [LIST_PRICE]
    results = [
        RuleResult(rule=rule, room_nights=sums[rule][0], sold_for=sums[rule][1], would_be=sums[rule][2])
        for rule in order
        if rule in sums
    ]
    mean = sum(errors, Decimal(0)) / len(errors) if errors else Decimal(0)
    return BackTest(rules=tuple(results), forecasts=len(errors), mean_error=mean)


def _by_night(bookings: Iterable[PastBooking]) -> ByNight:
    """Bookings by room type and night, so that each night is not looked for among all of them."""
    found: ByNight = defaultdict(list)
    for booking in bookings:
        for night in booking.stay.nights():
            found[booking.room_type_id, night].append(booking)
    return found


def _nights_before(
    hotel: Property, reservation: Reservation, booking: PastBooking, by_night: ByNight
) -> list[InventoryNight]:
    """The nights of a booking as they stood when it was made, at the list price it was made at."""
    known = [room_type for room_type in hotel.room_types if room_type.room_type_id == booking.room_type_id]
    if not known:
        return []
    listed = {night.night: _list_price(hotel, reservation, night.night) for night in reservation.price.nights}
    day_before = booking.booked - timedelta(days=1)
    return [
        InventoryNight(
            night=night,
            room_type_id=booking.room_type_id,
            capacity=known[0].units,
            net_price=listed.get(night, known[0].net_price),
            sold=_on_the_books(by_night[booking.room_type_id, night], day_before),
        )
        for night in booking.stay.nights()
    ]


def _list_price(hotel: Property, reservation: Reservation, night: date) -> Decimal:
    """What a night cost before rate plan and rules."""
    price = next(each for each in reservation.price.nights if each.night == night)
    if price.rule != LIST_PRICE:
        return hotel.room_type(reservation.room_type_id).net_price
    return price.net.amount / _factor(hotel, reservation)


def _factor(hotel: Property, reservation: Reservation) -> Decimal:
    factors = {plan.rate_plan_id: plan.price_factor for plan in hotel.rate_plans}
    return factors.get(reservation.rate_plan_id, Decimal(1))


def _final_occupancy(by_night: ByNight, night: InventoryNight) -> Decimal:
    sold = _on_the_books(by_night[night.room_type_id, night.night], night.night)
    return min(Decimal(sold) / night.capacity, Decimal(1))


def _on_the_books(bookings: Iterable[PastBooking], day: date) -> int:
    """Rooms on the books at the end of a day."""
    return sum(booking.units for booking in bookings if booking.holds_on(day))


def _count(
    sums: dict[str, tuple[int, Money, Money]],
    hotel: Property,
    reservation: Reservation,
    night: InventoryNight,
    moved: InventoryNight,
) -> None:
    sold_for = next((each.net for each in reservation.price.nights if each.night == night.night), hotel.money(0))
    would_be = hotel.money(moved.net_price * _factor(hotel, reservation)).rounded()
    count, before, after = sums.get(moved.rule, (0, hotel.money(0), hotel.money(0)))
    units = reservation.units
    sums[moved.rule] = (count + units, before + sold_for * units, after + would_be * units)
