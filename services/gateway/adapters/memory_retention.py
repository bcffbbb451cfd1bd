"""Removing what is settled and old from memory."""

from __future__ import annotations

from datetime import datetime

from services.gateway.adapters.memory import Tables
from services.gateway.domain.outbox import DeliveryState
from services.gateway.ports import Retention


def forget(tables: Tables, retention: Retention, *, now: datetime) -> int:
    """Removes everything old; parked turns and unsent messages stay. Returns how many rows went."""
    before = _size(tables)
    inbox, outbox, events = now - retention.inbox, now - retention.outbox, now - retention.events
    tables.inbound = {k: row for k, row in tables.inbound.items() if row.state != "done" or row.receive_time >= inbox}
    tables.turns = {k: row for k, row in tables.turns.items() if row.state != "done" or row.update_time >= inbox}
    tables.forgotten = {digest: time for digest, time in tables.forgotten.items() if time >= inbox}
    tables.outbox = {
        key: row for key, row in tables.outbox.items() if row.state is DeliveryState.QUEUED or row.update_time >= outbox
    }
    tables.files = {key: content for key, content in tables.files.items() if key in tables.outbox}
    tables.statuses = {key: kept for key, kept in tables.statuses.items() if kept[1] >= outbox}
    tables.chats = [kept for kept in tables.chats if kept[2] >= outbox]
    tables.events = {key: kept for key, kept in tables.events.items() if kept[1] >= events}
    _close_conversations(tables, now - retention.conversations)
    return before - _size(tables)


def _close_conversations(tables: Tables, time: datetime) -> None:
    """Those that nothing is left of but an address, save where it honours a stop of advertising."""
    held = {row.conversation_id for rows in (tables.inbound, tables.turns, tables.outbox) for row in rows.values()}
    closed = {
        key
        for key, row in tables.conversations.items()
        if key not in held
        and row.due_time is None
        and not row.conversation.promotions_stopped
        and (row.conversation.last_inbound_time or row.create_time) < time
    }
    tables.conversations = {key: row for key, row in tables.conversations.items() if key not in closed}
    tables.addresses = {name: key for name, key in tables.addresses.items() if key not in closed}


def _size(tables: Tables) -> int:
    kept = (
        tables.inbound,
        tables.turns,
        tables.outbox,
        tables.statuses,
        tables.chats,
        tables.events,
        tables.forgotten,
        tables.conversations,
    )
    return sum(len(rows) for rows in kept)
