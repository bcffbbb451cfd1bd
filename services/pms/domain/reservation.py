"""Reservations: what was booked, by whom, and which state may follow which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from mesh.errors import Conflict, Refused
from mesh.values import Money, new_id

from .phone import email_key, match_key
from .policy import Terms
from .pricing import Price
from .property import Property
from .quote import Quote
from .stay import Occupancy, Stay


class ReservationState(StrEnum):
    """Where a reservation stands."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    IN_HOUSE = "IN_HOUSE"
    CHECKED_OUT = "CHECKED_OUT"
    CANCELED = "CANCELED"
    NO_SHOW = "NO_SHOW"


LIVE_STATES = frozenset({ReservationState.PENDING, ReservationState.CONFIRMED, ReservationState.IN_HOUSE})


class PaymentState(StrEnum):
    """Where its money stands."""

    UNPAID = "UNPAID"
    PARTIAL = "PARTIAL"
    PAID = "PAID"
    REFUNDED = "REFUNDED"


class Guarantee(StrEnum):
    """What secures it."""

    NONE = "NONE"
    CARD = "CARD"
    PREPAID = "PREPAID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """How the booker is known on a channel; `channel` is a name of `hotel.common.v1.Channel` without its prefix."""

    channel: str
    address: str
    phone_number: str = ""
    channel_name: str = ""

    @property
    def key(self) -> str:
        """Equal for every known form of the same identity."""
        return f"{self.channel}:{self.channel_name}:{self.phone_key or email_key(self.address)}"

    @property
    def phone_key(self) -> str:
        """The match key of its telephone, where it is one; business-scoped ids such as `US.1349` are none."""
        number = self.address.removeprefix("+")
        by_address = number if self.channel in {"WHATSAPP", "SMS"} and number.isdigit() else ""
        return match_key(self.phone_number or by_address)

    @property
    def email_key(self) -> str:
        """The match key of its e-mail address, where it is one."""
        return email_key(self.address) if self.channel == "EMAIL" else ""

    def is_of(self, booker: Booker) -> bool:
        """True when the booker booked from it, or gave its telephone or e-mail address."""
        return (
            (booker.identity is not None and booker.identity.key == self.key)
            or (self.phone_key != "" and match_key(booker.phone_number) == self.phone_key)
            or (self.email_key != "" and email_key(booker.email) == self.email_key)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Booker:
    """Who books."""

    given_name: str
    family_name: str = ""
    email: str = ""
    phone_number: str = ""
    language: str = ""
    identity: Identity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedRoom:
    """One room: who sleeps in it, and its number once it is given."""

    occupancy: Occupancy
    room_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalId:
    """Its id in another system."""

    system: str
    external_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """One or more rooms of one type for one stay. `price` is of one room, `total` and `terms` of all."""

    reservation_id: str
    confirmation_code: str
    property_id: str
    state: ReservationState
    booker: Booker
    stay: Stay
    room_type_id: str
    rate_plan_id: str
    rooms: tuple[ReservedRoom, ...]
    total: Money
    price: Price
    terms: Terms
    create_time: datetime
    update_time: datetime
    source: str = ""
    arrival_time: time | None = None
    remark: str = ""
    payment_state: PaymentState = PaymentState.UNPAID
    guarantee: Guarantee = Guarantee.NONE
    external_ids: tuple[ExternalId, ...] = ()
    version: int = 1
    profile_id: str = ""
    cancel_time: datetime | None = None
    cancel_reason: str = ""
    cancellation_fee: Money | None = None

    @property
    def units(self) -> int:
        """How many rooms."""
        return len(self.rooms)

    @property
    def takes_rooms(self) -> bool:
        """True while its nights are sold."""
        return self.state not in {ReservationState.CANCELED, ReservationState.NO_SHOW}

    def must_be(self, *states: ReservationState) -> None:
        """Raises Refused STATE_NOT_ALLOWED in any other state."""
        if self.state not in states:
            raise Refused("STATE_NOT_ALLOWED", f"the reservation is {self.state}", state=self.state)

    def must_have_version(self, version: int) -> None:
        """Raises Conflict VERSION_MISMATCH when it was written since it was read."""
        if self.version != version:
            raise Conflict("VERSION_MISMATCH", "the reservation changed since it was read")

    def changed(self, now: datetime, **fields: object) -> Reservation:
        """The next version with these fields."""
        return replace(self, version=self.version + 1, update_time=now, **fields)  # type: ignore[arg-type]

    def canceled(self, *, fee: Money, reason: str, now: datetime) -> Reservation:
        """After a cancellation. Raises Refused STATE_NOT_ALLOWED once the guest came or it is over."""
        self.must_be(ReservationState.PENDING, ReservationState.CONFIRMED)
        return self.changed(
            now, state=ReservationState.CANCELED, cancel_time=now, cancel_reason=reason, cancellation_fee=fee
        )

    def checked_in(self, numbers: tuple[str, ...], *, today: date, now: datetime) -> Reservation:
        """After the arrival, with a number for every room. Raises Refused outside the stay or in another state."""
        self.must_be(ReservationState.CONFIRMED)
        if today not in self.stay:
            raise Refused("STATE_NOT_ALLOWED", "guests arrive on a night of their stay", state=self.state)
        rooms = tuple(replace(room, room_number=number) for room, number in zip(self.rooms, numbers, strict=True))
        return self.changed(now, state=ReservationState.IN_HOUSE, rooms=rooms)

    def checked_out(self, *, today: date, now: datetime) -> Reservation:
        """After the departure. Who leaves early gives the nights left back; what they owe is for staff to settle."""
        self.must_be(ReservationState.IN_HOUSE)
        earliest = self.stay.check_in + timedelta(days=1)
        departure = min(self.stay.check_out, max(today, earliest))
        return self.changed(now, state=ReservationState.CHECKED_OUT, stay=Stay(self.stay.check_in, departure))


def reservation_for(
    quote: Quote,
    booker: Booker,
    *,
    now: datetime,
    source: str,
    remark: str = "",
    arrival_time: time | None = None,
) -> Reservation:
    """What a quote promised, as a reservation; the backend gives it its confirmation code."""
    return Reservation(
        reservation_id=new_id("res"),
        confirmation_code="",
        property_id=quote.property_id,
        state=ReservationState.CONFIRMED,
        booker=booker,
        stay=quote.offer.stay,
        room_type_id=quote.offer.room_type_id,
        rate_plan_id=quote.offer.rate_plan_id,
        rooms=tuple(ReservedRoom(occupancy=occupancy) for occupancy in quote.rooms),
        total=quote.total,
        price=quote.offer.price,
        terms=quote.offer.terms,
        create_time=now,
        update_time=now,
        source=source,
        arrival_time=arrival_time,
        remark=remark,
    )


def room_numbers(hotel: Property, reservation: Reservation, *, wanted: str, taken: frozenset[str]) -> tuple[str, ...]:
    """A number for every room of a reservation at check-in, the first one as wanted.

    `taken` are the numbers of guests in the house. Raises Refused STATE_NOT_ALLOWED when the wanted one is taken or of
    another type, or when none is free.
    """
    own = hotel.room_type(reservation.room_type_id).room_numbers
    given = [room.room_number for room in reservation.rooms]
    if wanted:
        given[0] = wanted
    if wanted and own and wanted not in own:
        raise Refused("STATE_NOT_ALLOWED", f"room {wanted} is not a {reservation.room_type_id}", room_number=wanted)
    chosen = [number for number in given if number]
    if any(number in taken for number in chosen) or len(set(chosen)) < len(chosen):
        raise Refused("STATE_NOT_ALLOWED", "the room is taken", room_number=wanted or chosen[0])
    free = (number for number in own if number not in taken and number not in chosen)
    numbers = tuple(number or next(free, "") for number in given)
    if own and not all(numbers):
        raise Refused("STATE_NOT_ALLOWED", "no room of this type is free to be given", state=reservation.state)
    return numbers
