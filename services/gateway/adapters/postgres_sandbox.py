"""What would have been sent, recorded in PostgreSQL. Development only."""

from __future__ import annotations

from mesh.store.postgres import Pool, connection

from services.gateway.domain.message import Channel
from services.gateway.sandbox.log import Recorded

_ADD = """
    INSERT INTO sandbox_messages (channel, channel_message_id, account, recipient, words, payload, create_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_LIST = """
    SELECT sequence, channel, channel_message_id, account, recipient, words, payload, create_time
    FROM sandbox_messages
    WHERE ($1::text IS NULL OR channel = $1) AND ($2::text IS NULL OR recipient = $2) AND sequence > $3
    ORDER BY sequence LIMIT $4
"""


class PostgresSandbox:
    """`SandboxLog` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def add(self, message: Recorded) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(
                _ADD,
                str(message.channel),
                message.channel_message_id,
                message.account,
                message.recipient,
                message.words,
                message.payload,
                message.create_time,
            )

    async def list(self, *, channel: str | None, recipient: str | None, after: int, limit: int) -> tuple[Recorded, ...]:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(_LIST, channel, recipient, after, limit)
        return tuple(Recorded(**{**row, "channel": Channel(row["channel"])}) for row in rows)
