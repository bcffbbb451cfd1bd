"""A guest who is erased is erased from the gateway: whole, once, when nobody is at work, and nobody else with them."""

from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg
from mesh.clock import ManualClock
from mesh.errors import Down
from mesh.store.postgres import connect_pool

from services.gateway.channels.email.ports import Thread
from services.gateway.domain.conversation import Conversation
from services.gateway.domain.erasure import Erasure
from services.gateway.domain.message import (
    Channel,
    ChannelEvent,
    Delivery,
    Identity,
    OutboundMessage,
    PromotionConsent,
    StatusUpdate,
)
from services.gateway.domain.outbox import Accepted, DeliveryState
from services.gateway.inbox.forgetting import Forgetting
from services.gateway.staff.adapters.corrections import PostgresProposals
from services.gateway.staff.domain.proposal import Kind, Proposal, State
from tests.support.channel_stores import database, stores
from tests.support.dumps import leaks
from tests.support.files import PDF, document
from tests.support.gateway_stores import (
    CHANNELS,
    GUEST,
    NOW,
    OTHER_GUEST,
    SECOND,
    Stores,
    new_sealing,
    postgres_stores,
    said,
)

__all__ = ["database", "stores"]

MAIL = Identity(channel=Channel.EMAIL, address="lupita.casas@example.com")
LATER = NOW + 60 * SECOND
REPLY = OutboundMessage(text="Con gusto.")
OF_THE_GUEST = (GUEST.address, GUEST.phone_number, MAIL.address, "Firulais", PDF.hex())
KEY = "SELECT key_id FROM gateway.conversations WHERE conversation_id = $1"


def erasure(*, at: timedelta = 5 * SECOND) -> Erasure:
    return Erasure(receipt_id="era_1", erase_time=NOW + at, people=(GUEST, MAIL), session_ids=("ses_1",))


async def send_what_waits(stores: Stores) -> None:
    while item := await stores.outbox.claim(channels=CHANNELS, holder="s", now=NOW, lease=SECOND):
        accepted = Accepted(channel_message_id=f"wamid.{item.conversation.identity.address}.{item.message_id}")
        await stores.outbox.settle(item, accepted, None, now=NOW)


async def lived(stores: Stores) -> Conversation:
    """Two guests with something in every table that keeps anything of a guest; the first one's conversation."""
    await stores.answered("Hola, mi perro Firulais", now=NOW)
    await stores.answered("Hello", guest=OTHER_GUEST, now=NOW)
    known = await stores.conversations.find("alameda", GUEST)
    assert known is not None
    bill = OutboundMessage(text="Su cuenta", attachment=document())
    await stores.outbox.add(
        request_id="r1", digest="d", conversation=known, content=bill, not_before=None, now=NOW, traceparent=""
    )
    await send_what_waits(stores)
    sent = (await stores.outbox.page(known.conversation_id, before=None, size=1)).messages[0]
    status = StatusUpdate(
        channel=Channel.WHATSAPP,
        channel_message_id=sent.channel_message_id,
        status=DeliveryState.READ,
        time=NOW,
    )
    unknown = ChannelEvent(channel=Channel.WHATSAPP, event_id="e1", kind="odd", payload=f'{{"from":"{GUEST.address}"}}')
    await stores.inbox.store(Delivery(statuses=(status,), events=(unknown,)), now=NOW)
    await stores.chats.append(conversation_id=known.conversation_id, message_id="c1", payload="Firulais", now=NOW)
    thread = Thread(message_id="<1@example.com>", references=("<0@example.com>",), subject="Firulais", thread_id="")
    await stores.threads.add("k1", mailbox="desk@example.com", guest=MAIL.address, thread=thread, now=NOW)
    return known


async def test_nothing_of_an_erased_guest_is_left_and_everything_of_another_is(stores: Stores) -> None:
    known = await lived(stores)
    for _ in range(2):
        assert await stores.eraser.erase(erasure(), now=LATER), "a second time finds nothing to do"
        assert leaks(await stores.dump(), OF_THE_GUEST) == []
        assert await stores.conversations.find("alameda", GUEST) is None
        assert (await stores.outbox.page(known.conversation_id, before=None, size=9)).messages == ()
        assert await stores.chats.after(known.conversation_id, 0, limit=9) == ()
        assert await stores.threads.find(mailbox="desk@example.com", guest=MAIL.address, key="") is None
    other = await stores.conversations.find("alameda", OTHER_GUEST)
    assert other is not None
    page = await stores.outbox.page(other.conversation_id, before=None, size=9)
    assert [message.content.text for message in page.messages] == ["Hello"]


async def test_a_delivery_repeated_after_the_erasure_is_no_message_and_names_nobody(stores: Stores) -> None:
    await stores.answered("Hola")
    await send_what_waits(stores)
    assert await stores.eraser.erase(erasure(), now=LATER)
    stored = await stores.inbox.store(Delivery(messages=(said("question", "m-Hola"),)), now=LATER)
    assert (stored.new_messages, stored.repeated_messages, stored.due_time) == (0, 1, None)
    assert await stores.conversations.find("alameda", GUEST) is None


async def test_a_guest_who_writes_again_after_the_erasure_is_answered(stores: Stores) -> None:
    await stores.answered("Hola")
    await send_what_waits(stores)
    await stores.receive(said("otra vez", "m2"), now=LATER)
    assert await stores.eraser.erase(erasure(), now=LATER)
    # And who goes on writing, to a process that knew the key which was destroyed.
    await stores.receive(said("gracias", "m3"), now=LATER)
    assert "question" not in await stores.dump()
    turn = await stores.claim(LATER + SECOND)
    assert [message.message_id for message in turn.messages] == ["m2", "m3"]
    assert turn.conversation.reply_address == GUEST.address
    await stores.inbox.complete(turn, [REPLY], now=LATER + SECOND, traceparent="")
    item = await stores.outbox.claim(channels=CHANNELS, holder="s", now=LATER + SECOND, lease=SECOND)
    assert item is not None
    assert item.content == REPLY


async def test_a_stop_outlives_the_erasure(stores: Stores) -> None:
    await stores.answered("Hola")
    await send_what_waits(stores)
    stop = PromotionConsent(identity=GUEST, property_id="alameda", stopped=True, account="1")
    await stores.inbox.store(Delivery(consents=(stop,)), now=NOW)
    assert await stores.eraser.erase(erasure(), now=LATER)
    kept = await stores.conversations.find("alameda", GUEST)
    assert kept is not None
    assert kept.promotions_stopped
    assert kept.identity.address == GUEST.address


async def test_nothing_is_erased_while_a_message_is_in_work(stores: Stores) -> None:
    """The answer that tells of the erasure goes out first, and then it goes as well."""

    async def refused() -> None:
        before = await stores.dump()
        assert not await stores.eraser.erase(erasure(), now=NOW)
        assert await stores.dump() == before

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
    assert await stores.eraser.erase(erasure(), now=LATER)
    assert await stores.conversations.find("alameda", GUEST) is None


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


class Books:
    """The pms as far as erasures go, which is away `deaths` times; `asked` is how often it was asked."""

    def __init__(self, deaths: int) -> None:
        self.deaths = deaths
        self.asked = 0

    async def erase(self, erasure: Erasure, *, now: datetime) -> bool:
        del erasure, now
        self.asked += 1
        if self.asked <= self.deaths:
            raise Down("UNAVAILABLE", "away")
        return True


async def test_an_erasure_is_asked_for_until_all_have_done_it_and_it_is_acknowledged(stores: Stores) -> None:
    await lived(stores)
    listed, books = Listed(deaths=2), Books(deaths=2)
    forgetting = Forgetting(erasures=listed, erasers=[stores.eraser, books], pause=SECOND, clock=ManualClock(LATER))
    assert [await forgetting.run_once() for _ in range(6)] == [0, 0, 0, 0, 1, 0]
    assert (books.asked, listed.open) == (5, [])
    assert await stores.conversations.find("alameda", GUEST) is None


async def test_the_key_of_a_conversation_goes_with_it_or_is_another_one(database: str) -> None:
    """What is sealed begins with its key's id: none is left, nor is the key, whatever stays of the conversation."""
    async with postgres_stores(database) as stores:
        known = await lived(stores)
        db = await asyncpg.connect(database)
        key_id = await db.fetchval(KEY, known.conversation_id)
        assert key_id.hex() in await stores.dump()
        await stores.receive(said("otra vez, Firulais", "m2"), now=LATER)
        assert await stores.eraser.erase(erasure(), now=LATER)
        assert await db.fetchval(KEY, known.conversation_id) not in (None, key_id)
        assert key_id.hex() not in await stores.dump()
        await db.close()


async def test_words_of_a_guest_in_a_correction_are_erased(database: str) -> None:
    pool = await connect_pool(database, application_name="test", schema="gateway", size=1, overflow=0)
    proposals = PostgresProposals(pool=pool, sealing=new_sealing())
    correction = Proposal(
        proposal_id="p1",
        kind=Kind.INTENT,
        state=State.PROPOSED,
        property_id="alameda",
        session_id="ses_1",
        turn_id="t",
        language="es",
        guest_text="mi perro Firulais",
        was="",
        should_be="",
        words="",
        author="usr_1",
        create_time=NOW,
    )
    async with postgres_stores(database) as stores:
        await proposals.add(correction)
        assert leaks(await stores.dump(), OF_THE_GUEST) == []
        assert await proposals.in_state(State.PROPOSED) == [correction]
        assert await stores.eraser.erase(erasure(), now=LATER)
        assert await proposals.in_state(State.PROPOSED) == []
    await pool.close()
