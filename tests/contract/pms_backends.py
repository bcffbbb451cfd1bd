"""Every backend of the pms service, one after the other: for the suite that all of them keep."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime

import pytest
from mesh.clock import ManualClock
from mesh.values import Money

from services.pms.adapters.own_inventory import OwnInventory
from services.pms.domain.guest import Charge
from tests.contract.pms_house import (
    OPENED,
    House,
    connect,
    ledger_on,
    opened_in_memory,
    prepare_database,
    restore_books,
)
from tests.contract.pms_qloapps_house import at_qloapps
from tests.contract.pms_real_qloapps import RealShop, at_real_qloapps
from tests.support.stores import Databases

NIGHT = date(2026, 12, 3)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One backend after the other, or the one that was asked for."""
    if "backend_name" in metafunc.fixturenames:
        asked = metafunc.config.getoption("--backend", default=None)
        metafunc.parametrize("backend_name", [asked] if asked else ["memory", "builtin", "qloapps"], indirect=True)


@pytest.fixture
def backend_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def one_database(postgres_databases: Databases) -> Iterator[str]:
    """A database with the demo hotel, restored for every test."""
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


@pytest.fixture
def database(backend_name: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database with the demo hotel, for the backend that needs one."""
    return "" if backend_name != "builtin" else restore_books(request.getfixturevalue("one_database"))


@pytest.fixture
def real_shop(request: pytest.FixtureRequest) -> RealShop | None:
    """The QloApps of the command line; None for the stand-in."""
    option = request.config.getoption
    url = option("--qloapps-url", default="")
    if not url:
        return None
    return RealShop(
        url=url,
        key=option("--qloapps-key"),
        host=option("--qloapps-host"),
        currency=option("--qloapps-currency"),
    )


@pytest.fixture
async def house(backend_name: str, database: str, real_shop: RealShop | None) -> AsyncIterator[House]:
    clock = ManualClock(OPENED)
    if backend_name == "qloapps":
        async with at_real_qloapps(clock, real_shop) if real_shop else at_qloapps(clock) as at_the_pms:
            yield at_the_pms
        return
    if backend_name == "memory":
        ledger = await opened_in_memory(clock)
        yield House(OwnInventory(ledger=ledger, clock=clock), ledger, clock)
        return
    pool = await connect(database)
    ledger = ledger_on(pool)
    yield House(OwnInventory(ledger=ledger, clock=clock), ledger, clock)
    await pool.close()


def a_charge(reservation_id: str, house: House) -> Charge:
    return Charge(
        charge_id=f"chg-{reservation_id}",
        reservation_id=reservation_id,
        description="Minibar",
        amount=Money.of("90.50", "MXN"),
        post_time=datetime.fromisoformat("2026-11-20T16:00:00+00:00"),
    )
