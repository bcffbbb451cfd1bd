"""PmsService with two hotels on two backends at once: one in our own books, one in QloApps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hotel.common.v1 import stay_pb2
from hotel.pms.v1 import offer_pb2, pms_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub
from mesh.clock import ManualClock
from mesh.errors import Down, Refused
from mesh.settings import ConfigurationError
from mesh.testing.mesh import RunningMesh, running

from services.pms.app import build
from services.pms.settings import Settings
from tests.contract.pms_house import HOTEL_FILE, OPENED, prepare_database, restore_books
from tests.service.pms_calls import SECONDS, book, hold, people, quote, stay
from tests.support.qloapps.demo import KEY, demo_shop
from tests.support.qloapps.server import FakeQloApps, opened
from tests.support.stores import Databases

PRIME = Path(__file__).parents[1] / "data" / "qloapps" / "prime.yaml"


@pytest.fixture(scope="module")
def one_database(postgres_databases: Databases) -> Iterator[str]:
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(OPENED)


@pytest.fixture
async def fake(clock: ManualClock) -> AsyncIterator[FakeQloApps]:
    # The domain that the shop is configured with is not the address that it has here.
    async with opened(demo_shop(lambda: clock.now().replace(tzinfo=None)), host="hotel.example") as running_shop:
        yield running_shop


def told(fake: FakeQloApps, tmp_path: Path, **more: Any) -> Settings:
    file = tmp_path / "prime.yaml"
    file.write_text(PRIME.read_text().replace("  hotel_id: 1\n", "  hotel_id: 1\n  host: hotel.example\n"))
    return Settings(
        hotel_files=f"{HOTEL_FILE},{file}",
        pms_base_url=fake.url,
        pms_api_key=KEY,
        pms_follow_seconds=0.05,
        sweep_seconds=0.05,
        watch_poll_seconds=0.02,
        **more,
    )


@pytest.fixture(params=["memory", "postgres"])
def settings(request: pytest.FixtureRequest, fake: FakeQloApps, tmp_path: Path) -> Settings:
    if request.param == "memory":
        return told(fake, tmp_path, pms_backend="memory")
    url = restore_books(request.getfixturevalue("one_database"))
    redis_url = request.getfixturevalue("redis_url")
    return told(fake, tmp_path, postgres_url=url, redis_url=redis_url, postgres_pool_size=4, postgres_pool_overflow=4)


@pytest.fixture
async def mesh(settings: Settings, clock: ManualClock) -> AsyncIterator[RunningMesh]:
    async with running({"pms": (build, settings)}, clock=clock) as mesh:
        yield mesh


@pytest.fixture
def pms(mesh: RunningMesh) -> PmsServiceStub:
    return PmsServiceStub(mesh.channel("pms"))


async def prime_quote(
    pms: PmsServiceStub, check_in: str, check_out: str, *rooms: stay_pb2.Occupancy, **more: str
) -> offer_pb2.Quote:
    request = pms_pb2.CreateQuoteRequest(
        property_id="prime",
        stay=stay(check_in, check_out),
        rooms=rooms or (people(),),
        room_type_id=more.get("room", "GEN"),
        rate_plan_id=more.get("plan", "FLEX"),
    )
    return (await pms.CreateQuote(request, timeout=SECONDS)).quote


async def read(pms: PmsServiceStub, reservation_id: str) -> reservation_pb2.Reservation:
    request = pms_pb2.GetReservationRequest(reservation_id=reservation_id)
    return (await pms.GetReservation(request, timeout=SECONDS)).reservation


async def test_two_hotels_on_two_backends_are_sold_at_once(pms: PmsServiceStub, fake: FakeQloApps) -> None:
    listed = (await pms.ListProperties(pms_pb2.ListPropertiesRequest(), timeout=SECONDS)).properties
    assert [(each.property_id, each.backend) for each in listed] == [("alameda", "builtin"), ("prime", "qloapps")]
    here, there = await asyncio.gather(
        quote(pms, "2026-12-03", "2026-12-05"), prime_quote(pms, "2026-12-03", "2026-12-05")
    )
    assert (there.total.currency_code, there.total.units) == ("USD", 2600)
    held = await hold(pms, there, request_id="hold-there")
    mine, theirs = await asyncio.gather(
        book(pms, here, request_id="here"), book(pms, there, held.hold_id, request_id="there")
    )
    assert (mine.property_id, theirs.property_id) == ("alameda", "prime")
    orders = list(fake.shop.table("orders").values())
    assert [(order["total_paid_tax_incl"], order["source"].split(":")[1][:3]) for order in orders] == [
        ("2600.000000", "op_")
    ]
    assert await read(pms, mine.reservation_id) == mine
    assert await read(pms, theirs.reservation_id) == theirs


async def test_what_is_quoted_is_what_qloapps_books_whatever_the_rate_plan(
    pms: PmsServiceStub, fake: FakeQloApps
) -> None:
    quoted = await prime_quote(pms, "2026-12-03", "2026-12-06", people(), people(1, 7), room="LUX", plan="NRF")
    made = await book(pms, quoted, request_id="two-rooms")
    (order,) = fake.shop.table("orders").values()
    assert order["total_paid_tax_incl"] == f"{made.total.units}.{made.total.nanos // 10_000_000:02}0000"
    lines = fake.shop.lines_of(order["id"])
    assert [(line["adults"], line["child_ages"]) for line in lines] == [("2", "[]"), ("1", "[7]")]


async def test_holds_count_against_what_qloapps_says_is_free(pms: PmsServiceStub) -> None:
    quoted = await prime_quote(pms, "2026-12-03", "2026-12-04")
    for index in range(5):
        await hold(pms, quoted, request_id=f"hold-{index}")
    with pytest.raises(Refused) as refusal:
        await book(pms, quoted, request_id="too-late")
    assert (refusal.value.reason, refusal.value.metadata["date"]) == ("SOLD_OUT", "2026-12-03")
    with pytest.raises(Refused):
        await prime_quote(pms, "2026-12-03", "2026-12-04")


async def test_a_booking_of_the_front_desk_is_found_by_its_reference(pms: PmsServiceStub, fake: FakeQloApps) -> None:
    made = await book(pms, await prime_quote(pms, "2026-12-03", "2026-12-04"), request_id="one")
    fake.shop.set_state(1, 4)
    assert (await read(pms, made.reservation_id)).state == reservation_pb2.RESERVATION_STATE_CANCELED
    order = next(iter(fake.shop.table("orders").values()))
    copy = {key: value for key, value in order.items() if key != "id"} | {
        "reference": "FRONTDESK",
        "current_state": "1",
    }
    desk = fake.shop.insert("orders", {**copy, "source": "front desk"})
    line = {key: value for key, value in fake.shop.lines()[0].items() if key != "id"}
    fake.shop.insert("room_bookings", {**line, "id_order": str(desk["id"]), "is_refunded": "0", "is_cancelled": "0"})
    request = pms_pb2.GetReservationRequest(property_id="prime", confirmation_code="front-desk")
    found = (await pms.GetReservation(request, timeout=SECONDS)).reservation
    assert (found.confirmation_code, found.booker.given_name, found.total) == ("FRONTDESK", "Carlos", made.total)


async def test_with_qloapps_away_the_other_hotel_sells_and_the_lost_one_is_still_described(
    pms: PmsServiceStub, fake: FakeQloApps, clock: ManualClock
) -> None:
    await prime_quote(pms, "2026-12-03", "2026-12-04")
    await fake.stop()
    request = pms_pb2.CreateQuoteRequest(
        property_id="prime",
        stay=stay("2026-12-03", "2026-12-04"),
        rooms=[people()],
        room_type_id="GEN",
        rate_plan_id="FLEX",
    )
    for second in range(6):
        with pytest.raises(Down) as down:
            await pms.CreateQuote(request, timeout=0.7)
        assert down.value.reason in {"PMS_UNAVAILABLE", "DEADLINE_EXCEEDED"}, second
    described = await pms.GetProperty(pms_pb2.GetPropertyRequest(property_id="prime"), timeout=SECONDS)
    assert described.property.display_name == "The Hotel Prime"
    await book(pms, await quote(pms, "2026-12-03", "2026-12-04"), request_id="here")


async def test_a_missing_key_or_address_stops_the_start(fake: FakeQloApps, tmp_path: Path) -> None:
    settings = told(fake, tmp_path, pms_backend="memory").model_copy(update={"pms_api_key": None, "pms_base_url": ""})
    with pytest.raises(ConfigurationError) as fault:
        async with running({"pms": (build, settings)}):
            pass
    assert [problem.split(":")[0] for problem in fault.value.problems] == ["PMS_BASE_URL", "PMS_API_KEY"]


def test_the_key_is_not_printed() -> None:
    assert KEY not in repr(Settings(pms_api_key=KEY))
