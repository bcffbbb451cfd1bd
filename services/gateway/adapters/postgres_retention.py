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
    """
    DELETE FROM forgotten_messages WHERE digest IN (
        SELECT digest FROM forgotten_messages WHERE forget_time < $1 ORDER BY forget_time LIMIT $2)
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
# With nothing left in it a conversation is an address alone. One that stops advertising keeps it: the stop is honoured.
_CONVERSATIONS = (
    """
    WITH closed AS (
        DELETE FROM conversations WHERE conversation_id IN (
            SELECT conversation_id FROM conversations c
            WHERE coalesce(last_inbound_time, create_time) < $1 AND NOT promotions_stopped
                AND due_time IS NULL AND lease_until IS NULL
                AND NOT EXISTS (SELECT FROM inbound_messages m WHERE m.conversation_id = c.conversation_id)
                AND NOT EXISTS (SELECT FROM turns t WHERE t.conversation_id = c.conversation_id)
                AND NOT EXISTS (SELECT FROM outbox o WHERE o.conversation_id = c.conversation_id)
            ORDER BY coalesce(last_inbound_time, create_time) LIMIT $2 FOR UPDATE SKIP LOCKED)
        RETURNING conversation_id
    ), unlinked AS (
        DELETE FROM conversation_addresses a USING closed WHERE a.conversation_id = closed.conversation_id
    )
    SELECT conversation_id FROM closed
    """,
)


async def forget(pool: Pool, retention: Retention, *, now: datetime) -> int:
    """Removes at most a batch of each kind; parked turns and unsent messages stay. Returns how many rows went."""
    removed = 0
    spans = (
        (_INBOX, retention.inbox),
        (_OUTBOX, retention.outbox),
        (_EVENTS, retention.events),
        (_CONVERSATIONS, retention.conversations),
    )
    async with connection(pool) as conn:
        for statements, span in spans:
            for statement in statements:
                removed += int((await conn.execute(statement, now - span, _BATCH)).rpartition(" ")[2])
    return removed
