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
    tables.outbox = {
        key: row for key, row in tables.outbox.items() if row.state is DeliveryState.QUEUED or row.update_time >= outbox
    }
    tables.statuses = {key: kept for key, kept in tables.statuses.items() if kept[1] >= outbox}
    tables.chats = [kept for kept in tables.chats if kept[2] >= outbox]
    tables.events = {key: kept for key, kept in tables.events.items() if kept[1] >= events}
    return before - _size(tables)


def _size(tables: Tables) -> int:
    kept = (tables.inbound, tables.turns, tables.outbox, tables.statuses, tables.chats, tables.events)
    return sum(len(rows) for rows in kept)
