"""Conversations in PostgreSQL. A turn is one statement: compare-and-set, turn and request stand or fall together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import asyncpg
from mesh.store.postgres import Pool, connection, transaction
from mesh.store.vault import DataKey, Vault

from services.session.adapters.postgres import handoffs, listing
from services.session.adapters.postgres.opening import open_session
from services.session.adapters.postgres.races import until_won
from services.session.adapters.postgres.requests import check_same, fingerprint_of, remember, stored
from services.session.adapters.postgres.rows import Rows, unsealed, with_keys
from services.session.adapters.postgres.said import dialogue_columns, turn_rows, turns_of
from services.session.domain.handoff import HandoffState
from services.session.domain.session import Dialogue, Session, as_answered, moved_on, no_session
from services.session.domain.turn import Author, Turn, turn_id_taken
from services.session.ports import (
    Committed,
    DialogueWrite,
    HandoffQuery,
    Held,
    Opened,
    Opening,
    Request,
    SessionQuery,
    TurnWrite,
    WordsWrite,
)

_GET = f"""
    SELECT {with_keys("s")} AS session, g.document AS guest
    FROM sessions s JOIN guest_documents g USING (guest_id) WHERE s.session_id = $1
"""  # noqa: S608 (put together of constants, as all below)
_LOCK = f"SELECT {with_keys('s')} FROM sessions s WHERE session_id = $1 FOR UPDATE"  # noqa: S608
# Parameters 1–4 of every write: session, method, request id, fingerprint; 5: now.
_NOT_BEFORE = "NOT EXISTS (SELECT FROM requests WHERE method = $2 AND request_id = $3)"
_REMEMBER = """
    INSERT INTO requests (method, request_id, fingerprint, subject, version, create_time)
    SELECT $2::text, $3::text, $4::text, session_id, version, $5::timestamptz FROM written
"""
_SAY = """
    INSERT INTO turns (session_id, sequence, turn_id, author, sealed, create_time)
    SELECT written.session_id, written.turn_count - jsonb_array_length($6::jsonb) + t.number, t.value ->> 'turn_id',
           (t.value ->> 'author')::smallint, decode(t.value ->> 'sealed', 'base64'), $5
    FROM written, jsonb_array_elements($6::jsonb) WITH ORDINALITY AS t (value, number)
    RETURNING *
"""
_COMMIT = f"""
    WITH written AS (
        UPDATE sessions SET
            state = $7, handoff = $8, due_time = $9,
            version = version + 1, turn_count = turn_count + 1, update_time = $5,
            last_activity_time = CASE WHEN $11::boolean THEN $5 ELSE last_activity_time END,
            expire_time = CASE WHEN live THEN greatest(expire_time, $12::timestamptz) ELSE expire_time END
        WHERE session_id = $1 AND version = $10 AND {_NOT_BEFORE}
        RETURNING *
    ), request AS ({_REMEMBER}), said AS ({_SAY})
    SELECT {unsealed("written")} AS session, said.sequence FROM written, said
"""  # noqa: S608
_UPDATE = f"""
    WITH written AS (
        UPDATE sessions SET
            state = $6, handoff = $7, due_time = $8, version = version + 1, update_time = $5
        WHERE session_id = $1 AND version = $9 AND {_NOT_BEFORE}
        RETURNING *
    ), request AS ({_REMEMBER})
    SELECT {unsealed("written")} FROM written
"""  # noqa: S608
_APPEND = f"""
    WITH written AS (
        UPDATE sessions SET
            version = version + 1, turn_count = turn_count + jsonb_array_length($6::jsonb), update_time = $5,
            expire_time = CASE WHEN live THEN greatest(expire_time, $7::timestamptz) ELSE expire_time END
        WHERE session_id = $1 AND {_NOT_BEFORE}
        RETURNING *
    ), request AS ({_REMEMBER}), said AS ({_SAY})
    SELECT jsonb_agg(to_jsonb(said) ORDER BY sequence) FROM said
"""  # noqa: S608
_CHANGE = """
    UPDATE sessions SET state = $2, handoff = $3, due_time = $4, version = version + 1, update_time = $5
    WHERE session_id = $1
"""
_EXPLAIN = f"""
    SELECT r.fingerprint, r.version,
           (SELECT {with_keys("s")} FROM sessions s WHERE session_id = $1) AS session,
           (SELECT jsonb_agg(to_jsonb(t) ORDER BY sequence) FROM turns t
            WHERE session_id = $1 AND turn_id = ANY ($4)) AS turns
    FROM (SELECT) one LEFT JOIN requests r ON r.method = $2 AND r.request_id = $3
"""  # noqa: S608


class PostgresSessions:
    """`ports.Sessions` in PostgreSQL."""

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._rows = Rows(vault)

    async def open(self, opening: Opening) -> Opened:
        return await open_session(self._pool, self._rows, opening)

    async def get(self, session_id: str) -> Held:
        async with connection(self._pool) as db:
            row = await db.fetchrow(_GET, session_id)
        if row is None:
            raise no_session(session_id)
        return Held(session=self._rows.session(row["session"]), guest=self._rows.guest(row["guest"]))

    async def commit_turn(self, write: TurnWrite) -> Committed:
        def parameters(key: DataKey) -> tuple[object, ...]:
            return (
                turn_rows(key, write.session_id, (write.turn,)),
                *dialogue_columns(key, write.session_id, write.dialogue),
                write.version,
                write.turn.author is Author.GUEST,
                write.expire_time,
            )

        row = await self._write(_COMMIT, write, parameters)
        if row is not None:
            turn = replace(write.turn, sequence=row["sequence"], create_time=write.now)
            session = self._rows.session(row["session"], dialogue=write.dialogue)
            return Committed(session=session, turn=turn, replayed=False)
        session, turns, _ = await self._explain(write, (write.turn.turn_id,))
        if not turns:
            raise moved_on(read=write.version, present=session.version)
        return Committed(session=session, turn=turns[0], replayed=True)

    async def update(self, write: DialogueWrite) -> Session:
        def parameters(key: DataKey) -> tuple[object, ...]:
            return *dialogue_columns(key, write.session_id, write.dialogue), write.version

        row = await self._write(_UPDATE, write, parameters)
        if row is not None:
            return self._rows.session(row[0], dialogue=write.dialogue)
        session, _, made = await self._explain(write, ())
        if made is None:
            raise moved_on(read=write.version, present=session.version)
        return as_answered(session, write.dialogue, made)

    async def append(self, write: WordsWrite) -> tuple[Turn, ...]:
        def parameters(key: DataKey) -> tuple[object, ...]:
            return turn_rows(key, write.session_id, write.turns), write.expire_time

        row = await self._write(_APPEND, write, parameters)
        if row is not None and row[0]:
            return turns_of(self._rows.vault, row[0])
        _, turns, made = await self._explain(write, tuple(turn.turn_id for turn in write.turns))
        if made is None:
            raise turn_id_taken()
        return turns

    async def change(
        self, request: Request, session_id: str, rule: Callable[[Dialogue], Dialogue], now: datetime
    ) -> Session:
        async def attempt() -> Session:
            async with transaction(self._pool) as db:
                text = await db.fetchval(_LOCK, session_id)
                if text is None:
                    raise no_session(session_id)
                present = self._rows.session(text)
                if await stored(db, self._rows, request):
                    return present
                dialogue = rule(present.dialogue)
                if dialogue != present.dialogue:
                    columns = dialogue_columns(self._rows.key(session_id), session_id, dialogue)
                    await db.execute(_CHANGE, session_id, *columns, now)
                await remember(db, self._rows, request, subject=session_id, time=now)
                return self._rows.session(await db.fetchval(_LOCK, session_id))

        return await until_won(attempt)

    async def handoffs(self, query: HandoffQuery) -> tuple[Held, ...]:
        return await handoffs.list_handoffs(self._pool, self._rows, query)

    async def count_handoffs(self, property_id: str) -> Mapping[HandoffState, int]:
        return await handoffs.count_handoffs(self._pool, property_id)

    async def list(self, query: SessionQuery) -> tuple[Session, ...]:
        return await listing.list_sessions(self._pool, self._rows, query)

    async def turns(self, session_id: str, *, after: int, limit: int) -> tuple[Turn, ...]:
        return await listing.list_turns(self._pool, self._rows, session_id, after=after, limit=limit)

    async def turn(self, session_id: str, turn_id: str) -> Turn | None:
        return await listing.find_turn(self._pool, self._rows, session_id, turn_id)

    async def _write(
        self, statement: str, write: DialogueWrite | WordsWrite, parameters: Callable[[DataKey], tuple[object, ...]]
    ) -> asyncpg.Record | None:
        """The statement's row; None when it wrote nothing: a repeat, a lost race, or no such session."""
        request = write.request
        fingerprint = fingerprint_of(self._rows, request)
        keys = (write.session_id, request.method, request.request_id, fingerprint, write.now)
        try:
            async with connection(self._pool) as db:
                key = await self._rows.key_of_session(db, write.session_id)
                return await db.fetchrow(statement, *keys, *parameters(key)) if key else None
        except asyncpg.UniqueViolationError:
            return None

    async def _explain(
        self, write: DialogueWrite | WordsWrite, turn_ids: tuple[str, ...]
    ) -> tuple[Session, tuple[Turn, ...], int | None]:
        """Why nothing was written: the session, those of the turns that are stored, the version that the request made.

        Raises NotFound, Invalid (REQUEST_ID_REUSED).
        """
        request = write.request
        async with connection(self._pool) as db:
            row = await db.fetchrow(_EXPLAIN, write.session_id, request.method, request.request_id, list(turn_ids))
        assert row is not None
        if row["fingerprint"] is not None:
            check_same(self._rows, request, row["fingerprint"])
        if row["session"] is None:
            raise no_session(write.session_id)
        session = self._rows.session(row["session"])
        return session, turns_of(self._rows.vault, row["turns"]), row["version"]
