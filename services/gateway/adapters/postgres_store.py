"""Storing a webhook's delivery in PostgreSQL: one transaction, multi-row statements, repeats left alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

import asyncpg
from mesh.store.postgres import Connection, Pool, connection, transaction

from services.gateway.adapters.postgres_conversations import link_changes, open_conversation
from services.gateway.adapters.postgres_messages import store_messages
from services.gateway.adapters.postgres_statuses import record_statuses
from services.gateway.adapters.sealing import Sealing
from services.gateway.domain.inbox import InboxPolicy
from services.gateway.domain.message import ChannelEvent, Delivery, PromotionConsent
from services.gateway.ports import Stored

Result = TypeVar("Result")
_TRIES_ON_DEADLOCK = 3

# Events of shapes nobody knows belong to no conversation, and have keys of their own.
_EVENTS = """
    INSERT INTO channel_events (channel, event_id, kind, property_id, sealed, key_id, master, wrapped, receive_time)
    SELECT *, $9::timestamptz
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::text[], $8::bytea[])
    ORDER BY 1, 2
    ON CONFLICT (channel, event_id) DO NOTHING
"""

_CONSENT = "UPDATE conversations SET promotions_stopped = $2 WHERE conversation_id = $1"


async def store(pool: Pool, sealing: Sealing, delivery: Delivery, *, policy: InboxPolicy, now: datetime) -> Stored:
    """Keeps the whole delivery or nothing. Raises Down."""

    # Messages alone, the common case, are one round trip: one statement is a transaction of its own. Where it takes a
    # second one, those of one sender are stored together, and who dies in between has not said that they were taken.
    around = connection if _is_messages_alone(delivery) else transaction

    async def attempt() -> Stored:
        async with around(pool) as conn:
            return await _store(conn, sealing, delivery, policy, now)

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


async def _store(conn: Connection, sealing: Sealing, delivery: Delivery, policy: InboxPolicy, now: datetime) -> Stored:
    stored = Stored()
    if delivery.address_changes:
        await link_changes(conn, sealing, delivery.address_changes)
    if delivery.messages:
        stored = await store_messages(conn, sealing, delivery, policy=policy, now=now)
    if delivery.statuses:
        await record_statuses(conn, sealing, delivery.statuses, now=now)
    if delivery.events:
        await _store_events(conn, sealing, delivery.events, now)
    for consent in delivery.consents:
        await _store_consent(conn, sealing, consent, now)
    return stored


async def _store_events(conn: Connection, sealing: Sealing, events: Sequence[ChannelEvent], now: datetime) -> None:
    columns = zip(
        *(
            (
                str(event.channel),
                event.event_id,
                event.kind,
                event.property_id,
                *sealing.seal_alone(event.payload, f"event:{event.channel}:{event.event_id}"),
            )
            for event in events
        ),
        strict=True,
    )
    await conn.execute(_EVENTS, *map(list, columns), now)


async def _store_consent(conn: Connection, sealing: Sealing, consent: PromotionConsent, now: datetime) -> None:
    """Who never wrote can ask not to be written to: their conversation begins with it."""
    conversation_id = await open_conversation(
        conn, sealing, consent.property_id, consent.identity, account=consent.account, now=now
    )
    await conn.execute(_CONSENT, conversation_id, consent.stopped)
