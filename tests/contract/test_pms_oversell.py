"""No room is sold twice: crowds of guests at the last rooms. See also test_pms_any_order.py and tests/chaos."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta

import asyncpg
import pytest
from mesh.clock import ManualClock
from mesh.errors import Refused

from services.pms.adapters.own_inventory import OwnInventory
from services.pms.domain.reservation import Reservation
from services.pms.domain.stay import Occupancy, Stay
from tests.contract.pms_house import OPENED, House, connect, ledger_on, prepare_database, restore_books
from tests.support.stores import Databases

GUESTS = 200
NIGHTS = Stay(date(2026, 12, 14), date(2026, 12, 17))


@pytest.fixture(scope="module")
def one_database(postgres_databases: Databases) -> Iterator[str]:
    """A database with the demo hotel, restored for every test."""
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


@pytest.fixture
def database(one_database: str) -> str:
    return restore_books(one_database)


@pytest.fixture
async def replicas(database: str) -> AsyncIterator[tuple[House, House]]:
    """Two replicas of the service on one database, each with its own pool."""
    clock = ManualClock(OPENED)
    pools = [await connect(database, size=8) for _ in range(2)]
    houses = []
    for pool in pools:
        ledger = ledger_on(pool)
        houses.append(House(OwnInventory(ledger=ledger, clock=clock), ledger, clock))
    yield houses[0], houses[1]
    for pool in pools:
        await pool.close()


def _must_be(refusal: Refused, *reasons: str) -> None:
    """Fails the test for a refusal that has no right to be there."""
    assert refusal.reason in reasons


async def sold_in_truth(pool: asyncpg.Pool) -> tuple[Counter, dict]:
    """Rooms of live reservations and active holds by night, and what the nights themselves say."""
    counted: Counter = Counter()
    for row in await pool.fetch("SELECT * FROM reservation WHERE state NOT IN ('CANCELED', 'NO_SHOW')"):
        for night in Stay(row["check_in"], row["check_out"]).nights():
            counted[row["room_type_id"], night] += row["units"]
    for row in await pool.fetch("SELECT * FROM hold WHERE state = 'ACTIVE'"):
        for night in Stay(row["check_in"], row["check_out"]).nights():
            counted[row["room_type_id"], night] += row["units"]
    rows = await pool.fetch("SELECT * FROM inventory_night")
    return counted, {(row["room_type_id"], row["night"]): row for row in rows}


async def assert_the_books_are_right(pool: asyncpg.Pool) -> None:
    counted, nights = await sold_in_truth(pool)
    for key, row in nights.items():
        assert row["sold"] + row["held"] == counted[key], key
        assert row["sold"] + row["held"] <= row["capacity"], key


@pytest.mark.slow
async def test_two_hundred_guests_at_the_last_ten_rooms_get_ten(replicas: tuple[House, House]) -> None:
    house = replicas[0]
    pool = house.ledger._pool
    await pool.execute("UPDATE inventory_night SET capacity = 10 WHERE room_type_id = 'DBL' AND night >= '2026-12-14'")
    quoted = await house.quote("2026-12-14", 3)

    async def guest(number: int) -> Reservation | None:
        mine = replicas[number % 2]
        try:
            hold = await mine.hold(quoted) if number % 3 else None
            return await mine.book(quoted, hold=hold)
        except Refused as refusal:
            _must_be(refusal, "SOLD_OUT")
            return None

    outcomes = await asyncio.gather(*(guest(number) for number in range(GUESTS)))
    booked = [reservation for reservation in outcomes if reservation]
    assert len(booked) == 10
    assert len({reservation.confirmation_code for reservation in booked}) == 10
    await assert_the_books_are_right(pool)
    events = await house.backend.events("alameda", after=4, limit=100)
    assert [event.sequence for event in events] == list(range(5, 15))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
async def test_guests_who_overlap_change_and_cancel_all_at_once_leave_the_books_right(
    replicas: tuple[House, House], seed: int
) -> None:
    async def guest(number: int) -> None:
        # One after the other for each guest, all guests at once.
        chance = random.Random(f"{seed}-{number}")
        mine = replicas[number % 2]
        arrival = NIGHTS.check_in + timedelta(days=chance.randrange(3))
        room = chance.choice(["DBL", "TWN", "SUI"])
        rooms = (Occupancy(1),) * chance.choice([1, 1, 2])
        try:
            quoted = await mine.quote(arrival.isoformat(), chance.randint(1, 3), room=room, rooms=rooms)
            hold = await mine.hold(quoted) if chance.random() < 0.6 else None
            if hold and chance.random() < 0.3:
                await mine.backend.release_hold(mine.write(), hold.hold_id)
                return
            booked = await mine.book(quoted, hold=hold)
            if chance.random() < 0.5:
                moved = booked.stay.shifted(chance.choice([-1, 1]))
                booked = await mine.change(booked, stay=moved, room_type_id=chance.choice(["DBL", "TWN"]))
            if chance.random() < 0.4:
                await mine.cancel(booked)
        except Refused as refusal:
            _must_be(refusal, "SOLD_OUT")

    await asyncio.gather(*(guest(number) for number in range(60)), replicas[1].backend.expire_holds())
    await assert_the_books_are_right(replicas[0].ledger._pool)
    assert await replicas[0].oversold_nights() == []


async def test_confirming_racing_with_the_sweep_ends_in_one_of_the_two(replicas: tuple[House, House]) -> None:
    one, other = replicas
    for _ in range(5):
        quoted = await one.quote("2026-12-14", 1, room="SUI")
        hold = await one.hold(quoted)
        one.pass_time(minutes=14, seconds=59)
        late = House(one.backend, one.ledger, ManualClock(one.clock.now() + timedelta(seconds=2)))
        sweeper = OwnInventory(ledger=other.ledger, clock=late.clock)
        booked, swept = await asyncio.gather(
            one.book(quoted, hold=hold), sweeper.expire_holds(), return_exceptions=True
        )
        if isinstance(booked, Reservation):
            assert swept == 0
            await one.cancel(booked)
        else:
            assert isinstance(booked, Refused)
            assert (booked.reason, swept) == ("HOLD_EXPIRED", 1)
        assert await one.left("SUI", date(2026, 12, 14)) == 1
    await assert_the_books_are_right(one.ledger._pool)


async def test_a_sale_racing_with_the_sweep_gets_the_rooms_that_came_free(replicas: tuple[House, House]) -> None:
    one, other = replicas
    for _ in range(10):
        await one.hold(await one.quote("2026-12-14", 1, room="SUI"))
        one.pass_time(minutes=15)
        quoted = await one.quote("2026-12-14", 1, room="SUI")
        _, held = await asyncio.gather(other.backend.expire_holds(), one.hold(quoted))
        await one.backend.release_hold(one.write(), held.hold_id)
    await assert_the_books_are_right(one.ledger._pool)


async def test_the_database_itself_refuses_to_oversell(replicas: tuple[House, House]) -> None:
    pool = replicas[0].ledger._pool
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute("UPDATE inventory_night SET sold = capacity + 1 WHERE night = '2026-12-14'")
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute("UPDATE inventory_night SET held = -1 WHERE night = '2026-12-14'")


async def test_who_had_the_rooms_locked_is_on_record(replicas: tuple[House, House]) -> None:
    house = replicas[0]
    write = house.write("hold.create")
    await house.hold(await house.quote("2026-12-14", 2, room="SUI"), write)
    row = await house.ledger._pool.fetchrow("SELECT * FROM lock_audit ORDER BY audit_id DESC LIMIT 1")
    assert row["resource_id"] == "alameda/SUI/2026-12-14..2026-12-15"
    assert (row["operation_type"], row["holder_id"]) == ("hold.create", write.request_id)
    assert row["acquired_at"] <= row["released_at"]
