"""Storing a webhook's delivery in PostgreSQL: one transaction, multi-row statements, repeats left alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

import asyncpg
from mesh.store.postgres import Connection, Pool, connection, transaction

from services.gateway.adapters.postgres_conversations import AddressKey, address_keys, link_changes, make_known
from services.gateway.adapters.postgres_erasing import DIGEST
from services.gateway.adapters.postgres_statuses import record_statuses
from services.gateway.adapters.rows import message_to_text
from services.gateway.domain.conversation import key_of
from services.gateway.domain.inbox import InboxPolicy
from services.gateway.domain.message import ChannelEvent, Delivery, Edit, InboundMessage, PromotionConsent, Revoke
from services.gateway.ports import Stored

Result = TypeVar("Result")
_TRIES_ON_DEADLOCK = 3

# Repeated messages are left alone and do not wake their conversation. Conversations are touched in the order of their
# ids, so that two webhooks cannot wait for each other in a circle.
# A name that leads nowhere yet is linked: to where another name of the same person leads, or else to the conversation
# given as $16. A message of a guest who was erased is a repeat as well, and links nothing. The update changes nothing:
# it makes the statement wait for a concurrent insert, whose conversation stands.
_STORE = f"""
    WITH news AS (
        SELECT position FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS n (channel, external_id, position)
        WHERE NOT EXISTS (SELECT FROM forgotten_messages WHERE digest = {DIGEST})
    ), names AS (
        SELECT n.*, conversation_id
        FROM unnest($11::bigint[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[])
            WITH ORDINALITY AS n (position, property_id, channel, channel_name, address, first, place)
        JOIN news USING (position)
        LEFT JOIN conversation_addresses USING (property_id, channel, channel_name, address)
    ), linked AS (
        INSERT INTO conversation_addresses AS known (property_id, channel, channel_name, address, conversation_id)
        SELECT DISTINCT ON (property_id, channel, channel_name, address) property_id, channel, channel_name, address,
            coalesce((SELECT conversation_id FROM names others
                WHERE others.position = names.position AND others.conversation_id IS NOT NULL ORDER BY place LIMIT 1),
                first)
        FROM names WHERE conversation_id IS NULL
        ORDER BY property_id, channel, channel_name, address, position
        ON CONFLICT (property_id, channel, channel_name, address) DO UPDATE SET conversation_id = known.conversation_id
        RETURNING property_id, channel, channel_name, address, conversation_id
    ), homes AS (
        SELECT DISTINCT ON (position) position, coalesce(names.conversation_id, linked.conversation_id)
            AS conversation_id
        FROM names LEFT JOIN linked USING (property_id, channel, channel_name, address) ORDER BY position, place
    ), incoming AS (
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::text[], $9::text[], $10::timestamptz[])
            WITH ORDINALITY AS i (channel, external_id, property_id, target_id, payload, channel_name, address,
                phone_number, account, inbound_time, position)
        JOIN homes USING (position)
    ), stored AS (
        INSERT INTO inbound_messages
            (channel, external_id, conversation_id, property_id, target_id, payload, traceparent, receive_time)
        SELECT channel, external_id, conversation_id, property_id, target_id, payload, $17, $18 FROM incoming
        ORDER BY position
        ON CONFLICT (channel, external_id) DO NOTHING
        RETURNING conversation_id
    ), touched AS (
        INSERT INTO conversations AS c (conversation_id, property_id, channel, channel_name, address, phone_number,
            reply_address, account, last_inbound_time, burst_start, due_time, create_time)
        SELECT DISTINCT ON (conversation_id) conversation_id, property_id, channel, channel_name, address, phone_number,
            address, account, inbound_time, $18::timestamptz, $18::timestamptz + $19::interval, $18::timestamptz
        FROM incoming WHERE conversation_id IN (SELECT conversation_id FROM stored)
        ORDER BY conversation_id, position DESC
        ON CONFLICT (conversation_id) DO UPDATE SET
            reply_address = excluded.reply_address,
            account = excluded.account,
            phone_number = CASE WHEN excluded.phone_number = '' THEN c.phone_number ELSE excluded.phone_number END,
            last_inbound_time = greatest(c.last_inbound_time, excluded.last_inbound_time),
            burst_start = coalesce(c.burst_start, excluded.burst_start),
            due_time = least(coalesce(c.burst_start, excluded.burst_start) + $20::interval, excluded.due_time)
        RETURNING due_time
    )
    SELECT (SELECT count(*) FROM stored) AS new_messages, (SELECT min(due_time) FROM touched) AS due_time
"""  # noqa: S608 (constants only)

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

    # Messages alone, the common case, are one round trip: one statement is a transaction of its own.
    around = connection if _is_messages_alone(delivery) else transaction

    async def attempt() -> Stored:
        async with around(pool) as conn:
            return await _store(conn, delivery, policy, now)

    return await _despite_deadlock(attempt)


def _is_messages_alone(delivery: Delivery) -> bool:
    return not (delivery.statuses or delivery.events or delivery.address_changes or delivery.consents)


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
        stored = await _insert(conn, delivery, policy, now)
    if delivery.statuses:
        await record_statuses(conn, delivery.statuses, now=now)
    if delivery.events:
        await _store_events(conn, delivery.events, now)
    for consent in delivery.consents:
        await _store_consent(conn, consent, now)
    return stored


async def _insert(conn: Connection, delivery: Delivery, policy: InboxPolicy, now: datetime) -> Stored:
    messages = delivery.messages
    row = await conn.fetchrow(
        _STORE,
        *zip(*map(_columns, messages), strict=True),
        *zip(*_names(messages), strict=True),
        delivery.traceparent,
        now,
        policy.quiet_period,
        policy.quiet_ceiling,
    )
    assert row is not None
    new = int(row["new_messages"])
    return Stored(new_messages=new, repeated_messages=len(messages) - new, due_time=row["due_time"])


def _names(messages: Sequence[InboundMessage]) -> list[tuple[int, str, str, str, str, str]]:
    """Each sender's names by position, with the conversation they open if none of them leads anywhere yet: one for
    all senders of the delivery who share a name."""
    opens: dict[AddressKey, str] = {}
    names = []
    for position, message in enumerate(messages, start=1):
        keys = address_keys(message.property_id, message.sender)
        first = next((opens[key] for key in keys if key in opens), None)
        first = first or key_of(message.property_id, message.sender).conversation_id
        for key in keys:
            opens.setdefault(key, first)
            names.append((position, *key, first))
    return names


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
