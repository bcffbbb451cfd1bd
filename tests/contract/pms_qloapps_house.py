"""The demo hotel with its rooms in a QloApps: the stand-in, with our own books in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from mesh.breaker import CircuitBreaker
from mesh.clock import ManualClock

from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import HotelFile, read
from services.pms.adapters.memory import MemoryLedger
from services.pms.adapters.opening_books import open_books
from services.pms.adapters.qloapps.backend import QloAppsBackend
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.journal import MemoryJournal
from services.pms.adapters.qloapps.lock import LocalLocks
from services.pms.adapters.qloapps.opening import connection_of, qloapps_backend
from services.pms.settings import Settings
from tests.contract.pms_house import House, alameda
from tests.support.qloapps.alameda import alameda_shop
from tests.support.qloapps.demo import KEY
from tests.support.qloapps.server import FakeQloApps, opened

HOTEL_FILE = Path(__file__).parents[1] / "data" / "qloapps" / "alameda.yaml"
NEVER_OPEN = 10_000


async def hurried(_: float) -> None:
    """Instead of a pause: everybody else has a turn."""
    await asyncio.sleep(0.001)


def hotel_file() -> HotelFile:
    return read(HOTEL_FILE)


def connection_to(fake: FakeQloApps) -> Connection:
    content = hotel_file()
    assert content.pms is not None
    return connection_of(configuration_of(content).hotel, content.pms, base_url=fake.url, api_key=KEY)


@dataclass
class QloAppsHouse(House):
    """A house whose rooms are in the stand-in."""

    fake: FakeQloApps | None = None


@asynccontextmanager
async def at_qloapps(clock: ManualClock) -> AsyncIterator[QloAppsHouse]:
    """The house on a stand-in of its own, which our books have caught up with."""
    configuration = configuration_of(hotel_file())
    ledger = MemoryLedger()
    await open_books(ledger, clock, configuration)
    async with opened(alameda_shop(alameda(), clock)) as fake:
        backend = qloapps_backend(
            [(configuration.hotel, connection_to(fake))],
            ledger=ledger,
            journal=MemoryJournal(),
            locks=LocalLocks(clock=clock),
            vault=Settings().vault(),
            clock=clock,
            sleep=hurried,
            breakers={"alameda": CircuitBreaker("pms_adapter", failures=NEVER_OPEN)},
        )
        await caught_up(backend)
        yield QloAppsHouse(backend, ledger, clock, configuration, fake=fake)
        await backend.close()


async def caught_up(backend: QloAppsBackend) -> None:
    for house in backend._houses.values():
        await house.following.follow(house._resolved)
