"""Delivery statuses in memory."""

from __future__ import annotations

from datetime import datetime

from services.gateway.adapters.memory import OutboxRow, Tables
from services.gateway.domain.message import StatusUpdate
from services.gateway.domain.outbox import DeliveryState, advance


def record_status(tables: Tables, update: StatusUpdate, *, now: datetime) -> None:
    """Keeps a status once and moves the message it is about, never back."""
    key = (str(update.channel), update.channel_message_id, update.status)
    if key in tables.statuses:
        return
    tables.statuses[key] = (update, now)
    row = _row_of(tables, update)
    if row is not None:
        row.channel_message_id = row.channel_message_id or update.channel_message_id
        _move(row, update, now)


def catch_up(tables: Tables, row: OutboxRow, *, now: datetime) -> None:
    """Applies the statuses that came before the answer to the send."""
    told = [update for update, _ in tables.statuses.values() if update.channel_message_id == row.channel_message_id]
    for update in sorted(told, key=lambda update: update.time):
        _move(row, update, now)


def _row_of(tables: Tables, update: StatusUpdate) -> OutboxRow | None:
    rows = [
        row
        for row in tables.outbox.values()
        if tables.conversations[row.conversation_id].conversation.identity.channel is update.channel
    ]
    by_own_id = next((row for row in rows if row.message_id == update.message_id), None)
    if by_own_id is not None:
        return by_own_id
    return next((row for row in rows if row.channel_message_id == update.channel_message_id), None)


def _move(row: OutboxRow, update: StatusUpdate, now: datetime) -> None:
    after = advance(row.state, update.status)
    if after is row.state:
        return
    row.state, row.update_time = after, now
    failed = after is DeliveryState.FAILED
    row.failure_reason = f"{update.failure_code} {update.failure_word}".strip() if failed else ""
