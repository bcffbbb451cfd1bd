"""The demo hotel on a backend, with everything a guest does to it in one call each."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import asyncpg
from mesh.clock import ManualClock
from mesh.store.migrations import migrate

from services.pms.adapters.builtin import PostgresLedger
from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import read
from services.pms.adapters.ledger import Ledger
from services.pms.adapters.memory import MemoryLedger
from services.pms.adapters.opening_books import open_books
from services.pms.adapters.own_inventory import OwnInventory
from services.pms.domain.availability import Calendar, Wish
from services.pms.domain.change import Wanted, preview_cancellation, preview_modification
from services.pms.domain.configuration import Configuration
from services.pms.domain.hold import Hold, hold_for
from services.pms.domain.quote import Quote, quote
from services.pms.domain.reservation import Booker, Reservation, reservation_for
from services.pms.domain.search import window
from services.pms.domain.stay import Occupancy, Stay
from services.pms.ports import Backend, Write
from services.pms.settings import Settings

HOTEL_FILE = Path(__file__).parents[2] / "hotel" / "alameda.yaml"
MIGRATIONS = Path(__file__).parents[2] / "services" / "pms" / "migrations"
OPENED = datetime.fromisoformat("2026-11-20T10:00:00-06:00")
COUPLE = (Occupancy(2),)
TABLES = (
    "data_key",
    "guest_to_forget",
    "property",
    "inventory_night",
    "hold",
    "guest",
    "reservation",
    "charge",
    "reservation_event",
    "request_answer",
    "lock_audit",
)


@cache
def alameda() -> Configuration:
    """The demo hotel as its file describes it."""
    return configuration_of(read(HOTEL_FILE))


def prepare_database(url: str) -> None:
    """An up-to-date schema with the demo hotel's books opened."""
    migrate(url, schema="pms", directory=MIGRATIONS)

    async def load() -> None:
        pool = await connect(url)
        try:
            await open_books(ledger_on(pool), ManualClock(OPENED), alameda())
            await pool.execute("CREATE SCHEMA opened")
            for table in TABLES:
                await pool.execute(f"CREATE TABLE opened.{table} AS TABLE pms.{table}")
        finally:
            await pool.close()

    asyncio.run(load())


def restore_books(url: str) -> str:
    """Makes a prepared database what it was when its books were opened, far faster than making a new one."""

    async def restore() -> None:
        connection = await asyncpg.connect(url)
        try:
            async with connection.transaction():
                await connection.execute("TRUNCATE " + ", ".join(f"pms.{table}" for table in TABLES))
                for table in TABLES:
                    await connection.execute(f"INSERT INTO pms.{table} OVERRIDING SYSTEM VALUE TABLE opened.{table}")
        finally:
            await connection.close()

    asyncio.run(restore())
    return url


async def connect(url: str, size: int = 10) -> asyncpg.Pool:
    """A pool as one replica of the service has it."""
    pool = await asyncpg.create_pool(url, min_size=1, max_size=size, server_settings={"search_path": "pms"})
    assert pool is not None
    return pool


def ledger_on(pool: asyncpg.Pool) -> PostgresLedger:
    """The books of a database, with the keys of development."""
    return PostgresLedger(pool=pool, vault=Settings().vault())


async def opened_in_memory(clock: ManualClock) -> MemoryLedger:
    """Books in memory with the demo hotel."""
    ledger = MemoryLedger()
    await open_books(ledger, clock, alameda())
    return ledger


@dataclass
class House:
    """A backend with the demo hotel, and a clock that stands."""

    backend: Backend
    ledger: Ledger
    clock: ManualClock
    configuration: Configuration = field(default_factory=alameda)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def hotel(self):
        return self.configuration.hotel

    def replica(self) -> House:
        """Another replica of the service on the same books."""
        return House(OwnInventory(ledger=self.ledger, clock=self.clock), self.ledger, self.clock, self.configuration)

    def write(self, operation: str = "write", request_id: str = "", body: str = "") -> Write:
        """A write that was never made before, unless an id is given."""
        name = request_id or f"request-{id(self)}-{next(self.numbers)}"
        digest = hashlib.sha256(f"{operation}{body}".encode()).hexdigest()
        return Write(request_id=name, operation=operation, digest=digest)

    async def calendar(self, stay: Stay) -> Calendar:
        return Calendar(await self.backend.inventory("alameda", window(stay)))

    async def left(self, room_type_id: str, night: date) -> int:
        """Rooms still to be had on a night."""
        found = await self.backend.inventory("alameda", Stay.of(night, 1), room_type_id)
        return found[0].left

    async def quote(
        self,
        check_in: str,
        nights: int,
        *,
        room: str = "DBL",
        plan: str = "FLEX",
        rooms: tuple[Occupancy, ...] = COUPLE,
    ) -> Quote:
        stay = Stay.of(date.fromisoformat(check_in), nights)
        wish = Wish(stay=stay, rooms=rooms, room_type_id=room, rate_plan_id=plan)
        return quote(self.hotel, await self.calendar(stay), wish, self.clock.now())

    async def hold(self, quoted: Quote, write: Write | None = None) -> Hold:
        wanted = hold_for(self.hotel, quoted, self.clock.now())
        return await self.backend.place_hold(write or self.write("hold.create"), quoted, wanted)

    async def book(
        self, quoted: Quote, *, hold: Hold | None = None, write: Write | None = None, booker: Booker | None = None
    ) -> Reservation:
        who = booker or Booker(given_name="Carlos", family_name="Méndez", phone_number="+525500000001")
        wanted = reservation_for(quoted, who, now=self.clock.now(), source="test")
        return await self.backend.create_reservation(
            write or self.write("reservation.create"), quoted, wanted, hold.hold_id if hold else ""
        )

    async def by_code(self, code: str) -> Reservation:
        return await self.backend.reservation_by_code("alameda", code)

    async def preview_change(self, reservation: Reservation, **wanted: object):
        stay = wanted.get("stay") or reservation.stay
        first, last = min(stay.check_in, reservation.stay.check_in), max(stay.check_out, reservation.stay.check_out)
        calendar = await self.calendar(Stay(first, last))
        return preview_modification(self.hotel, calendar, reservation, Wanted(**wanted), self.clock.now())

    async def change(self, reservation: Reservation, **wanted: object) -> Reservation:
        preview = await self.preview_change(reservation, **wanted)
        return await self.backend.modify_reservation(self.write("reservation.update"), preview)

    async def cancel(self, reservation: Reservation) -> Reservation:
        preview = preview_cancellation(self.hotel, reservation, self.clock.now())
        return await self.backend.cancel_reservation(self.write("reservation.cancel"), preview, "changed plans")

    def pass_time(self, **delta: float) -> None:
        self.clock.advance(timedelta(**delta))

    async def oversold_nights(self) -> list[tuple[str, date]]:
        """Nights with more rooms sold and held than there are, counted from reservations and holds themselves."""
        return [
            (night.room_type_id, night.night)
            for night in await self.backend.inventory("alameda", Stay(date(2026, 11, 18), date(2027, 3, 1)))
            if night.sold + night.held > night.capacity
        ]
