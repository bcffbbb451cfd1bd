"""Rows of the books to the domain's values, and back."""

from __future__ import annotations

import asyncpg

from services.pms.domain import record
from services.pms.domain.availability import InventoryNight
from services.pms.domain.event import EventType, ReservationEvent
from services.pms.domain.hold import Hold, HoldState
from services.pms.domain.phone import email_key, match_key
from services.pms.domain.reservation import Reservation
from services.pms.domain.stay import Stay


def night_of(row: asyncpg.Record) -> InventoryNight:
    """A night, holds that ran out not counted."""
    return InventoryNight(
        night=row["night"],
        room_type_id=row["room_type_id"],
        capacity=row["capacity"],
        net_price=row["net_price"],
        sold=row["sold"],
        held=row["still_held"],
        min_nights=row["min_nights"],
        max_nights=row["max_nights"],
        closed_to_arrival=row["closed_to_arrival"],
        closed_to_departure=row["closed_to_departure"],
    )


def hold_of(row: asyncpg.Record) -> Hold:
    """A hold."""
    return Hold(
        hold_id=row["hold_id"],
        property_id=row["property_id"],
        room_type_id=row["room_type_id"],
        stay=Stay(row["check_in"], row["check_out"]),
        units=row["units"],
        expire_time=row["expire_time"],
        quote_id=row["quote_id"],
        state=HoldState(row["state"]),
        fence=row["fence"],
    )


def event_of(row: asyncpg.Record) -> ReservationEvent:
    """An event with the reservation as it was after it."""
    return ReservationEvent(
        property_id=row["property_id"],
        sequence=row["sequence"],
        event_type=EventType(row["event_type"]),
        reservation=record.from_text(Reservation, row["document"]),
        event_time=row["event_time"],
    )


def columns_of(reservation: Reservation) -> tuple[object, ...]:
    """Everything that is searched, and the document, in the order of the table."""
    booker = reservation.booker
    return (
        reservation.reservation_id,
        reservation.property_id,
        reservation.confirmation_code,
        reservation.state.value,
        reservation.room_type_id,
        reservation.stay.check_in,
        reservation.stay.check_out,
        reservation.units,
        reservation.version,
        reservation.profile_id,
        match_key(booker.phone_number),
        email_key(booker.email),
        booker.identity.key if booker.identity else "",
        record.to_text(reservation),
    )
