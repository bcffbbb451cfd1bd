"""The ledger in PostgreSQL: reads, and the transactions of `builtin_transaction`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import asyncpg
from mesh.clock import Clock
from mesh.errors import Down
from mesh.store import postgres
from mesh.store.vault import Vault

from services.pms.adapters.builtin_transaction import PostgresTransaction
from services.pms.adapters.forgetting import forget_departed, forget_guest
from services.pms.adapters.guest_statements import EVENTS, RESERVATION, RESERVATIONS
from services.pms.adapters.own_inventory import OwnInventory
from services.pms.adapters.rows import contact_columns, event_of, hold_of, night_of, reservation_of
from services.pms.adapters.sealing import looked_up
from services.pms.domain import record
from services.pms.domain.availability import InventoryNight
from services.pms.domain.event import ReservationEvent
from services.pms.domain.forgetting import Forgetting, Forgotten, Kept
from services.pms.domain.guest import GuestProfile
from services.pms.domain.hold import Hold
from services.pms.domain.property import Property
from services.pms.domain.reservation import LIVE_STATES, Reservation, ReservationState
from services.pms.domain.stay import Stay
from services.pms.ports import ReservationQuery

# A write that waits longer than this for its rooms gives up; the guest's turn has a deadline too.
LOCK_WAIT = timedelta(seconds=4)

NIGHTS = """
    WITH lapsed AS (
        SELECT room_type_id, night::date AS night, sum(units)::int AS units
        FROM hold, generate_series(check_in, check_out - 1, interval '1 day') AS night
        WHERE state = 'ACTIVE' AND expire_time <= $5 AND property_id = $1
        GROUP BY room_type_id, night::date
    )
    SELECT n.*, n.held - coalesce(lapsed.units, 0) AS still_held
    FROM inventory_night n LEFT JOIN lapsed USING (room_type_id, night)
    WHERE n.property_id = $1 AND n.night >= $2 AND n.night < $3 AND ($4 = '' OR n.room_type_id = $4)
    ORDER BY n.night, n.room_type_id
"""

# One look into the index for each property; a plain GROUP BY reads every night there is.
LAST_NIGHTS = """
    SELECT property_id, night FROM property CROSS JOIN LATERAL (
        SELECT n.night FROM inventory_night n WHERE n.property_id = property.property_id ORDER BY n.night DESC LIMIT 1
    ) AS latest
"""


class PostgresLedger:
    """Keeps the books in one schema of PostgreSQL."""

    def __init__(self, *, pool: postgres.Pool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        """One database transaction. Raises Down when the server is away or other writes keep the rooms too long."""
        try:
            async with postgres.transaction(self._pool) as connection:
                await connection.execute(f"SET LOCAL lock_timeout = {int(LOCK_WAIT.total_seconds() * 1000)}")
                yield PostgresTransaction(connection, self._vault)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
            raise Down("UNAVAILABLE", "other writes keep these rooms") from error

    async def properties(self) -> Sequence[Property]:
        rows = await self._rows("SELECT document FROM property ORDER BY property_id")
        return [record.from_text(Property, row["document"]) for row in rows]

    async def last_nights(self) -> Mapping[str, date]:
        return {row["property_id"]: row["night"] for row in await self._rows(LAST_NIGHTS)}

    async def nights(self, property_id: str, span: Stay, room_type_id: str, now: datetime) -> Sequence[InventoryNight]:
        rows = await self._rows(NIGHTS, property_id, span.check_in, span.check_out, room_type_id, now)
        return [night_of(row) for row in rows]

    async def open_holds(self, now: datetime) -> int:
        row = await self._row("SELECT count(*) FROM hold WHERE state = 'ACTIVE' AND expire_time > $1", now)
        return int(row[0]) if row else 0

    async def read_hold(self, hold_id: str) -> Hold | None:
        row = await self._row("SELECT * FROM hold WHERE hold_id = $1", hold_id)
        return hold_of(row) if row else None

    async def read_reservation(self, reservation_id: str) -> Reservation | None:
        row = await self._row(f"{RESERVATION} WHERE reservation_id = $1", reservation_id)
        return reservation_of(self._vault, row) if row else None

    async def read_reservation_by_code(self, property_id: str, code: str) -> Reservation | None:
        row = await self._row(f"{RESERVATION} WHERE property_id = $1 AND confirmation_code = $2", property_id, code)
        return reservation_of(self._vault, row) if row else None

    async def reservations(self, query: ReservationQuery) -> Sequence[Reservation]:
        vault, property_id, identity = self._vault, query.property_id, query.identity
        rows = await self._rows(
            RESERVATIONS,
            property_id,
            query.check_in_from,
            query.check_in_to,
            *contact_columns(vault, property_id, query.phone_number, query.email),
            looked_up(vault, "identity", property_id, identity.key if identity else ""),
            looked_up(vault, "phone", property_id, identity.phone_key if identity else ""),
            looked_up(vault, "email", property_id, identity.email_key if identity else ""),
            [state.value for state in query.states],
            query.after[0] if query.after else None,
            query.after[1] if query.after else "",
            query.limit,
        )
        return [reservation_of(vault, row) for row in rows]

    async def read_guest(self, property_id: str, *, phone_key: str, email_key: str) -> GuestProfile | None:
        async with postgres.connection(self._pool) as connection:
            reader = PostgresTransaction(connection, self._vault)
            profile = await reader.guest(property_id, phone_key=phone_key, email_key=email_key)
            if profile is None:
                return None
            statement = "SELECT state, confirmation_code FROM reservation WHERE profile_id = $1"
            own = await connection.fetch(statement, profile.profile_id)
        return replace(
            profile,
            past_stays=sum(row["state"] == ReservationState.CHECKED_OUT for row in own),
            live_codes=tuple(sorted(row["confirmation_code"] for row in own if row["state"] in LIVE_STATES)),
        )

    async def events(self, property_id: str, after: int, limit: int) -> Sequence[ReservationEvent]:
        return [event_of(self._vault, row) for row in await self._rows(EVENTS, property_id, after, limit)]

    async def last_sequence(self, property_id: str) -> int:
        row = await self._row("SELECT last_sequence FROM property WHERE property_id = $1", property_id)
        return int(row["last_sequence"]) if row else 0

    async def forget_guest(
        self, property_ids: Sequence[str], forgetting: Forgetting, *, today: date, retention: timedelta
    ) -> Forgotten:
        erased, kept = 0, list[Kept]()
        for property_id in property_ids:
            async with postgres.transaction(self._pool) as db:
                gone, staying = await forget_guest(
                    db, self._vault, property_id, forgetting, today=today, retention=retention
                )
            erased, kept = erased + gone, [*kept, *staying]
        return Forgotten(erased=erased, kept=tuple(kept))

    async def forget_departed(self, *, today: date, retention: timedelta, limit: int) -> int:
        async with postgres.transaction(self._pool) as db:
            return await forget_departed(db, self._vault, today=today, retention=retention, limit=limit)

    async def forget(self, *, answers_before: datetime, audits_before: datetime) -> int:
        async with postgres.connection(self._pool) as connection:
            answers = await connection.execute("DELETE FROM request_answer WHERE create_time < $1", answers_before)
            audits = await connection.execute("DELETE FROM lock_audit WHERE acquired_at < $1", audits_before)
        return sum(int(status.split()[-1]) for status in (answers, audits))

    async def _rows(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        async with postgres.connection(self._pool) as connection:
            return await connection.fetch(statement, *arguments)

    async def _row(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        async with postgres.connection(self._pool) as connection:
            return await connection.fetchrow(statement, *arguments)


def builtin_backend(pool: postgres.Pool, clock: Clock, vault: Vault) -> OwnInventory:
    """The backend of a hotel whose books are in PostgreSQL."""
    return OwnInventory(ledger=PostgresLedger(pool=pool, vault=vault), clock=clock)
