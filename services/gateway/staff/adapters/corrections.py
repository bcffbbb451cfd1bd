"""Canned answers and proposals in PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from mesh.errors import NotFound
from mesh.store.postgres import Pool, connection

from services.gateway.staff.domain.canned import Canned

_PUT = """
    INSERT INTO canned_answers (canned_id, title, texts, update_time) VALUES ($1, $2, $3::jsonb, $4)
    ON CONFLICT (canned_id) DO UPDATE SET title = excluded.title, texts = excluded.texts,
        update_time = excluded.update_time, version = canned_answers.version + 1
"""


class PostgresCanned:
    """Canned answers on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def all(self) -> Sequence[Canned]:
        """Every one, by title: a hotel has some dozens."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch("SELECT canned_id, title, texts FROM canned_answers ORDER BY title LIMIT 500")
        return [Canned(canned_id=row[0], title=row[1], texts=json.loads(row[2])) for row in rows]

    async def put(self, canned: Canned, *, now: datetime) -> None:
        """Stores one, new or changed."""
        async with connection(self._pool) as conn:
            await conn.execute(_PUT, canned.canned_id, canned.title, json.dumps(dict(canned.texts)), now)

    async def remove(self, canned_id: str) -> None:
        """Raises NotFound(RECORD_NOT_FOUND)."""
        async with connection(self._pool) as conn:
            gone = await conn.fetchval("DELETE FROM canned_answers WHERE canned_id = $1 RETURNING 1", canned_id)
        if gone is None:
            raise NotFound("RECORD_NOT_FOUND", "there is no such canned answer")
