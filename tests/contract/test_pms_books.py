"""Opening the books: as often as one likes, by any number of replicas, and never against what guests did."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest
import yaml
from mesh.clock import ManualClock
from mesh.errors import Conflict, Down, Invalid, Refused
from mesh.store.migrations import migrate

from services.pms.adapters.ledger import Ledger
from services.pms.adapters.memory import MemoryLedger
from services.pms.adapters.opening_books import extend_books, open_books
from services.pms.adapters.own_inventory import OwnInventory
from services.pms.desk.catalogue import Catalogue
from services.pms.domain.configuration import Configuration
from services.pms.domain.reservation import ReservationState
from services.pms.domain.stay import Stay
from services.pms.sweeper import Sweeper
from tests.contract.pms_house import HOTEL_FILE, MIGRATIONS, OPENED, House, alameda, connect, ledger_on
from tests.support.stores import Databases

ROOT = Path(__file__).parents[2]


def empty_schema(url: str) -> None:
    migrate(url, schema="pms", directory=MIGRATIONS)


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    """A database with the schema and nothing in it."""
    postgres_databases.template("pms_empty", empty_schema)
    url = postgres_databases.create("pms_empty")
    yield url
    postgres_databases.drop(url)


@pytest.fixture(params=["memory", "builtin"])
def its_database(request: pytest.FixtureRequest) -> str:
    """The URL of the database of the backend that needs one, empty for memory."""
    return request.getfixturevalue("database") if request.param == "builtin" else ""


@pytest.fixture
async def ledger(its_database: str) -> AsyncIterator[Ledger]:
    if not its_database:
        yield MemoryLedger()
        return
    pool = await connect(its_database)
    yield ledger_on(pool)
    await pool.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(OPENED)


@pytest.fixture
def house(ledger: Ledger, clock: ManualClock) -> House:
    return House(OwnInventory(ledger=ledger, clock=clock), ledger, clock)


def with_units(configuration: Configuration, room_type_id: str, units: int) -> Configuration:
    types = tuple(
        replace(each, units=units, room_numbers=()) if each.room_type_id == room_type_id else each
        for each in configuration.hotel.room_types
    )
    return replace(configuration, hotel=replace(configuration.hotel, room_types=types))


async def test_opening_the_same_books_again_changes_nothing(house: House) -> None:
    assert await open_books(house.ledger, house.clock, alameda())
    span = Stay(date(2026, 11, 18), date(2027, 2, 1))
    before = await house.backend.inventory("alameda", span)
    assert not await open_books(house.ledger, house.clock, alameda())
    assert await house.backend.inventory("alameda", span) == before
    assert await house.backend.last_sequence("alameda") == 4


async def test_replicas_that_open_the_books_at_once_open_them_once(house: House) -> None:
    outcomes = await asyncio.gather(*(open_books(house.ledger, house.clock, alameda()) for _ in range(4)))
    assert sorted(outcomes) == [False, False, False, True]
    assert await house.left("DBL", date(2026, 12, 10)) == 3
    assert await house.backend.last_sequence("alameda") == 4


async def test_a_reservation_of_the_file_is_never_loaded_over_what_its_guest_did(house: House) -> None:
    await open_books(house.ledger, house.clock, alameda())
    await house.cancel(await house.by_code("R1001"))
    await open_books(house.ledger, house.clock, alameda())
    assert (await house.by_code("R1001")).state is ReservationState.CANCELED
    assert await house.left("DBL", date(2026, 12, 10)) == 4


async def test_fewer_rooms_than_are_sold_leave_nothing_to_sell_and_everybody_a_bed(house: House) -> None:
    await open_books(house.ledger, house.clock, alameda())
    for _ in range(3):
        await house.book(await house.quote("2026-12-14", 1))
    await open_books(house.ledger, house.clock, with_units(alameda(), "DBL", 2))
    (night,) = await house.backend.inventory("alameda", Stay.of(date(2026, 12, 14), 1), "DBL")
    assert (night.capacity, night.sold, night.left) == (3, 3, 0)
    assert await house.left("DBL", date(2026, 12, 15)) == 2
    await open_books(house.ledger, house.clock, with_units(alameda(), "DBL", 6))
    assert await house.left("DBL", date(2026, 12, 14)) == 3


async def test_prices_and_limits_of_nights_follow_the_file(house: House) -> None:
    await open_books(house.ledger, house.clock, alameda())
    booked = await house.book(await house.quote("2026-12-31", 3, room="FAM"))
    dearer = replace(alameda().exceptions[1], net_price={"FAM": Decimal("2500.50")}, min_nights=2)
    changed = replace(alameda(), exceptions=(alameda().exceptions[0], dearer))
    await open_books(house.ledger, house.clock, changed)
    (night,) = await house.backend.inventory("alameda", Stay.of(date(2026, 12, 31), 1), "FAM")
    assert (night.net_price, night.min_nights, night.sold) == (Decimal("2500.50"), 2, 1)
    assert (await house.by_code(booked.confirmation_code)).total == booked.total


async def test_a_room_type_that_is_sold_no_more_has_nothing_left(house: House) -> None:
    await open_books(house.ledger, house.clock, alameda())
    hotel = alameda().hotel
    without = tuple(each for each in hotel.room_types if each.room_type_id != "TWN")
    await open_books(house.ledger, house.clock, replace(alameda(), hotel=replace(hotel, room_types=without)))
    (night,) = await house.backend.inventory("alameda", Stay.of(date(2026, 12, 14), 1), "TWN")
    assert night.left == 0


async def test_a_facts_version_grows_when_its_words_change_and_only_then(house: House) -> None:
    await open_books(house.ledger, house.clock, alameda())
    hotel = alameda().hotel
    facts = tuple(
        replace(fact, text={**fact.text, "en": "Now 300 MXN."}) if fact.topic == "pets" else fact
        for fact in hotel.facts
    )
    changed = replace(alameda(), hotel=replace(hotel, facts=facts))
    for _ in range(2):
        await open_books(house.ledger, house.clock, changed)
    (stored,) = await house.backend.properties()
    assert {fact.topic: fact.version for fact in stored.facts if fact.version > 1} == {"pets": 2}


async def test_nights_open_as_time_goes_by(house: House) -> None:
    await open_books(house.ledger, house.clock, alameda())
    house.pass_time(days=30)
    last = house.hotel.last_check_out(house.clock.now()) - timedelta(days=1)
    assert await house.backend.inventory("alameda", Stay.of(last, 1)) == []
    await extend_books(house.ledger, house.clock)
    assert await house.left("TWN", last) == 2
    assert await house.left("DBL", date(2026, 12, 24)) == 1


async def test_nights_as_they_should_be_are_neither_written_nor_locked(database: str, clock: ManualClock) -> None:
    pool = await connect(database)
    ledger = ledger_on(pool)
    rows = "SELECT room_type_id, night, xmin::text, xmax::text FROM pms.inventory_night"
    await open_books(ledger, clock, alameda())
    before = {tuple(row) for row in await pool.fetch(rows)}
    for _ in range(2):
        await open_books(ledger, clock, alameda())
        await extend_books(ledger, clock)
    assert {tuple(row) for row in await pool.fetch(rows)} == before
    clock.advance(timedelta(days=1))
    await extend_books(ledger, clock)
    after = {tuple(row) for row in await pool.fetch(rows)}
    assert before < after
    assert len(after - before) == len(alameda().hotel.room_types)
    await pool.close()


async def test_the_sweeper_opens_new_nights_and_forgets_old_answers(house: House) -> None:
    await open_books(house.ledger, house.clock, alameda())
    sweeper = Sweeper(
        backend=house.backend,
        ledger=house.ledger,
        clock=house.clock,
        pause_seconds=1,
        keep_answers=timedelta(days=30),
        keep_audits=timedelta(days=90),
    )
    write = house.write("hold.create", request_id="old")
    quoted = await house.quote("2027-01-14", 1)
    held = await house.hold(quoted, write)
    await sweeper.sweep()
    assert await house.hold(quoted, write) == held
    house.pass_time(days=31)
    await sweeper.sweep()
    with pytest.raises(Refused) as refusal:  # forgotten, so it is a new write with an old quote
        await house.hold(quoted, write)
    assert refusal.value.reason == "QUOTE_EXPIRED"
    last = house.hotel.last_check_out(house.clock.now()) - timedelta(days=1)
    assert await house.left("TWN", last) == 2


class Away:
    """A backend whose store can be taken away."""

    def __init__(self, backend: OwnInventory) -> None:
        self._backend = backend
        self.gone = False

    async def properties(self):
        if self.gone:
            raise Down("PMS_UNAVAILABLE", "away")
        return await self._backend.properties()


async def test_with_the_backend_away_the_last_known_property_is_told_with_its_age(clock: ManualClock) -> None:
    ledger = MemoryLedger()
    await open_books(ledger, clock, alameda())
    away = Away(OwnInventory(ledger=ledger, clock=clock))
    catalogue = Catalogue(backends={"memory": away}, clock=clock, keep=timedelta(seconds=60))
    read_time = (await catalogue.known("alameda")).read_time
    away.gone = True
    clock.advance(timedelta(hours=1))
    known = await catalogue.known("alameda")
    assert (known.hotel.property_id, known.read_time) == ("alameda", read_time)
    away.gone = False
    assert (await catalogue.known("alameda")).read_time == clock.now()


async def test_a_backend_that_was_never_seen_is_down_and_not_empty(clock: ManualClock) -> None:
    away = Away(OwnInventory(ledger=MemoryLedger(), clock=clock))
    away.gone = True
    catalogue = Catalogue(backends={"memory": away}, clock=clock, keep=timedelta(seconds=60))
    with pytest.raises(Down):
        await catalogue.known("alameda")


# PostgreSQL alone.


async def test_the_schema_goes_down_and_up_again(database: str) -> None:
    def both_ways() -> None:
        migrate(database, schema="pms", directory=MIGRATIONS, revision="base")
        migrate(database, schema="pms", directory=MIGRATIONS)

    await asyncio.to_thread(both_ways)
    pool = await connect(database)
    assert await open_books(ledger_on(pool), ManualClock(OPENED), alameda())
    await pool.close()


async def test_a_write_that_waits_too_long_for_its_rooms_says_so_and_may_be_repeated(
    database: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.pms.adapters.builtin.LOCK_WAIT", timedelta(milliseconds=50))
    pool = await connect(database)
    ledger = ledger_on(pool)
    await open_books(ledger, clock, alameda())
    house = House(OwnInventory(ledger=ledger, clock=clock), ledger, clock)
    quoted, write = await house.quote("2026-12-14", 1), house.write("hold.create")
    async with pool.acquire() as other, other.transaction():
        await other.execute("SELECT * FROM inventory_night WHERE night = '2026-12-14' FOR UPDATE")
        with pytest.raises(Down):
            await house.hold(quoted, write)
    assert (await house.hold(quoted, write)).units == 1
    async with pool.acquire() as other, other.transaction():
        await other.execute("INSERT INTO request_answer VALUES ('running', 'hold.create', 'x', '', now())")
        with pytest.raises(Conflict) as conflict:
            await house.hold(quoted, house.write("hold.create", request_id="running"))
        assert conflict.value.reason == "REQUEST_IN_PROGRESS"
    with pytest.raises(Invalid):
        await house.hold(quoted, house.write("hold.create", request_id="running"))
    await pool.close()


def run_pms(*arguments: str, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.pms", *arguments],
        env={**os.environ, "POSTGRES_URL": url, "PYTHONPATH": f"{ROOT}:{ROOT / 'libs'}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_load_hotel_loads_once_and_names_every_problem(database: str, tmp_path: Path) -> None:
    assert run_pms("load-hotel", str(HOTEL_FILE), url=database).stdout == "alameda: loaded\n"
    assert run_pms("load-hotel", str(HOTEL_FILE), url=database).stdout == "alameda: nothing new\n"
    content = yaml.safe_load(HOTEL_FILE.read_text(encoding="utf-8"))
    content["room_types"]["DBL"]["net_price"] = "cheap"
    del content["facts"]["pool"]["en"]
    broken = tmp_path / "broken.yaml"
    broken.write_text(yaml.safe_dump(content), encoding="utf-8")
    refused = run_pms("load-hotel", str(broken), url=database)
    assert refused.returncode == 2
    assert "broken.yaml: room_types.DBL.net_price: " in refused.stderr
    assert "broken.yaml: facts.pool: has no text in en" in refused.stderr
    assert run_pms("load-hotel", url=database).returncode == 2


async def test_the_books_are_in_one_schema_of_their_own(database: str) -> None:
    connection = await asyncpg.connect(database)
    rows = await connection.fetch(
        "SELECT DISTINCT table_schema FROM information_schema.tables"
        " WHERE table_name IN ('reservation', 'inventory_night', 'lock_audit', 'alembic_version')"
    )
    assert [row["table_schema"] for row in rows] == ["pms"]
    await connection.close()
