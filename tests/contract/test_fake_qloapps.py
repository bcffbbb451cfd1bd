"""The stand-in for QloApps answers as the real one was seen to: one exchange after the other, compared in meaning.

Compared are status, kind of content, error codes and messages, and every field whose value does not depend on the
shop's history. Exchanges that need a history of their own are given one in HISTORY.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.qloapps.booking_request import Line
from tests.support.qloapps.bookings import enter
from tests.support.qloapps.demo import DISABLED_KEY, KEY, READ_ONLY_KEY, add_customer, demo_shop
from tests.support.qloapps.faults import Effect
from tests.support.qloapps.server import FakeQloApps, opened
from tests.support.qloapps.shop import Row, Shop, amount

EXCHANGES = json.loads((Path(__file__).parents[1] / "data" / "qloapps" / "exchanges.json").read_text(encoding="utf-8"))
HOST = "127.0.0.1:8081"
KEYS = {"240": None, "241": "X" * 32, "242": "short", "243": DISABLED_KEY, "244": READ_ONLY_KEY, "245": READ_ONLY_KEY,
        "246": None}  # fmt: skip


def test_enough_exchanges_are_compared() -> None:
    assert len(EXCHANGES) >= 170


async def test_every_exchange_is_answered_as_it_was_seen() -> None:
    shop = demo_shop(lambda: datetime(2026, 11, 22, 7, 20))
    faults: list[str] = []
    async with opened(shop, host=HOST) as fake, httpx.AsyncClient(base_url=fake.url) as client:
        for exchange in EXCHANGES:
            name = exchange["name"]
            HISTORY.get(name, HISTORY.get(name[:3], lambda _: None))(shop)
            # A strict php.ini was in place for this one.
            fake.faults.strict = name.startswith("103")
            faults += [f"{name} {fault}" for fault in differences(exchange, await asked(client, exchange))]
    assert not faults, "\n".join(faults)


async def asked(client: httpx.AsyncClient, exchange: dict[str, Any]) -> httpx.Response:
    key = KEYS.get(exchange["name"][:3], KEY)
    host = "qloapps.internal" if exchange["name"].startswith("107") else HOST
    return await client.request(
        exchange["method"],
        exchange["target"].replace("<WS_KEY>", KEY),
        content=exchange.get("body", "").encode(),
        headers={"Host": host, **exchange.get("headers", {})},
        auth=(key, "") if key else None,
    )


def differences(exchange: dict[str, Any], response: httpx.Response) -> list[str]:
    """What is not as it was seen."""
    if response.status_code != exchange["status"]:
        return [f"status: {exchange['status']} seen, {response.status_code} {response.text[:200]}"]
    found = []
    kind = response.headers.get("content-type", "").split(";")[0]
    if exchange.get("type", kind) != kind:
        found.append(f"type: {exchange['type']} seen, {kind}")
    if "text" in exchange and response.text.strip() != exchange["text"]:
        found.append(f"text: {exchange['text']!r} seen, {response.text[:80]!r}")
    if "json" in exchange:
        found += beside(exchange["json"], response.json(), "")
    for code, *message in exchange.get("errors", []):
        said = [(error["code"], error["message"]) for error in response.json()["errors"]]
        if not any(code == other and (not message or message[0] == text) for other, text in said):
            found.append(f"error {code} {message} seen, {said}")
    return found


def beside(seen: Any, have: Any, path: str) -> list[str]:
    """Where `have` lacks something of `seen`, or has it otherwise."""
    match seen:
        case {"#": length, "first": first}:
            return beside(length, len(have), f"{path}#") + beside(first, have[0], f"{path}[0]")
        case dict():
            if not isinstance(have, dict):
                return [f"{path}: {type(have).__name__} is no object"]
            lacking = [f"{path}.{key}: lacking" for key in seen if key not in have]
            return lacking + [x for key in seen if key in have for x in beside(seen[key], have[key], f"{path}.{key}")]
        case list():
            if not isinstance(have, list) or len(have) != len(seen):
                return [f"{path}: {len(seen)} entries seen, {have!r:.100}"]
            return [
                x for index, pair in enumerate(zip(seen, have, strict=True)) for x in beside(*pair, f"{path}[{index}]")
            ]
    return [] if (seen, type(seen)) == (have, type(have)) else [f"{path}: {seen!r} seen, {have!r}"]


# Histories.


def entered(
    shop: Shop,
    order_id: int,
    line_id: int,
    *,
    room: int,
    stay: tuple[str, str],
    email: str,
    customer: int,
    adults: int = 1,
) -> Row:
    """An order of one room, with the ids that it had."""
    shop.start_ids(customers=customer)
    guest = shop.customer_by_email(email) or add_customer(
        shop, email=email, first="Race", last="Test", phone="+14155550199"
    )
    stamp = shop.stamp()
    order = shop.insert(
        "orders",
        {
            "id": order_id, "id_property": 1, "id_cart": "1", "id_currency": "1", "id_lang": "1",
            "id_customer": str(guest["id"]), "current_state": "1", "module": "wsorder", "valid": "0",
            "date_add": stamp, "date_upd": stamp, "payment": "Order from API", "payment_type": "1",
            "total_paid_real": amount(0), "source": "whatsapp", "reference": shop.reference(),
            "is_advance_payment": "0", "with_occupancy": "0",
        },
    )  # fmt: skip
    type_id = int(shop.table("hotel_rooms")[room]["id_product"])
    first, last = (date.fromisoformat(text) for text in stay)
    sleepers = {"adults": adults, "child_ages": [], "children": 0}
    wish = {"wanted_room": 0, "net": None, "doubled_tax": False, "services": [], "room": room}
    line = Line(type_id=type_id, check_in=first, check_out=last, **sleepers, **wish)
    enter(shop, order, line, line_id=line_id)
    shop.recount(order_id)
    return order


def full_house(shop: Shop) -> None:
    for index, room in enumerate(range(11, 16)):
        stay = (
            ("2027-12-01", "2027-12-05") if index == 0 else ("2027-12-01", "2027-12-06" if index > 1 else "2027-12-05")
        )
        entered(
            shop, 151 + index, 210 + index, room=room, stay=stay, email=f"fx{index}@example.com", customer=49 + index
        )
    shop.start_ids(room_bookings=215)


def later_bookings(shop: Shop) -> None:
    autumn = ("2027-09-01", "2027-09-05")
    for index in range(3):
        entered(shop, 126 + index, 177 + index, room=12 + index, stay=autumn, email=f"full{index}@example.com",
                customer=40 + index)  # fmt: skip
    shop.start_ids(order_histories=240)


def _ids(**first: int) -> Callable[[Shop], None]:
    return lambda shop: shop.start_ids(**first)


def _long_stays_only(shop: Shop) -> None:
    shop.table("hotel_room_types")[4]["min_los"] = "3"


def _room_out_of_order(shop: Shop) -> None:
    shop.table("hotel_room_types")[4]["min_los"] = "1"
    shop.table("hotel_rooms")[1]["id_status"] = "2"


def _type_off_sale(shop: Shop) -> None:
    shop.table("hotel_rooms")[1]["id_status"] = "1"
    shop.table("room_types")[4]["active"] = "0"


def _payer(shop: Shop) -> None:
    entered(shop, 159, 219, room=1, stay=("2027-12-10", "2027-12-12"), email="pay@example.com", customer=55)


def _fresh(shop: Shop) -> None:
    for kept in (shop.table("orders"), shop.table("room_bookings"), shop.remarks, shop.service_lines):
        kept.clear()
    del shop.table("customers")[2]
    shop.start_ids(orders=1, room_bookings=1, customers=2)


HISTORY: dict[str, Callable[[Shop], None]] = {
    "410": _ids(orders=122, customers=37, room_bookings=173, carts=100),
    "430": later_bookings,
    "449": _ids(orders=134, room_bookings=185),
    "450": full_house,
    "452": _ids(orders=156, room_bookings=216),
    "454-order_histories-cancel-1": _ids(order_histories=272),
    "460": _payer,
    "462": _long_stays_only,
    "463": _room_out_of_order,
    "464": _type_off_sale,
    "465": _ids(orders=160, customers=56, room_bookings=220),
    "470": _fresh,
}


# What is done on demand.


@pytest.fixture
async def fake() -> AsyncIterator[FakeQloApps]:
    async with opened(demo_shop()) as running:
        yield running


@pytest.fixture
async def client(fake: FakeQloApps) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=fake.url, auth=(KEY, ""), timeout=5) as connected:
        yield connected


def order_for(email: str = "ana@example.com", room_type: int = 4, **more: Any) -> dict[str, Any]:
    room = {"adult": 2, **more}
    return {
        "booking": {
            "id_property": 1,
            "currency": "USD",
            "source": "test:1",
            "associations": {
                "customer_detail": {"firstname": "Ana", "lastname": "Ruiz", "email": email, "phone": "+34600111222"},
                "room_types": [
                    {
                        "id_room_type": room_type,
                        "checkin_date": "2027-01-10",
                        "checkout_date": "2027-01-12",
                        "number_of_rooms": 1,
                        "rooms": [room],
                    }
                ],
            },
        }
    }


async def book(client: httpx.AsyncClient, **more: Any) -> httpx.Response:
    return await client.post("/api/bookings?output_format=JSON", json=order_for(**more))


async def test_a_strict_php_answers_500_although_the_booking_is_there(
    fake: FakeQloApps, client: httpx.AsyncClient
) -> None:
    fake.faults.strict = True
    answer = await book(client)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (500, 5)
    found = await client.get("/api/orders?filter[source]=test:1&display=[id,source]&output_format=JSON")
    assert found.json() == {"orders": [{"id": 1, "source": "test:1"}]}
    assert (await client.get("/api/bookings/1?output_format=JSON")).status_code == 500


async def test_the_same_post_twice_makes_two_bookings(fake: FakeQloApps, client: httpx.AsyncClient) -> None:
    assert [(await book(client)).json()["booking"]["id"] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("hidden", [True, False])
async def test_the_last_room_is_sold_to_everybody_at_once(
    hidden: bool, fake: FakeQloApps, client: httpx.AsyncClient
) -> None:
    for _ in range(4):
        await book(client)
    fake.faults.think_seconds, fake.faults.hidden_losers = 0.05, hidden
    answers = await asyncio.gather(*(book(client, email=f"guest{index}@example.com") for index in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    rooms = {answer.json()["booking"]["associations"]["room_types"][0]["rooms"][0]["id_room"] for answer in answers}
    assert rooms == {20}
    lines = (await client.get("/api/room_bookings?filter[id_room]=20&display=full&output_format=JSON")).json()[
        "bookings"
    ]
    assert [line["is_back_order"] for line in lines].count("0") == (1 if hidden else 6)
    states = (await client.get("/api/orders?display=[id,current_state]&output_format=JSON")).json()["orders"]
    assert {order["current_state"] for order in states} == {"1"}  # the orders show nothing of it


@pytest.mark.parametrize(
    ("effect", "bookings"),
    [
        (Effect.RESET_BEFORE, 0),
        (Effect.RESET_AFTER, 1),
        (Effect.LATE, 1),
        (Effect.HTML_AFTER, 1),
        (Effect.HTML_BEFORE, 0),
        (Effect.EMPTY_AFTER, 1),
        (Effect.EMPTY_BEFORE, 0),
        (Effect.TOO_MANY, 0),
        (Effect.BAD_GATEWAY, 0),
        (Effect.TRUNCATED_AFTER, 1),
        (Effect.NOTICE_AFTER, 1),
    ],
)
async def test_a_planned_fault_meets_its_request_once(
    effect: Effect, bookings: int, fake: FakeQloApps, client: httpx.AsyncClient
) -> None:
    fake.faults.plan(effect, "POST", "bookings")
    if effect in {Effect.RESET_BEFORE, Effect.RESET_AFTER, Effect.LATE}:
        with pytest.raises(httpx.RemoteProtocolError):
            await book(client)
    else:
        answer = await book(client)
        assert answer.status_code in {200, 429, 500, 502}
        assert "Retry-After" in answer.headers or answer.status_code != 429
    await fake.settled()
    assert len(fake.shop.table("orders")) == bookings
    assert (await book(client)).status_code == 200


async def test_a_put_takes_the_new_line_while_the_old_one_still_holds(
    fake: FakeQloApps, client: httpx.AsyncClient
) -> None:
    for _ in range(5):
        await book(client)
    body = order_for()
    body["booking"]["id"] = 1
    body["booking"]["associations"]["room_types"][0]["checkout_date"] = "2027-01-11"
    answer = await client.put("/api/bookings/1?output_format=JSON", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, "Requested room(s) not available")


async def test_a_room_out_of_order_for_some_nights_is_not_for_sale_on_them(fake: FakeQloApps) -> None:
    fake.shop.closed_rooms.append((16, date(2027, 1, 11), date(2027, 1, 12)))
    assert fake.shop.free_rooms(4, date(2027, 1, 10), date(2027, 1, 12)) == [17, 18, 19, 20]
    assert fake.shop.free_rooms(4, date(2027, 1, 10), date(2027, 1, 11)) == [16, 17, 18, 19, 20]


async def test_special_prices_count_night_by_night(fake: FakeQloApps) -> None:
    fake.shop.special_prices[4, date(2027, 1, 11)] = Decimal(3000)
    assert fake.shop.room_price(4, date(2027, 1, 10), date(2027, 1, 12)) == Decimal(5500)
