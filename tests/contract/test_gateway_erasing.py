"""A guest who is erased is erased from the gateway: whole, once, when nobody is at work, and nobody else with them."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import pytest
from mesh.clock import ManualClock
from mesh.errors import Down
from mesh.store.postgres import Pool, connect_pool, connection

from services.gateway.adapters.postgres_chat import PostgresChatLog
from services.gateway.adapters.postgres_erasing import PostgresEraser
from services.gateway.adapters.postgres_mail import PostgresThreads
from services.gateway.channels.email.ports import Thread
from services.gateway.domain.erasure import Erasure
from services.gateway.domain.message import Channel, ChannelEvent, Delivery, Identity, OutboundMessage, StatusUpdate
from services.gateway.domain.outbox import Accepted, DeliveryState
from services.gateway.inbox.forgetting import Forgetting
from tests.support.files import PDF, document
from tests.support.gateway import migrated
from tests.support.gateway_stores import CHANNELS, GUEST, NOW, OTHER_GUEST, SECOND, Stores, postgres_stores, said
from tests.support.stores import Databases

MAIL = Identity(channel=Channel.EMAIL, address="lupita.casas@example.com")
LATER = NOW + 60 * SECOND
REPLY = OutboundMessage(text="Con gusto.")
OF_THE_GUEST = (GUEST.address, MAIL.address, "Firulais", PDF.hex())


def erasure(*, at: timedelta = 5 * SECOND) -> Erasure:
    return Erasure(receipt_id="era_1", erase_time=NOW + at, people=(GUEST, MAIL), session_ids=("ses_1",))


class House(NamedTuple):
    """Stores with the eraser of the same database."""

    stores: Stores
    eraser: PostgresEraser
    pool: Pool

    async def send_what_waits(self) -> None:
        while item := await self.stores.outbox.claim(channels=CHANNELS, holder="s", now=NOW, lease=SECOND):
            accepted = Accepted(channel_message_id=f"wamid.{item.conversation.identity.address}.{item.message_id}")
            await self.stores.outbox.settle(item, accepted, None, now=NOW)

    async def dump(self) -> str:
        """Every row of the schema, as text."""
        async with connection(self.pool) as conn:
            tables = await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'gateway' ORDER BY 1")
            rows = [row[0] for (name,) in tables for row in await conn.fetch(f'SELECT t::text FROM "{name}" t')]
        return "\n".join(rows)


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def house(database: str) -> AsyncIterator[House]:
    pool = await connect_pool(database, application_name="test", schema="gateway", size=2, overflow=0)
    try:
        async with postgres_stores(database) as stores:
            yield House(stores, PostgresEraser(pool=pool), pool)
    finally:
        await pool.close()


async def lived(house: House) -> None:
    """Two guests with something in every table that keeps anything of a guest."""
    stores = house.stores
    await stores.answered("Hola, mi perro Firulais", now=NOW)
    await stores.answered("Hello", guest=OTHER_GUEST, now=NOW)
    known = await stores.conversations.find("alameda", GUEST)
    assert known is not None
    bill = OutboundMessage(text="Su cuenta", attachment=document())
    await stores.outbox.add(
        request_id="r1", digest="d", conversation=known, content=bill, not_before=None, now=NOW, traceparent=""
    )
    await house.send_what_waits()
    sent = (await stores.outbox.page(known.conversation_id, before=None, size=1)).messages[0]
    status = StatusUpdate(
        channel=Channel.WHATSAPP,
        channel_message_id=sent.channel_message_id,
        status=DeliveryState.READ,
        time=NOW,
    )
    unknown = ChannelEvent(channel=Channel.WHATSAPP, event_id="e1", kind="odd", payload=f'{{"from":"{GUEST.address}"}}')
    await stores.inbox.store(Delivery(statuses=(status,), events=(unknown,)), now=NOW)
    await PostgresChatLog(pool=house.pool).append(
        conversation_id=known.conversation_id, message_id="c1", payload="Firulais", now=NOW
    )
    thread = Thread(message_id="<1@example.com>", references=(), subject="Firulais", thread_id="")
    await PostgresThreads(pool=house.pool).add(
        "k1", mailbox="desk@example.com", guest=MAIL.address, thread=thread, now=NOW
    )
    async with connection(house.pool) as conn:
        await conn.execute(
            "INSERT INTO proposals (proposal_id, kind, property_id, session_id, turn_id, language, guest_text, was,"
            " should_be, author, create_time)"
            " VALUES ('p1', 'intent', 'alameda', 'ses_1', 't', 'es', 'Firulais', '', '', 'usr_1', now())"
        )


async def test_nothing_of_an_erased_guest_is_left_and_everything_of_another_is(house: House) -> None:
    await lived(house)
    before = await house.dump()
    assert all(word in before for word in OF_THE_GUEST)
    for _ in range(2):
        assert await house.eraser.erase(erasure(), now=LATER), "a second time finds nothing to do"
        left = await house.dump()
        assert [word for word in OF_THE_GUEST if word in left] == []
    other = await house.stores.conversations.find("alameda", OTHER_GUEST)
    assert other is not None
    page = await house.stores.outbox.page(other.conversation_id, before=None, size=9)
    assert [message.content.text for message in page.messages] == ["Hello"]


async def test_a_delivery_repeated_after_the_erasure_is_no_message_and_names_nobody(house: House) -> None:
    await house.stores.answered("Hola")
    await house.send_what_waits()
    assert await house.eraser.erase(erasure(), now=LATER)
    stored = await house.stores.inbox.store(Delivery(messages=(said("question", "m-Hola"),)), now=LATER)
    assert (stored.new_messages, stored.repeated_messages, stored.due_time) == (0, 1, None)
    assert await house.stores.conversations.find("alameda", GUEST) is None


async def test_a_guest_who_writes_again_after_the_erasure_is_answered(house: House) -> None:
    await house.stores.answered("Hola")
    await house.send_what_waits()
    await house.stores.receive(said("otra vez", "m2"), now=LATER)
    assert await house.eraser.erase(erasure(), now=LATER)
    assert "question" not in await house.dump()
    turn = await house.stores.claim(LATER + SECOND)
    assert [message.message_id for message in turn.messages] == ["m2"]
    assert turn.conversation.reply_address == GUEST.address


async def test_nothing_is_erased_while_a_message_is_in_work(house: House) -> None:
    """The answer that tells of the erasure goes out first, and then it goes as well."""
    stores = house.stores

    async def refused() -> None:
        before = await house.dump()
        assert not await house.eraser.erase(erasure(), now=NOW)
        assert await house.dump() == before

    await stores.receive(said("borren mis datos", "m1"))
    await refused()
    turn = await stores.claim(NOW + SECOND)
    await refused()
    await stores.inbox.complete(turn, [replace(REPLY, text="Recibo era_1")], now=NOW + 9 * SECOND, traceparent="")
    await refused()
    item = await stores.outbox.claim(channels=CHANNELS, holder="s", now=NOW + 9 * SECOND, lease=SECOND)
    assert item is not None
    await refused()
    await stores.outbox.settle(item, Accepted(channel_message_id="w1"), None, now=NOW + 9 * SECOND)
    assert await house.eraser.erase(erasure(), now=LATER)
    assert "era_1" not in await house.dump()


class Listed:
    """The session service as far as erasures go, which dies before it hears that one is done, `deaths` times."""

    def __init__(self, deaths: int) -> None:
        self.open = [erasure()]
        self.deaths = deaths

    async def pending(self) -> list[Erasure]:
        return list(self.open)

    async def settle(self, done: Erasure) -> None:
        if self.deaths > 0:
            self.deaths -= 1
            raise Down("UNAVAILABLE", "away")
        self.open.remove(done)


async def test_an_erasure_is_asked_for_until_it_is_acknowledged(house: House) -> None:
    await lived(house)
    listed = Listed(deaths=2)
    forgetting = Forgetting(erasures=listed, eraser=house.eraser, pause=SECOND, clock=ManualClock(LATER))
    assert [await forgetting.run_once() for _ in range(4)] == [0, 0, 1, 0]
    assert listed.open == []
    assert "Firulais" not in await house.dump()
