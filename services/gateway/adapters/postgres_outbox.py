"""The outbox in PostgreSQL: in order for each conversation, claimed with a lease, settled behind a fence."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg
from mesh.errors import Conflict, Invalid, NotFound
from mesh.store.postgres import Connection, Pool, connection
from mesh.store.vault import KeyMissing
from mesh.telemetry import get_logger
from mesh.values import derived_id

from services.gateway.adapters.postgres_conversations import CONVERSATION_COLUMNS, conversation_of
from services.gateway.adapters.postgres_statuses import told_before
from services.gateway.adapters.rows import outbound_from_text, outbound_to_text
from services.gateway.adapters.sealing import FILE, REPLY, Sealing
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

# A message waits for every earlier one of its conversation, but not for those that are scheduled for later.
_HEADS = """
    o.state = 'queued' AND o.channel = ANY ($1::text[])
    AND NOT EXISTS (
        SELECT FROM outbox p WHERE p.conversation_id = o.conversation_id AND p.state = 'queued'
            AND p.sequence < o.sequence AND (p.scheduled_time IS NULL OR p.scheduled_time <= $2))
"""

# A lease that ran out without a result: nobody knows whether that try reached the channel.
_CLAIM = f"""
    WITH claimed AS (
        UPDATE outbox SET lease_holder = $3, lease_until = $4, fence = fence + 1, tries = tries + 1,
            possibly_repeated = possibly_repeated OR lease_until IS NOT NULL
        WHERE message_id = (
            SELECT o.message_id FROM outbox o
            WHERE {_HEADS} AND o.due_time <= $2 AND (o.lease_until IS NULL OR o.lease_until <= $2)
            ORDER BY o.due_time, o.sequence LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING *
    )
    SELECT q.message_id, q.sequence, q.content, q.fence, q.tries, q.possibly_repeated, q.create_time AS queue_time,
        q.traceparent, {CONVERSATION_COLUMNS}
    FROM claimed q JOIN conversations c USING (conversation_id)
"""  # noqa: S608 (constants only)

_COUNTS = "SELECT state, count(*) FROM outbox WHERE state = 'queued' OR update_time > $1 GROUP BY state"
_NEXT_DUE = f"SELECT min(greatest(o.due_time, o.lease_until)) FROM outbox o WHERE {_HEADS}"  # noqa: S608 (constants only)

_READ = f"""
    SELECT q.message_id, q.sequence, q.content, q.state, q.channel_message_id, q.failure_reason, q.tries,
        q.create_time AS queue_time, q.update_time, q.possibly_repeated, q.request_digest, {CONVERSATION_COLUMNS}
    FROM outbox q JOIN conversations c USING (conversation_id)
"""  # noqa: S608 (constants only)

_SENT = """
    UPDATE outbox SET lease_holder = NULL, lease_until = NULL, channel_message_id = $4, update_time = $5,
        state = CASE WHEN state = 'queued' THEN 'sent' ELSE state END, failure_reason = ''
    WHERE message_id = $1 AND fence = $2 AND lease_holder = $3
    RETURNING channel, state, EXISTS (
        SELECT FROM delivery_statuses s WHERE s.channel = outbox.channel AND s.channel_message_id = $4 AND $4 <> ''
    ) AS told
"""

_AGAIN = """
    UPDATE outbox SET lease_holder = NULL, lease_until = NULL, due_time = $4,
        possibly_repeated = possibly_repeated OR $5
    WHERE message_id = $1 AND fence = $2 AND lease_holder = $3
    RETURNING message_id
"""

_GIVE_UP = """
    UPDATE outbox SET lease_holder = NULL, lease_until = NULL, update_time = $5,
        failure_reason = CASE WHEN state = 'queued' THEN $4 ELSE failure_reason END,
        state = CASE WHEN state = 'queued' THEN 'failed' ELSE state END
    WHERE message_id = $1 AND fence = $2 AND lease_holder = $3
    RETURNING message_id
"""

_DEFER = """
    UPDATE outbox SET lease_holder = NULL, lease_until = NULL, due_time = $4, tries = tries - 1
    WHERE message_id = $1 AND fence = $2 AND lease_holder = $3
"""

# A message that is being written to is renewed at the next beat.
_RENEW = """
    UPDATE outbox SET lease_until = $1 WHERE message_id IN (
        SELECT o.message_id FROM outbox o
        JOIN unnest($2::text[], $3::bigint[]) AS held (message_id, fence) USING (message_id, fence)
        WHERE o.lease_holder = $4 FOR UPDATE OF o SKIP LOCKED)
"""

# Nothing where the conversation has another key by now: then it is sealed again.
_ADD = """
    WITH added AS (
        INSERT INTO outbox (message_id, conversation_id, channel, property_id, request_id, request_digest, content,
            scheduled_time, due_time, traceparent, create_time, update_time)
        SELECT $1, conversation_id, $3, $4, $5, $6, $7, $8::timestamptz, coalesce($8::timestamptz, $9::timestamptz),
            $10, $9::timestamptz, $9::timestamptz
        FROM conversations WHERE conversation_id = $2 AND key_id = $11 FOR KEY SHARE
        ON CONFLICT (request_id) DO NOTHING
        RETURNING message_id
    )
    INSERT INTO outbox_files (message_id, content)
    SELECT message_id, $12::bytea FROM added WHERE $12::bytea IS NOT NULL
"""

log = get_logger(__name__)


class PostgresOutbox:
    """`Outbox` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def claim(
        self, *, channels: Sequence[Channel], holder: str, now: datetime, lease: timedelta
    ) -> OutboxItem | None:
        async with connection(self._pool) as conn:
            while (row := await conn.fetchrow(_CLAIM, list(map(str, channels)), now, holder, now + lease)) is not None:
                try:
                    return self._item(row, Lease(holder=holder, fence=row["fence"], until=now + lease))
                except KeyMissing as error:
                    # It is due again when the lease is over; the others are not held up.
                    log.error("message_not_opened", message_id=row["message_id"], reason=str(error))
        return None

    def _item(self, row: asyncpg.Record, lease: Lease) -> OutboxItem:
        return OutboxItem(
            message_id=row["message_id"],
            sequence=row["sequence"],
            conversation=conversation_of(row, self._sealing),
            content=self._content(row),
            lease=lease,
            tries=row["tries"],
            possibly_repeated=row["possibly_repeated"],
            create_time=row["queue_time"],
            traceparent=row["traceparent"],
        )

    async def settle(
        self, item: OutboxItem, outcome: SendOutcome, step: Again | GiveUp | None, *, now: datetime
    ) -> None:
        key = (item.message_id, item.lease.fence, item.lease.holder)
        async with connection(self._pool) as conn:
            match outcome, step:
                case Accepted(channel_message_id=channel_message_id), _:
                    veiled = self._sealing.vault.veil_text(channel_message_id)
                    row = await conn.fetchrow(_SENT, *key, veiled, now)
                    if row is not None and row["told"]:
                        await _catch_up(conn, item.message_id, veiled, row, now)
                case _, GiveUp(reason=reason):
                    row = await conn.fetchrow(_GIVE_UP, *key, reason, now)
                case _, Again(wait=wait, possibly_repeated=repeated):
                    row = await conn.fetchrow(_AGAIN, *key, now + wait, repeated)
                case _:
                    raise ValueError("a refused try needs a next step")
        if row is None:
            raise Conflict("LOCK_LOST", "another holder has the message", message_id=item.message_id)

    async def defer(self, item: OutboxItem, *, not_before: datetime) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(_DEFER, item.message_id, item.lease.fence, item.lease.holder, not_before)

    async def renew(self, items: Sequence[OutboxItem], *, until: datetime) -> None:
        ids, fences = [item.message_id for item in items], [item.lease.fence for item in items]
        async with connection(self._pool) as conn:
            await conn.execute(_RENEW, until, ids, fences, items[0].lease.holder)

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
        message_id = derived_id("out", "request", request_id)
        file = content.attachment.content if content.attachment is not None else b""
        for keys in (self._sealing.key_of, self._sealing.read_key, self._sealing.read_key):
            async with connection(self._pool) as conn:
                key = await keys(conn, conversation.conversation_id)
                await conn.execute(
                    _ADD,
                    message_id,
                    conversation.conversation_id,
                    str(conversation.identity.channel),
                    conversation.property_id,
                    request_id,
                    self._sealing.vault.veil_text(digest),
                    key.seal(outbound_to_text(content).encode(), f"{REPLY}:{message_id}"),
                    not_before,
                    now,
                    traceparent,
                    key.key_id,
                    key.seal(file, f"{FILE}:{message_id}") if file else None,
                )
            stored = await self.find_request(request_id, digest)
            if stored is not None:
                return stored
        raise Conflict("LOCK_LOST", "the conversation was forgotten meanwhile", message_id=message_id)

    async def find_request(self, request_id: str, digest: str) -> SentMessage | None:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(f"{_READ} WHERE q.request_id = $1", request_id)
        if row is None:
            return None
        if not hmac.compare_digest(row["request_digest"] or "", self._sealing.vault.veil_text(digest)):
            raise Invalid("this request_id was used for another message", reason="REQUEST_ID_REUSED")
        return self._sent_message(row)

    async def get(self, message_id: str) -> SentMessage:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(f"{_READ} WHERE q.message_id = $1", message_id)
        if row is None:
            raise NotFound("MESSAGE_NOT_FOUND", "no message has this id")
        return self._sent_message(row)

    async def page(self, conversation_id: str, *, before: int | None, size: int) -> Page:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(
                f"{_READ} WHERE q.conversation_id = $1 AND ($2::bigint IS NULL OR q.sequence < $2) "
                "ORDER BY q.sequence DESC LIMIT $3",
                conversation_id,
                before,
                size + 1,
            )
        shown = rows[:size]
        return Page(
            messages=tuple(self._sent_message(row) for row in shown),
            next_before=shown[-1]["sequence"] if len(rows) > size else None,
        )

    async def next_due(self, *, channels: Sequence[Channel], now: datetime) -> datetime | None:
        async with connection(self._pool) as conn:
            due: datetime | None = await conn.fetchval(_NEXT_DUE, list(map(str, channels)), now)
            return due

    async def counts(self, *, since: datetime) -> dict[str, int]:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(_COUNTS, since)
        return {state.value: 0 for state in DeliveryState} | {row["state"]: row["count"] for row in rows}

    def _sent_message(self, row: asyncpg.Record) -> SentMessage:
        conversation = conversation_of(row, self._sealing)
        return SentMessage(
            message_id=row["message_id"],
            property_id=conversation.property_id,
            conversation=conversation,
            content=self._content(row),
            state=DeliveryState(row["state"]),
            channel_message_id=self._sealing.vault.unveil_text(row["channel_message_id"]),
            failure_reason=row["failure_reason"],
            tries=row["tries"],
            create_time=row["queue_time"],
            update_time=row["update_time"],
            possibly_repeated=row["possibly_repeated"],
        )

    def _content(self, row: asyncpg.Record) -> OutboundMessage:
        """Of a row that brought its conversation, and so its key."""
        return outbound_from_text(self._sealing.open(row["content"], f"{REPLY}:{row['message_id']}"))


async def _catch_up(
    conn: Connection, message_id: str, channel_message_id: str, row: asyncpg.Record, now: datetime
) -> None:
    """A status can overtake the answer to the send."""
    state = DeliveryState(row["state"])
    told, reason = await told_before(conn, channel=row["channel"], channel_message_id=channel_message_id, state=state)
    if told is not state:
        await conn.execute(
            "UPDATE outbox SET state = $2, failure_reason = $3, update_time = $4 WHERE message_id = $1",
            message_id,
            str(told),
            reason,
            now,
        )
