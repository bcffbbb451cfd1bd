"""Sweeping in PostgreSQL: in batches, passing over rows that somebody is writing, so replicas never wait or collide."""

from __future__ import annotations

from datetime import datetime

from mesh.store.postgres import Pool, connection
from mesh.store.vault import Vault

from services.session.adapters.postgres.rows import Rows, with_keys
from services.session.domain.session import Session

_END_SILENT = f"""
    WITH silent AS (
        SELECT session_id FROM sessions WHERE live AND expire_time <= $1
        ORDER BY expire_time LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    UPDATE sessions s SET live = false, version = version + 1, update_time = $1
    FROM silent WHERE s.session_id = silent.session_id
    RETURNING {with_keys("s")}
"""  # noqa: S608 (put together of constants)
_PURGE = """
    WITH old AS (
        SELECT session_id FROM sessions WHERE NOT live AND expire_time < $1
        ORDER BY expire_time LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM sessions s USING old WHERE s.session_id = old.session_id RETURNING s.session_id
"""
_FORGET_REQUESTS = """
    WITH old AS (
        SELECT method, request_id FROM requests WHERE result IS NULL AND create_time < $1
        ORDER BY create_time LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM requests r USING old WHERE r.method = old.method AND r.request_id = old.request_id RETURNING 1
"""
_COUNT = "SELECT count(*) FROM sessions WHERE live AND expire_time > $1"


class PostgresHousekeeping:
    """`ports.Housekeeping` in PostgreSQL."""

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._rows = Rows(vault)

    async def end_silent(self, *, now: datetime, limit: int) -> tuple[Session, ...]:
        async with connection(self._pool) as db:
            rows = await db.fetch(_END_SILENT, now, limit)
        return tuple(self._rows.session(row[0]) for row in rows)

    async def purge(self, *, ended_before: datetime, limit: int) -> tuple[str, ...]:
        async with connection(self._pool) as db:
            rows = await db.fetch(_PURGE, ended_before, limit)
        return tuple(row[0] for row in rows)

    async def forget_requests(self, *, before: datetime, limit: int) -> int:
        async with connection(self._pool) as db:
            return len(await db.fetch(_FORGET_REQUESTS, before, limit))

    async def count_active(self, *, now: datetime) -> int:
        async with connection(self._pool) as db:
            return int(await db.fetchval(_COUNT, now))
