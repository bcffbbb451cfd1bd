"""How full a night will be, from how past nights filled up, and the price that follows from it.

Additive pick-up: past nights of the same room type and kind (weekend or not) gained so many rooms, on average, from a
given number of days ahead until they began; cancellations count as rooms lost. What a night has on its books plus
what such nights still gained is what is expected of it. What was booked on a day counts as there on that day: nothing
is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from zoneinfo import ZoneInfo

from .availability import InventoryNight
from .property import Property
from .reservation import Reservation
from .stay import Stay

# How far back nights are learned from, and how far ahead anything is expected.
HISTORY = timedelta(days=365)
MOST_LEAD_DAYS = 365
_FRIDAY, _SATURDAY = 4, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PastBooking:
    """Rooms that were booked on a date and perhaps given back on another, both of the property's calendar."""

    room_type_id: str
    stay: Stay
    units: int
    booked: date
    canceled: date | None = None

    def holds_on(self, day: date) -> bool:
        """True when its rooms were on the books at the end of that day."""
        return self.booked <= day and (self.canceled is None or self.canceled > day)


def past_booking(hotel: Property, reservation: Reservation) -> PastBooking:
    """A reservation as the history sees it."""
    zone = ZoneInfo(hotel.time_zone)

    def day(instant: datetime) -> date:
        return instant.astimezone(zone).date()

    return PastBooking(
        room_type_id=reservation.room_type_id,
        stay=reservation.stay,
        units=reservation.units,
        booked=day(reservation.create_time),
        canceled=day(reservation.cancel_time) if reservation.cancel_time else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PickUp:
    """Rooms that past nights gained, by room type and kind of night; index of both lists is days ahead.

    `gained` are sums over nights, `counted` how many nights they are of: those that were long enough after the first
    booking on record for anything to be known so far ahead.
    """

    gained: Mapping[tuple[str, bool], tuple[int, ...]]
    counted: Mapping[tuple[str, bool], tuple[int, ...]]

    def rooms(self, room_type_id: str, night: date, lead_days: int, *, at_least_nights: int) -> Decimal | None:
        """Rooms that a night so many days ahead will gain; None when too few past nights tell."""
        key = (room_type_id, is_weekend(night))
        if not 0 <= lead_days <= MOST_LEAD_DAYS or key not in self.counted:
            return None
        nights = self.counted[key][lead_days]
        return Decimal(self.gained[key][lead_days]) / nights if nights >= max(1, at_least_nights) else None


def is_weekend(night: date) -> bool:
    """Nights from Friday to Sunday fill up otherwise than the rest."""
    return night.weekday() in {_FRIDAY, _SATURDAY}


def learn(bookings: Iterable[PastBooking], room_types: Iterable[str], today: date) -> PickUp:
    """What the nights before today teach. Only what was known before today is looked at."""
    known = [booking for booking in bookings if booking.booked < today]
    size = MOST_LEAD_DAYS + 2
    gained = {(own, weekend): [0] * size for own in room_types for weekend in (False, True)}
    counted = {key: [0] * size for key in gained}
    since = min((booking.booked for booking in known), default=today)
    first = max(since, today - HISTORY)
    for offset in range((today - first).days):
        night = first + timedelta(days=offset)
        for (_, weekend), counts in counted.items():
            if weekend == is_weekend(night):
                _add(counts, 0, _seen_from(night, since), 1)
    for booking in known:
        for night in booking.stay.nights():
            key = (booking.room_type_id, is_weekend(night))
            if first <= night < today and key in gained:
                _add_booking(gained[key], booking, night, _seen_from(night, since))
    return PickUp(
        gained={key: tuple(accumulate(changes))[:-1] for key, changes in gained.items()},
        counted={key: tuple(accumulate(changes))[:-1] for key, changes in counted.items()},
    )


def _seen_from(night: date, since: date) -> int:
    """From how many days ahead on a night was watched."""
    return min((night - since).days, MOST_LEAD_DAYS)


def _add_booking(changes: list[int], booking: PastBooking, night: date, seen_from: int) -> None:
    """What a booking adds to a night's gain, for every number of days ahead."""
    made = (night - booking.booked).days
    if booking.holds_on(night):
        # Not yet on the books further ahead than it was made.
        _add(changes, made + 1, seen_from, booking.units)
    elif booking.canceled is not None:
        # On the books for a while, and lost in the end.
        _add(changes, (night - booking.canceled).days + 1, min(made, seen_from), -booking.units)


def _add(changes: list[int], first: int, last: int, value: int) -> None:
    """Adds to a range of indices, both ends included, of a list of differences."""
    first = max(first, 0)
    if first <= last:
        changes[first] += value
        changes[last + 1] -= value


def expected_occupancy(pick_up: PickUp, hotel: Property, night: InventoryNight, today: date) -> Decimal | None:
    """How full a night is expected to be, 0-1; None without rules, history, or rooms. Holds are not counted."""
    if hotel.pricing is None or night.capacity <= 0:
        return None
    lead = (night.night - today).days
    gain = pick_up.rooms(night.room_type_id, night.night, lead, at_least_nights=hotel.pricing.history_nights)
    if gain is None:
        return None
    return min(max((night.sold + gain) / night.capacity, Decimal(0)), Decimal(1))


def priced(hotel: Property, nights: Sequence[InventoryNight], pick_up: PickUp, today: date) -> Sequence[InventoryNight]:
    """The nights at the prices of their demand, each naming the step that moved it."""
    rules = hotel.pricing
    if rules is None:
        return nights
    moved = []
    for night in nights:
        expected = expected_occupancy(pick_up, hotel, night, today)
        step = rules.step_for(expected, (night.night - today).days) if expected is not None else None
        price = rules.moved(night.room_type_id, night.net_price, step) if step else night.net_price
        changed = step is not None and price != night.net_price
        moved.append(replace(night, net_price=price, rule=step.name) if changed and step else night)
    return moved
