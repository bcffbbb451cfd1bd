"""Rows of the books to the domain's values, and back."""

from __future__ import annotations

import json

import asyncpg
from mesh.store.vault import DataKey, Vault

from services.pms.adapters.sealing import joined, looked_up, opened, parted
from services.pms.domain import record
from services.pms.domain.availability import InventoryNight
from services.pms.domain.event import EventType, ReservationEvent
from services.pms.domain.guest import GuestProfile
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


def reservation_of(vault: Vault, row: asyncpg.Record) -> Reservation:
    """A reservation. Raises KeyMissing, as everything that opens a row does."""
    place = f"reservation:{row['reservation_id']}"
    return record.from_plain(Reservation, joined(vault, row["document"], row, place))


def guest_of(vault: Vault, row: asyncpg.Record) -> GuestProfile:
    """A guest, nothing counted."""
    told = opened(vault, row, f"guest:{row['profile_id']}")
    return GuestProfile(profile_id=row["profile_id"], property_id=row["property_id"], **told)


def event_of(vault: Vault, row: asyncpg.Record) -> ReservationEvent:
    """An event with the reservation as it was after it."""
    document = json.loads(row["document"])
    reservation = document | opened(vault, row, event_place(document["reservation_id"], document["version"]))
    return ReservationEvent(
        property_id=row["property_id"],
        sequence=row["sequence"],
        event_type=EventType(row["event_type"]),
        reservation=record.from_plain(Reservation, reservation),
        event_time=row["event_time"],
    )


def event_place(reservation_id: str, version: int) -> str:
    """Where what is sealed in an event stands: its number is not known before it is stored."""
    return f"event:{reservation_id}:{version}"


def columns_of(reservation: Reservation, vault: Vault, key: DataKey) -> tuple[object, ...]:
    """Everything that is searched, the document, and what is sealed with a key, in the order of the table."""
    booker, property_id = reservation.booker, reservation.property_id
    document, personal = parted(reservation)
    return (
        reservation.reservation_id,
        property_id,
        reservation.confirmation_code,
        reservation.state.value,
        reservation.room_type_id,
        reservation.stay.check_in,
        reservation.stay.check_out,
        reservation.units,
        reservation.version,
        reservation.profile_id,
        *contact_columns(vault, property_id, booker.phone_number, booker.email),
        looked_up(vault, "identity", property_id, booker.identity.key if booker.identity else ""),
        document,
        key.seal(personal, f"reservation:{reservation.reservation_id}"),
    )


def contact_columns(vault: Vault, property_id: str, phone_number: str, email: str) -> tuple[str, str]:
    """What a guest is looked up by: hashes of the phone and of the e-mail address, empty for none."""
    return (
        looked_up(vault, "phone", property_id, match_key(phone_number)),
        looked_up(vault, "email", property_id, email_key(email)),
    )
