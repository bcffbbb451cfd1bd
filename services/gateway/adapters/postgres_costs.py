"""What was billed for a conversation, in PostgreSQL: each message of ours once, by its first status with a price, and
each SMS by its words, since Twilio's statuses tell no price.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from mesh.store.postgres import Pool, connection

from services.gateway.adapters.rows import outbound_from_text
from services.gateway.domain.costs import PricedMessage
from services.gateway.domain.message import OutboundMessage

# What a carrier bills for a message: its id, when it was written, its content and where it went.
SmsBilling: TypeAlias = Callable[[str, datetime, OutboundMessage, str], tuple[str, ...]]

# The parts that went ahead of a long message's last one name it as `<message>/<number>`.
_PRICED = """
    SELECT DISTINCT ON (s.channel_message_id) s.price_category, s.billable, s.status_time, c.phone_number
    FROM outbox o
    JOIN conversations c USING (conversation_id)
    JOIN LATERAL (
        SELECT * FROM delivery_statuses
        WHERE channel = o.channel AND channel_message_id = o.channel_message_id AND o.channel_message_id <> ''
        UNION ALL
        SELECT * FROM delivery_statuses
        WHERE channel = o.channel AND message_id LIKE '%/%' AND split_part(message_id, '/', 1) = o.message_id
    ) s ON s.price_category <> ''
    WHERE o.conversation_id = $1
    ORDER BY s.channel_message_id, s.status_time
"""
_SMS = """
    SELECT o.message_id, o.content, o.create_time, c.phone_number, c.reply_address
    FROM outbox o JOIN conversations c USING (conversation_id)
    WHERE o.conversation_id = $1 AND o.channel = 'sms' AND o.channel_message_id <> ''
"""


class PostgresCosts:
    """`Costs` on a pool whose search path is the gateway's schema; goes back as far as the outbox is kept.

    `sms_billing` tells what is billed for a message, category by category.
    """

    def __init__(self, *, pool: Pool, sms_billing: SmsBilling) -> None:
        self._pool = pool
        self._sms_billing = sms_billing

    async def priced(self, conversation_id: str) -> tuple[PricedMessage, ...]:
        async with connection(self._pool) as conn:
            told = await conn.fetch(_PRICED, conversation_id)
            texts = await conn.fetch(_SMS, conversation_id)
        by_status = [
            PricedMessage(
                category=row["price_category"],
                billable=row["billable"],
                time=row["status_time"],
                phone_number=row["phone_number"],
            )
            for row in told
        ]
        by_words = [
            PricedMessage(category=category, billable=True, time=row["create_time"], phone_number=row["phone_number"])
            for row in texts
            for category in self._sms_billing(
                row["message_id"], row["create_time"], outbound_from_text(row["content"]), row["reply_address"]
            )
        ]
        return (*by_status, *by_words)
