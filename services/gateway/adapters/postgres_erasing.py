"""Forgetting a guest in PostgreSQL: everything up to the erasure, in one transaction, with nobody at work on it.

With a conversation goes its key. One that stays, because a guest wrote again or asked not to be written to, is given
another key, and what stays in it is sealed anew.
"""

from __future__ import annotations

from datetime import datetime

import asyncpg
from mesh.store.postgres import Connection, Pool, connection, transaction

from services.gateway.adapters.sealing import ADDRESS, FILE, MESSAGE, PAGE, PHONE, REPLY, TURN, Sealing
from services.gateway.domain.erasure import Erasure
from services.gateway.domain.message import Channel

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
_ERASE = """
    WITH said AS (
        DELETE FROM inbound_messages WHERE conversation_id = ANY ($1::text[]) AND receive_time <= $2
        RETURNING external_id
    ), kept AS (
        INSERT INTO forgotten_messages (digest, forget_time)
        SELECT external_id, $3 FROM said ORDER BY 1
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
"""

_ERASE_MAIL = "DELETE FROM mail_threads WHERE guest = ANY ($1::text[]) AND create_time <= $2"
# Events of shapes nobody knows say only in their text whom they are about.
_EVENTS = """
    SELECT channel, event_id, sealed, key_id, master, wrapped FROM channel_events
    WHERE receive_time <= $1 AND (channel, event_id) > ($2, $3) ORDER BY channel, event_id LIMIT $4
"""
_EVENTS_AT_ONCE = 200
_ERASE_EVENTS = """
    DELETE FROM channel_events USING unnest($1::text[], $2::text[]) AS named (channel, event_id)
    WHERE (channel_events.channel, channel_events.event_id) = (named.channel, named.event_id)
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

# What stays is not at work: no lease is in force, and a holder whose lease ran out is behind the fence.
_STAYING = """
    SELECT conversation_id, address, phone_number, reply_address, key_id, master, wrapped FROM conversations
    WHERE conversation_id = ANY ($1::text[])
"""
_REKEY = """
    UPDATE conversations SET key_id = $2, master = $3, wrapped = $4, address = $5, phone_number = $6,
        reply_address = $7, fence = fence + 1, lease_holder = NULL, lease_until = NULL
    WHERE conversation_id = $1
"""
# By the place of its values: table, what names a row, and the sealed column.
_SEALED = (
    (MESSAGE, "inbound_messages", "external_id", "payload"),
    (TURN, "turns", "turn_id", "payload"),
    (REPLY, "outbox", "message_id", "content"),
    (PAGE, "chat_events", "message_id", "payload"),
    (FILE, "outbox_files", "message_id", "content"),
)
_OF_CONVERSATION = "conversation_id = $1"
_OF_OUTBOX = "message_id IN (SELECT message_id FROM outbox WHERE conversation_id = $1)"


class PostgresEraser:
    """`Eraser` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def erase(self, erasure: Erasure, *, now: datetime) -> bool:
        addresses = erasure.addresses()
        events = await self._events_about(erasure)
        async with transaction(self._pool) as conn:
            conversation_ids = await self._conversations(conn, erasure)
            for statement in _HOLD:
                await conn.execute(statement, conversation_ids)
            if await conn.fetchval(_IN_WORK, conversation_ids, erasure.erase_time, now):
                return False
            destroyed = await conn.fetch(_STAYING, conversation_ids)
            await conn.execute(_ERASE, conversation_ids, erasure.erase_time, now)
            guests = [self._sealing.address(str(Channel.EMAIL), "", address) for address in addresses]
            await conn.execute(_ERASE_MAIL, guests, erasure.erase_time)
            await conn.execute(_ERASE_SANDBOX, addresses, erasure.erase_time)
            await conn.execute(_ERASE_EVENTS, [channel for channel, _ in events], [event_id for _, event_id in events])
            await conn.execute(_ERASE_PROPOSALS, list(erasure.session_ids))
            await conn.execute(_CLOSE, conversation_ids)
            for row in await conn.fetch(_STAYING, conversation_ids):
                await self._seal_anew(conn, row)
        for row in destroyed:
            self._sealing.forget(row["conversation_id"], row["key_id"])
        return True

    async def _conversations(self, conn: Connection, erasure: Erasure) -> list[str]:
        """Every conversation with the guest, at whatever property."""
        names = erasure.names()
        if not names:
            return []
        sealed = [(channel, name, self._sealing.address(channel, name, address)) for channel, name, address in names]
        return [row[0] for row in await conn.fetch(_FIND, *zip(*sealed, strict=True))]

    async def _events_about(self, erasure: Erasure) -> list[tuple[str, str]]:
        """Events whose text names an address of the guest: each is opened to be looked at."""
        telling = erasure.telling()
        found, last = list[tuple[str, str]](), ("", "")
        while telling:
            async with connection(self._pool) as conn:
                rows = await conn.fetch(_EVENTS, erasure.erase_time, *last, _EVENTS_AT_ONCE)
            for row in rows:
                last = (row["channel"], row["event_id"])
                text = self._sealing.open_alone(row, f"event:{row['channel']}:{row['event_id']}")
                if any(address in text for address in telling):
                    found.append(last)
            if len(rows) < _EVENTS_AT_ONCE:
                break
        return found

    async def _seal_anew(self, conn: Connection, row: asyncpg.Record) -> None:
        self._sealing.learn(row)
        key, stored = self._sealing.vault.new_key()

        def moved(sealed: bytes | None, place: str) -> bytes | None:
            return key.seal(self._sealing.vault.open(sealed, place), place) if sealed is not None else None

        conversation_id = row["conversation_id"]
        await conn.execute(
            _REKEY,
            conversation_id,
            stored.key_id,
            stored.master,
            stored.wrapped,
            moved(row["address"], ADDRESS),
            moved(row["phone_number"], PHONE),
            moved(row["reply_address"], ADDRESS),
        )
        for place, table, name, column in _SEALED:
            among = _OF_OUTBOX if place == FILE else _OF_CONVERSATION
            kept = await conn.fetch(f"SELECT {name}, {column} FROM {table} WHERE {among}", conversation_id)  # noqa: S608
            values = [(named, moved(sealed, f"{place}:{named}")) for named, sealed in kept]
            await conn.executemany(f"UPDATE {table} SET {column} = $2 WHERE {name} = $1", values)  # noqa: S608
