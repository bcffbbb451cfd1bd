"""Hand-offs in the order in which somebody must see to them."""

from __future__ import annotations

from collections.abc import Mapping

from mesh.store.postgres import Pool, connection

from services.session.adapters.postgres.rows import guest_of, session_of
from services.session.domain.handoff import HandoffState
from services.session.ports import NEVER_DUE, HandoffQuery, Held

# The memory is by far the largest part of a session and nobody here reads it.
_CASES = """
    SELECT to_jsonb(s) #- '{state,memory_json}' AS session, g.document AS guest
    FROM (
        SELECT *, (state #>> '{handoff,priority}')::integer AS urgency,
               coalesce((state #>> '{handoff,due_time}')::timestamptz, $1) AS due
        FROM sessions
        WHERE handoff_state = ANY ($2::smallint[]) AND ($3 = '' OR property_id = $3)
              AND ($4 = '' OR state #>> '{handoff,agent}' = $4)
    ) s JOIN guest_documents g USING (guest_id)
    WHERE $5::integer IS NULL OR (-urgency, due, session_id) > (-$5::integer, $6::timestamptz, $7::text)
    ORDER BY urgency DESC, due, session_id LIMIT $8
"""
_COUNTS = """
    SELECT handoff_state, count(*) FROM sessions
    WHERE handoff_state IS NOT NULL AND ($1 = '' OR property_id = $1) GROUP BY handoff_state
"""


async def list_handoffs(pool: Pool, query: HandoffQuery) -> tuple[Held, ...]:
    """At most `limit` of them."""
    after = query.after or (None, None, None)
    states = [int(state) for state in query.states]
    async with connection(pool) as db:
        rows = await db.fetch(_CASES, NEVER_DUE, states, query.property_id, query.agent, *after, query.limit)
    return tuple(Held(session=session_of(row["session"]), guest=guest_of(row["guest"])) for row in rows)


async def count_handoffs(pool: Pool, property_id: str) -> Mapping[HandoffState, int]:
    """By state."""
    async with connection(pool) as db:
        rows = await db.fetch(_COUNTS, property_id)
    return {HandoffState(row[0]): row[1] for row in rows}
