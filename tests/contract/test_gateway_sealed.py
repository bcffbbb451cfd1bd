"""What guests write and are told is nowhere to be read in the gateway's tables, and everything is found and opened."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from mesh.store.migrations import migrate
from mesh.store.postgres import Pool, connect_pool
from mesh.store.rotation import count_old_keys, rewrap_keys
from mesh.store.vault import KeyMissing
from pydantic import SecretStr

from services.gateway.adapters.postgres_inbox import PostgresInbox
from services.gateway.adapters.postgres_outbox import PostgresOutbox
from services.gateway.adapters.rows import message_to_text, messages_to_text, outbound_to_text
from services.gateway.adapters.sealing import Sealing
from services.gateway.channels.email.ports import Thread
from services.gateway.domain.message import (
    AddressChange,
    Channel,
    ChannelEvent,
    Delivery,
    Identity,
    OutboundMessage,
    StatusUpdate,
)
from services.gateway.domain.outbox import Accepted, DeliveryState
from services.gateway.settings import KEY_TABLES, VaultSettings
from services.gateway.staff.adapters.dead_letters import PostgresDeadLetters
from services.gateway.staff.adapters.written import PostgresWritten
from tests.support.dumps import leaks, rows_of
from tests.support.gateway import MIGRATIONS, migrated
from tests.support.gateway_stores import (
    CHANNELS,
    NOW,
    POLICY,
    SECOND,
    Stores,
    new_sealing,
    postgres_stores,
    said,
)
from tests.support.stores import Databases

PHONE, SECOND_ID, MAIL = "5215598765432", "MX.lupita-casas", "lupita.casas@example.com"
LUPITA = Identity(channel=Channel.WHATSAPP, address=PHONE, phone_number=f"+{PHONE}", aliases=(SECOND_ID,))
SECRETS = (PHONE, SECOND_ID, MAIL, "Guadalupe", "Firulais", "Con gusto")
WAMID = f"wamid.{PHONE}.1"


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    made = await connect_pool(database, application_name="test", schema="gateway", size=1, overflow=0)
    yield made
    await made.close()


async def lived(stores: Stores) -> str:
    """Something of Lupita in every table that keeps anything of a guest; her conversation."""
    words = said("viajo con Firulais", f"wamid.{PHONE}.in", sender=LUPITA, display_name="Guadalupe")
    event = ChannelEvent(channel=Channel.WHATSAPP, event_id="e1", kind="odd", payload=f'{{"from": "{PHONE}"}}')
    await stores.inbox.store(Delivery(messages=(words,), events=(event,)), now=NOW)
    turn = await stores.claim(NOW + SECOND)
    await stores.inbox.complete(turn, [OutboundMessage(text="Con gusto, Guadalupe")], now=NOW, traceparent="")
    item = await stores.outbox.claim(channels=CHANNELS, holder="s", now=NOW, lease=SECOND)
    assert item is not None
    await stores.outbox.settle(item, Accepted(channel_message_id=WAMID), None, now=NOW)
    read = StatusUpdate(channel=Channel.WHATSAPP, channel_message_id=WAMID, status=DeliveryState.READ, time=NOW)
    await stores.inbox.store(Delivery(statuses=(read,)), now=NOW)
    conversation_id = turn.conversation.conversation_id
    await stores.chats.append(conversation_id=conversation_id, message_id="c1", payload="Firulais", now=NOW)
    thread = Thread(message_id=f"<{MAIL}>", references=(), subject="Firulais", thread_id="")
    await stores.threads.add("k1", mailbox="desk@example.com", guest=MAIL, thread=thread, now=NOW)
    await stores.receive(said("y otra cosa de Firulais", "m2", sender=LUPITA), now=NOW + 9 * SECOND)
    waiting = await stores.claim(NOW + 19 * SECOND)
    await stores.inbox.park(waiting, reason="UNAVAILABLE", now=NOW + 19 * SECOND)
    return conversation_id


async def test_nothing_of_a_guest_can_be_read_in_a_dump(database: str, pool: Pool) -> None:
    async with postgres_stores(database) as stores:
        conversation_id = await lived(stores)
    rows = await rows_of(database, "gateway")
    assert {table: leaks("\n".join(found), SECRETS) for table, found in rows.items()} == {table: [] for table in rows}
    # And it was there to be read: another replica finds and opens everything.
    async with postgres_stores(database) as other:
        known = await other.conversations.find("alameda", Identity(channel=Channel.WHATSAPP, address=SECOND_ID))
        assert known is not None
        assert (known.conversation_id, known.identity.address) == (conversation_id, PHONE)
        [sent] = (await other.outbox.page(conversation_id, before=None, size=9)).messages
        assert (sent.content.text, sent.state) == ("Con gusto, Guadalupe", DeliveryState.READ)
        assert sent.channel_message_id == WAMID
        assert [event.payload for event in await other.chats.after(conversation_id, 0, limit=9)] == ["Firulais"]
        thread = await other.threads.find(mailbox="desk@example.com", guest=MAIL, key="")
        assert thread is not None
        assert thread.subject == "Firulais"
        again = said("viajo con Firulais", f"wamid.{PHONE}.in", sender=LUPITA)
        assert (await other.inbox.store(Delivery(messages=(again,)), now=NOW)).repeated_messages == 1
    letters = PostgresDeadLetters(pool=pool, sealing=new_sealing())
    [letter] = await letters.page(after="", size=9)
    assert (await letters.open(letter.turn_id)).said == ("y otra cosa de Firulais",)
    written = PostgresWritten(pool=pool, sealing=new_sealing())
    assert [who.address for who in await written.by("FIRULÁIS")] == [PHONE]
    assert [who.address for who in await written.by("guadalupe")] == [PHONE]
    assert await written.by("Remedios") == []


async def test_a_guest_known_to_another_replica_costs_one_statement_more_once(database: str, pool: Pool) -> None:
    async with postgres_stores(database) as stores:
        await stores.receive(said("uno", "m1", sender=LUPITA))
    inbox, statements = PostgresInbox(pool=pool, policy=POLICY, sealing=new_sealing()), list[str]()
    async with pool.acquire() as listening:
        listening.add_query_logger(lambda record: statements.append(record.query))
    counts = []
    for number, guest in enumerate((LUPITA, LUPITA, Identity(channel=Channel.WHATSAPP, address="34600111222"))):
        statements.clear()
        message = said("hola", f"n{number}", sender=guest)
        assert (await inbox.store(Delivery(messages=(message, message)), now=NOW)).new_messages == 1
        counts.append(len(statements))
    assert counts == [2, 1, 1], "known elsewhere, known here, new"


async def test_webhooks_that_open_one_conversation_at_once_lose_nothing(database: str) -> None:
    async with postgres_stores(database) as one, postgres_stores(database) as other:
        deliveries = [
            stores.inbox.store(Delivery(messages=(said(f"{number}", f"m{number}", sender=LUPITA),)), now=NOW)
            for number in range(8)
            for stores in (one, other)
        ]
        stored = await asyncio.gather(*deliveries)
        assert sum(each.new_messages for each in stored) == 8
        turn = await one.claim(NOW + 9 * SECOND)
        assert sorted(message.message_id for message in turn.messages) == [f"m{number}" for number in range(8)]


async def test_a_known_guest_with_a_new_number_stays_in_the_conversation(database: str) -> None:
    async with postgres_stores(database) as stores:
        await stores.receive(said("uno", "m1", sender=LUPITA))
        change = AddressChange(channel=Channel.WHATSAPP, property_id="alameda", previous=PHONE, current="5215500000001")
        await stores.inbox.store(Delivery(address_changes=(change,)), now=NOW)
        await stores.receive(said("dos", "m2", sender=Identity(channel=Channel.WHATSAPP, address="5215500000001")))
        turn = await stores.claim(NOW + 9 * SECOND)
        assert [message.message_id for message in turn.messages] == ["m1", "m2"]
        assert (turn.conversation.identity.address, turn.conversation.reply_address) == (PHONE, "5215500000001")
        assert turn.conversation.identity.phone_number == LUPITA.phone_number


async def test_a_row_opens_in_its_place_alone_and_not_without_its_key(database: str, pool: Pool) -> None:
    async with postgres_stores(database) as stores:
        conversation_id = await lived(stores)
        await stores.answered("Hello", guest=Identity(channel=Channel.WHATSAPP, address="34600111222"), now=NOW)
    await pool.execute(
        "UPDATE outbox SET content = (SELECT content FROM outbox WHERE conversation_id = $1)"
        " WHERE conversation_id <> $1",
        conversation_id,
    )
    outbox = PostgresOutbox(pool=pool, sealing=new_sealing())
    for row in await pool.fetch("SELECT message_id FROM outbox WHERE conversation_id <> $1", conversation_id):
        with pytest.raises(KeyMissing):
            await outbox.get(row[0])


async def test_a_conversation_without_its_key_holds_up_nobody(database: str, pool: Pool) -> None:
    other = Identity(channel=Channel.WHATSAPP, address="34600111222")
    async with postgres_stores(database) as stores:
        await stores.answered("uno", guest=LUPITA)
        await stores.answered("two", guest=other)
        for guest in (LUPITA, other):
            await stores.receive(said("y?", f"m-{guest.address}", sender=guest))
        known = await stores.conversations.find("alameda", LUPITA)
        assert known is not None
    await pool.execute("UPDATE conversations SET master = 'lost' WHERE conversation_id = $1", known.conversation_id)
    async with postgres_stores(database) as stores:
        turn = await stores.claim(NOW + 9 * SECOND)
        item = await stores.outbox.claim(channels=CHANNELS, holder="s", now=NOW + 9 * SECOND, lease=SECOND)
        assert item is not None
        assert {turn.conversation.identity.address, item.conversation.identity.address} == {other.address}
        assert await stores.inbox.claim(holder="one", now=NOW + 9 * SECOND) is None


def told(masters: str) -> VaultSettings:
    return VaultSettings(data_master_keys=SecretStr(masters))


async def test_master_keys_change_while_the_gateway_runs(database: str, pool: Pool) -> None:
    async with postgres_stores(database) as stores:
        await lived(stores)
    both = told("dev-2:another-master-key,dev-1:dev-master-key").vault()
    assert await rewrap_keys(pool, both, KEY_TABLES) == 3
    assert await count_old_keys(pool, both, KEY_TABLES) == 0
    letters = PostgresDeadLetters(pool=pool, sealing=Sealing(vault=told("dev-2:another-master-key").vault()))
    [letter] = await letters.page(after="", size=9)
    assert (await letters.open(letter.turn_id)).sender.address == PHONE
    with pytest.raises(KeyMissing):
        await PostgresDeadLetters(pool=pool, sealing=new_sealing()).open(letter.turn_id)


async def test_the_command_that_rotates_keys(database: str, pool: Pool) -> None:
    async with postgres_stores(database) as stores:
        await lived(stores)
    environment = {"POSTGRES_URL": database, "DATA_MASTER_KEYS": "dev-2:x,dev-1:dev-master-key", "PATH": "/usr/bin"}
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "services.gateway", "rotate-keys"],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "gateway: 3 keys wrapped under dev-2, 0 under others\n"), done.stderr


# Rows from before there were keys.

MANY = 501  # more than the migration takes at a time
PLAIN = (
    "INSERT INTO conversations (conversation_id, property_id, channel, address, phone_number, reply_address, account,"
    " last_inbound_time, due_time, create_time) VALUES ($1, 'alameda', 'whatsapp', $2, $3, $2, '1', $4, $4, $4)",
    "INSERT INTO conversation_addresses (property_id, channel, address, conversation_id)"
    " VALUES ('alameda', 'whatsapp', $1, $2)",
    "INSERT INTO inbound_messages (channel, external_id, conversation_id, property_id, payload, state, receive_time)"
    " VALUES ('whatsapp', $1, $2, 'alameda', $3, $4, $5)",
)


async def fill_plain(url: str) -> None:
    """What the release before wrote: guests with messages, of whom one waits, and one of each other thing."""
    db = await asyncpg.connect(url, server_settings={"search_path": "gateway"})
    old_id = "cnv_of-a-phone"
    await db.execute(PLAIN[0], old_id, PHONE, f"+{PHONE}", NOW)
    for address in (PHONE, SECOND_ID):
        await db.execute(PLAIN[1], address, old_id)
    message = said("viajo con Firulais", f"wamid.{PHONE}.in", sender=LUPITA, display_name="Guadalupe")
    for number in range(MANY):
        state = "pending" if number == 0 else "done"
        each = said("viajo con Firulais", f"wamid.{PHONE}.{number}", sender=LUPITA, display_name="Guadalupe")
        await db.execute(PLAIN[2], each.message_id, old_id, message_to_text(each), state, NOW)
    await db.execute(
        "INSERT INTO turns (turn_id, conversation_id, property_id, payload, state, create_time, update_time)"
        " VALUES ('trn_1', $1, 'alameda', $2, 'parked', $3, $3)",
        old_id,
        messages_to_text([message]),
        NOW,
    )
    await db.execute(
        "INSERT INTO outbox (message_id, conversation_id, channel, property_id, request_id, request_digest, content,"
        " due_time, channel_message_id, state, create_time, update_time)"
        " VALUES ('out_1', $1, 'whatsapp', 'alameda', 'r1', $2, $3, $4, $5, 'sent', $4, $4)",
        old_id,
        "ab" * 32,
        outbound_to_text(OutboundMessage(text="Con gusto, Guadalupe")),
        NOW,
        WAMID,
    )
    await db.execute("INSERT INTO outbox_files (message_id, content) VALUES ('out_1', $1)", b"Firulais")
    await db.execute(
        "INSERT INTO delivery_statuses (channel, channel_message_id, status, status_time, receive_time)"
        " VALUES ('whatsapp', $1, 'sent', $2, $2)",
        WAMID,
        NOW,
    )
    await db.execute(
        "INSERT INTO chat_events (conversation_id, message_id, payload, create_time) VALUES ($1, 'c1', 'Firulais', $2),"
        " ('cnv_gone', 'c2', 'Firulais', $2)",
        old_id,
        NOW,
    )
    await db.execute(
        "INSERT INTO channel_events (channel, event_id, kind, payload, receive_time)"
        " VALUES ('whatsapp', 'e1', 'odd', $1, $2)",
        json.dumps({"from": PHONE}),
        NOW,
    )
    await db.execute(
        "INSERT INTO mail_threads (thread_key, mailbox, guest, message_id, reference_ids, subject, thread_id,"
        " create_time) VALUES ('k1', 'desk@example.com', $1, '<1@x>', '{<0@x>}', 'Firulais', '', $2)",
        MAIL,
        NOW,
    )
    await db.execute(
        "INSERT INTO proposals (proposal_id, kind, property_id, session_id, turn_id, language, guest_text, was,"
        " should_be, author, create_time)"
        " VALUES ('p1', 'intent', 'alameda', 's', 't', 'es', 'Firulais', '', '', 'u', $1)",
        NOW,
    )
    await db.execute(
        "INSERT INTO forgotten_messages (digest, forget_time)"
        " VALUES (sha256(convert_to('whatsapp' || chr(31) || 'wamid.forgotten', 'UTF8')), $1)",
        NOW,
    )
    await db.close()


async def test_rows_from_before_are_sealed_worked_on_and_opened_again(postgres_databases: Databases) -> None:
    url = postgres_databases.create()
    await asyncio.to_thread(migrate, url, schema="gateway", directory=MIGRATIONS, revision="0009")
    await fill_plain(url)
    plain = await rows_of(url, "gateway")
    await asyncio.to_thread(migrate, url, schema="gateway", directory=MIGRATIONS)
    rows = await rows_of(url, "gateway")
    secrets = (*SECRETS, "cnv_of-a-phone")
    assert {table: leaks("\n".join(found), secrets) for table, found in rows.items()} == {table: [] for table in rows}
    async with postgres_stores(url) as stores:
        known = await stores.conversations.find("alameda", Identity(channel=Channel.WHATSAPP, address=SECOND_ID))
        assert known is not None
        repeats = (said("x", f"wamid.{PHONE}.7", sender=LUPITA), said("x", "wamid.forgotten", sender=LUPITA))
        assert (await stores.inbox.store(Delivery(messages=repeats), now=NOW)).repeated_messages == 2
        sent = await stores.outbox.find_request("r1", "ab" * 32)
        assert sent is not None
        assert (sent.content.text, sent.channel_message_id) == ("Con gusto, Guadalupe", WAMID)
        assert [event.payload for event in await stores.chats.after(known.conversation_id, 0, limit=9)] == ["Firulais"]
        thread = await stores.threads.find(mailbox="desk@example.com", guest=MAIL, key="k1")
        assert thread == Thread(message_id="<1@x>", references=("<0@x>",), subject="Firulais")
        await stores.receive(said("y el precio?", "m2", sender=LUPITA))
        turn = await stores.claim(NOW + timedelta(seconds=9))
        assert [message.message_id for message in turn.messages] == [f"wamid.{PHONE}.0", "m2"]
        assert turn.conversation.identity.address == PHONE
        await stores.inbox.complete(turn, [], now=NOW, traceparent="")
    await asyncio.to_thread(migrate, url, schema="gateway", directory=MIGRATIONS, revision="-1")
    opened = await rows_of(url, "gateway")
    for table in ("inbound_messages", "turns", "outbox", "outbox_files", "channel_events", "proposals"):
        found = {secret: bool(leaks("\n".join(opened[table]), [secret])) for secret in SECRETS}
        before = {secret: bool(leaks("\n".join(plain[table]), [secret])) for secret in SECRETS}
        assert found == before, table
    assert leaks("\n".join(opened["conversation_addresses"]), (PHONE, SECOND_ID)) == [PHONE, SECOND_ID]
    postgres_databases.drop(url)
