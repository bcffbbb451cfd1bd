"""Bodies of `bookings`, in the words that QloApps really reads: `adult` and not `adults`, ages with children, and the
price of a whole stay as a room's `unit_price_without_tax`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.pms.adapters.qloapps.connection import Connection
from services.pms.domain.stay import Occupancy, Stay

SOURCE_LENGTH = 255
REMARK_LENGTH = 1_000
PRICE_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRoom:
    """A room of a booking. `net`: its price for the whole stay without tax, None as it is; `room_id` 0: any room."""

    type_id: int
    stay: Stay
    occupancy: Occupancy
    net: Decimal | None
    room_id: int = 0
    services: tuple[tuple[int, int], ...] = ()


def net_of(gross: Decimal, tax_rate: Decimal) -> Decimal:
    """The price without tax that comes to a promised price with QloApps' own tax on it."""
    return (gross / (1 + tax_rate)).quantize(PRICE_STEP)


def new_booking(
    connection: Connection, *, source: str, customer: dict[str, Any], rooms: Sequence[WantedRoom], remark: str = ""
) -> dict[str, Any]:
    """The body of a POST: new, to be paid at the hotel."""
    return {
        "id_property": connection.hotel_id,
        "currency": connection.currency,
        "booking_status": 1,
        "payment_status": 3,
        "source": source,
        **({"remark": plain(remark)} if remark else {}),
        "associations": {
            "customer_detail": customer,
            "payment_detail": {"payment_type": "pay at hotel", "payment_method": "Pay at hotel"},
            "room_types": groups(rooms),
        },
    }


def replaced_booking(
    connection: Connection, *, customer: dict[str, Any], rooms: Sequence[WantedRoom], remark: str = ""
) -> dict[str, Any]:
    """The body of a PUT: everything repeated, never a status (one would bring a cancelled booking back to life)."""
    return {
        "id_property": connection.hotel_id,
        "currency": connection.currency,
        **({"remark": plain(remark)} if remark else {}),
        "associations": {"customer_detail": customer, "room_types": groups(rooms)},
    }


def groups(rooms: Sequence[WantedRoom]) -> list[dict[str, Any]]:
    """Rooms of one type and stay stand together."""
    together: dict[tuple[int, Stay], list[WantedRoom]] = {}
    for room in rooms:
        together.setdefault((room.type_id, room.stay), []).append(room)
    return [
        {
            "id_room_type": type_id,
            "checkin_date": stay.check_in.isoformat(),
            "checkout_date": stay.check_out.isoformat(),
            "number_of_rooms": len(same),
            "rooms": [_room(room) for room in same],
        }
        for (type_id, stay), same in together.items()
    ]


def _room(room: WantedRoom) -> dict[str, Any]:
    ages = list(room.occupancy.child_ages)
    body: dict[str, Any] = {"adult": room.occupancy.adults, "child": len(ages), "child_ages": ages}
    if room.room_id:
        body["id_room"] = room.room_id
    if room.net is not None:
        body["unit_price_without_tax"] = float(room.net)
    if room.services:
        body["services"] = [{"id_service": service, "quantity": count} for service, count in room.services]
    return body


def source_of(channel: str, operation_id: str, attempt: int) -> str:
    """Where an order is found again: the channel, the operation, and which attempt it is."""
    name = re.sub(r"[^a-z0-9_-]", "", channel.lower())[:40] or "agent"
    return f"{name}:{operation_id}" + (f".{attempt + 1}" if attempt else "")


def plain(remark: str) -> str:
    """What survives in QloApps: no tags, and no characters that take four bytes."""
    return re.sub(r"[\U00010000-\U0010ffff<>]", " ", remark)[:REMARK_LENGTH]
