"""What the pms service measures, under the names that dashboards use; labels come from configuration, never guests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import asyncpg
import pytest
from hotel.pms.v1 import pms_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub
from mesh.clock import ManualClock
from mesh.errors import Down, Invalid, NotFound, Refused
from mesh.testing.mesh import running
from prometheus_client import REGISTRY

from services.pms.adapters.own_inventory import OwnInventory
from services.pms.app import build
from services.pms.metrics import measured
from services.pms.settings import Settings
from tests.contract.pms_house import HOTEL_FILE, OPENED, House, connect, ledger_on, prepare_database
from tests.service.pms_calls import SECONDS, book, hold, people, quote, stay
from tests.support.polling import until
from tests.support.stores import Databases

OPERATIONS = {
    *("availability.search", "quote.create", "inventory.list", "hold.create", "hold.get", "hold.release"),
    *("reservation.create", "reservation.get", "reservation.list", "reservation.update", "reservation.cancel"),
    *("reservation.check_in", "reservation.check_out", "modification.preview", "folio.charge"),
    *("guest.get", "guest.update"),
}
STATUSES = {"ok", "refused", "down", "error"}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(OPENED)


@pytest.fixture
async def pms(clock: ManualClock) -> AsyncIterator[PmsServiceStub]:
    settings = Settings(pms_backend="memory", hotel_files=str(HOTEL_FILE), sweep_seconds=0.02)
    async with running({"pms": (build, settings)}, clock=clock) as mesh:
        yield PmsServiceStub(mesh.channel("pms"))


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def label_values(name: str, label: str) -> set[str]:
    return {
        sample.labels[label]
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if metric.name == name and label in sample.labels
    }


async def test_operations_are_counted_by_outcome_and_timed(pms: PmsServiceStub) -> None:
    def counts() -> list[float]:
        return [
            value("pms_operations_total", operation="hold.create", status="ok"),
            value("pms_operations_total", operation="hold.create", status="refused"),
            value("pms_response_time_seconds_count", operation="hold.create"),
        ]

    before = counts()
    quoted = await quote(pms, "2026-12-05", "2026-12-06", room="SUI")
    await hold(pms, quoted, "first")
    with pytest.raises(Refused):
        await hold(pms, quoted, "second")
    assert [after - was for after, was in zip(counts(), before, strict=True)] == [1, 1, 2]


@pytest.mark.parametrize(
    ("raised", "status"), [(Down("UNAVAILABLE", "away"), "down"), (RuntimeError("a bug"), "error")]
)
def test_an_outage_and_a_bug_are_told_apart(raised: Exception, status: str) -> None:
    before = value("pms_operations_total", operation="hold.get", status=status)
    with pytest.raises(type(raised)), measured("hold.get"):
        raise raised
    assert value("pms_operations_total", operation="hold.get", status=status) == before + 1


async def test_a_reservation_counts_once_however_often_it_is_asked_for(pms: PmsServiceStub) -> None:
    before = value("reservations_created_total", room_type="DBL")
    quoted = await quote(pms, "2026-12-03", "2026-12-06")
    for _ in range(3):
        await book(pms, quoted)
    assert value("reservations_created_total", room_type="DBL") == before + 1


async def test_open_holds_are_told_as_they_come_and_go(pms: PmsServiceStub, clock: ManualClock) -> None:
    for number in range(3):
        await hold(pms, await quote(pms, "2026-12-20", "2026-12-21"), f"hold-{number}")
    await until(lambda: value("hotel_pms_holds_open") == 3, what="three open holds")
    clock.advance(timedelta(minutes=16))
    await until(lambda: value("hotel_pms_holds_open") == 0, what="no open hold")


async def test_searches_say_whether_they_read_the_books(pms: PmsServiceStub) -> None:
    def counts() -> list[float]:
        return [value("hotel_pms_night_reads_total", source=source) for source in ("books", "memory")]

    before = counts()
    request = pms_pb2.SearchAvailabilityRequest(
        property_id="alameda", stay=stay("2026-12-14", "2026-12-16"), rooms=[people()]
    )
    for _ in range(4):
        await pms.SearchAvailability(request, timeout=SECONDS)
    assert [after - was for after, was in zip(counts(), before, strict=True)] == [1, 3]


async def test_what_guests_send_never_becomes_a_label(pms: PmsServiceStub) -> None:
    sold_before = label_values("reservations_created", "room_type")  # other hotels of this test process
    for word in ("x' OR 1=1", "room-4711", "maria@example.com"):
        with pytest.raises(NotFound):
            await quote(pms, "2026-12-03", "2026-12-06", room=word)
        with pytest.raises(NotFound):
            await pms.GetHold(pms_pb2.GetHoldRequest(hold_id=word), timeout=SECONDS)
        with pytest.raises(Invalid):
            await pms.PlaceHold(pms_pb2.PlaceHoldRequest(request_id=word, quote_token=word), timeout=SECONDS)
    assert label_values("pms_operations", "operation") <= OPERATIONS
    assert label_values("pms_operations", "status") <= STATUSES
    assert label_values("pms_response_time_seconds", "operation") <= OPERATIONS
    assert label_values("reservations_created", "room_type") <= {"DBL", "TWN", "FAM", "SUI"} | sold_before


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def house(database: str) -> AsyncIterator[House]:
    """The demo hotel on PostgreSQL."""
    pool, clock = await connect(database), ManualClock(OPENED)
    ledger = ledger_on(pool)
    yield House(OwnInventory(ledger=ledger, clock=clock), ledger, clock)
    await pool.close()


async def test_waits_for_locks_and_prevented_oversells_are_measured(house: House, database: str) -> None:
    waits, prevented = value("hotel_pms_night_lock_wait_seconds_count"), value("oversell_detected_total")
    quoted = await house.quote("2026-12-05", 1, room="SUI")
    await house.book(quoted)
    assert value("hotel_pms_night_lock_wait_seconds_count") == waits + 1
    # A limit that only the database knows of stands for a fault in the code that counts free rooms.
    connection = await asyncpg.connect(database, server_settings={"search_path": "pms"})
    try:
        await connection.execute(
            "ALTER TABLE inventory_night ADD CONSTRAINT tighter CHECK (room_type_id <> 'SUI' OR sold + held < 2)"
        )
        await connection.execute("UPDATE inventory_night SET capacity = 9 WHERE room_type_id = 'SUI'")
    finally:
        await connection.close()
    with pytest.raises(Refused) as refusal:
        await house.book(quoted)
    assert refusal.value.reason == "SOLD_OUT"
    assert value("oversell_detected_total") == prevented + 1
