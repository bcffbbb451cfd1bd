"""Forgetting a guest in memory."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.gateway.adapters.memory import Tables
from services.gateway.adapters.memory_mail import MemoryThreads
from services.gateway.domain.erasure import Erasure
from services.gateway.domain.message import digest_of
from services.gateway.domain.outbox import DeliveryState


class MemoryEraser:
    """`Eraser` of what this process keeps."""

    def __init__(self, *, tables: Tables, threads: MemoryThreads) -> None:
        self._tables = tables
        self._threads = threads

    async def erase(self, erasure: Erasure, *, now: datetime) -> bool:
        names = erasure.names()
        guests = {conversation for key, conversation in self._tables.addresses.items() if key[1:] in names}
        if self._in_work(guests, erasure.erase_time, now):
            return False
        self._forget_messages(guests, erasure.erase_time, now)
        self._forget_events(erasure)
        self._threads.forget(erasure.addresses(), until=erasure.erase_time)
        self._close(guests)
        return True

    def _in_work(self, guests: Collection[str], until: datetime, now: datetime) -> bool:
        """A message that waits for its turn, a turn without its answer, an answer that is not out, anything sent."""
        tables = self._tables
        leases = [row.lease_until for key, row in tables.conversations.items() if key in guests]
        waiting = [
            row.state == "pending" and row.receive_time <= until
            for row in tables.inbound.values()
            if row.conversation_id in guests
        ]
        turns = {key: row for key, row in tables.turns.items() if row.conversation_id in guests}
        unanswered = [row.state == "open" and row.create_time <= until for row in turns.values()]
        told = {key for key, row in turns.items() if row.create_time <= until}
        queued = [
            row.turn_id in told or (row.lease_until is not None and row.lease_until > now)
            for row in tables.outbox.values()
            if row.conversation_id in guests and row.state is DeliveryState.QUEUED
        ]
        return any(lease is not None and lease > now for lease in leases) or any((*waiting, *unanswered, *queued))

    def _forget_messages(self, guests: Collection[str], until: datetime, now: datetime) -> None:
        """An answer goes with the turn it answers, however late it was written."""
        tables = self._tables
        said = {k for k, row in tables.inbound.items() if row.conversation_id in guests and row.receive_time <= until}
        tables.forgotten |= {digest_of(*key): now for key in said}
        tables.inbound = {key: row for key, row in tables.inbound.items() if key not in said}
        turns = {k for k, row in tables.turns.items() if row.conversation_id in guests and row.create_time <= until}
        tables.turns = {key: row for key, row in tables.turns.items() if key not in turns}
        told = {
            key: row
            for key, row in tables.outbox.items()
            if row.conversation_id in guests and (row.create_time <= until or row.turn_id in turns)
        }
        tables.outbox = {key: row for key, row in tables.outbox.items() if key not in told}
        tables.chats = [
            (owner, message_id, time, event)
            for owner, message_id, time, event in tables.chats
            if owner not in guests or (time > until and message_id not in told)
        ]
        ids = {row.channel_message_id for row in told.values() if row.channel_message_id}
        tables.statuses = {
            key: kept
            for key, kept in tables.statuses.items()
            if key[1] not in ids and kept[0].message_id.partition("/")[0] not in told
        }

    def _forget_events(self, erasure: Erasure) -> None:
        telling = erasure.telling()
        self._tables.events = {
            key: (event, time)
            for key, (event, time) in self._tables.events.items()
            if time > erasure.erase_time or not any(address in event.payload for address in telling)
        }

    def _close(self, guests: Collection[str]) -> None:
        """With a newer message the conversation is a new guest's; one with a stop keeps its address, to honour it."""
        tables = self._tables
        held = {row.conversation_id for rows in (tables.inbound, tables.turns, tables.outbox) for row in rows.values()}
        closed = {
            key for key in guests if key not in held and not tables.conversations[key].conversation.promotions_stopped
        }
        tables.conversations = {key: row for key, row in tables.conversations.items() if key not in closed}
        tables.addresses = {name: key for name, key in tables.addresses.items() if key not in closed}
