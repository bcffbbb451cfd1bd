"""Replicas of the service against each other at one QloApps: one writes at a time, whoever keeps the lock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import asyncpg
import pytest
from mesh.breaker import CircuitBreaker
from mesh.clock import ManualClock
from mesh.errors import Busy, Down, Refused
from mesh.store import redis as redis_store
from redis.asyncio import Redis

from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.opening_books import open_books
from services.pms.adapters.qloapps import lock
from services.pms.adapters.qloapps.journal_postgres import PostgresJournal
from services.pms.adapters.qloapps.lock import SharedLocks
from services.pms.adapters.qloapps.opening import qloapps_backend
from services.pms.domain.reservation import Booker, Reservation
from services.pms.settings import Settings
from tests.contract.pms_house import OPENED, House, alameda, connect, ledger_on, prepare_database
from tests.contract.pms_qloapps_house import (
    NEVER_OPEN,
    caught_up,
    connection_to,
    hotel_file,
    hurried,
)
from tests.service.test_pms_qloapps_races import doubly_sold
from tests.support.qloapps.alameda import alameda_shop
from tests.support.qloapps.server import FakeQloApps, opened
from tests.support.stores import Databases


@pytest.fixture(scope="module")
def one_database(postgres_databases: Databases) -> Iterator[str]:
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


async def replica(fake: FakeQloApps, pool: asyncpg.Pool, redis: Redis | None, clock: ManualClock) -> House:
    """One replica of the service on the shared stores."""
    configuration, ledger = configuration_of(hotel_file()), ledger_on(pool)
    backend = qloapps_backend(
        [(configuration.hotel, connection_to(fake))],
        ledger=ledger,
        journal=PostgresJournal(pool=pool, vault=Settings().vault()),
        locks=SharedLocks(pool=pool, redis=redis, clock=clock),
        vault=Settings().vault(),
        clock=clock,
        redis=redis,
        sleep=hurried,
        breakers={"alameda": CircuitBreaker("pms_adapter", failures=NEVER_OPEN)},
    )
    return House(backend, ledger, clock, configuration)


@pytest.mark.parametrize("away", [False, True], ids=["with Redis", "without Redis"])
async def test_two_replicas_sell_four_rooms_to_four_of_twelve_guests(
    database: str, redis_url: str, away: bool, postgres_server: object
) -> None:
    clock = ManualClock(OPENED)
    pools = [await connect(database, size=8) for _ in range(2)]
    clients = [redis_store.connect("redis://127.0.0.1:1/0" if away else redis_url, client_name="t") for _ in range(2)]
    await pools[0].execute("TRUNCATE hold, reservation, reservation_event, charge, guest, inventory_night, property")
    await open_books(ledger_on(pools[0]), clock, configuration_of(hotel_file()))
    async with opened(alameda_shop(alameda(), clock)) as fake:
        fake.faults.think_seconds = 0.005
        houses = [await replica(fake, pool, client, clock) for pool, client in zip(pools, clients, strict=True)]
        for each in houses:
            await caught_up(each.backend)  # type: ignore[arg-type]
        quoted = await houses[0].quote("2026-12-20", 2)

        async def guest(number: int) -> Reservation | str:
            booker = Booker(given_name="Guest", phone_number=f"+5255000001{number:02}")
            try:
                return await houses[number % 2].book(quoted, booker=booker)
            except Refused as refusal:
                return refusal.reason

        answers = await asyncio.gather(*(guest(number) for number in range(12)))
        assert sorted(answer for answer in answers if isinstance(answer, str)) == ["SOLD_OUT"] * 8
        assert doubly_sold(fake.shop) == []
        assert fake.count("POST", "bookings") == 4  # nobody had to be taken back: they were one at a time
        audits = await pools[0].fetch("SELECT resource_id, acquired_at, released_at FROM lock_audit")
        fences = [row["resource_id"] for row in audits if "#" in row["resource_id"]]
        assert len(set(fences)) == len(fences) == 4
        for each in houses:
            await each.backend.close()  # type: ignore[attr-defined]
    for client in clients:
        await client.aclose()
    for pool in pools:
        await pool.close()


async def test_a_lock_without_redis_still_keeps_others_out(database: str) -> None:
    pool = await connect(database)
    first, second = (SharedLocks(pool=pool, redis=None, clock=ManualClock(OPENED)) for _ in range(2))
    await _excludes(first.held, second.held)
    await pool.close()


async def test_a_lock_in_redis_keeps_others_out(database: str, redis_url: str) -> None:
    pool, client = await connect(database), redis_store.connect(redis_url, client_name="t")
    first, second = (SharedLocks(pool=pool, redis=client, clock=ManualClock(OPENED)) for _ in range(2))
    await _excludes(first.held, second.held)
    await client.aclose()
    await pool.close()


async def _excludes(first: Callable[[str], object], second: Callable[[str], object]) -> None:
    order: list[str] = []

    async def other() -> None:
        async with second("alameda"):  # type: ignore[attr-defined]
            order.append("second")

    async with first("alameda"), second("another hotel"):  # type: ignore[attr-defined]
        task = asyncio.create_task(other())
        for _ in range(20):
            await asyncio.sleep(0.002)
        order.append("first")
    await task
    assert order == ["first", "second"]


async def test_who_lost_the_lock_does_not_write(database: str, redis_url: str) -> None:
    """One replica sees Redis and the other does not: both take the lock, and only the later one may write."""
    pool, client = await connect(database), redis_store.connect(redis_url, client_name="t")
    with_redis = SharedLocks(pool=pool, redis=client, clock=ManualClock(OPENED))
    without = SharedLocks(pool=pool, redis=None, clock=ManualClock(OPENED))
    async with with_redis.held("alameda") as early, without.held("alameda") as late:
        assert late.fence == early.fence + 1
        await late.still_held()
        with pytest.raises(Down):
            await early.still_held()
    await client.aclose()
    await pool.close()


async def test_waiting_for_a_lock_has_an_end(database: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.05)
    pool, client = await connect(database), redis_store.connect(redis_url, client_name="t")
    first, second = (SharedLocks(pool=pool, redis=client, clock=ManualClock(OPENED)) for _ in range(2))
    async with first.held("alameda"):
        with pytest.raises(Busy) as busy:
            async with second.held("alameda"):
                pass
    assert busy.value.reason == "OVERLOADED"
    await client.aclose()
    await pool.close()
