"""What guests tell us is nowhere to be read in the database or the cache, only opened by the service with its keys."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from mesh.store import postgres
from mesh.store.migrations import migrate
from mesh.store.rotation import count_old_keys, rewrap_keys
from mesh.store.vault import KeyMissing
from pydantic import SecretStr
from redis.asyncio import Redis

from services.session.adapters.postgres import PostgresGuests, PostgresHousekeeping, PostgresSessions
from services.session.domain.erasure import suppression_of
from services.session.domain.guest import GuestDetails
from services.session.domain.handoff import Desk, Handoff, HandoffState, Priority
from services.session.domain.identity import Channel, ChannelIdentity, own_keys
from services.session.domain.session import Dialogue, PendingAction, Promise, SlotValue
from services.session.ports import EraseWrite, GuestWrite, LinkWrite, request_of
from services.session.settings import KEY_TABLES, Settings
from tests.contract.session_stores import (
    DAY,
    MIGRATIONS,
    NOW,
    Stores,
    on_postgres,
    session_redis,
    session_url,
    turn_write,
)
from tests.support.dumps import leaks, rows_of

__all__ = ["session_redis", "session_url"]

PHONE, LINE, MAIL = "5215512345678", "5512345678", "lupita.casas@example.com"
SECRETS = (PHONE, LINE, MAIL, "Lupita", "Casas", "mi perro Firulais", "Calle Sirena 12")
WRITES_AS_BEFORE = ChannelIdentity(channel=Channel.WHATSAPP, address=PHONE)
WRITES = ChannelIdentity(channel=Channel.WHATSAPP, address=PHONE, phone_number=f"+{PHONE}")


async def everything_told(stores: Stores) -> str:
    """A conversation with personal data wherever some can stand; the session's id."""
    opened = await stores.open(WRITES, display_name="Lupita")
    guest_id = opened.guest.guest_id
    told = GuestDetails(given_name="Lupita", family_name="Casas", email=MAIL, opted_out=True)
    write = GuestWrite(
        request=request_of("UpdateGuest", "u1", told.known()), guest_id=guest_id, version=1, details=told, now=NOW
    )
    await stores.guests.update(write)
    mail = ChannelIdentity(channel=Channel.EMAIL, address=MAIL)
    await stores.guests.link(
        LinkWrite(request=request_of("LinkIdentity", "l1"), guest_id=guest_id, identity=mail, now=NOW)
    )
    dialogue = Dialogue(
        language="es",
        slots={"guest_name": SlotValue(value="Lupita Casas"), "phone": SlotValue(value=f"+{PHONE}")},
        pending_actions=(PendingAction(type="hold", reference="hld_1", details={"name": "Lupita Casas"}),),
        promises=(Promise(promise_id="p1", text="llamar a Lupita", due_time=NOW + DAY),),
        handoff=Handoff(
            state=HandoffState.OPEN, desk=Desk.RECEPTION, priority=Priority.URGENT, summary="mi perro Firulais"
        ),
        memory_json=json.dumps({"address": "Calle Sirena 12"}),
        metadata={"display_name": "Lupita"},
    )
    session = await stores.sessions.get(opened.session.session_id)
    text = f"soy Lupita Casas, {MAIL}, viajo con mi perro Firulais"
    await stores.sessions.commit_turn(
        turn_write(session.session, turn_id="t1", text=text, dialogue=dialogue, outcome=text.encode())
    )
    return opened.session.session_id


async def test_nothing_that_a_guest_told_can_be_read_in_a_dump_or_in_the_cache(
    session_url: str, session_redis: Redis
) -> None:
    await session_redis.flushdb()
    async with on_postgres(session_url, session_redis) as stores:
        session_id = await everything_told(stores)
        assert leaks("\n".join(await entries_of(session_redis)), SECRETS) == []
        assert len(await entries_of(session_redis)) >= 2
        held = await stores.sessions.get(session_id)
    rows = await rows_of(session_url, "session")
    assert {table: leaks("\n".join(found), SECRETS) for table, found in rows.items()} == {table: [] for table in rows}
    # And it was there to be read: the service reads it.
    assert (held.guest.given_name, held.guest.email) == ("Lupita", MAIL)
    assert held.session.dialogue.slots["guest_name"].value == "Lupita Casas"


async def entries_of(redis: Redis) -> list[str]:
    return [json.dumps(await redis.hgetall(key)) async for key in redis.scan_iter("session:*")]


async def test_the_look_for_secrets_finds_them() -> None:
    """Else the test above could not fail."""
    for form in (PHONE, PHONE.encode().hex(), base64.b64encode(f"x{MAIL}".encode()).decode()):
        assert leaks(f"something {form} else", SECRETS)


async def test_an_erasure_destroys_the_key_and_a_copy_of_the_rows_is_nothing_without_it(session_url: str) -> None:
    async with on_postgres(session_url) as stores:
        session_id = await everything_told(stores)
        guest_id = (await stores.sessions.get(session_id)).guest.guest_id
        db = await asyncpg.connect(session_url, server_settings={"search_path": "session"})
        copy = await db.fetchrow("SELECT address, state FROM sessions")
        request = request_of("EraseGuest", "e1")
        erasure = EraseWrite(request=request, guest_id=guest_id, receipt_id="era_1", now=NOW, retention=DAY)
        receipt = (await stores.guests.erase(erasure)).receipt
        assert "encryption keys: 1" in receipt.erased
        assert await db.fetchval("SELECT count(*) FROM data_keys") == 0
        await db.close()
    assert copy is not None
    with pytest.raises(KeyMissing):
        Settings().vault().open(copy["state"], f"state:{session_id}")


async def test_guests_made_one_keep_both_keys_and_everything_opens(session_url: str) -> None:
    web = ChannelIdentity(channel=Channel.WEBCHAT, address="visitor-1")
    async with on_postgres(session_url) as stores:
        former = await stores.open(web, property_id="sirena", display_name="Firulais")
        session = await stores.say(former.session, "mi perro Firulais")
        guest_id = (await stores.open(WRITES)).guest.guest_id
        await stores.guests.link(
            LinkWrite(request=request_of("LinkIdentity", "l1"), guest_id=guest_id, identity=web, now=NOW)
        )
    async with on_postgres(session_url) as fresh:  # another replica, which remembers no key
        (turn,) = await fresh.sessions.turns(session.session_id, after=0, limit=10)
        assert turn.inbound_texts == ("mi perro Firulais",)
        held = await fresh.sessions.get(session.session_id)
        assert held.guest.guest_id == guest_id
        assert web in held.guest.identities
        await fresh.say(held.session, "otra vez")
        assert len((await fresh.guests.export(guest_id)).turns[session.session_id]) == 2


def with_masters(masters: str) -> Settings:
    return Settings(data_master_keys=SecretStr(masters))


async def test_keys_are_wrapped_anew_while_everything_goes_on(session_url: str) -> None:
    old, both, new = (with_masters(masters) for masters in ("a:one", "b:two,a:one", "b:two"))
    pool = await postgres.connect_pool(session_url, application_name="test", schema="session", size=2, overflow=2)

    def stores(settings: Settings) -> Stores:
        vault = settings.vault()
        return Stores(PostgresSessions(pool, vault), PostgresGuests(pool, vault), PostgresHousekeeping(pool, vault))

    session_id = await everything_told(stores(old))
    assert (await stores(both).sessions.get(session_id)).guest.email == MAIL
    with pytest.raises(KeyMissing, match="'a' is not among"):
        await stores(new).sessions.get(session_id)
    assert await count_old_keys(pool, both.vault(), KEY_TABLES) == 1
    assert await rewrap_keys(pool, both.vault(), KEY_TABLES, batch=1) == 1
    assert await rewrap_keys(pool, both.vault(), KEY_TABLES) == 0
    assert (await stores(new).sessions.get(session_id)).guest.email == MAIL
    await pool.close()


def test_the_command_rotates_and_says_what_is_left(session_url: str) -> None:
    async def tell() -> None:
        async with on_postgres(session_url) as stores:
            await stores.open(WRITES)

    asyncio.run(tell())

    def rotate(masters: str) -> subprocess.CompletedProcess[str]:
        environment = {"POSTGRES_URL": session_url, "DATA_MASTER_KEYS": masters, "PATH": "/usr/bin"}
        command = [sys.executable, "-m", "services.session", "rotate-keys"]
        root = Path(__file__).parents[2]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=root)

    done = rotate("dev-2:another,dev-1:dev-master-key")
    assert (done.returncode, done.stdout) == (0, "session: 1 keys wrapped under dev-2, 0 under others\n")
    lost = rotate("dev-3:x")
    assert lost.returncode == 2
    assert "master key 'dev-2' is not among DATA_MASTER_KEYS" in lost.stderr


PLAIN_ROWS = (
    """INSERT INTO guests (guest_id, given_name, family_name, email, phone_number, display_name, language, version,
                           create_time)
       VALUES ('gst_1', 'Lupita', 'Casas', $1, '+5215512345678', 'Lu', 'es', 3, $2)""",
    """INSERT INTO guest_identities (channel, channel_name, match_key, guest_id, address, phone_number)
       VALUES (1, '', $1, 'gst_1', '5215512345678', '')""",
    """INSERT INTO sessions (session_id, property_id, guest_id, channel, channel_name, address, phone_number, state,
                             version, turn_count, live, create_time, update_time, last_activity_time, expire_time)
       VALUES ('ses_1', 'alameda', 'gst_1', 1, '', '5215512345678', '', $1, 2, 1, true, $2, $2, $2, $3)""",
    """INSERT INTO turns VALUES ('ses_1', 1, 't1', 1, $1, $2, $3)""",
    "INSERT INTO requests VALUES ('CommitTurn', 't1', $1, 'ses_1', 2, NULL, $2)",
    "INSERT INTO suppressions VALUES ($1, $2)",
)
STATE = {
    "language": "es",
    "slots": {"guest_name": {"value": "Lupita Casas"}},
    "handoff": {"state": 1, "desk": 1, "priority": 3, "agent": "ana"},
}


async def fill_plain(url: str) -> None:
    db = await asyncpg.connect(url, server_settings={"search_path": "session"})
    line = own_keys(WRITES)[0]
    values: tuple[tuple[Any, ...], ...] = (
        (MAIL, NOW),
        (line.key,),
        (json.dumps(STATE), NOW, NOW + DAY),
        (json.dumps({"inbound_texts": ["hola"]}), b"\x00answer\x00\xff", NOW),
        (request_of("CommitTurn", "t1", "ses_1", "hola").fingerprint, NOW),
        (suppression_of(line), NOW),
    )
    for statement, given in zip(PLAIN_ROWS, values, strict=True):
        await db.execute(statement, *given)
    await db.close()


def test_rows_from_before_are_sealed_and_opened_again_by_the_migration(postgres_url: str) -> None:
    def move(revision: str) -> None:
        migrate(postgres_url, schema="session", directory=MIGRATIONS, revision=revision)

    move("0001")
    asyncio.run(fill_plain(postgres_url))
    before = asyncio.run(rows_of(postgres_url, "session"))
    assert leaks(str(before), SECRETS)
    for _ in range(2):
        move("0002")
        assert leaks(str(asyncio.run(rows_of(postgres_url, "session"))), SECRETS) == []
        asyncio.run(read_sealed(postgres_url))
        move("-1")
        after = asyncio.run(rows_of(postgres_url, "session"))
        assert {name: sorted(map(in_any_order, rows)) for name, rows in after.items()} == {
            name: sorted(map(in_any_order, rows)) for name, rows in before.items()
        }


def in_any_order(row: str) -> list[str]:
    """The columns of a row: a migration down adds them at the end."""
    return sorted(row.strip("()").split(",")) if "alembic" not in row else [row]


async def read_sealed(url: str) -> None:
    async with on_postgres(url) as stores:
        opened = await stores.open(WRITES_AS_BEFORE)
        assert not opened.written
        assert (opened.session.session_id, opened.guest.guest_id, opened.created) == ("ses_1", "gst_1", False)
        assert (opened.guest.given_name, opened.guest.email, opened.guest.display_name) == ("Lupita", MAIL, "Lu")
        assert opened.session.dialogue.slots["guest_name"].value == "Lupita Casas"
        assert opened.recent_turns[0].outcome == b"\x00answer\x00\xff"
        # The request of that turn is still known.
        repeat = await stores.sessions.commit_turn(turn_write(opened.session, turn_id="t1", text="hola"))
        assert repeat.replayed
