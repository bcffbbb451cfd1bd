"""Giving a proven identity to a guest in PostgreSQL, and making two guests one where it was another's."""

from __future__ import annotations

from datetime import datetime

from mesh.store.postgres import Connection, Pool, transaction

from services.session.adapters.postgres.requests import Lost, remember, stored
from services.session.adapters.postgres.rows import Rows, store_guest, with_keys
from services.session.domain.guest import Guest, absorbed, linked, no_guest
from services.session.domain.identity import own_keys
from services.session.domain.session import Session, handed_over
from services.session.ports import Linked, LinkWrite

# Locks are taken in the order of ids, so that two links at once cannot wait for each other.
_LOCK_GUESTS = "SELECT guest_id FROM guests WHERE guest_id = ANY ($1) ORDER BY guest_id FOR UPDATE"
_LOCK_SESSIONS = f"SELECT {with_keys('s')} FROM sessions s WHERE guest_id = ANY ($1) ORDER BY session_id FOR UPDATE"  # noqa: S608
_GUEST = "SELECT document FROM guest_documents WHERE guest_id = $1"
_HOLDERS = """
    SELECT i.guest_id FROM unnest($1::smallint[], $2::text[], $3::text[]) WITH ORDINALITY
        AS k (channel, channel_name, match_hash, rank) JOIN guest_identities i USING (channel, channel_name, match_hash)
    ORDER BY k.rank
"""
_MOVE_SESSION = """
    UPDATE sessions SET guest_id = $2, live = $3, expire_time = $4, version = $5, update_time = $6
    WHERE session_id = $1
"""
_MOVE_IDENTITIES = "UPDATE guest_identities SET guest_id = $2 WHERE guest_id = $1"
# What was sealed stays as it is: its key has another guest now.
_MOVE_KEYS = "UPDATE data_keys SET guest_id = $2 WHERE guest_id = $1"
_MOVE_REQUESTS = "UPDATE requests SET subject = $2 WHERE subject = $1"
_DELETE_GUEST = "DELETE FROM guests WHERE guest_id = $1"
_PUT_KEY = """
    INSERT INTO guest_identities (guest_id, channel, channel_name, match_hash, sealed)
    SELECT $1, * FROM unnest($2::smallint[], $3::text[], $4::text[], $5::bytea[])
    ON CONFLICT (channel, channel_name, match_hash)
    DO UPDATE SET guest_id = excluded.guest_id, sealed = excluded.sealed
"""


async def link_identity(pool: Pool, rows: Rows, write: LinkWrite) -> Linked:
    """One attempt. Raises Lost, NotFound, Invalid (REQUEST_ID_REUSED)."""
    async with transaction(pool) as db:
        formers = await _former_guests(db, rows, write)
        guest_ids = [write.guest_id, *formers]
        locked = {row[0] for row in await db.fetch(_LOCK_GUESTS, guest_ids)}
        if write.guest_id not in locked:
            raise no_guest(write.guest_id)
        if await stored(db, rows, write.request):
            return Linked(guest=await _read(db, rows, write.guest_id))
        if locked != set(guest_ids) or formers != await _former_guests(db, rows, write):
            raise Lost
        sessions = [rows.session(row[0]) for row in await db.fetch(_LOCK_SESSIONS, guest_ids)]
        guest = await _read(db, rows, write.guest_id)
        touched: dict[str, Session] = {}
        for former_id in formers:
            former = await _read(db, rows, former_id)
            moved = await _hand_over(db, former, guest, sessions, write.now)
            sessions = [moved.get(session.session_id, session) for session in sessions]
            touched |= moved
            guest = absorbed(guest, former)
        columns = rows.identity_columns(own_keys(write.identity), guest.guest_id, write.identity)
        await db.execute(_PUT_KEY, guest.guest_id, *columns)
        await store_guest(db, rows, linked(guest, write.identity))
        await remember(db, rows, write.request, subject=guest.guest_id, time=write.now)
        guest = await _read(db, rows, guest.guest_id)
    return Linked(guest=guest, touched=tuple(touched.values()), former_guest_ids=tuple(formers))


async def _former_guests(db: Connection, rows: Rows, write: LinkWrite) -> list[str]:
    holders = [row[0] for row in await db.fetch(_HOLDERS, *rows.key_columns(own_keys(write.identity)))]
    return [holder for holder in dict.fromkeys(holders) if holder != write.guest_id]


async def _hand_over(
    db: Connection, former: Guest, guest: Guest, sessions: list[Session], now: datetime
) -> dict[str, Session]:
    """Makes everything of a former guest the guest's; the sessions that changed by it, by id."""
    theirs = [session for session in sessions if session.guest_id == former.guest_id]
    own = [session for session in sessions if session.guest_id == guest.guest_id]
    moved = {session.session_id: session for session in handed_over(theirs, own, guest.guest_id, now)}
    # Those that end go first: a guest has one live session with a property at every moment.
    for session in sorted(moved.values(), key=lambda session: session.live):
        columns = (session.live, session.expire_time, session.version, session.update_time)
        await db.execute(_MOVE_SESSION, session.session_id, session.guest_id, *columns)
    for statement in (_MOVE_IDENTITIES, _MOVE_KEYS, _MOVE_REQUESTS):
        await db.execute(statement, former.guest_id, guest.guest_id)
    await db.execute(_DELETE_GUEST, former.guest_id)
    return moved


async def _read(db: Connection, rows: Rows, guest_id: str) -> Guest:
    return rows.guest(await db.fetchval(_GUEST, guest_id))
