"""Canned answers and proposals in PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import asyncpg
from mesh.errors import NotFound
from mesh.store.postgres import Pool, connection

from services.gateway.adapters.sealing import Sealing
from services.gateway.staff.domain.canned import Canned
from services.gateway.staff.domain.proposal import Kind, Proposal, State

_PUT = """
    INSERT INTO canned_answers (canned_id, title, texts, update_time) VALUES ($1, $2, $3::jsonb, $4)
    ON CONFLICT (canned_id) DO UPDATE SET title = excluded.title, texts = excluded.texts,
        update_time = excluded.update_time, version = canned_answers.version + 1
"""


class PostgresCanned:
    """Canned answers on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def all(self) -> Sequence[Canned]:
        """Every one, by title: a hotel has some dozens."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch("SELECT canned_id, title, texts FROM canned_answers ORDER BY title LIMIT 500")
        return [Canned(canned_id=row[0], title=row[1], texts=json.loads(row[2])) for row in rows]

    async def put(self, canned: Canned, *, now: datetime) -> None:
        """Stores one, new or changed."""
        async with connection(self._pool) as conn:
            await conn.execute(_PUT, canned.canned_id, canned.title, json.dumps(dict(canned.texts)), now)

    async def remove(self, canned_id: str) -> None:
        """Raises NotFound(RECORD_NOT_FOUND)."""
        async with connection(self._pool) as conn:
            gone = await conn.fetchval("DELETE FROM canned_answers WHERE canned_id = $1 RETURNING 1", canned_id)
        if gone is None:
            raise NotFound("RECORD_NOT_FOUND", "there is no such canned answer")


_COLUMNS = (
    "proposal_id, kind, state, property_id, session_id, turn_id, language, author, create_time, reviewer, review_time"
)
# A guest's words, and what staff make of them, under a key of the proposal's own.
_SEALED = ("guest_text", "was", "should_be", "words")
_ADD = f"""
    INSERT INTO proposals ({_COLUMNS}, sealed, key_id, master, wrapped)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', NULL, $10, $11, $12, $13)
    ON CONFLICT DO NOTHING
"""  # noqa: S608 (constants only)
_LIST = f"""
    SELECT {_COLUMNS}, sealed, key_id, master, wrapped FROM proposals WHERE state = $1
    ORDER BY create_time DESC, proposal_id LIMIT $2
"""  # noqa: S608 (constants only)
_REVIEW = "UPDATE proposals SET state = $2, reviewer = $3, review_time = $4 WHERE proposal_id = $1 RETURNING 1"


class PostgresProposals:
    """Proposals on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def add(self, proposal: Proposal) -> None:
        """Stores one; the same again is the same."""
        said = {name: getattr(proposal, name) for name in _SEALED}
        values = (
            proposal.proposal_id,
            proposal.kind.value,
            proposal.state.value,
            proposal.property_id,
            proposal.session_id,
            proposal.turn_id,
            proposal.language,
            proposal.author,
            proposal.create_time,
            *self._sealing.seal_alone(json.dumps(said), f"proposal:{proposal.proposal_id}"),
        )
        async with connection(self._pool) as conn:
            await conn.execute(_ADD, *values)

    async def in_state(self, state: State, *, limit: int = 200) -> Sequence[Proposal]:
        """The latest first."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch(_LIST, state.value, limit)
        return [self._proposal(row) for row in rows]

    async def review(self, proposal_id: str, state: State, *, reviewer: str, now: datetime) -> None:
        """Raises NotFound(RECORD_NOT_FOUND)."""
        async with connection(self._pool) as conn:
            if await conn.fetchval(_REVIEW, proposal_id, state.value, reviewer, now) is None:
                raise NotFound("RECORD_NOT_FOUND", "there is no such proposal")

    async def forget(self, session_ids: Sequence[str]) -> int:
        """Removes what a guest's words are in; returns how many."""
        async with connection(self._pool) as conn:
            gone = await conn.fetch(
                "DELETE FROM proposals WHERE session_id = ANY ($1::text[]) RETURNING 1", list(session_ids)
            )
        return len(gone)

    def _proposal(self, row: asyncpg.Record) -> Proposal:
        said = json.loads(self._sealing.open_alone(row, f"proposal:{row['proposal_id']}"))
        values = {name: row[name] for name in _COLUMNS.split(", ")} | said
        return Proposal(**values | {"kind": Kind(row["kind"]), "state": State(row["state"])})
