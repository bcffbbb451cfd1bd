"""What a reply costs at PostgreSQL: from the webhook to the settled send, seven statements and no transaction marks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from mesh.store import postgres
from mesh.store.postgres import Pool

from services.gateway.adapters.postgres_inbox import PostgresInbox
from services.gateway.adapters.postgres_outbox import PostgresOutbox
from services.gateway.domain.message import Delivery, OutboundMessage
from services.gateway.domain.outbox import Accepted
from tests.support.gateway import migrated
from tests.support.gateway_stores import CHANNELS, NOW, POLICY, SECOND, new_sealing, said
from tests.support.stores import Databases


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """One connection, so that whoever listens to it hears everything."""
    made = await postgres.connect_pool(database, application_name="test", schema="gateway", size=1, overflow=0)
    yield made
    await made.close()


async def test_a_reply_costs_seven_statements(pool: Pool) -> None:
    sealing = new_sealing()
    inbox = PostgresInbox(pool=pool, policy=POLICY, sealing=sealing)
    outbox = PostgresOutbox(pool=pool, sealing=sealing)
    await _one_reply(inbox, outbox, "first")  # makes the guest known
    statements: list[str] = []
    async with pool.acquire() as listening:
        listening.add_query_logger(lambda record: statements.append(record.query))

    await _one_reply(inbox, outbox, "second")

    assert len(statements) <= 7, statements


async def _one_reply(inbox: PostgresInbox, outbox: PostgresOutbox, message_id: str) -> None:
    now = NOW + SECOND
    await inbox.store(Delivery(messages=(said("hola", message_id),)), now=NOW)
    turn = await inbox.claim(holder="one", now=now)
    assert turn is not None
    await inbox.complete(turn, (OutboundMessage(text="hola"),), now=now, traceparent="")
    item = await outbox.claim(channels=CHANNELS, holder="one", now=now, lease=30 * SECOND)
    assert item is not None
    await outbox.settle(item, Accepted(channel_message_id=f"wamid.{message_id}"), None, now=now)
