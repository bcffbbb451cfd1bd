"""Storing a webhook's delivery in PostgreSQL: one transaction, multi-row statements, repeats left alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

import asyncpg
from mesh.store.postgres import Connection, Pool, connection, transaction

from services.gateway.adapters.postgres_conversations import address_keys, link_changes, make_known
from services.gateway.adapters.postgres_statuses import record_statuses
from services.gateway.adapters.rows import message_to_text
from services.gateway.domain.inbox import InboxPolicy
from services.gateway.domain.message import ChannelEvent, Delivery, Edit, InboundMessage, PromotionConsent, Revoke
from services.gateway.ports import Stored

Result = TypeVar("Result")
_TRIES_ON_DEADLOCK = 3

# Repeated messages are left alone and do not wake their conversation. Conversations are touched in the order of their
# ids, so that two webhooks cannot wait for each other in a circle.
_STORE = """
    WITH names AS (
        SELECT position, place, conversation_id
        FROM unnest($11::bigint[], $12::text[], $13::text[], $14::text[], $15::text[])
            WITH ORDINALITY AS n (position, property_id, channel, channel_name, address, place)
        LEFT JOIN conversation_addresses USING (property_id, channel, channel_name, address)
    ), homes AS (
        -- The first name that is known decides; nothing happens while one of them is not.
        SELECT DISTINCT ON (position) position, conversation_id FROM names
        WHERE (SELECT bool_and(conversation_id IS NOT NULL) FROM names) ORDER BY position, place
    ), incoming AS (
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::text[], $9::text[], $10::timestamptz[])
            WITH ORDINALITY AS i (channel, external_id, property_id, target_id, payload, channel_name, address,
                phone_number, account, inbound_time, position)
        JOIN homes USING (position)
    ), stored AS (
        INSERT INTO inbound_messages
            (channel, external_id, conversation_id, property_id, target_id, payload, traceparent, receive_time)
        SELECT channel, external_id, conversation_id, property_id, target_id, payload, $16, $17 FROM incoming
        ORDER BY position
        ON CONFLICT (channel, external_id) DO NOTHING
        RETURNING conversation_id
    ), touched AS (
        INSERT INTO conversations AS c (conversation_id, property_id, channel, channel_name, address, phone_number,
            reply_address, account, last_inbound_time, burst_start, due_time, create_time)
        SELECT DISTINCT ON (conversation_id) conversation_id, property_id, channel, channel_name, address, phone_number,
            address, account, inbound_time, $17::timestamptz, $17::timestamptz + $18::interval, $17::timestamptz
        FROM incoming WHERE conversation_id IN (SELECT conversation_id FROM stored)
        ORDER BY conversation_id, position DESC
        ON CONFLICT (conversation_id) DO UPDATE SET
            reply_address = excluded.reply_address,
            account = excluded.account,
            phone_number = CASE WHEN excluded.phone_number = '' THEN c.phone_number ELSE excluded.phone_number END,
            last_inbound_time = greatest(c.last_inbound_time, excluded.last_inbound_time),
            burst_start = coalesce(c.burst_start, excluded.burst_start),
            due_time = least(coalesce(c.burst_start, excluded.burst_start) + $19::interval, excluded.due_time)
        RETURNING due_time
    )
    SELECT (SELECT count(*) FROM homes) AS known, (SELECT count(*) FROM stored) AS new_messages,
        (SELECT min(due_time) FROM touched) AS due_time
"""

_EVENTS = """
    INSERT INTO channel_events (channel, event_id, kind, property_id, payload, receive_time)
    SELECT *, $6::timestamptz FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) ORDER BY 1, 2
    ON CONFLICT (channel, event_id) DO NOTHING
"""

# Who never wrote can ask not to be written to: their conversation begins with it.
_CONSENT = """
    INSERT INTO conversations (conversation_id, property_id, channel, channel_name, address, phone_number,
        reply_address, account, create_time, promotions_stopped)
    SELECT conversation_id, $1, $3, $4, $5, $6, $5, $7, $8, $2 FROM conversation_addresses
    WHERE property_id = $1 AND channel = $3 AND channel_name = $4 AND address = $5
    ON CONFLICT (conversation_id) DO UPDATE SET promotions_stopped = excluded.promotions_stopped
"""


async def store(pool: Pool, delivery: Delivery, *, policy: InboxPolicy, now: datetime) -> Stored:
    """Keeps the whole delivery or nothing. Raises Down."""

    async def attempt() -> Stored:
        stored = await _store_from_known_people(pool, delivery, policy, now)
        if stored is not None:
            return stored
        async with transaction(pool) as conn:
            return await _store(conn, delivery, policy, now)

    return await _despite_deadlock(attempt)


async def _store_from_known_people(pool: Pool, delivery: Delivery, policy: InboxPolicy, now: datetime) -> Stored | None:
    """The common case in one round trip: one statement is a transaction of its own. None: not this case."""
    if not delivery.messages or delivery.statuses or delivery.events or delivery.address_changes or delivery.consents:
        return None
    async with connection(pool) as conn:
        return await _insert(conn, delivery, policy, now)


async def _despite_deadlock(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Two webhooks with the same messages in another order can deadlock; the one that PostgreSQL ends is repeated."""
    for _ in range(_TRIES_ON_DEADLOCK - 1):
        try:
            return await attempt()
        except asyncpg.DeadlockDetectedError:
            continue
    return await attempt()


async def _store(conn: Connection, delivery: Delivery, policy: InboxPolicy, now: datetime) -> Stored:
    stored = Stored()
    if delivery.address_changes:
        await link_changes(conn, delivery.address_changes)
    if delivery.messages:
        await make_known(conn, [(message.property_id, message.sender) for message in delivery.messages])
        inserted = await _insert(conn, delivery, policy, now)
        assert inserted is not None, "everybody was just made known"
        stored = inserted
    if delivery.statuses:
        await record_statuses(conn, delivery.statuses, now=now)
    if delivery.events:
        await _store_events(conn, delivery.events, now)
    for consent in delivery.consents:
        await _store_consent(conn, consent, now)
    return stored


async def _insert(conn: Connection, delivery: Delivery, policy: InboxPolicy, now: datetime) -> Stored | None:
    """None, and nothing is kept, when a name of one of the senders leads nowhere yet."""
    messages = delivery.messages
    names = [
        (position, *key)
        for position, message in enumerate(messages, start=1)
        for key in address_keys(message.property_id, message.sender)
    ]
    row = await conn.fetchrow(
        _STORE,
        *zip(*map(_columns, messages), strict=True),
        *zip(*names, strict=True),
        delivery.traceparent,
        now,
        policy.quiet_period,
        policy.quiet_ceiling,
    )
    assert row is not None
    if row["known"] < len(messages):
        return None
    new = int(row["new_messages"])
    return Stored(new_messages=new, repeated_messages=len(messages) - new, due_time=row["due_time"])


def _columns(message: InboundMessage) -> tuple[object, ...]:
    body = message.body
    return (
        str(message.sender.channel),
        message.message_id,
        message.property_id,
        body.target_message_id if isinstance(body, Edit | Revoke) else None,
        message_to_text(message),
        message.sender.channel_name,
        message.sender.address,
        message.sender.phone_number,
        message.account,
        # The channel's window counts from its own receipt; a late repetition is judged by the channel, not by us.
        message.receive_time,
    )


async def _store_events(conn: Connection, events: Sequence[ChannelEvent], now: datetime) -> None:
    columns = zip(
        *((str(event.channel), event.event_id, event.kind, event.property_id, event.payload) for event in events),
        strict=True,
    )
    await conn.execute(_EVENTS, *map(list, columns), now)


async def _store_consent(conn: Connection, consent: PromotionConsent, now: datetime) -> None:
    person = consent.identity
    await make_known(conn, [(consent.property_id, person)])
    await conn.execute(
        _CONSENT,
        consent.property_id,
        consent.stopped,
        str(person.channel),
        person.channel_name,
        person.address,
        person.phone_number,
        consent.account,
        now,
    )
