"""What was billed for a conversation, in PostgreSQL: each message of ours once, by its first status with a price."""

from __future__ import annotations

from mesh.store.postgres import Pool, connection

from services.gateway.domain.costs import PricedMessage

_PRICED = """
    SELECT DISTINCT ON (s.channel_message_id) s.price_category, s.billable, s.status_time, c.phone_number
    FROM outbox o
    JOIN conversations c USING (conversation_id)
    JOIN delivery_statuses s ON s.channel = o.channel AND s.channel_message_id = o.channel_message_id
    WHERE o.conversation_id = $1 AND o.channel_message_id <> '' AND s.price_category <> ''
    ORDER BY s.channel_message_id, s.status_time
"""


class PostgresCosts:
    """`Costs` on a pool whose search path is the gateway's schema; goes back as far as the outbox is kept."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def priced(self, conversation_id: str) -> tuple[PricedMessage, ...]:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(_PRICED, conversation_id)
        return tuple(
            PricedMessage(
                category=row["price_category"],
                billable=row["billable"],
                time=row["status_time"],
                phone_number=row["phone_number"],
            )
            for row in rows
        )
