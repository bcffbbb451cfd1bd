"""Marks of mailboxes and threads of mails: the same rules in memory and in PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from mesh.errors import Conflict
from mesh.store.postgres import connect_pool

from services.gateway.adapters.memory_mail import MemoryMarks, MemoryThreads
from services.gateway.adapters.postgres_mail import PostgresMarks, PostgresThreads
from services.gateway.channels.email.ports import Marks, Thread, Threads
from tests.support.gateway import migrated
from tests.support.gateway_stores import new_sealing
from tests.support.stores import Databases

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
BOX, GUEST = "r@hotel.example", "maria@example.com"


@dataclass(frozen=True)
class Stores:
    marks: Marks
    threads: Threads


@pytest.fixture(params=["memory", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "memory":
        yield ""
        return
    databases: Databases = request.getfixturevalue("postgres_databases")
    url = migrated(databases)
    yield url
    databases.drop(url)


@pytest.fixture
async def stores(database: str) -> AsyncIterator[Stores]:
    if not database:
        yield Stores(MemoryMarks(), MemoryThreads())
        return
    pool = await connect_pool(database, application_name="test", schema="gateway", size=2, overflow=0)
    try:
        yield Stores(PostgresMarks(pool=pool), PostgresThreads(pool=pool, sealing=new_sealing()))
    finally:
        await pool.close()


async def test_one_reader_at_a_time_and_the_mark_stays(stores: Stores) -> None:
    held = await stores.marks.claim(BOX, now=NOW, lease=LEASE)
    assert held is not None
    assert held.mark == ""
    assert await stores.marks.claim(BOX, now=NOW, lease=LEASE) is None
    assert await stores.marks.claim("other@hotel.example", now=NOW, lease=LEASE) is not None
    await stores.marks.move(held, "7", now=NOW, lease=LEASE)
    await stores.marks.release(held)
    again = await stores.marks.claim(BOX, now=NOW, lease=LEASE)
    assert again is not None
    assert again.mark == "7"


async def test_a_reader_whose_lease_ran_out_cannot_move_the_mark(stores: Stores) -> None:
    late = await stores.marks.claim(BOX, now=NOW, lease=LEASE)
    assert late is not None
    newer = await stores.marks.claim(BOX, now=NOW + LEASE, lease=LEASE)
    assert newer is not None
    with pytest.raises(Conflict):
        await stores.marks.move(late, "9", now=NOW, lease=LEASE)
    await stores.marks.release(late)
    assert await stores.marks.claim(BOX, now=NOW + LEASE, lease=LEASE) is None


async def test_the_latest_news_is_remembered_in_whatever_order_it_comes(stores: Stores) -> None:
    held = await stores.marks.claim(BOX, now=NOW, lease=LEASE)
    assert held is not None
    for mark in ("9", "100", "20"):
        await stores.marks.tell(BOX, mark)
    assert await stores.marks.release(held) == "100"


async def test_a_watch_is_claimed_once_until_it_is_due(stores: Stores) -> None:
    soon, day = NOW + timedelta(minutes=5), NOW + timedelta(days=1)
    assert await stores.marks.claim_watch(BOX, now=NOW, again=soon)
    assert not await stores.marks.claim_watch(BOX, now=NOW, again=soon)
    assert await stores.marks.claim_watch(BOX, now=soon, again=soon + timedelta(minutes=5))
    await stores.marks.watched(BOX, until=day)
    assert not await stores.marks.claim_watch(BOX, now=day - timedelta(seconds=1), again=day)
    assert await stores.marks.claim_watch(BOX, now=day, again=day)


async def test_the_thread_of_a_message_or_the_newest_of_a_guest(stores: Stores) -> None:
    first = Thread(message_id="<1@x>", references=("<0@x>",), subject="Reserva", thread_id="t1")
    second = Thread(message_id="<2@x>")
    await stores.threads.add("k1", mailbox=BOX, guest=GUEST, thread=first, now=NOW)
    await stores.threads.add("k2", mailbox=BOX, guest=GUEST, thread=second, now=NOW + LEASE)
    await stores.threads.add("k1", mailbox=BOX, guest=GUEST, thread=second, now=NOW + 2 * LEASE)
    assert await stores.threads.find(mailbox=BOX, guest=GUEST, key="k1") == first
    assert await stores.threads.find(mailbox=BOX, guest=GUEST, key="") == second
    assert await stores.threads.find(mailbox=BOX, guest="other@example.com", key="") is None
    assert await stores.threads.find(mailbox="other@hotel.example", guest=GUEST, key="k1") is None
