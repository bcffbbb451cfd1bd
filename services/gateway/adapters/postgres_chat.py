"""Chats in PostgreSQL."""

from __future__ import annotations

from datetime import datetime

from mesh.store.postgres import Pool, connection

from services.gateway.channels.webchat.log import ChatEvent

_APPEND = """
    INSERT INTO chat_events (conversation_id, message_id, payload, create_time) VALUES ($1, $2, $3, $4)
    ON CONFLICT (message_id) DO NOTHING
"""
# Two replicas may write to one chat at once: the lock makes event ids visible in their order, or a stream would pass
# over the lower one that is committed later.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_AFTER = (
    "SELECT event_id, payload FROM chat_events WHERE conversation_id = $1 AND event_id > $2 ORDER BY event_id LIMIT $3"
)


class PostgresChatLog:
    """`ChatLog` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def append(self, *, conversation_id: str, message_id: str, payload: str, now: datetime) -> None:
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(_LOCK, conversation_id)
            await conn.execute(_APPEND, conversation_id, message_id, payload, now)

    async def after(self, conversation_id: str, event_id: int, *, limit: int) -> tuple[ChatEvent, ...]:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(_AFTER, conversation_id, event_id, limit)
        return tuple(ChatEvent(event_id=row["event_id"], payload=row["payload"]) for row in rows)
