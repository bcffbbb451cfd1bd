"""A guest who asked to be forgotten: whose name goes from the books when, while the books stay whole.

Dates, rooms, nights and money stay: the hotel must keep them. Who the guest was goes from what is over; a stay that is
to come, is going on, or ended lately keeps its guest, since the hotel has to know who arrives and whom it owes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from .reservation import Booker, Identity, Reservation, ReservationState

_NEVER_STAYED = frozenset({ReservationState.CANCELED, ReservationState.NO_SHOW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """Whom to forget: what these identities booked until `time`. What came later is a new guest's."""

    identities: tuple[Identity, ...]
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A reservation that keeps its guest until a day, when it is forgotten by itself."""

    property_id: str
    confirmation_code: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What came of it. `elsewhere` are properties whose own system keeps the guest: the hotel has to do it there."""

    erased: int = 0
    kept: tuple[Kept, ...] = ()
    elsewhere: tuple[str, ...] = ()


def keeps_guest_until(reservation: Reservation, retention: timedelta) -> date:
    """The day from which nobody needs to know who stayed; for who never did, it is over."""
    return date.min if reservation.state in _NEVER_STAYED else reservation.stay.check_out + retention


def without_guest(reservation: Reservation) -> Reservation:
    """The reservation as it stays in the books."""
    return replace(reservation, booker=Booker(given_name=""), remark="", cancel_reason="", profile_id="")
