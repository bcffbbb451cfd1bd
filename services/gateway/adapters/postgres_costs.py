"""What was billed for a conversation, in PostgreSQL: each message of ours once, by its first status with a price, and
each SMS by its words, since Twilio's statuses tell no price.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import asyncpg
from mesh.store.postgres import Pool, connection

from services.gateway.adapters.rows import outbound_from_text
from services.gateway.adapters.sealing import ADDRESS, PHONE, REPLY, Sealing
from services.gateway.domain.costs import PricedMessage
from services.gateway.domain.message import OutboundMessage

# What a carrier bills for a message: its id, when it was written, its content and where it went.
SmsBilling: TypeAlias = Callable[[str, datetime, OutboundMessage, str], tuple[str, ...]]

# The parts that went ahead of a long message's last one name it as `<message>/<number>`.
_PRICED = """
    SELECT DISTINCT ON (s.channel_message_id) s.price_category, s.billable, s.status_time
    FROM outbox o
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
    SELECT message_id, content, create_time FROM outbox
    WHERE conversation_id = $1 AND channel = 'sms' AND channel_message_id <> ''
"""
_GUEST = """
    SELECT conversation_id, phone_number, reply_address, key_id, master, wrapped FROM conversations
    WHERE conversation_id = $1
"""


class PostgresCosts:
    """`Costs` on a pool whose search path is the gateway's schema; goes back as far as the outbox is kept.

    `sms_billing` tells what is billed for a message, category by category.
    """

    def __init__(self, *, pool: Pool, sealing: Sealing, sms_billing: SmsBilling) -> None:
        self._pool = pool
        self._sealing = sealing
        self._sms_billing = sms_billing

    async def priced(self, conversation_id: str) -> tuple[PricedMessage, ...]:
        async with connection(self._pool) as conn:
            guest = await conn.fetchrow(_GUEST, conversation_id)
            told = await conn.fetch(_PRICED, conversation_id)
            texts = await conn.fetch(_SMS, conversation_id)
        if guest is None:
            return ()
        self._sealing.learn(guest)
        phone_number = self._sealing.open(guest["phone_number"], PHONE)
        address = self._sealing.open(guest["reply_address"], ADDRESS)
        by_status = [
            PricedMessage(
                category=row["price_category"],
                billable=row["billable"],
                time=row["status_time"],
                phone_number=phone_number,
            )
            for row in told
        ]
        by_words = [
            PricedMessage(category=category, billable=True, time=row["create_time"], phone_number=phone_number)
            for row in texts
            for category in self._sms_billing(row["message_id"], row["create_time"], self._content(row), address)
        ]
        return (*by_status, *by_words)

    def _content(self, row: asyncpg.Record) -> OutboundMessage:
        return outbound_from_text(self._sealing.open(row["content"], f"{REPLY}:{row['message_id']}"))
