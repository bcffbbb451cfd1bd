"""Forgetting a guest in PostgreSQL: everything up to the erasure, in one transaction, with nobody at work on it."""

from __future__ import annotations

from datetime import datetime

from mesh.store.postgres import Connection, Pool, transaction

from services.gateway.domain.conversation import addresses_of
from services.gateway.domain.erasure import Erasure

# What is kept of an erased guest's message: its id alone may hold the guest's number.
DIGEST = "sha256(convert_to(channel || chr(31) || external_id, 'UTF8'))"

_FIND = """
    SELECT DISTINCT conversation_id FROM conversation_addresses
    JOIN unnest($1::text[], $2::text[], $3::text[]) AS person (channel, channel_name, address)
      USING (channel, channel_name, address)
"""

# Held until the end: nobody claims a conversation or sends a message of it meanwhile, and a webhook that stores one
# waits and opens the conversation again.
_HOLD = (
    "SELECT 1 FROM conversations WHERE conversation_id = ANY ($1::text[]) ORDER BY conversation_id FOR UPDATE",
    "SELECT 1 FROM outbox WHERE conversation_id = ANY ($1::text[]) ORDER BY message_id FOR UPDATE",
)

# A message that waits for its turn, a turn without its answer, an answer that is not out, anything being sent.
_IN_WORK = """
    SELECT EXISTS (SELECT FROM conversations WHERE conversation_id = ANY ($1::text[]) AND lease_until > $3)
        OR EXISTS (SELECT FROM inbound_messages
            WHERE conversation_id = ANY ($1::text[]) AND state = 'pending' AND receive_time <= $2)
        OR EXISTS (SELECT FROM turns
            WHERE conversation_id = ANY ($1::text[]) AND state = 'open' AND create_time <= $2)
        OR EXISTS (SELECT FROM outbox o
            WHERE o.conversation_id = ANY ($1::text[]) AND o.state = 'queued' AND (o.lease_until > $3
                OR EXISTS (SELECT FROM turns t WHERE t.turn_id = o.turn_id AND t.create_time <= $2)))
"""

# An answer goes with the turn it answers, however late it was written: the one that tells of the erasure, too.
_ERASE = f"""
    WITH said AS (
        DELETE FROM inbound_messages WHERE conversation_id = ANY ($1::text[]) AND receive_time <= $2
        RETURNING channel, external_id
    ), kept AS (
        INSERT INTO forgotten_messages (digest, forget_time)
        SELECT {DIGEST}, $3 FROM said ORDER BY 1
        ON CONFLICT (digest) DO NOTHING
    ), answered AS (
        DELETE FROM turns WHERE conversation_id = ANY ($1::text[]) AND create_time <= $2 RETURNING turn_id
    ), told AS (
        DELETE FROM outbox WHERE conversation_id = ANY ($1::text[])
            AND (create_time <= $2 OR turn_id IN (SELECT turn_id FROM answered))
        RETURNING message_id, channel, channel_message_id
    ), shown AS (
        DELETE FROM chat_events WHERE conversation_id = ANY ($1::text[])
            AND (create_time <= $2 OR message_id IN (SELECT message_id FROM told))
    )
    DELETE FROM delivery_statuses s USING told
    WHERE s.channel = told.channel AND (s.channel_message_id = told.channel_message_id
        OR s.message_id LIKE '%/%' AND split_part(s.message_id, '/', 1) = told.message_id)
"""  # noqa: S608 (constants only)

_ERASE_MAIL = "DELETE FROM mail_threads WHERE guest = ANY ($1::text[]) AND create_time <= $2"
# Events of shapes nobody knows say only in their text whom they are about; an address of a few letters tells nobody.
_ERASE_EVENTS = """
    DELETE FROM channel_events e USING unnest($1::text[]) AS address
    WHERE e.receive_time <= $2 AND length(address) >= 7 AND strpos(e.payload, address) > 0
"""
_ERASE_SANDBOX = "DELETE FROM sandbox_messages WHERE recipient = ANY ($1::text[]) AND create_time <= $2"
_ERASE_PROPOSALS = "DELETE FROM proposals WHERE session_id = ANY ($1::text[])"

# With a newer message the conversation is a new guest's, and with a stop of advertising its address honours the stop.
_CLOSE = """
    WITH closed AS (
        DELETE FROM conversations c WHERE conversation_id = ANY ($1::text[]) AND NOT promotions_stopped
            AND NOT EXISTS (SELECT FROM inbound_messages m WHERE m.conversation_id = c.conversation_id)
            AND NOT EXISTS (SELECT FROM turns t WHERE t.conversation_id = c.conversation_id)
            AND NOT EXISTS (SELECT FROM outbox o WHERE o.conversation_id = c.conversation_id)
        RETURNING conversation_id
    )
    DELETE FROM conversation_addresses a USING closed WHERE a.conversation_id = closed.conversation_id
"""


class PostgresEraser:
    """`Eraser` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def erase(self, erasure: Erasure, *, now: datetime) -> bool:
        async with transaction(self._pool) as conn:
            conversation_ids = await _conversations(conn, erasure)
            for statement in _HOLD:
                await conn.execute(statement, conversation_ids)
            if await conn.fetchval(_IN_WORK, conversation_ids, erasure.erase_time, now):
                return False
            addresses = sorted({name for person in erasure.people for name in addresses_of(person)})
            await conn.execute(_ERASE, conversation_ids, erasure.erase_time, now)
            for statement in (_ERASE_MAIL, _ERASE_EVENTS, _ERASE_SANDBOX):
                await conn.execute(statement, addresses, erasure.erase_time)
            await conn.execute(_ERASE_PROPOSALS, list(erasure.session_ids))
            await conn.execute(_CLOSE, conversation_ids)
        return True


async def _conversations(conn: Connection, erasure: Erasure) -> list[str]:
    """Every conversation with the guest, at whatever property."""
    names = [
        (str(person.channel), person.channel_name, name) for person in erasure.people for name in addresses_of(person)
    ]
    if not names:
        return []
    return [row[0] for row in await conn.fetch(_FIND, *zip(*names, strict=True))]
