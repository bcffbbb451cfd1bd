"""What would have been sent to Meta, recorded in PostgreSQL. Development only."""

from __future__ import annotations

from datetime import datetime

from mesh.store.postgres import Pool, connection

from services.gateway.sandbox.log import SandboxMessage

_ADD = """
    INSERT INTO sandbox_messages (channel_message_id, phone_number_id, recipient, payload, create_time)
    VALUES ($1, $2, $3, $4, $5)
"""
_LIST = """
    SELECT sequence, channel_message_id, phone_number_id, recipient, payload, create_time FROM sandbox_messages
    WHERE ($1::text IS NULL OR recipient = $1) AND sequence > $2 ORDER BY sequence LIMIT $3
"""


class PostgresSandbox:
    """`SandboxLog` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def add(
        self, *, channel_message_id: str, phone_number_id: str, recipient: str, payload: str, now: datetime
    ) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(_ADD, channel_message_id, phone_number_id, recipient, payload, now)

    async def list(self, *, recipient: str | None, after: int, limit: int) -> tuple[SandboxMessage, ...]:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(_LIST, recipient, after, limit)
        return tuple(
            SandboxMessage(
                sequence=row["sequence"],
                channel_message_id=row["channel_message_id"],
                phone_number_id=row["phone_number_id"],
                recipient=row["recipient"],
                payload=row["payload"],
                create_time=row["create_time"],
            )
            for row in rows
        )
