"""What rehearsals in tests need: databases to play on, and one nlp service for all of a module."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import pytest
import pytest_asyncio
from mesh.inprocess import Registry

from deploy.local.stores import Postgres, Valkey
from services.orchestrator.rehearse.house import understanding
from services.orchestrator.rehearse.stores import Databases


@pytest.fixture(scope="module")
def databases(postgres_server: Postgres, valkey_server: Valkey) -> Databases:
    """Number 0 is nobody else's: tests of other modules take the numbers from 1."""
    return Databases(postgres_server.url, urlunsplit(urlsplit(valkey_server.url)._replace(path="/0")))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nlp() -> AsyncIterator[Registry]:
    async with understanding() as registry:
        yield registry
