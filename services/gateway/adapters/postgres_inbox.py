"""The inbox in PostgreSQL: conversations are claimed with a lease and a fence, turns are durable before work starts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from mesh.errors import Conflict
from mesh.store.postgres import Connection, Pool, connection, transaction
from mesh.store.vault import KeyMissing
from mesh.telemetry import get_logger
from mesh.values import derived_id

from services.gateway.adapters import postgres_store
from services.gateway.adapters.postgres_conversations import CONVERSATION_COLUMNS, conversation_of
from services.gateway.adapters.postgres_retention import forget
from services.gateway.adapters.rows import message_from_text, messages_from_text, messages_to_text, outbound_to_text
from services.gateway.adapters.sealing import MESSAGE, REPLY, TURN, Sealing
from services.gateway.domain.conversation import Conversation, Lease
from services.gateway.domain.inbox import (
    DEFERRED,
    MAX_MESSAGES_PER_TURN,
    Backlog,
    InboxPolicy,
    StoredMessage,
    Turn,
    compose,
)
from services.gateway.domain.message import Delivery, OutboundMessage
from services.gateway.ports import Retention, Stored

# The due time becomes the end of the lease: if the holder dies, the conversation is due again by itself.
_CLAIM = f"""
    UPDATE conversations c
    SET lease_holder = $1, lease_until = $3, fence = fence + 1, burst_start = NULL, due_time = $3, retry_time = NULL
    WHERE conversation_id = (
        SELECT conversation_id FROM conversations
        WHERE due_time <= $2 AND (lease_until IS NULL OR lease_until <= $2) AND (retry_time IS NULL OR retry_time <= $2)
        ORDER BY due_time LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING {CONVERSATION_COLUMNS}, c.fence
"""  # noqa: S608 (constants only)

# What a claimed conversation has: its open turn, begun once more, and what is pending. Read after the claim, not in it:
# a message stored just before the claim took the row would be neither seen here nor keep the conversation due.
_WAITING = """
    WITH opened AS (
        UPDATE turns SET tries = tries + 1, update_time = $2 WHERE conversation_id = $1 AND state = 'open'
        RETURNING turn_id, payload, tries, reason, traceparent
    ), pending AS (
        SELECT sequence, external_id, payload, traceparent FROM inbound_messages
        WHERE conversation_id = $1 AND state = 'pending' ORDER BY sequence LIMIT $3
    )
    SELECT turn_id, NULL::bigint AS sequence, payload, tries, reason, traceparent, NULL AS external_id, false AS amended
    FROM opened
    UNION ALL
    SELECT NULL, sequence, payload, NULL, NULL, traceparent, external_id, EXISTS (
        SELECT FROM inbound_messages a
        WHERE a.conversation_id = $1 AND a.target_id = pending.external_id AND a.state <> 'pending')
    FROM pending
    ORDER BY sequence NULLS FIRST
"""

# Messages that are not part of this turn keep the conversation due after it.
_KEEP_DUE = """
    UPDATE conversations SET burst_start = $2 WHERE conversation_id = $1
        AND EXISTS (SELECT FROM inbound_messages WHERE conversation_id = $1 AND state = 'pending')
"""

# The turn and what it takes, behind the fence: a holder that came to a halt since its claim writes nothing.
_NEW_TURN = """
    WITH held AS (
        SELECT conversation_id FROM conversations WHERE conversation_id = $2 AND fence = $7 AND lease_holder = $8
        FOR UPDATE
    ), made AS (
        INSERT INTO turns (turn_id, conversation_id, property_id, payload, tries, traceparent, create_time, update_time)
        SELECT $1, conversation_id, $3, $4, 1, $5, $6::timestamptz, $6::timestamptz FROM held
        RETURNING turn_id
    )
    UPDATE inbound_messages m SET state = 'turn', turn_id = made.turn_id FROM made WHERE m.sequence = ANY ($9::bigint[])
    RETURNING m.sequence
"""

_DROP = "UPDATE inbound_messages SET state = 'done' WHERE sequence = ANY ($1::bigint[])"

# What came in meanwhile keeps the conversation due. No row: somebody with a newer fence has it.
_FREE = """
    UPDATE conversations SET lease_holder = NULL, lease_until = NULL, retry_time = $4::timestamptz,
        due_time = CASE WHEN $4::timestamptz IS NOT NULL THEN $4 WHEN burst_start IS NULL THEN NULL
                   ELSE least(due_time, burst_start + $5::interval) END
    WHERE conversation_id = $1 AND fence = $2 AND lease_holder = $3
    RETURNING conversation_id, due_time
"""

# A conversation that is being written to is renewed at the next beat.
_RENEW = """
    UPDATE conversations SET lease_until = $1, due_time = CASE WHEN burst_start IS NULL THEN $1 ELSE due_time END
    WHERE conversation_id IN (
        SELECT c.conversation_id FROM conversations c
        JOIN unnest($2::text[], $3::bigint[]) AS held (conversation_id, fence) USING (conversation_id, fence)
        WHERE c.lease_holder = $4 FOR UPDATE OF c SKIP LOCKED)
"""

# One statement, so one transaction in one round trip: the conversation is free, the turn settled, its replies queued.
_SETTLE = f"""
    WITH freed AS ({_FREE}), turn AS (
        UPDATE turns SET state = $7, reason = $8, update_time = $9 WHERE turn_id = $6 AND state = 'open'
            AND EXISTS (SELECT FROM freed)
        RETURNING turn_id
    ), messages AS (
        UPDATE inbound_messages SET state = $7 WHERE turn_id IN (SELECT turn_id FROM turn) AND state = 'turn'
    ), queued AS (
        INSERT INTO outbox (message_id, conversation_id, channel, property_id, turn_id, content, due_time, traceparent,
            create_time, update_time)
        SELECT reply.message_id, freed.conversation_id, $12, $13, $6, reply.content, $9, $14, $9, $9
        FROM freed, unnest($10::text[], $11::bytea[]) WITH ORDINALITY AS reply (message_id, content, position)
        ORDER BY position
        ON CONFLICT (message_id) DO NOTHING
    )
    SELECT due_time FROM freed
"""  # noqa: S608 (constants only)

_GIVE_BACK = "UPDATE turns SET tries = tries + $2, reason = $3 WHERE turn_id = $1 AND state = 'open'"

_NEXT_DUE = "SELECT min(greatest(due_time, retry_time, lease_until)) FROM conversations WHERE due_time IS NOT NULL"

_BACKLOG = """
    SELECT (SELECT count(*) FROM inbound_messages WHERE state = 'pending') AS pending,
        (SELECT count(*) FROM turns WHERE state = 'open') AS open,
        (SELECT count(*) FROM turns WHERE state = 'parked') AS parked,
        (SELECT min(due_time) FROM conversations WHERE due_time IS NOT NULL AND lease_until IS NULL) AS oldest_due
"""

# One turn of a conversation may be open at a time; the others wait for the next replay.
_REPLAY = """
    WITH oldest AS (
        SELECT DISTINCT ON (conversation_id) turn_id, conversation_id FROM turns t
        WHERE state = 'parked' AND ($3 = '' OR turn_id = $3)
            AND NOT EXISTS (SELECT FROM turns o WHERE o.conversation_id = t.conversation_id AND o.state = 'open')
        ORDER BY conversation_id, create_time
    ), held AS (
        SELECT conversation_id FROM conversations WHERE conversation_id IN (SELECT conversation_id FROM oldest)
            AND lease_until IS NULL
        ORDER BY create_time LIMIT $2 FOR UPDATE SKIP LOCKED
    ), opened AS (
        UPDATE turns SET state = 'open', tries = 0, update_time = $1
        WHERE turn_id IN (SELECT turn_id FROM oldest JOIN held USING (conversation_id))
        RETURNING turn_id, conversation_id
    ), messages AS (
        UPDATE inbound_messages SET state = 'turn' WHERE turn_id IN (SELECT turn_id FROM opened) AND state = 'parked'
    ), woken AS (
        UPDATE conversations SET due_time = $1, retry_time = NULL
        WHERE conversation_id IN (SELECT conversation_id FROM opened)
    )
    SELECT count(*) FROM opened
"""

_DISCARD = """
    WITH discarded AS (
        UPDATE turns SET state = 'done', reason = 'discarded', update_time = $2 WHERE turn_id = $1 AND state = 'parked'
        RETURNING turn_id
    ), messages AS (
        UPDATE inbound_messages SET state = 'done' WHERE turn_id IN (SELECT turn_id FROM discarded) AND state = 'parked'
    )
    SELECT count(*) FROM discarded
"""

log = get_logger(__name__)


class PostgresInbox:
    """`Inbox` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool, policy: InboxPolicy, sealing: Sealing) -> None:
        self._pool = pool
        self._policy = policy
        self._sealing = sealing

    async def store(self, delivery: Delivery, *, now: datetime) -> Stored:
        return await postgres_store.store(self._pool, self._sealing, delivery, policy=self._policy, now=now)

    async def claim(self, *, holder: str, now: datetime) -> Turn | None:
        # Three statements that stand alone. A holder that dies between them leaves a lease that runs out, and then the
        # same messages or the same turn to the next one.
        lease_until = now + self._policy.lease
        async with connection(self._pool) as conn:
            while (row := await conn.fetchrow(_CLAIM, holder, now, lease_until)) is not None:
                lease = Lease(holder=holder, fence=row["fence"], until=lease_until)
                try:
                    turn = await self._turn_of(conn, row, lease, now)
                except KeyMissing as error:
                    # It is due again when the lease is over; the others are not held up.
                    log.error("conversation_not_opened", conversation_id=row["conversation_id"], reason=str(error))
                    continue
                if turn is not None:
                    return turn
                # Everything pending was taken back by the guest: nothing to say, look for another conversation.
                await conn.fetchrow(
                    _FREE, row["conversation_id"], row["fence"], holder, None, self._policy.quiet_ceiling
                )
        return None

    async def _turn_of(self, conn: Connection, row: asyncpg.Record, lease: Lease, now: datetime) -> Turn | None:
        conversation = conversation_of(row, self._sealing)
        rows = await conn.fetch(_WAITING, conversation.conversation_id, now, MAX_MESSAGES_PER_TURN)
        pending = [row for row in rows if row["turn_id"] is None]
        opened = rows[0] if len(rows) > len(pending) else None
        if pending and (opened is not None or len(pending) == MAX_MESSAGES_PER_TURN):
            await conn.execute(_KEEP_DUE, conversation.conversation_id, now)
        if opened is None:
            return await self._new_turn(conn, conversation, lease, pending, now) if pending else None
        return Turn(
            turn_id=opened["turn_id"],
            conversation=conversation,
            lease=lease,
            messages=messages_from_text(self._sealing.open(opened["payload"], f"{TURN}:{opened['turn_id']}")),
            tries=opened["tries"],
            reason=opened["reason"],
            traceparent=opened["traceparent"],
        )

    async def _new_turn(
        self,
        conn: Connection,
        conversation: Conversation,
        lease: Lease,
        pending: Sequence[asyncpg.Record],
        now: datetime,
    ) -> Turn | None:
        messages = [
            message_from_text(self._sealing.open(row["payload"], f"{MESSAGE}:{row['external_id']}")) for row in pending
        ]
        waiting = list(zip(pending, messages, strict=True))
        composed = compose(
            [StoredMessage(sequence=row["sequence"], message=message) for row, message in waiting],
            amended={message.message_id for row, message in waiting if row["amended"]},
        )
        if len(composed.consumed) < len(pending):
            await conn.execute(_KEEP_DUE, conversation.conversation_id, now)
        if not composed.messages:
            await conn.execute(_DROP, composed.consumed)
            return None
        turn = Turn(
            turn_id=derived_id("turn", conversation.conversation_id, str(composed.consumed[0])),
            conversation=conversation,
            lease=lease,
            messages=composed.messages,
            tries=1,
            traceparent=pending[0]["traceparent"],
        )
        key = await self._sealing.key_of(conn, conversation.conversation_id)
        taken = await conn.fetch(
            _NEW_TURN,
            turn.turn_id,
            conversation.conversation_id,
            conversation.property_id,
            key.seal(messages_to_text(turn.messages).encode(), f"{TURN}:{turn.turn_id}"),
            turn.traceparent,
            now,
            lease.fence,
            lease.holder,
            composed.consumed,
        )
        return turn if taken else None

    async def complete(
        self, turn: Turn, replies: Sequence[OutboundMessage], *, now: datetime, traceparent: str
    ) -> datetime | None:
        return await self._settle(turn, "done", "", now, replies=replies, traceparent=traceparent)

    async def park(self, turn: Turn, *, reason: str, now: datetime) -> datetime | None:
        return await self._settle(turn, "parked", reason, now)

    async def _settle(
        self,
        turn: Turn,
        state: str,
        reason: str,
        now: datetime,
        *,
        replies: Sequence[OutboundMessage] = (),
        traceparent: str = "",
    ) -> datetime | None:
        conversation = turn.conversation
        ids = [derived_id("out", turn.turn_id, str(position)) for position in range(len(replies))]
        async with connection(self._pool) as conn:
            key = await self._sealing.key_of(conn, conversation.conversation_id)
            queued = [
                key.seal(outbound_to_text(reply).encode(), f"{REPLY}:{message_id}")
                for message_id, reply in zip(ids, replies, strict=True)
            ]
            row = await conn.fetchrow(
                _SETTLE,
                *self._key(turn, retry_time=None),
                turn.turn_id,
                state,
                reason,
                now,
                ids,
                queued,
                str(conversation.identity.channel),
                conversation.property_id,
                traceparent,
            )
        if row is None:
            raise _lost(turn)
        due: datetime | None = row["due_time"]
        return due

    async def retry(self, turn: Turn, *, not_before: datetime, reason: str) -> None:
        async with transaction(self._pool) as conn:
            await self._free(conn, turn, retry_time=not_before)
            await conn.execute(_GIVE_BACK, turn.turn_id, 0, reason)

    async def defer(self, turn: Turn, *, not_before: datetime) -> None:
        try:
            async with transaction(self._pool) as conn:
                await self._free(conn, turn, retry_time=not_before)
                await conn.execute(_GIVE_BACK, turn.turn_id, -1, DEFERRED)
        except Conflict:
            return

    async def renew(self, turns: Sequence[Turn], *, now: datetime) -> None:
        ids = [turn.conversation.conversation_id for turn in turns]
        fences = [turn.lease.fence for turn in turns]
        async with connection(self._pool) as conn:
            await conn.execute(_RENEW, now + self._policy.lease, ids, fences, turns[0].lease.holder)

    async def _free(self, conn: Connection, turn: Turn, *, retry_time: datetime | None) -> None:
        if await conn.fetchrow(_FREE, *self._key(turn, retry_time=retry_time)) is None:
            raise _lost(turn)

    def _key(self, turn: Turn, *, retry_time: datetime | None) -> tuple[object, ...]:
        """The first parameters of whatever gives a conversation back: which, under which fence, and until when."""
        lease = turn.lease
        return (turn.conversation.conversation_id, lease.fence, lease.holder, retry_time, self._policy.quiet_ceiling)

    async def replay_parked(self, *, now: datetime, limit: int = 100, turn_id: str = "") -> int:
        async with transaction(self._pool) as conn:
            return int(await conn.fetchval(_REPLAY, now, limit, turn_id))

    async def discard_parked(self, turn_id: str, *, now: datetime) -> bool:
        async with transaction(self._pool) as conn:
            return bool(await conn.fetchval(_DISCARD, turn_id, now))

    async def next_due(self) -> datetime | None:
        async with connection(self._pool) as conn:
            due: datetime | None = await conn.fetchval(_NEXT_DUE)
            return due

    async def backlog(self) -> Backlog:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(_BACKLOG)
        assert row is not None
        return Backlog(
            pending_messages=row["pending"],
            open_turns=row["open"],
            parked_turns=row["parked"],
            oldest_due=row["oldest_due"],
        )

    async def forget(self, retention: Retention, *, now: datetime) -> int:
        return await forget(self._pool, retention, now=now)


def _lost(turn: Turn) -> Conflict:
    return Conflict("LOCK_LOST", "another holder has the conversation", turn_id=turn.turn_id)
