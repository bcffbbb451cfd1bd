"""A hotel as its owner describes it: what it sells, nights that differ, and reservations it already has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from mesh.values import derived_id

from .availability import InventoryNight, price_stay
from .pricing import night_price
from .property import Property
from .reservation import Booker, Reservation, ReservationState, ReservedRoom
from .stay import Occupancy, Stay

# Nights kept ready past the horizon, so that midnight never finds the last date unready.
MARGIN = timedelta(days=8)
# A reservation from the file is taken as made at least so long before the arrival.
BOOKED_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class NightException:
    """Nights that differ from the rest. `left` are the rooms still to be sold on each, by room type."""

    nights: Stay
    left: Mapping[str, int]
    net_price: Mapping[str, Decimal]
    min_nights: int = 0
    max_nights: int = 0
    closed_to_arrival: bool = False
    closed_to_departure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingReservation:
    """A reservation that the hotel had before it opened the books here."""

    code: str
    booker: Booker
    stay: Stay
    room_type_id: str
    rate_plan_id: str
    occupancy: Occupancy
    state: ReservationState
    room_number: str = ""

    def reservation(self, hotel: Property, exceptions: tuple[NightException, ...], now: datetime) -> Reservation:
        """The reservation, priced by the hotel's own list."""
        plan = hotel.rate_plan(self.rate_plan_id)
        prices = {
            night.night: night.net_price for night in nights_of(hotel, exceptions, (), self.stay)[self.room_type_id]
        }
        nights = [night_price(hotel, plan, night=night, list_price=prices[night]) for night in self.stay.nights()]
        booked = min(now, hotel.arrival_instant(self.stay.check_in) - BOOKED_AHEAD)
        price, total, terms = price_stay(
            hotel, plan, stay=self.stay, rooms=(self.occupancy,), nights=nights, booked=booked
        )
        return Reservation(
            reservation_id=derived_id("res", hotel.property_id, self.code),
            confirmation_code=self.code,
            property_id=hotel.property_id,
            state=self.state,
            booker=self.booker,
            stay=self.stay,
            room_type_id=self.room_type_id,
            rate_plan_id=self.rate_plan_id,
            rooms=(ReservedRoom(occupancy=self.occupancy, room_number=self.room_number),),
            total=total,
            price=price,
            terms=terms,
            create_time=booked,
            update_time=now,
            source="hotel_file",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything one hotel file says."""

    hotel: Property
    exceptions: tuple[NightException, ...] = ()
    reservations: tuple[ExistingReservation, ...] = ()

    def without_guests(self) -> Configuration:
        """The same without who booked: all that nights and prices are worked out from."""
        nobody = Booker(given_name="")
        return replace(self, reservations=tuple(replace(existing, booker=nobody) for existing in self.reservations))

    def nights(self, now: datetime, *, after: date | None = None) -> list[InventoryNight]:
        """Every night to keep, from the earliest one needed, or the one after `after`, to beyond the horizon.

        `sold` and `held` are 0.
        """
        today = self.hotel.today(now)
        first = min([today, *(existing.stay.check_in for existing in self.reservations)])
        if after is not None:
            first = max(first, after + timedelta(days=1))
        end = self.hotel.last_check_out(now) + MARGIN
        if first >= end:
            return []
        span = Stay(first, end)
        by_type = nights_of(self.hotel, self.exceptions, self.reservations, span)
        return [night for nights in by_type.values() for night in nights]


def nights_of(
    hotel: Property,
    exceptions: tuple[NightException, ...],
    reservations: tuple[ExistingReservation, ...],
    span: Stay,
) -> dict[str, list[InventoryNight]]:
    """The nights of a span as the file wants them, by room type; later exceptions win.

    "left" counts rooms still to be sold beside the file's own reservations, so that loading them leaves just so many.
    """
    nights: dict[str, list[InventoryNight]] = {}
    for room_type in hotel.room_types:
        own = room_type.room_type_id
        taken = [existing.stay for existing in reservations if existing.room_type_id == own]
        nights[own] = []
        for night in span.nights():
            capacity, price, limits = (
                room_type.units,
                room_type.net_price,
                NightException(nights=span, left={}, net_price={}),
            )
            for exception in exceptions:
                if night in exception.nights:
                    sold = sum(night in stay for stay in taken)
                    capacity = exception.left[own] + sold if own in exception.left else capacity
                    price = exception.net_price.get(own, price)
                    limits = exception
            nights[own].append(_night(own, night, capacity, price, limits))
    return nights


def _night(room_type_id: str, night: date, capacity: int, price: Decimal, limits: NightException) -> InventoryNight:
    return InventoryNight(
        night=night,
        room_type_id=room_type_id,
        capacity=capacity,
        net_price=price,
        min_nights=limits.min_nights,
        max_nights=limits.max_nights,
        closed_to_arrival=limits.closed_to_arrival,
        closed_to_departure=limits.closed_to_departure,
    )
