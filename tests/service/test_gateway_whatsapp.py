"""WhatsApp from the signed webhook to what Meta would have got, over real stores and real HTTP."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.gateway import Gateway, eventually, migrated, running_gateway
from tests.support.stores import Databases


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def gateway(database: str, redis_url: str) -> AsyncIterator[Gateway]:
    async with running_gateway(database, redis_url) as running:
        yield running


async def test_a_signed_message_is_answered(gateway: Gateway) -> None:
    guest = gateway.guest()
    await guest.say("¿Tienen habitación?")
    replies = await eventually(guest.new_replies)
    assert [reply.text for reply in replies] == ["¿Tienen habitación?"]
