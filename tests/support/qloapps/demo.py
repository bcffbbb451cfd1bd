"""The demo shop of a fresh installation: one hotel, four room types of five rooms, six services, 4 % tax."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from tests.support.qloapps.shop import ApiKey, Row, Shop, amount

KEY = "QLOAPPSTESTKEY000000000000000001"
READ_ONLY_KEY = "QLOAPPSTESTKEY000000000000000002"
DISABLED_KEY = "QLOAPPSTESTKEY000000000000000003"
STATES = (
    "Awaiting payment",
    "Complete payment received",
    "Processing in progress",
    "Canceled",
    "Refunded",
    "Payment error",
    "Overbooking paid",
    "Partial payment received",
    "Awaiting remote payment",
    "Remote payment accepted",
    "Overbooking unpaid",
    "Overbooking partial paid",
)
SERVICES = (
    # id, name, price, added by itself, price addition type, calculation method (1 a booking, 2 a night)
    (5, "Room Maintenance Fees", 250, 1, 1, 2),
    (6, "Internet Handling Charges", 250, 1, 2, 1),
    (7, "Airport Shuttle", 50, 0, 1, 1),
    (8, "Cab on Demand", 200, 0, 1, 1),
    (9, "Breakfast", 350, 0, 1, 2),
    (10, "Dinner", 450, 0, 1, 2),
)
DEMO_ROOMS = (
    ("General Rooms", 1000, "GR"),
    ("Delux Rooms", 1500, "DR"),
    ("Executive Rooms", 2000, "ER"),
    ("Luxury Rooms", 2500, "LR"),
)
HOTEL: Row = {
    "id": 1,
    "phone": "0987654321",
    "address": "Monticello Dr, Montgomery, 10010",
    "id_country": "21",
    "id_state": "1",
    "city": "Demo City",
    "zipcode": "79061",
    "id_default_image": False,
    "use_global_max_order_date": 1,
    "max_order_date": "0000-00-00",
    "use_global_preparation_time": 1,
    "preparation_time": "0000-00-00",
    "id_category": "8",
    "email": "hotelprime@htl.com",
    "rating": "3",
    "check_in": "12:00",
    "check_out": "11:00",
    "active": "1",
    "latitude": "0.00000000",
    "longitude": "0.00000000",
    "map_formated_address": "",
    "map_input_text": "",
    "active_refund": "0",
    "date_add": "2026-11-22 07:14:50",
    "date_upd": "2026-11-22 07:14:50",
    "policies": "<div>\n<div>- Guests are required to show a valid photo identification.</div>\n"
    "<div>- The check-in time is 12:00 PM &amp; check-out time is 11:00 AM.</div></div>",
    "hotel_name": "The Hotel Prime",
    "short_description": "<p>A nice place</p>",
    "description": "<div>\n<h4><strong>Welcome to The Hotel Prime!</strong></h4>\n<br />An unforgettable stay.</div>",
}
CONFIGURATION = {
    "PS_OS_AWAITING_PAYMENT": "1",
    "PS_OS_CANCELED": "4",
    "PS_OS_REFUND": "5",
    "PS_OS_PAYMENT_ACCEPTED": "2",
    "PS_TIMEZONE": "UTC",
    "MAX_GLOBAL_BOOKING_DATE": "2027-11-22",
    "GLOBAL_PREPARATION_TIME": "0",
    "PS_CURRENCY_DEFAULT": "1",
    "PS_LANG_DEFAULT": "1",
    "PS_ONE_PHONE_AT_LEAST": "1",
    "PS_FRONT_ROOM_UNIT_SELECTION_TYPE": "1",
    "PS_PRICE_ROUND_MODE": "2",
}


def demo_shop(now: Callable[[], datetime] = datetime.now) -> Shop:
    """A fresh demo shop with three keys: one that may do everything, one that reads hotels, one that is disabled."""
    shop = empty_shop(now)
    shop.insert("hotels", dict(HOTEL))
    rooms = itertools.count(1)
    for type_id, (name, price, prefix) in enumerate(DEMO_ROOMS, start=1):
        numbers = [f"{prefix}-{100 + offset}" for offset in range(1, 6)]
        add_room_type(shop, type_id, name=name, price=Decimal(price), numbers=numbers, rooms=rooms)
    for service_id, name, price, auto, addition, method in SERVICES:
        add_service(shop, service_id, name, Decimal(price), auto=auto, addition=addition, method=method)
    return shop


def empty_shop(now: Callable[[], datetime] = datetime.now, *, currency: str = "USD", language: str = "en") -> Shop:
    """A shop with its keys, states, currency, language and configuration, and no hotel."""
    shop = Shop(now=now, currency=currency)
    shop.keys = {
        KEY: ApiKey(KEY),
        READ_ONLY_KEY: ApiKey(
            READ_ONLY_KEY, allowed={name: {"GET", "HEAD"} for name in ("hotels", "bookings", "room_types")}
        ),
        DISABLED_KEY: ApiKey(DISABLED_KEY, active=False),
    }
    for state, name in enumerate(STATES, start=1):
        shop.insert("order_states", {"id": state, "paid": str(int(state in {2, 7, 10})), "deleted": "0", "name": name})
    shop.insert("currencies", {"id": 1, "name": currency, "iso_code": currency, "deleted": "0", "active": "1"})
    shop.insert(
        "languages", {"id": 1, "name": language, "iso_code": language, "language_code": language, "active": "1"}
    )
    shop.insert("countries", {"id": 21, "iso_code": "US", "contains_states": "1", "name": "United States"})
    for state, (code, name) in enumerate((("AL", "Alabama"), ("AK", "Alaska"), ("AZ", "Arizona"), ("AR", "Arkansas"),
                                          ("CA", "California"), ("TX", "Texas")), start=1):  # fmt: skip
        shop.insert("states", {"id": state, "id_country": "21", "iso_code": code, "name": name})
    shop.insert("tax_rule_groups", {"id": 1, "name": "US-AL Rate (4%)", "active": "1", "deleted": "0"})
    for name in sorted(CONFIGURATION):
        shop.insert("configurations", {"value": CONFIGURATION[name], "name": name})
    add_customer(shop, email="demo@demo.com", first="John", last="Doe", phone="0987654321")
    return shop


def add_room_type(
    shop: Shop,
    type_id: int,
    *,
    name: str,
    price: Decimal,
    numbers: list[str],
    rooms: itertools.count[int],
    adults: int = 2,
    children: int = 2,
    guests: int = 4,
    hotel_id: int = 1,
) -> None:
    """Adds a room type and its rooms."""
    ids = [next(rooms) for _ in numbers]
    shop.insert(
        "room_types",
        {
            "id": type_id,
            "id_hotel": str(hotel_id),
            "adults": str(adults),
            "children": str(children),
            "id_tax_rules_group": "1",
            "price": amount(price),
            "active": "1",
            "available_for_order": "1",
            "show_at_front": "1",
            "name": name,
            "description": f"<p>{name} &amp; comfort</p>",
            "associations": {"hotel_rooms": [{"id": str(room)} for room in ids]},
        },
    )
    shop.insert(
        "hotel_room_types",
        {
            "id": type_id,
            "id_product": str(type_id),
            "id_hotel": str(hotel_id),
            "adults": str(adults),
            "children": str(children),
            "max_adults": str(adults),
            "max_children": str(children),
            "max_guests": str(guests),
            "min_los": "1",
            "max_los": "0",
            "date_add": "2026-11-22 07:14:51",
            "date_upd": "2026-11-22 07:14:51",
            "associations": {"hotel_rooms": [{"id": str(room)} for room in ids]},
        },
    )
    for room, number in zip(ids, numbers, strict=True):
        shop.insert(
            "hotel_rooms",
            {
                "id": room,
                "id_product": str(type_id),
                "id_hotel": str(hotel_id),
                "room_num": number,
                "id_status": "1",
                "floor": "First",
                "comment": "",
                "date_add": "2026-11-22 07:14:51",
                "date_upd": "2026-11-22 07:14:51",
            },
        )


def add_service(
    shop: Shop, service_id: int, name: str, price: Decimal, *, auto: int, addition: int, method: int
) -> None:
    shop.insert(
        "services",
        {
            "id": service_id,
            "id_tax_rules_group": "1",
            "allow_multiple_quantity": "0",
            "max_quantity": "0",
            "price_calculation_method": str(method),
            "price": amount(price),
            "active": "1",
            "available_for_order": "1",
            "auto_add_to_cart": str(auto),
            "price_addition_type": str(addition),
            "show_at_front": str(1 - auto),
            "name": name,
        },
    )


def add_customer(shop: Shop, *, email: str, first: str, last: str, phone: str) -> Row:
    """Adds a customer, whatever others have the same e-mail address."""
    stamp = shop.stamp()
    return shop.insert(
        "customers",
        {
            "id_default_group": "3",
            "id_lang": "1",
            "secure_key": "0" * 32,
            "deleted": "0",
            "passwd": "5f4dcc3b5aa765d61d8327deb882cf99",
            "phone": phone,
            "lastname": last,
            "firstname": first,
            "email": email,
            "active": "1",
            "note": None,
            "date_add": stamp,
            "date_upd": stamp,
            "associations": {"groups": [{"id": "3"}]},
        },
    )
