"""Changes and cancellations worked out before they are made, and signed so that exactly they can be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from mesh.errors import Refused
from mesh.values import Money

from .availability import Calendar, Wish, price_nights, price_stay, refusal
from .policy import Terms, carried_over
from .pricing import NightPrice, Price
from .property import Property, RatePlan
from .reservation import Reservation, ReservationState, ReservedRoom
from .stay import Occupancy, Stay

MODIFICATION = "modification"
CANCELLATION = "cancellation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a guest wants changed; None is as it is."""

    stay: Stay | None = None
    room_type_id: str | None = None
    rate_plan_id: str | None = None
    rooms: tuple[Occupancy, ...] | None = None
    arrival_time: time | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Modification:
    """A change of one version of one reservation, worked out whole. `fee` is for the change itself."""

    reservation_id: str
    property_id: str
    version: int
    stay: Stay
    room_type_id: str
    rate_plan_id: str
    rooms: tuple[ReservedRoom, ...]
    price: Price
    terms: Terms
    current_total: Money
    new_total: Money
    fee: Money
    expire_time: datetime
    arrival_time: time | None = None
    remark: str = ""

    @property
    def difference(self) -> Money:
        """New minus current total; negative when money comes back."""
        return self.new_total - self.current_total

    def must_be_live(self, now: datetime) -> None:
        """Raises Refused QUOTE_EXPIRED once its time is over."""
        if now >= self.expire_time:
            raise Refused("QUOTE_EXPIRED", "the preview has expired")

    def applied_to(self, reservation: Reservation, now: datetime) -> Reservation:
        """The reservation after the change. Raises Conflict or Refused when it is not the one that was previewed."""
        reservation.must_have_version(self.version)
        reservation.must_be(ReservationState.CONFIRMED, ReservationState.PENDING, ReservationState.IN_HOUSE)
        return reservation.changed(
            now,
            stay=self.stay,
            room_type_id=self.room_type_id,
            rate_plan_id=self.rate_plan_id,
            rooms=self.rooms,
            price=self.price,
            terms=self.terms,
            total=self.new_total,
            arrival_time=self.arrival_time,
            remark=self.remark,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """A cancellation of one version of one reservation. `refund` is what comes back of what was paid."""

    reservation_id: str
    property_id: str
    version: int
    fee: Money
    refund: Money
    free_until: datetime | None
    expire_time: datetime

    def must_be_live(self, now: datetime) -> None:
        """Raises Refused QUOTE_EXPIRED once its time is over."""
        if now >= self.expire_time:
            raise Refused("QUOTE_EXPIRED", "the preview has expired")


def preview_cancellation(hotel: Property, reservation: Reservation, now: datetime) -> Cancellation:
    """What canceling costs now. Raises Refused STATE_NOT_ALLOWED. The promise ends before the fee would grow."""
    reservation.must_be(ReservationState.PENDING, ReservationState.CONFIRMED)
    if hotel.today(now) >= reservation.stay.check_out:
        raise Refused("STATE_NOT_ALLOWED", "the stay is over", state=reservation.state)
    growth = [deadline.from_time for deadline in reservation.terms.deadlines if deadline.from_time > now]
    return Cancellation(
        reservation_id=reservation.reservation_id,
        property_id=hotel.property_id,
        version=reservation.version,
        fee=reservation.terms.fee_at(now),
        refund=hotel.money(0),
        free_until=reservation.terms.free_until_after(now),
        expire_time=min([now + hotel.quote_duration, *growth]),
    )


def preview_modification(
    hotel: Property, calendar: Calendar, reservation: Reservation, wanted: Wanted, now: datetime
) -> Modification:
    """A change worked out. Raises Refused: STATE_NOT_ALLOWED, RATE_PLAN_FORBIDS, or why the new rooms cannot be had."""
    reservation.must_be(ReservationState.PENDING, ReservationState.CONFIRMED, ReservationState.IN_HOUSE)
    wish = Wish(
        stay=wanted.stay or reservation.stay,
        rooms=wanted.rooms or tuple(room.occupancy for room in reservation.rooms),
        room_type_id=wanted.room_type_id or reservation.room_type_id,
        rate_plan_id=wanted.rate_plan_id or reservation.rate_plan_id,
    )
    plan = hotel.rate_plan(wish.rate_plan_id)
    same_rooms = _takes_the_same(reservation, wish)
    if not same_rooms:
        _must_be_possible(hotel, calendar, reservation, wish, now)
    price, total, terms = reservation.price, reservation.total, reservation.terms
    if not same_rooms or wish.rate_plan_id != reservation.rate_plan_id:
        nights = _nights(hotel, calendar, reservation, wish, plan)
        price, total, terms = price_stay(hotel, plan, stay=wish.stay, rooms=wish.rooms, nights=nights, booked=now)
        terms = carried_over(terms, old=reservation.terms, now=now)
    if reservation.terms.non_refundable:
        _must_keep_promises(reservation, wish, total)
    return Modification(
        reservation_id=reservation.reservation_id,
        property_id=hotel.property_id,
        version=reservation.version,
        stay=wish.stay,
        room_type_id=wish.room_type_id,
        rate_plan_id=wish.rate_plan_id,
        rooms=_rooms(reservation, wish),
        price=price,
        terms=terms,
        current_total=reservation.total,
        new_total=total,
        fee=hotel.money(0),
        expire_time=now + hotel.quote_duration,
        arrival_time=wanted.arrival_time or reservation.arrival_time,
        remark=reservation.remark if wanted.remark is None else wanted.remark,
    )


def _takes_the_same(reservation: Reservation, wish: Wish) -> bool:
    current = (reservation.stay, reservation.room_type_id, tuple(room.occupancy for room in reservation.rooms))
    return current == (wish.stay, wish.room_type_id, wish.rooms)


def _must_be_possible(hotel: Property, calendar: Calendar, reservation: Reservation, wish: Wish, now: datetime) -> None:
    """Raises Refused when the dates may not move or the new rooms cannot be had; its own rooms count as free."""
    moved = wish.stay != reservation.stay
    if moved and not reservation.terms.date_change_allowed:
        raise Refused("RATE_PLAN_FORBIDS", f"{reservation.rate_plan_id} allows no change of dates")
    in_house = reservation.state is ReservationState.IN_HOUSE
    if in_house and (wish.stay.check_in, wish.room_type_id) != (reservation.stay.check_in, reservation.room_type_id):
        raise Refused("STATE_NOT_ALLOWED", "the guest has arrived", state=reservation.state)
    if in_house and wish.stay.check_out < hotel.today(now):
        raise Refused("PAST", "the new departure is before today", date=wish.stay.check_out)
    free = calendar.without(reservation.room_type_id, reservation.stay, reservation.units)
    room_type = hotel.room_type(wish.room_type_id)
    why_not = refusal(hotel, free, wish, room_type=room_type, now=now, arrived=in_house)
    if why_not is not None:
        raise why_not.error()


def _nights(
    hotel: Property, calendar: Calendar, reservation: Reservation, wish: Wish, plan: RatePlan
) -> Sequence[NightPrice]:
    """Night prices of the new stay; nights that stay as they were keep the price they were booked at."""
    same_conditions = (wish.room_type_id, wish.rate_plan_id) == (reservation.room_type_id, reservation.rate_plan_id)
    booked = {night.night: night for night in reservation.price.nights} if same_conditions else {}
    fresh = [night for night in wish.stay.nights() if night not in booked]
    prices = dict(booked)
    for night in fresh:
        prices[night] = price_nights(hotel, calendar, plan, wish.room_type_id, Stay.of(night, 1))[0]
    return [prices[night] for night in wish.stay.nights()]


def _must_keep_promises(reservation: Reservation, wish: Wish, total: Money) -> None:
    """What is non-refundable gets neither cheaper nor refundable by a change."""
    if wish.rate_plan_id != reservation.rate_plan_id or total < reservation.total:
        raise Refused("RATE_PLAN_FORBIDS", f"{reservation.rate_plan_id} gives no money back")


def _rooms(reservation: Reservation, wish: Wish) -> tuple[ReservedRoom, ...]:
    """Rooms keep their numbers as long as they stay rooms of the same type."""
    same_type = wish.room_type_id == reservation.room_type_id
    numbers = [room.room_number for room in reservation.rooms] if same_type else []
    numbers += [""] * (len(wish.rooms) - len(numbers))
    return tuple(
        ReservedRoom(occupancy=occupancy, room_number=number)
        for occupancy, number in zip(wish.rooms, numbers, strict=False)
    )
