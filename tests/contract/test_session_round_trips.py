"""What a turn costs: finding a conversation and storing a turn are one statement each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from mesh.store import postgres
from mesh.store.postgres import Pool

from services.session.adapters.postgres import PostgresGuests, PostgresHousekeeping, PostgresSessions
from services.session.settings import Settings
from tests.contract.session_stores import Stores, session_url, turn_write

__all__ = ["session_url"]


@pytest.fixture
async def pool(session_url: str) -> AsyncIterator[Pool]:
    """One connection, so that whoever listens to it hears everything."""
    made = await postgres.connect_pool(session_url, application_name="test", schema="session", size=1, overflow=0)
    yield made
    await made.close()


async def test_finding_a_conversation_and_storing_a_turn_are_one_statement_each(pool: Pool) -> None:
    vault = Settings().vault()
    stores = Stores(PostgresSessions(pool, vault), PostgresGuests(pool, vault), PostgresHousekeeping(pool, vault))
    session = await stores.say((await stores.open()).session)
    statements: list[str] = []
    async with pool.acquire() as listening:
        listening.add_query_logger(lambda record: statements.append(record.query))

    opened = await stores.open()
    assert len(opened.recent_turns) == 1
    assert len(_own(statements)) == 1

    statements.clear()
    await stores.sessions.commit_turn(turn_write(session))
    assert len(_own(statements)) == 1


def _own(statements: list[str]) -> list[str]:
    """Without what the pool says to clean a connection when it is given back."""
    return [statement for statement in statements if "advisory_unlock" not in statement]
