"""The audit log in PostgreSQL, and what is removed for its age."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from mesh.store.postgres import Pool, connection

from services.gateway.staff.domain.audit import Action, Entry

_WRITE = """
    INSERT INTO audit_log (entry_time, actor, action, subject, details, address)
    VALUES ($1, $2, $3, $4, $5::jsonb, $6)
"""
_PAGE = """
    SELECT * FROM audit_log
    WHERE ($1::bigint IS NULL OR sequence < $1) AND ($2 = '' OR actor = $2) AND ($3 = '' OR action = $3)
          AND ($4 = '' OR subject = $4)
    ORDER BY sequence DESC LIMIT $5
"""
_OLD = (
    "DELETE FROM audit_log WHERE entry_time < $1",
    "DELETE FROM staff_sign_ins WHERE expire_time < $1",
    "DELETE FROM staff_attempts WHERE attempt_time < $1",
)


class PostgresAudit:
    """`Audit` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def write(self, entry: Entry) -> None:
        values = (entry.time, entry.actor, entry.action.value, entry.subject, json.dumps(dict(entry.details)))
        async with connection(self._pool) as conn:
            await conn.execute(_WRITE, *values, entry.address)

    async def page(
        self, *, before: int | None, size: int, actor: str = "", action: str = "", subject: str = ""
    ) -> Sequence[Entry]:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(_PAGE, before, actor, action, subject, size)
        return [
            Entry(
                actor=row["actor"],
                action=Action(row["action"]),
                subject=row["subject"],
                details=json.loads(row["details"]),
                time=row["entry_time"],
                address=row["address"],
                sequence=row["sequence"],
            )
            for row in rows
        ]

    async def forget(self, *, entries_before: datetime, attempts_before: datetime) -> None:
        """Removes entries, ended sign-ins and attempts that are old."""
        async with connection(self._pool) as conn:
            await conn.execute(_OLD[0], entries_before)
            await conn.execute(_OLD[1], attempts_before)
            await conn.execute(_OLD[2], attempts_before)
