"""The demo hotel Alameda in a shop: its rooms, prices, closed rooms, and the reservations it already has."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from mesh.clock import Clock

from services.pms.domain.configuration import Configuration, ExistingReservation
from tests.support.qloapps.booking_request import Line
from tests.support.qloapps.bookings import enter
from tests.support.qloapps.demo import HOTEL, add_customer, add_room_type, empty_shop
from tests.support.qloapps.shop import Shop, amount

TYPES = {
    "DBL": (1, 2, 2, 2),
    "TWN": (2, 2, 2, 2),
    "FAM": (3, 4, 3, 4),
    "SUI": (4, 3, 2, 3),
}  # id, adults, children, all


def alameda_shop(configuration: Configuration, clock: Clock) -> Shop:
    """A shop with the hotel of a file that was written for our own books."""
    hotel = configuration.hotel
    zone = ZoneInfo(hotel.time_zone)
    shop = empty_shop(lambda: clock.now().astimezone(zone).replace(tzinfo=None), currency=hotel.currency, language="es")
    shop.table("customers").clear()
    shop.tax_rate = sum((tax.rate for tax in hotel.taxes if tax.rate is not None), Decimal(0))
    for row in shop.table("configurations").values():
        if row["name"] == "PS_TIMEZONE":
            row["value"] = hotel.time_zone
    times = {"check_in": f"{hotel.check_in_time:%H:%M}", "check_out": f"{hotel.check_out_time:%H:%M}"}
    shop.insert("hotels", {**HOTEL, **times, "hotel_name": hotel.display_name, "policies": ""})
    rooms = itertools.count(1)
    for room_type in hotel.room_types:
        type_id, adults, children, guests = TYPES[room_type.room_type_id]
        add_room_type(
            shop,
            type_id,
            name=room_type.name["es"],
            price=room_type.net_price,
            numbers=list(room_type.room_numbers),
            rooms=rooms,
            adults=adults,
            children=children,
            guests=guests,
        )
    for exception in configuration.exceptions:
        for room_type_id, left in exception.left.items():
            own = shop.rooms_of(TYPES[room_type_id][0])
            for room in own[: len(own) - left]:
                shop.closed_rooms.append((room, exception.nights.check_in, exception.nights.check_out))
    for existing in configuration.reservations:
        _enter(shop, existing)
    return shop


def _enter(shop: Shop, existing: ExistingReservation) -> None:
    guest = existing.booker
    customer = add_customer(
        shop, email=guest.email, first=guest.given_name, last=guest.family_name, phone=guest.phone_number
    )
    stamp = shop.stamp()
    order = shop.insert(
        "orders",
        {
            "id_property": 1,
            "id_cart": "1",
            "id_currency": "1",
            "id_lang": "1",
            "id_customer": str(customer["id"]),
            "current_state": "1",
            "module": "bankwire",
            "valid": "0",
            "date_add": stamp,
            "date_upd": stamp,
            "total_paid_real": amount(0),
            "source": "127.0.0.1",
            "reference": existing.code,
        },
    )
    type_id = TYPES[existing.room_type_id][0]
    stay: tuple[date, date] = (existing.stay.check_in, existing.stay.check_out)
    free = shop.free_rooms(type_id, *stay)
    wanted = [room for room in free if shop.room_number(room) == existing.room_number]
    line = Line(
        type_id=type_id,
        check_in=stay[0],
        check_out=stay[1],
        adults=existing.occupancy.adults,
        child_ages=list(existing.occupancy.child_ages),
        children=len(existing.occupancy.child_ages),
        wanted_room=0,
        net=None,
        doubled_tax=False,
        services=[],
        room=(wanted or free)[0],
    )
    row = enter(shop, order, line)
    if existing.state.value == "IN_HOUSE":
        row["id_status"] = "2"
    shop.recount(order["id"])
