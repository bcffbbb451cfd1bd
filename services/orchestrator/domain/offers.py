"""What can be had for a stay and what was promised: stays, offers, quotes and holds as the pms tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mesh.values import Money


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Stay:
    """Nights [check_in, check_out): the second date is the first night not stayed."""

    check_in: date
    check_out: date

    @property
    def nights(self) -> int:
        return (self.check_out - self.check_in).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """Who sleeps in one room; ages in years on arrival."""

    adults: int
    child_ages: tuple[int, ...] = ()

    @property
    def people(self) -> int:
        return self.adults + len(self.child_ages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What canceling costs for one stay. `free_until` is None when it is never free."""

    non_refundable: bool = False
    free_until: datetime | None = None
    penalty: Money | None = None
    date_change_allowed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A room type and rate plan that can be had. `total` is all rooms, taxes included."""

    room_type: str
    rate_plan: str
    stay: Stay
    units_left: int
    total: Money
    terms: Terms
    read_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailability:
    """Why a room type cannot be had: `reason` as in the pms contract without prefix, `limit` the number it hit."""

    room_type: str
    reason: str
    limit: int = 0
    date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A price that was promised until `expires`. `total` is all rooms, taxes included."""

    id: str
    token: str
    room_type: str
    rate_plan: str
    stay: Stay
    rooms: tuple[Occupancy, ...]
    total: Money
    terms: Terms
    expires: datetime
    read_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Rooms off sale while the guest decides."""

    id: str
    quote_id: str
    expires: datetime


def rooms_for(*, adults: int, child_ages: tuple[int, ...], rooms: int) -> tuple[Occupancy, ...]:
    """Spreads a party evenly over rooms, an adult in every room while there are adults enough."""
    count = max(1, rooms)
    grown = [adults // count + (1 if index < adults % count else 0) for index in range(count)]
    young: list[list[int]] = [[] for _ in range(count)]
    # Children go where there are fewest people, so that no room is fuller than it must be.
    for age in sorted(child_ages, reverse=True):
        index = min(range(count), key=lambda room: (grown[room] + len(young[room]), room))
        young[index].append(age)
    return tuple(Occupancy(adults=grown[index], child_ages=tuple(young[index])) for index in range(count))
