"""Removing what is settled and old from PostgreSQL, a bounded number of rows at a time."""

from __future__ import annotations

from datetime import datetime

from mesh.store.postgres import Pool, connection

from services.gateway.ports import Retention

_BATCH = 5_000

_INBOX = (
    """
    DELETE FROM inbound_messages WHERE sequence IN (
        SELECT sequence FROM inbound_messages WHERE receive_time < $1 AND state = 'done' ORDER BY receive_time LIMIT $2)
    """,
    """
    DELETE FROM turns WHERE turn_id IN (
        SELECT turn_id FROM turns WHERE update_time < $1 AND state = 'done' ORDER BY update_time LIMIT $2)
    """,
)
_OUTBOX = (
    """
    DELETE FROM outbox WHERE message_id IN (
        SELECT message_id FROM outbox WHERE update_time < $1 AND state <> 'queued' ORDER BY update_time LIMIT $2)
    """,
    """
    DELETE FROM delivery_statuses WHERE (channel, channel_message_id, status) IN (
        SELECT channel, channel_message_id, status FROM delivery_statuses WHERE receive_time < $1
        ORDER BY receive_time LIMIT $2)
    """,
    """
    DELETE FROM chat_events WHERE event_id IN (
        SELECT event_id FROM chat_events WHERE create_time < $1 ORDER BY event_id LIMIT $2)
    """,
    """
    DELETE FROM mail_threads WHERE thread_key IN (
        SELECT thread_key FROM mail_threads WHERE create_time < $1 ORDER BY create_time LIMIT $2)
    """,
)
_EVENTS = (
    """
    DELETE FROM channel_events WHERE (channel, event_id) IN (
        SELECT channel, event_id FROM channel_events WHERE receive_time < $1 ORDER BY receive_time LIMIT $2)
    """,
    """
    DELETE FROM sandbox_messages WHERE sequence IN (
        SELECT sequence FROM sandbox_messages WHERE create_time < $1 ORDER BY sequence LIMIT $2)
    """,
)


async def forget(pool: Pool, retention: Retention, *, now: datetime) -> int:
    """Removes at most a batch of each kind; parked turns and unsent messages stay. Returns how many rows went."""
    removed = 0
    spans = ((_INBOX, retention.inbox), (_OUTBOX, retention.outbox), (_EVENTS, retention.events))
    async with connection(pool) as conn:
        for statements, span in spans:
            for statement in statements:
                removed += int((await conn.execute(statement, now - span, _BATCH)).rpartition(" ")[2])
    return removed
