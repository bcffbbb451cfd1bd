"""Chats in PostgreSQL, sealed under the keys of their conversations."""

from __future__ import annotations

from datetime import datetime

from mesh.store.postgres import Pool, connection

from services.gateway.adapters.sealing import PAGE, Sealing
from services.gateway.channels.webchat.log import ChatEvent

_APPEND = """
    INSERT INTO chat_events (conversation_id, message_id, payload, create_time) VALUES ($1, $2, $3, $4)
    ON CONFLICT (message_id) DO NOTHING
"""
# Two replicas may write to one chat at once: the lock makes event ids visible in their order, or a stream would pass
# over the lower one that is committed later. The key stays the conversation's until the end.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_KEY = """
    SELECT conversation_id, key_id, master, wrapped FROM conversations WHERE conversation_id = $1 FOR KEY SHARE
"""
_AFTER = """
    SELECT e.event_id, e.message_id, e.payload, c.conversation_id, c.key_id, c.master, c.wrapped
    FROM chat_events e JOIN conversations c USING (conversation_id)
    WHERE e.conversation_id = $1 AND e.event_id > $2 ORDER BY e.event_id LIMIT $3
"""


class PostgresChatLog:
    """`ChatLog` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def append(self, *, conversation_id: str, message_id: str, payload: str, now: datetime) -> None:
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(_LOCK, conversation_id)
            row = await conn.fetchrow(_KEY, conversation_id)
            if row is None:
                return  # its guest was forgotten while this was on its way
            sealed = self._sealing.learn(row).seal(payload.encode(), f"{PAGE}:{message_id}")
            await conn.execute(_APPEND, conversation_id, message_id, sealed, now)

    async def after(self, conversation_id: str, event_id: int, *, limit: int) -> tuple[ChatEvent, ...]:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(_AFTER, conversation_id, event_id, limit)
        for row in rows[:1]:
            self._sealing.learn(row)
        return tuple(
            ChatEvent(
                event_id=row["event_id"], payload=self._sealing.open(row["payload"], f"{PAGE}:{row['message_id']}")
            )
            for row in rows
        )
