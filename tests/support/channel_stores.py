"""A migrated database, and the gateway's stores in each make: in memory and in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.gateway import migrated
from tests.support.gateway_stores import Stores, memory_stores, postgres_stores
from tests.support.stores import Databases


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture(params=["memory", "postgres"])
async def stores(request: pytest.FixtureRequest, database: str) -> AsyncIterator[Stores]:
    if request.param == "memory":
        yield memory_stores()
        return
    async with postgres_stores(database) as made:
        yield made
