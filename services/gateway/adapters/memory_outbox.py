"""The outbox in memory, with the same rules as in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from mesh.errors import Conflict, Invalid, NotFound
from mesh.values import derived_id

from services.gateway.adapters.memory import OutboxRow, Tables
from services.gateway.adapters.memory_statuses import catch_up
from services.gateway.domain.attachment import Attachment
from services.gateway.domain.conversation import Conversation, Lease
from services.gateway.domain.message import Channel, OutboundMessage
from services.gateway.domain.outbox import (
    Accepted,
    Again,
    DeliveryState,
    GiveUp,
    OutboxItem,
    SendOutcome,
    SentMessage,
)
from services.gateway.ports import Page


class MemoryOutbox:
    """`Outbox` in memory."""

    def __init__(self, *, tables: Tables) -> None:
        self._tables = tables

    async def claim(
        self, *, channels: Sequence[Channel], holder: str, now: datetime, lease: timedelta
    ) -> OutboxItem | None:
        due = [
            row
            for row in self._heads(channels, now)
            if row.due_time <= now and (row.lease_until is None or row.lease_until <= now)
        ]
        if not due:
            return None
        row = min(due, key=lambda row: (row.due_time, row.sequence))
        row.possibly_repeated = row.possibly_repeated or row.lease_until is not None
        row.lease_holder, row.lease_until = holder, now + lease
        row.fence, row.tries = row.fence + 1, row.tries + 1
        return OutboxItem(
            message_id=row.message_id,
            sequence=row.sequence,
            conversation=self._conversation(row),
            content=row.content,
            lease=Lease(holder=holder, fence=row.fence, until=now + lease),
            tries=row.tries,
            possibly_repeated=row.possibly_repeated,
            create_time=row.create_time,
            traceparent=row.traceparent,
        )

    def _heads(self, channels: Sequence[Channel], now: datetime) -> Iterator[OutboxRow]:
        """Queued messages that no earlier one of their conversation stands before."""
        blocked: set[str] = set()
        for row in sorted(self._tables.outbox.values(), key=lambda row: row.sequence):
            if row.state is not DeliveryState.QUEUED or row.conversation_id in blocked:
                continue
            if row.scheduled_time is None or row.scheduled_time <= now:
                blocked.add(row.conversation_id)
            if self._conversation(row).identity.channel in channels:
                yield row

    async def settle(
        self, item: OutboxItem, outcome: SendOutcome, step: Again | GiveUp | None, *, now: datetime
    ) -> None:
        row = self._held(item)
        if row is None:
            raise Conflict("LOCK_LOST", "another holder has the message", message_id=item.message_id)
        queued = row.state is DeliveryState.QUEUED
        match outcome, step:
            case Accepted(channel_message_id=channel_message_id), _:
                row.channel_message_id = channel_message_id
                row.state = DeliveryState.SENT if queued else row.state
                row.failure_reason, row.update_time = "", now
                if channel_message_id:
                    catch_up(self._tables, row, now=now)
            case _, GiveUp(reason=reason):
                row.state = DeliveryState.FAILED if queued else row.state
                row.failure_reason = reason if queued else row.failure_reason
                row.update_time = now
            case _, Again(wait=wait, possibly_repeated=repeated):
                row.due_time = now + wait
                row.possibly_repeated = row.possibly_repeated or repeated
            case _:
                raise ValueError("a refused try needs a next step")
        row.lease_holder, row.lease_until = "", None

    async def defer(self, item: OutboxItem, *, not_before: datetime) -> None:
        row = self._held(item)
        if row is not None:
            row.lease_holder, row.lease_until = "", None
            row.due_time, row.tries = not_before, row.tries - 1

    async def renew(self, items: Sequence[OutboxItem], *, until: datetime) -> None:
        for item in items:
            row = self._held(item)
            if row is not None:
                row.lease_until = until

    def _held(self, item: OutboxItem) -> OutboxRow | None:
        row = self._tables.outbox.get(item.message_id)
        if row is None or row.fence != item.lease.fence or row.lease_holder != item.lease.holder:
            return None
        return row

    async def add(
        self,
        *,
        request_id: str,
        digest: str,
        conversation: Conversation,
        content: OutboundMessage,
        not_before: datetime | None,
        now: datetime,
        traceparent: str,
    ) -> SentMessage:
        stored = await self.find_request(request_id, digest)
        if stored is not None:
            return stored
        message_id = derived_id("out", "request", request_id)
        self._tables.outbox[message_id] = OutboxRow(
            message_id=message_id,
            sequence=self._tables.next_sequence(),
            conversation_id=conversation.conversation_id,
            content=without_bytes(content),
            create_time=now,
            update_time=now,
            due_time=not_before or now,
            traceparent=traceparent,
            request_id=request_id,
            request_digest=digest,
            scheduled_time=not_before,
        )
        if content.attachment is not None and content.attachment.content:
            self._tables.files[message_id] = content.attachment.content
        return await self.get(message_id)

    async def find_request(self, request_id: str, digest: str) -> SentMessage | None:
        row = next((row for row in self._tables.outbox.values() if row.request_id == request_id), None)
        if row is None:
            return None
        if row.request_digest != digest:
            raise Invalid("this request_id was used for another message", reason="REQUEST_ID_REUSED")
        return self._shown(row)

    async def get(self, message_id: str) -> SentMessage:
        if message_id not in self._tables.outbox:
            raise NotFound("MESSAGE_NOT_FOUND", "no message has this id")
        return self._shown(self._tables.outbox[message_id])

    async def page(self, conversation_id: str, *, before: int | None, size: int) -> Page:
        rows = [
            row
            for row in self._tables.outbox.values()
            if row.conversation_id == conversation_id and (before is None or row.sequence < before)
        ]
        rows.sort(key=lambda row: -row.sequence)
        shown = rows[:size]
        return Page(
            messages=tuple(map(self._shown, shown)),
            next_before=shown[-1].sequence if len(rows) > size else None,
        )

    async def next_due(self, *, channels: Sequence[Channel], now: datetime) -> datetime | None:
        return min(
            (max(row.due_time, row.lease_until or row.due_time) for row in self._heads(channels, now)), default=None
        )

    async def counts(self, *, since: datetime) -> dict[str, int]:
        rows = self._tables.outbox.values()
        states = [r.state for r in rows if r.state is DeliveryState.QUEUED or r.update_time > since]
        return {state.value: states.count(state) for state in DeliveryState}

    def _conversation(self, row: OutboxRow) -> Conversation:
        return self._tables.conversations[row.conversation_id].conversation

    def _shown(self, row: OutboxRow) -> SentMessage:
        conversation = self._conversation(row)
        return SentMessage(
            message_id=row.message_id,
            property_id=conversation.property_id,
            conversation=conversation,
            content=row.content,
            state=row.state,
            channel_message_id=row.channel_message_id,
            failure_reason=row.failure_reason,
            tries=row.tries,
            create_time=row.create_time,
            update_time=row.update_time,
            possibly_repeated=row.possibly_repeated,
        )


class MemoryFiles:
    """`FileStore` in memory."""

    def __init__(self, *, tables: Tables) -> None:
        self._tables = tables

    async def read(self, message_id: str) -> tuple[Attachment, bytes]:
        row, content = self._tables.outbox.get(message_id), self._tables.files.get(message_id)
        if row is None or row.content.attachment is None or content is None:
            raise NotFound("MESSAGE_NOT_FOUND", "no file of a message with this id")
        return row.content.attachment, content


def without_bytes(content: OutboundMessage) -> OutboundMessage:
    """A message as a row keeps it: the bytes of its file are elsewhere."""
    if content.attachment is None:
        return content
    return replace(content, attachment=replace(content.attachment, content=b""))
