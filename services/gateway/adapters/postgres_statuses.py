"""Delivery statuses in PostgreSQL: kept once each, moving messages of ours forward and never back.

Channels' ids of messages are veiled: some hold the guest's number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mesh.store.postgres import Connection

from services.gateway.adapters.sealing import Sealing
from services.gateway.domain.message import StatusUpdate
from services.gateway.domain.outbox import DeliveryState, advance

_KEEP = """
    INSERT INTO delivery_statuses
        (channel, channel_message_id, status, message_id, failure_reason, status_time, price_category, billable,
            receive_time)
    SELECT *, $9::timestamptz
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
        $8::boolean[])
    ORDER BY 1, 2, 3
    ON CONFLICT (channel, channel_message_id, status) DO NOTHING
    RETURNING channel_message_id, status
"""

_MATCH = """
    SELECT message_id, channel_message_id, state, failure_reason FROM outbox
    WHERE channel = $1 AND (message_id = ANY ($2::text[]) OR channel_message_id = ANY ($3::text[]))
    ORDER BY message_id FOR UPDATE
"""

_MOVE = """
    UPDATE outbox o
    SET state = m.state, channel_message_id = m.channel_message_id, failure_reason = m.failure_reason, update_time = $5
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
        AS m (message_id, state, channel_message_id, failure_reason)
    WHERE o.message_id = m.message_id
"""

_KNOWN = """
    SELECT status, failure_reason, status_time FROM delivery_statuses
    WHERE channel = $1 AND channel_message_id = $2 ORDER BY status_time
"""


@dataclass(slots=True)
class _Standing:
    state: DeliveryState
    channel_message_id: str
    failure_reason: str


async def record_statuses(
    conn: Connection, sealing: Sealing, updates: Sequence[StatusUpdate], *, now: datetime
) -> None:
    """Keeps statuses and moves the messages they are about. In a transaction."""
    veiled = [replace(u, channel_message_id=sealing.vault.veil_text(u.channel_message_id)) for u in updates]
    rows = {(u.channel, u.channel_message_id, u.status): u for u in veiled}
    columns = zip(
        *(
            (
                str(u.channel),
                u.channel_message_id,
                u.status,
                u.message_id,
                failure_reason(u),
                u.time,
                u.price_category,
                u.billable,
            )
            for u in rows.values()
        ),
        strict=True,
    )
    new = {(row[0], row[1]) for row in await conn.fetch(_KEEP, *map(list, columns), now)}
    fresh = [u for u in rows.values() if (u.channel_message_id, u.status) in new]
    for channel in sorted({u.channel for u in fresh}):
        await _move(conn, [u for u in fresh if u.channel is channel], now)


async def told_before(
    conn: Connection, *, channel: str, channel_message_id: str, state: DeliveryState
) -> tuple[DeliveryState, str]:
    """The state a message has by the statuses that came before its send was written down; its id is veiled."""
    reason = ""
    for row in await conn.fetch(_KNOWN, channel, channel_message_id):
        state = advance(state, row["status"])
        reason = row["failure_reason"] or reason
    return state, reason if state is DeliveryState.FAILED else ""


def failure_reason(update: StatusUpdate) -> str:
    """The channel's code and our word for it."""
    return f"{update.failure_code} {update.failure_word}".strip()


async def _move(conn: Connection, updates: Sequence[StatusUpdate], now: datetime) -> None:
    own_ids = [u.message_id for u in updates if u.message_id]
    channel_ids = [u.channel_message_id for u in updates]
    rows = await conn.fetch(_MATCH, str(updates[0].channel), own_ids, channel_ids)
    standings = {
        row["message_id"]: _Standing(
            state=DeliveryState(row["state"]),
            channel_message_id=row["channel_message_id"],
            failure_reason=row["failure_reason"],
        )
        for row in rows
    }
    by_channel_id = {row["channel_message_id"]: row["message_id"] for row in rows if row["channel_message_id"]}
    moved: set[str] = set()
    for update in sorted(updates, key=lambda u: u.time):
        message_id = (
            update.message_id if update.message_id in standings else by_channel_id.get(update.channel_message_id)
        )
        if message_id is not None and _apply(standings[message_id], update):
            moved.add(message_id)
    if moved:
        columns = zip(
            *((m, str(s.state), s.channel_message_id, s.failure_reason) for m, s in standings.items() if m in moved),
            strict=True,
        )
        await conn.execute(_MOVE, *map(list, columns), now)


def _apply(standing: _Standing, update: StatusUpdate) -> bool:
    after = advance(standing.state, update.status)
    # A send without an answer learns its channel id here, and is not tried again.
    learned = not standing.channel_message_id
    if after is standing.state and not learned:
        return False
    standing.state = after
    standing.channel_message_id = standing.channel_message_id or update.channel_message_id
    standing.failure_reason = failure_reason(update) if after is DeliveryState.FAILED else ""
    return True
