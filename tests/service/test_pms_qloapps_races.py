"""Two guests and one room: other channels in the middle of our write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date

import pytest
from mesh.clock import ManualClock
from mesh.errors import Refused
from prometheus_client import REGISTRY

from services.pms.domain.reservation import Booker
from services.pms.domain.stay import Stay
from tests.contract.pms_house import OPENED
from tests.contract.pms_qloapps_house import (
    QloAppsHouse,
    at_qloapps,
)
from tests.support.qloapps.booking_request import Line
from tests.support.qloapps.bookings import enter
from tests.support.qloapps.faults import Effect
from tests.support.qloapps.shop import Shop, is_live
from tests.support.qloapps.wire import Request, Response

NIGHT = Stay(date(2026, 12, 3), date(2026, 12, 4))


@pytest.fixture
async def house() -> AsyncIterator[QloAppsHouse]:
    async with at_qloapps(ManualClock(OPENED)) as opened_house:
        yield opened_house


def rival(shop: Shop, stay: Stay, *, times: int = 1) -> Callable[[list[int]], None]:
    """A guest at QloApps' own web site, who takes the room that ours was just given."""
    left = [times]

    def act(rooms: list[int]) -> None:
        if left[0] <= 0:
            return
        left[0] -= 1
        order = shop.table("orders")[1]
        copy = shop.insert("orders", {**{k: v for k, v in order.items() if k != "id"}, "source": "web site"})
        line = Line(
            type_id=int(shop.table("hotel_rooms")[rooms[0]]["id_product"]),
            check_in=stay.check_in,
            check_out=stay.check_out,
            adults=1,
            child_ages=[],
            children=0,
            wanted_room=0,
            net=None,
            doubled_tax=False,
            services=[],
            room=rooms[0],
        )
        enter(shop, copy, line)

    return act


def doubly_sold(shop: Shop) -> list[int]:
    """Rooms with two live lines on one night."""
    live = [row for row in shop.lines() if is_live(row)]
    pairs = [(a, b) for a in live for b in live if a["id"] < b["id"] and a["id_room"] == b["id_room"]]
    return [a["id_room"] for a, b in pairs if a["date_from"] < b["date_to"] and b["date_from"] < a["date_to"]]


def price_differences() -> float:
    return REGISTRY.get_sample_value("hotel_pms_price_differences_total") or 0.0


def oversells() -> float:
    return REGISTRY.get_sample_value("oversell_detected_total") or 0.0


@pytest.mark.parametrize("hidden", [True, False], ids=["marked as lost", "not marked at all"])
async def test_who_comes_second_gets_another_room(house: QloAppsHouse, hidden: bool) -> None:
    quoted, seen = await house.quote("2026-12-03", 1), oversells()
    house.fake.faults.rival, house.fake.faults.hidden_losers = rival(house.fake.shop, NIGHT), hidden
    made = await house.book(quoted)
    assert doubly_sold(house.fake.shop) == []
    assert oversells() == seen + 1
    (line,) = house.fake.shop.lines_of(int(made.external_ids[0].external_id))
    assert (is_live(line), line["room_num"]) == (True, made.rooms[0].room_number)
    assert house.fake.count("POST", "order_histories") == 1  # what came second was taken back
    assert await house.left("DBL", NIGHT.check_in) == 1


@pytest.mark.parametrize("hidden", [True, False], ids=["marked as lost", "not marked at all"])
async def test_who_comes_second_for_the_last_room_is_told_so(house: QloAppsHouse, hidden: bool) -> None:
    quoted = await house.quote("2026-12-05", 1, room="SUI")
    stay = Stay.of(date(2026, 12, 5), 1)
    house.fake.faults.rival, house.fake.faults.hidden_losers = rival(house.fake.shop, stay), hidden
    with pytest.raises(Refused) as refusal:
        await house.book(quoted)
    assert refusal.value.reason == "SOLD_OUT"
    assert doubly_sold(house.fake.shop) == []
    assert await house.backend.last_sequence("alameda") == 4
    assert await house.left("SUI", stay.check_in) == 0


async def test_who_came_first_keeps_the_room(house: QloAppsHouse) -> None:
    """A web-site guest whose line is newer than ours loses by the rule; theirs is not ours to cancel."""
    quoted = await house.quote("2026-12-05", 1, room="SUI")
    made = await house.book(quoted)
    rival(house.fake.shop, made.stay)([int(house.fake.shop.lines()[-1]["id_room"])])
    assert await house.backend.reservation(made.reservation_id) == made


async def test_a_room_that_others_released_is_noticed(house: QloAppsHouse) -> None:
    made = await house.book(await house.quote("2026-12-05", 1, room="SUI"))
    (line,) = house.fake.shop.lines_of(int(made.external_ids[0].external_id))
    line.update(is_back_order="1", is_refunded="1")
    seen = await house.backend.reservation(made.reservation_id)
    assert seen.state == "CANCELED"


async def test_moving_into_a_full_house_is_refused_and_changes_nothing(house: QloAppsHouse) -> None:
    booked = await house.book(await house.quote("2026-12-05", 2, room="SUI"))
    await house.book(await house.quote("2026-12-07", 1, room="SUI"))
    with pytest.raises(Refused):
        await house.change(booked, stay=Stay(date(2026, 12, 5), date(2026, 12, 8)))
    assert await house.backend.reservation(booked.reservation_id) == booked


@pytest.mark.parametrize("reprices", [True, False], ids=["lines repriced", "lines keep their price"])
async def test_a_stay_is_lengthened_in_its_own_room_when_the_house_is_full(house: QloAppsHouse, reprices: bool) -> None:
    house.fake.faults.reprices_kept_lines = reprices
    booked = await house.book(await house.quote("2026-12-05", 2, room="SUI"))
    longer = await house.change(booked, stay=Stay(date(2026, 12, 4), date(2026, 12, 8)))
    order = int(longer.external_ids[0].external_id)
    assert [row["id_room"] for row in house.fake.shop.lines_of(order)] == ["9"] * 3
    assert f"{longer.total.amount}0000" == house.fake.shop.table("orders")[order]["total_paid_tax_incl"]
    assert await house.backend.reservation(longer.reservation_id) == longer
    differences = price_differences()
    shorter = await house.change(longer, stay=Stay(date(2026, 12, 5), date(2026, 12, 8)))
    assert len(house.fake.shop.lines_of(order)) == 1
    assert await house.backend.reservation(shorter.reservation_id) == shorter
    assert price_differences() - differences == (0 if reprices else 1)
    assert [await house.left("SUI", date(2026, 12, day)) for day in (4, 5, 7)] == [1, 0, 0]


async def test_a_stay_moved_onto_somebody_elses_night_goes_back(house: QloAppsHouse) -> None:
    """A guest of the web site takes the night between our look and our move, in the room that we move in."""
    booked = await house.book(await house.quote("2026-12-05", 2, room="SUI"))
    preview = await house.preview_change(booked, stay=Stay(date(2026, 12, 6), date(2026, 12, 8)))
    lines, taken = house.fake.shop.lines_of(5), Stay.of(date(2026, 12, 7), 1)
    act, whole = rival(house.fake.shop, taken), house.fake._handle

    async def between(request: Request) -> Response:
        if request.method == "PUT" and request.resource == "room_bookings":
            act([int(lines[0]["id_room"])])
        return await whole(request)

    house.fake._server._handler = between
    with pytest.raises(Refused) as refusal:
        await house.backend.modify_reservation(house.write(), preview)
    assert refusal.value.reason == "SOLD_OUT"
    assert doubly_sold(house.fake.shop) == []
    assert await house.backend.reservation(booked.reservation_id) == booked


async def test_the_phone_survives_every_change_and_nobody_else_is_renamed(house: QloAppsHouse) -> None:
    known = await house.by_code("R1001")
    await house.change(known, stay=Stay(date(2026, 12, 14), date(2026, 12, 16)))
    customers = [(row["firstname"], row["phone"]) for row in house.fake.shop.table("customers").values()]
    assert customers == [("María", "+525512345678"), ("John", "+447700900123"), ("Ana", "+34600111222"),
                         ("Luis", "+525587654321")]  # fmt: skip
    booker = Booker(given_name="María", family_name="López", email="maria.lopez@example.com")
    await house.book(await house.quote("2026-12-03", 1), booker=booker)
    known_guest = house.fake.shop.customer_by_email("maria.lopez@example.com")
    assert known_guest is not None
    assert known_guest["phone"] == "+525512345678"


async def test_services_of_a_booking_survive_a_change_that_keeps_its_line(house: QloAppsHouse) -> None:
    booked = await house.book(await house.quote("2026-12-03", 1))
    shop = house.fake.shop
    shop.insert("services", {"id": 9, "name": "Breakfast", "price": "100.000000", "price_calculation_method": "2",
                             "auto_add_to_cart": "0", "price_addition_type": "1"})  # fmt: skip
    (line,) = shop.lines_of(5)
    shop.service_lines[line["id"]] = [
        {"id": 9, "name": "Breakfast", "quantity": 1, "unit": 100, "total": 100, "per_night": 1, "hidden": False}
    ]
    await house.change(booked, remark="a cot, please")
    assert [service["id"] for service in shop.service_lines[line["id"]]] == [9]
    assert shop.remarks[5] == ["a cot, please"]


async def test_a_retry_after_a_busy_shop_is_not_a_second_booking(house: QloAppsHouse) -> None:
    quoted = await house.quote("2026-12-03", 1)
    house.fake.faults.plan(Effect.TOO_MANY, "POST", "bookings", times=2, seconds=1)
    await house.book(quoted)
    assert (house.fake.count("POST", "bookings"), len(house.fake.shop.table("orders"))) == (3, 5)
