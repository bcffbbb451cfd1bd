"""Hand-offs in the order in which somebody must see to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mesh.store.postgres import Pool, connection

from services.session.adapters.postgres.rows import Rows, with_keys
from services.session.domain.handoff import HandoffState
from services.session.domain.session import Session
from services.session.ports import NEVER_DUE, HandoffQuery, Held

_CASES = f"""
    SELECT {with_keys("s")} AS session, g.document AS guest
    FROM (
        SELECT *, (handoff ->> 'priority')::integer AS urgency,
               coalesce((handoff ->> 'due_time')::timestamptz, $1) AS due
        FROM sessions
        WHERE handoff_state = ANY ($2::smallint[]) AND ($3 = '' OR property_id = $3)
              AND ($4 = '' OR handoff ->> 'agent' = $4)
    ) s JOIN guest_documents g USING (guest_id)
    WHERE $5::integer IS NULL OR (-urgency, due, session_id) > (-$5::integer, $6::timestamptz, $7::text)
    ORDER BY urgency DESC, due, session_id LIMIT $8
"""  # noqa: S608 (put together of constants)
_COUNTS = """
    SELECT handoff_state, count(*) FROM sessions
    WHERE handoff_state IS NOT NULL AND ($1 = '' OR property_id = $1) GROUP BY handoff_state
"""


async def list_handoffs(pool: Pool, rows: Rows, query: HandoffQuery) -> tuple[Held, ...]:
    """At most `limit` of them."""
    after = query.after or (None, None, None)
    states = [int(state) for state in query.states]
    async with connection(pool) as db:
        found = await db.fetch(_CASES, NEVER_DUE, states, query.property_id, query.agent, *after, query.limit)
    return tuple(Held(session=_lean(rows.session(row["session"])), guest=rows.guest(row["guest"])) for row in found)


def _lean(session: Session) -> Session:
    """Without the memory, by far the largest part, which nobody here reads."""
    return replace(session, dialogue=replace(session.dialogue, memory_json=""))


async def count_handoffs(pool: Pool, property_id: str) -> Mapping[HandoffState, int]:
    """By state."""
    async with connection(pool) as db:
        rows = await db.fetch(_COUNTS, property_id)
    return {HandoffState(row[0]): row[1] for row in rows}
