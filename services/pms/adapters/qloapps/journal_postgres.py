"""The journal in PostgreSQL. What is under way names a guest: sealed under a key of its row, which goes with it."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg
from mesh.store import postgres
from mesh.store.vault import Vault

from services.pms.adapters.qloapps.journal import Booking, Change, Entry, Link
from services.pms.adapters.sealing import learned
from services.pms.domain import record

PUT = """
    INSERT INTO qloapps_journal (request_id, property_id, kind, begin_time, sealed, key_id, master, wrapped)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (request_id) DO UPDATE SET sealed = excluded.sealed, key_id = excluded.key_id,
        master = excluded.master, wrapped = excluded.wrapped
"""
LINK = """
    INSERT INTO qloapps_order (property_id, order_id, reservation_id, seen) VALUES ($1, $2, $3, $4)
    ON CONFLICT (property_id, order_id) DO UPDATE SET reservation_id = excluded.reservation_id, seen = excluded.seen
"""
HIGHEST = """
    INSERT INTO qloapps_customer AS c (property_id, highest) VALUES ($1, $2)
    ON CONFLICT (property_id) DO UPDATE SET highest = greatest(c.highest, excluded.highest) RETURNING highest
"""


class PostgresJournal:
    """See `journal.Journal` for what each call promises."""

    def __init__(self, *, pool: postgres.Pool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    async def entry(self, request_id: str) -> Entry | None:
        statement = "SELECT * FROM qloapps_journal WHERE request_id = $1"
        async with postgres.connection(self._pool) as connection:
            row = await connection.fetchrow(statement, request_id)
        return self._entry(row) if row else None

    async def entries(self, property_id: str) -> Sequence[Entry]:
        statement = "SELECT * FROM qloapps_journal WHERE property_id = $1 ORDER BY begin_time"
        async with postgres.connection(self._pool) as connection:
            rows = await connection.fetch(statement, property_id)
        return [self._entry(row) for row in rows]

    async def put(self, entry: Entry) -> None:
        kind = "booking" if isinstance(entry, Booking) else "change"
        key, stored = self._vault.new_key()
        sealed = key.seal(record.to_text(entry).encode(), _place(entry.request_id))
        wrapped = (stored.key_id, stored.master, stored.wrapped)
        await self._execute(PUT, entry.request_id, entry.property_id, kind, entry.begin_time, sealed, *wrapped)

    async def close(self, request_id: str) -> None:
        await self._execute("DELETE FROM qloapps_journal WHERE request_id = $1", request_id)

    async def link(self, link: Link) -> None:
        await self._execute(LINK, link.property_id, link.order_id, link.reservation_id, link.seen)

    async def links(self, property_id: str, order_ids: Sequence[int]) -> dict[int, Link]:
        statement = "SELECT * FROM qloapps_order WHERE property_id = $1 AND order_id = ANY($2::bigint[])"
        async with postgres.connection(self._pool) as connection:
            rows = await connection.fetch(statement, property_id, list(order_ids))
        return {row["order_id"]: Link(**dict(row)) for row in rows}

    async def highest_customer(self, property_id: str, at_least: int = 0) -> int:
        async with postgres.connection(self._pool) as connection:
            return int(await connection.fetchval(HIGHEST, property_id, at_least))

    async def _execute(self, statement: str, *arguments: object) -> None:
        async with postgres.connection(self._pool) as connection:
            await connection.execute(statement, *arguments)

    def _entry(self, row: asyncpg.Record) -> Entry:
        learned(self._vault, row)
        text = self._vault.open(row["sealed"], _place(row["request_id"]))
        return record.from_text(Booking, text) if row["kind"] == "booking" else record.from_text(Change, text)


def _place(request_id: str) -> str:
    return f"journal:{request_id}"
