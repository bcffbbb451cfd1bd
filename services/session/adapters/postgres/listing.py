"""Reading pages of sessions and turns."""

from __future__ import annotations

from mesh.store.postgres import Pool, connection

from services.session.adapters.postgres.rows import Rows, keys_of, with_keys
from services.session.adapters.postgres.said import turn_of, turns_of
from services.session.domain.session import Session, no_session
from services.session.domain.turn import Turn
from services.session.ports import SessionQuery

_SESSIONS = f"SELECT {with_keys('s')} FROM sessions s WHERE "  # noqa: S608 (put together of constants, as all here)
_PAGE = " ORDER BY last_activity_time DESC, session_id DESC LIMIT "
_TURNS = f"""
    SELECT (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.sequence)
            FROM (SELECT * FROM turns WHERE session_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3) t) AS turns,
           guest_id, {keys_of("s")} AS keys
    FROM sessions s WHERE session_id = $1
"""  # noqa: S608
_TURN = f"""
    SELECT to_jsonb(t) AS turn, s.guest_id, {keys_of("s")} AS keys
    FROM sessions s LEFT JOIN turns t ON t.session_id = s.session_id AND t.turn_id = $2
    WHERE s.session_id = $1
"""  # noqa: S608


async def list_sessions(pool: Pool, rows: Rows, query: SessionQuery) -> tuple[Session, ...]:
    """At most `limit` sessions, newest activity first.

    Only the filters that were asked for go into the statement, so that each finds its index.
    """
    filters: list[str] = ["true"]
    values: list[object] = []

    def narrow(condition: str, *given: object) -> None:
        numbers = range(len(values) + 1, len(values) + 1 + len(given))
        filters.append(condition.format(*(f"${number}" for number in numbers)))
        values.extend(given)

    if query.property_id:
        narrow("property_id = {}", query.property_id)
    if query.guest_id:
        narrow("guest_id = {}", query.guest_id)
    if query.handoff_state is not None:
        narrow("handoff_state = {}", int(query.handoff_state))
    if query.active_only:
        narrow("live AND expire_time > {}", query.now)
    if query.due_before is not None:
        narrow("due_time < {}", query.due_before)
    if query.after is not None:
        narrow("(last_activity_time, session_id) < ({}, {})", *query.after)
    statement = _SESSIONS + " AND ".join(filters) + _PAGE + f"${len(values) + 1}"
    async with connection(pool) as db:
        found = await db.fetch(statement, *values, query.limit)
    return tuple(rows.session(row[0]) for row in found)


async def list_turns(pool: Pool, rows: Rows, session_id: str, *, after: int, limit: int) -> tuple[Turn, ...]:
    """At most `limit` turns after a sequence number. Raises NotFound."""
    async with connection(pool) as db:
        row = await db.fetchrow(_TURNS, session_id, after, limit)
    if row is None:
        raise no_session(session_id)
    rows.learn(row["keys"], row["guest_id"])
    return turns_of(rows.vault, row["turns"])


async def find_turn(pool: Pool, rows: Rows, session_id: str, turn_id: str) -> Turn | None:
    """The turn, None when there is none. Raises NotFound for the session."""
    async with connection(pool) as db:
        row = await db.fetchrow(_TURN, session_id, turn_id)
    if row is None:
        raise no_session(session_id)
    rows.learn(row["keys"], row["guest_id"])
    return turn_of(rows.vault, row["turn"]) if row["turn"] else None
