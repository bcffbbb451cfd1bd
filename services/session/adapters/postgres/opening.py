"""Finding or beginning a conversation: one statement when it is there, which is nearly always."""

from __future__ import annotations

from dataclasses import dataclass

from mesh.store.postgres import Connection, Pool, connection, transaction
from mesh.values import new_id

from services.session.adapters.postgres.erasing import hash_of_stop
from services.session.adapters.postgres.races import until_won
from services.session.adapters.postgres.requests import Lost
from services.session.adapters.postgres.rows import Rows, keys_of, with_keys
from services.session.adapters.postgres.said import dialogue_columns, turns_of
from services.session.domain.guest import Guest, first_contact
from services.session.domain.identity import ChannelIdentity, MatchKey, lookup_keys, own_keys
from services.session.domain.recognition import Recognition, recognise, refreshed
from services.session.domain.session import Session, begin
from services.session.domain.turn import RECENT_TURNS, Author, Turn
from services.session.ports import Opened, Opening

_KNOWN = f"""
    WITH wanted AS (
        SELECT * FROM unnest($1::smallint[], $2::text[], $3::text[])
        WITH ORDINALITY AS w (channel, channel_name, match_hash, rank)
    ), known AS (
        SELECT i.*, w.rank, {keys_of("i")} AS keys
        FROM wanted w JOIN guest_identities i USING (channel, channel_name, match_hash)
    ), best AS (
        SELECT guest_id FROM known ORDER BY rank LIMIT 1
    )
"""  # noqa: S608 (put together of constants, as the next)
_LOOK = f"""{_KNOWN}
    SELECT
        (SELECT jsonb_agg(to_jsonb(known)) FROM known) AS known,
        (SELECT document FROM guest_documents g WHERE g.guest_id = best.guest_id) AS guest,
        {with_keys("s")} AS session,
        (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.sequence) FROM (
            SELECT * FROM turns WHERE session_id = s.session_id AND sequence > s.turn_count - $5
                AND ($6 = '' OR author = $7 OR turn_id = $6)
            UNION ALL
            SELECT * FROM turns WHERE session_id = s.session_id AND sequence <= s.turn_count - $5 AND turn_id = $6
         ) t) AS turns
    FROM (SELECT) one
    LEFT JOIN best ON true
    LEFT JOIN sessions s ON s.guest_id = best.guest_id AND s.property_id = $4 AND s.live
"""  # noqa: S608 (put together of constants)
_FIND_GUEST = f"{_KNOWN} SELECT document FROM guest_documents JOIN best USING (guest_id)"  # noqa: S608 (likewise)
_INSERT_GUEST = """
    WITH guest AS (
        INSERT INTO guests (guest_id, sealed, opted_out, version, create_time) VALUES ($1, $2, $3, 1, $4)
    )
    INSERT INTO data_keys (guest_id, key_id, master, wrapped) VALUES ($1, $5, $6, $7)
"""
_SUPPRESSED = "SELECT EXISTS (SELECT FROM suppressions WHERE key_hash = ANY ($1))"
_INSERT_KEYS = """
    INSERT INTO guest_identities (channel, channel_name, match_hash, sealed, guest_id)
    SELECT k.channel, k.channel_name, k.match_hash, k.sealed, $5
    FROM unnest($1::smallint[], $2::text[], $3::text[], $4::bytea[]) AS k (channel, channel_name, match_hash, sealed)
    ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING RETURNING 1
"""
_REWRITE_KEY = """
    UPDATE guest_identities SET sealed = $4 WHERE channel = $1 AND channel_name = $2 AND match_hash = $3
"""
_MOVE_GUEST_ON = "UPDATE guests SET version = version + 1 WHERE guest_id = $1 RETURNING 1"
_END = f"""
    UPDATE sessions SET live = false, version = version + 1, update_time = $2
    WHERE session_id = $1 AND live AND expire_time <= $2
    RETURNING {with_keys("sessions")}
"""  # noqa: S608
_INSERT_SESSION = """
    INSERT INTO sessions (session_id, property_id, guest_id, channel, channel_name, address, state, handoff,
                          due_time, version, turn_count, live,
                          create_time, update_time, last_activity_time, expire_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 0, true, $10, $10, $10, $11)
    ON CONFLICT (property_id, guest_id) WHERE live DO NOTHING RETURNING 1
"""
_ANSWER_AT = """
    UPDATE sessions SET channel = $3, channel_name = $4, address = $5, version = version + 1, update_time = $6
    WHERE session_id = $1 AND version = $2
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What is stored about the one who writes."""

    recognition: Recognition
    guest: Guest | None
    session: Session | None
    turns: tuple[Turn, ...]


@dataclass(slots=True)
class Written:
    """What a transaction wrote: the session it began, the one it ended."""

    done: bool = False
    begun: str = ""
    ended: Session | None = None


async def open_session(pool: Pool, rows: Rows, opening: Opening) -> Opened:
    """The guest's live session, found or begun. Raises Down."""
    written = Written()

    async def attempt() -> Opened:
        async with connection(pool) as db:
            found = await _look(db, rows, opening)
        guest, session = found.guest, found.session
        if guest and session and session.is_active(opening.now) and (written.done or _settled(found, opening)):
            # What we wrote may have been written over since, by the same guest in another form: both are served.
            return Opened(
                session=session,
                guest=guest,
                created=session.session_id == written.begun,
                recent_turns=found.turns,
                written=written.done,
                ended=written.ended,
            )
        async with transaction(pool) as db:
            now_written = await _settle(db, rows, opening, found)
        written.begun = now_written.begun or written.begun
        written.ended = now_written.ended or written.ended
        written.done = True
        raise Lost  # to ourselves: the next look finds what was written

    return await until_won(attempt)


async def find_guest(db: Connection, rows: Rows, identity: ChannelIdentity) -> Guest | None:
    """The guest behind an identity."""
    text = await db.fetchval(_FIND_GUEST, *rows.key_columns(lookup_keys(identity)))
    return rows.guest(text) if text else None


async def _insert_keys(
    db: Connection, rows: Rows, keys: tuple[MatchKey, ...], *, guest_id: str, identity: ChannelIdentity
) -> int:
    """Stores keys as a guest's; how many were nobody's before."""
    return len(await db.fetch(_INSERT_KEYS, *rows.identity_columns(keys, guest_id, identity), guest_id))


async def _look(db: Connection, rows: Rows, opening: Opening) -> Found:
    columns = rows.key_columns(lookup_keys(opening.identity))
    row = await db.fetchrow(_LOOK, *columns, opening.property_id, RECENT_TURNS, opening.turn_id, Author.STAFF)
    assert row is not None
    return Found(
        recognition=recognise(opening.identity, rows.known(row["known"])),
        guest=rows.guest(row["guest"]) if row["guest"] else None,
        session=rows.session(row["session"]) if row["session"] else None,
        turns=turns_of(rows.vault, row["turns"]),
    )


def _settled(found: Found, opening: Opening) -> bool:
    """Whether there is nothing to write about a guest with an active session."""
    session = found.session
    at_home = session is not None and refreshed(session.identity, opening.identity) == session.identity
    return found.recognition.complete and at_home


async def _settle(db: Connection, rows: Rows, opening: Opening, found: Found) -> Written:
    """Writes what is missing. Raises Lost."""
    guest = found.guest or await _welcome(db, rows, opening)
    if found.guest and not found.recognition.complete:
        await _add_keys(db, rows, opening, found)
    session = found.session
    if session and session.is_active(opening.now):
        identity = refreshed(session.identity, opening.identity)
        if identity != session.identity:
            address = rows.sealed_address(rows.key(session.session_id), session.session_id, identity)
            where = (int(identity.channel), identity.channel_name, address)
            await db.execute(_ANSWER_AT, session.session_id, session.version, *where, opening.now)
        return Written()
    over = await db.fetchval(_END, session.session_id, opening.now) if session else None
    return Written(begun=await _begin(db, rows, opening, guest), ended=rows.session(over) if over else None)


async def _welcome(db: Connection, rows: Rows, opening: Opening) -> Guest:
    hashes = [hash_of_stop(rows, key) for key in lookup_keys(opening.identity)]
    guest = first_contact(
        guest_id=new_id("gst"),
        identity=opening.identity,
        display_name=opening.display_name,
        opted_out=bool(await db.fetchval(_SUPPRESSED, hashes)),
        now=opening.now,
    )
    key = rows.new_key(guest.guest_id)
    columns = (rows.sealed_guest(guest), guest.opted_out, guest.create_time)
    await db.execute(_INSERT_GUEST, guest.guest_id, *columns, key.key_id, key.master, key.wrapped)
    keys = own_keys(opening.identity)
    if await _insert_keys(db, rows, keys, guest_id=guest.guest_id, identity=opening.identity) < len(keys):
        raise Lost
    return guest


async def _add_keys(db: Connection, rows: Rows, opening: Opening, found: Found) -> None:
    recognition, identity = found.recognition, opening.identity
    assert recognition.guest_id is not None
    if not await db.fetchval(_MOVE_GUEST_ON, recognition.guest_id):
        raise Lost
    if recognition.new_keys:
        await _insert_keys(db, rows, recognition.new_keys, guest_id=recognition.guest_id, identity=identity)
    if recognition.rewritten:
        columns = rows.identity_columns(own_keys(identity)[:1], recognition.guest_id, identity)
        await db.execute(_REWRITE_KEY, *(values[0] for values in columns))


async def _begin(db: Connection, rows: Rows, opening: Opening, guest: Guest) -> str:
    """The id of the new session; empty when somebody else has just begun one."""
    session = begin(
        session_id=new_id("ses"),
        property_id=opening.property_id,
        guest_id=guest.guest_id,
        identity=opening.identity,
        display_name=guest.display_name,
        now=opening.now,
        expire_time=opening.now + opening.silence,
    )
    identity, key = session.identity, rows.key(guest.guest_id)
    done = await db.fetchval(
        _INSERT_SESSION,
        session.session_id,
        session.property_id,
        session.guest_id,
        int(identity.channel),
        identity.channel_name,
        rows.sealed_address(key, session.session_id, identity),
        *dialogue_columns(key, session.session_id, session.dialogue),
        session.create_time,
        session.expire_time,
    )
    return session.session_id if done else ""
