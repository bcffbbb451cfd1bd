"""What an order of QloApps means for a reservation of ours, and for one that we do not know yet."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from mesh.values import Money, derived_id

from services.pms.adapters.qloapps import guests
from services.pms.adapters.qloapps.checking import covered, rooms_of
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.hotel import HotelInfo
from services.pms.adapters.qloapps.parsing import (
    CHECKED_IN,
    CHECKED_OUT,
    REFUNDED,
    Customer,
    SeenOrder,
    instant,
)
from services.pms.domain import record
from services.pms.domain.event import EventType
from services.pms.domain.policy import Terms, work_out
from services.pms.domain.pricing import NightPrice, Price, TaxLine
from services.pms.domain.property import Property
from services.pms.domain.reservation import (
    LIVE_STATES,
    Booker,
    ExternalId,
    PaymentState,
    Reservation,
    ReservationState,
    ReservedRoom,
)
from services.pms.domain.stay import Stay

PARTLY_PAID, PAID, PAID_REMOTELY = 8, 2, 10
MADE_BY_PMS = "pms"


def seen_of(order: SeenOrder) -> str:
    """Everything of an order that matters to us, as a text to compare."""
    lines = [(line.line_id, line.type_id, line.room_id, line.status, line.stay.check_in, line.stay.check_out,
              line.occupancy.adults, list(line.occupancy.child_ages), line.refunded, line.canceled, line.back_order)
             for line in order.lines]  # fmt: skip
    return record.to_text([order.state, str(order.total), str(order.paid), lines])


def total_seen(seen: str) -> Decimal:
    """The order's total in what was seen of it."""
    return Decimal(json.loads(seen)[1])


def payment_of(order: SeenOrder) -> PaymentState:
    """Where the money of an order stands."""
    if order.state == REFUNDED:
        return PaymentState.REFUNDED
    if order.state in {PAID, PAID_REMOTELY} or (order.paid > 0 and order.paid >= order.total):
        return PaymentState.PAID
    return PaymentState.PARTIAL if order.state == PARTLY_PAID or order.paid > 0 else PaymentState.UNPAID


def state_of(order: SeenOrder) -> ReservationState:
    """What an order and its lines say together; an order alone looks fine although its rooms went to others."""
    live = order.live_lines
    if order.canceled or not live:
        return ReservationState.CANCELED
    if all(line.status == CHECKED_OUT for line in live):
        return ReservationState.CHECKED_OUT
    in_house = any(line.status in {CHECKED_IN, CHECKED_OUT} for line in live)
    return ReservationState.IN_HOUSE if in_house else ReservationState.CONFIRMED


def numbered(rooms: Sequence[ReservedRoom], order: SeenOrder) -> tuple[ReservedRoom, ...]:
    """The rooms of a reservation with the numbers that QloApps gave them, by who sleeps in them."""
    free = [lines[0] for lines in rooms_of(order).values()]
    found = []
    for room in rooms:
        kept = [line for line in free if line.room_number == room.room_number]
        same = [line for line in free if line.occupancy == room.occupancy]
        line = next(iter(kept or same or free), None)
        if line is not None:
            free.remove(line)
        found.append(replace(room, room_number=line.room_number if line is not None else room.room_number))
    return tuple(found)


def brought_up_to_date(
    known: Reservation, order: SeenOrder, connection: Connection, *, total_changed: bool, now: datetime
) -> tuple[Reservation, EventType] | None:
    """The reservation after what others did to its order, and what that was; None when it is as we know it."""
    state, payment = state_of(order), payment_of(order)
    if state is ReservationState.CANCELED:
        if known.state is ReservationState.CANCELED:
            return None
        gone = known.changed(
            now, state=state, payment_state=payment, cancel_time=now, cancel_reason="canceled in the hotel's own system"
        )
        return gone, EventType.CANCELED
    if known.state not in LIVE_STATES and state is not known.state:
        return None  # ours is over; an order that comes back to life is for people to look at
    rooms = rooms_of(order)
    stays = {covered(lines) for lines in rooms.values()}
    types = Counter(connection.room_type_id(line.type_id) for line in order.live_lines)
    room_type = next((key for key, _ in types.most_common() if key), known.room_type_id)
    sleeping = tuple(
        ReservedRoom(occupancy=lines[0].occupancy, room_number=lines[0].room_number) for lines in rooms.values()
    )
    fields: dict[str, object] = {
        "state": state,
        "payment_state": payment,
        "stay": Stay(min(stay.check_in for stay in stays), max(stay.check_out for stay in stays)),
        "room_type_id": room_type,
        "rooms": known.rooms if _same_rooms(known.rooms, sleeping) else sleeping,
        "total": Money(order.total, known.total.currency).rounded() if total_changed else known.total,
    }
    if all(getattr(known, name) == value for name, value in fields.items()):
        return None
    return known.changed(now, **fields), _event(known.state, state)


def adopted(
    order: SeenOrder,
    customer: Customer | None,
    *,
    hotel: Property,
    info: HotelInfo,
    connection: Connection,
    now: datetime,
) -> Reservation | None:
    """A reservation that was made at the hotel's own front desk or web site; None for rooms that we do not sell."""
    lines = order.live_lines or order.lines
    mapped = [line for line in lines if connection.room_type_id(line.type_id)]
    if not mapped:
        return None
    plan, stay = hotel.rate_plans[0], covered(list(mapped))
    zone = info.time_zone or hotel.time_zone
    made = min(instant(order.added, zone), now)
    total = Money(order.total, hotel.currency).rounded()
    price = _price(order, hotel, stay, len(mapped))
    terms = _terms(hotel, stay, total, made)
    return Reservation(
        reservation_id=derived_id("res", hotel.property_id, MADE_BY_PMS, str(order.order_id)),
        confirmation_code="",
        property_id=hotel.property_id,
        state=state_of(order),
        booker=booker_of(customer, info),
        stay=stay,
        room_type_id=connection.room_type_id(mapped[0].type_id),
        rate_plan_id=plan.rate_plan_id,
        rooms=tuple(ReservedRoom(occupancy=line.occupancy, room_number=line.room_number) for line in mapped),
        total=total,
        price=price,
        terms=terms,
        create_time=made,
        update_time=now,
        source=MADE_BY_PMS,
        payment_state=payment_of(order),
        external_ids=(ExternalId(system="qloapps", external_id=str(order.order_id)),),
    )


def booker_of(customer: Customer | None, info: HotelInfo) -> Booker:
    """A customer as the one who booked."""
    if customer is None:
        return Booker(given_name="")
    return Booker(
        given_name=customer.given_name,
        family_name="" if customer.family_name == "-" else customer.family_name,
        email=guests.real_email(customer.email),
        phone_number=guests.real_phone(customer.phone_number),
        language=info.languages.get(str(customer.language_id), ""),
    )


def _terms(hotel: Property, stay: Stay, total: Money, made: datetime) -> Terms:
    """The hotel's usual terms: QloApps tells none."""
    plan = hotel.rate_plans[0]
    return work_out(
        plan.policy,
        arrival=hotel.arrival_instant(stay.check_in),
        booked=made,
        total=total,
        first_nights=lambda count: (total * Decimal(min(count, len(stay))) * (Decimal(1) / len(stay))).rounded(),
        date_change_allowed=plan.date_change_allowed,
    )


def _price(order: SeenOrder, hotel: Property, stay: Stay, units: int) -> Price:
    """The price of one room, spread evenly: QloApps keeps no price by night."""
    net = hotel.money(sum((line.net for line in order.lines), Decimal(0)) / units).rounded()
    gross = hotel.money(sum((line.gross for line in order.lines), Decimal(0)) / units).rounded()
    each = (net * (Decimal(1) / len(stay))).rounded()
    last = net - each * (len(stay) - 1)
    nights = list(stay.nights())
    return Price(
        nights=tuple(
            NightPrice(night=night, net=last if night == nights[-1] else each, rule=MADE_BY_PMS) for night in nights
        ),
        net=net,
        taxes=(TaxLine(code="tax", amount=gross - net),),
        gross=gross,
        due_now=gross * 0,
        due_at_property=gross,
    )


def _same_rooms(known: Sequence[ReservedRoom], seen: Sequence[ReservedRoom]) -> bool:
    """True when at most the order in which rooms are told changed, or ages that QloApps does not keep."""

    def key(room: ReservedRoom) -> tuple[str, int, int]:
        return room.room_number, room.occupancy.adults, len(room.occupancy.child_ages)

    return sorted(map(key, known)) == sorted(map(key, seen))


def _event(before: ReservationState, after: ReservationState) -> EventType:
    if before is after:
        return EventType.MODIFIED
    return {
        ReservationState.IN_HOUSE: EventType.CHECKED_IN,
        ReservationState.CHECKED_OUT: EventType.CHECKED_OUT,
    }.get(after, EventType.MODIFIED)


def shortly_before(stamp: str) -> str:
    """A server time a little earlier: changes of one second must not fall between two looks."""
    try:
        return (datetime.fromisoformat(stamp) - timedelta(seconds=2)).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return stamp
