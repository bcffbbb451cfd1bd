"""The stores of the session service in every make that ships, for suites that each of them has to pass."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from mesh.breaker import CircuitBreaker
from mesh.store import postgres
from mesh.store import redis as redis_store
from mesh.store.migrations import migrate
from redis.asyncio import Redis

from services.session.adapters.cache import SessionCache
from services.session.adapters.cached import CachedGuests, CachedHousekeeping, CachedSessions
from services.session.adapters.memory import MemoryGuests, MemoryHousekeeping, MemorySessions, Tables
from services.session.adapters.postgres import PostgresGuests, PostgresHousekeeping, PostgresSessions
from services.session.domain.handoff import Desk, Handoff, HandoffState, Priority
from services.session.domain.identity import Channel, ChannelIdentity
from services.session.domain.session import Dialogue, PendingAction, Promise, Session, SlotValue
from services.session.domain.turn import Author, Turn
from services.session.ports import (
    DialogueWrite,
    Guests,
    Housekeeping,
    Opened,
    Opening,
    Sessions,
    TurnWrite,
    WordsWrite,
    request_of,
)
from services.session.settings import Settings
from tests.support.stores import Databases

MIGRATIONS = Path(__file__).parents[2] / "services/session/migrations"
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
WHATSAPP = ChannelIdentity(channel=Channel.WHATSAPP, address="5215512345678")
_numbers = count(1)


@dataclass(frozen=True)
class Stores:
    """One make of the three ports over one set of data."""

    sessions: Sessions
    guests: Guests
    housekeeping: Housekeeping

    async def open(
        self,
        identity: ChannelIdentity = WHATSAPP,
        *,
        property_id: str = "alameda",
        now: datetime = NOW,
        display_name: str = "",
        turn_id: str = "",
    ) -> Opened:
        return await self.sessions.open(
            Opening(
                property_id=property_id,
                identity=identity,
                display_name=display_name,
                now=now,
                silence=DAY,
                turn_id=turn_id,
            )
        )

    async def say(self, session: Session, text: str = "hola", *, now: datetime = NOW) -> Session:
        """One turn of the guest; the session after it."""
        return (await self.sessions.commit_turn(turn_write(session, text=text, now=now))).session


def turn_write(
    session: Session,
    *,
    turn_id: str = "",
    text: str = "hola",
    dialogue: Dialogue | None = None,
    author: Author = Author.GUEST,
    now: datetime = NOW,
    version: int | None = None,
    outcome: bytes = b"\x00answer\xff",
) -> TurnWrite:
    """A turn on top of a session as it was read."""
    turn_id = turn_id or f"turn-{next(_numbers)}"
    return TurnWrite(
        request=request_of("CommitTurn", turn_id, session.session_id, text),
        session_id=session.session_id,
        version=session.version if version is None else version,
        dialogue=dialogue or session.dialogue,
        turn=Turn(turn_id=turn_id, author=author, inbound_texts=(text,), outbound_texts=("¡Hola!",), outcome=outcome),
        now=now,
        expire_time=now + DAY,
    )


def memory() -> Stores:
    tables = Tables()
    return Stores(MemorySessions(tables), MemoryGuests(tables), MemoryHousekeeping(tables))


@asynccontextmanager
async def on_postgres(url: str, redis: Redis | None = None) -> AsyncIterator[Stores]:
    """The stores on PostgreSQL, behind the cache when there is a Redis."""
    pool = await postgres.connect_pool(url, application_name="test", schema="session", size=4, overflow=6)
    vault = Settings().vault()
    stores = Stores(PostgresSessions(pool, vault), PostgresGuests(pool, vault), PostgresHousekeeping(pool, vault))
    if redis is not None:
        cache = SessionCache(
            redis,
            vault=vault,
            life=timedelta(minutes=5),
            timeout=timedelta(seconds=1),
            breaker=CircuitBreaker("session_cache"),
        )
        stores = Stores(
            CachedSessions(stores.sessions, cache),
            CachedGuests(stores.guests, cache),
            CachedHousekeeping(stores.housekeeping, cache),
        )
    try:
        yield stores
    finally:
        await pool.close()


@pytest.fixture
def session_url(postgres_databases: Databases) -> Iterator[str]:
    """A database with the schema `session` and nothing in it."""
    postgres_databases.template("session", lambda url: migrate(url, schema="session", directory=MIGRATIONS))
    url = postgres_databases.create("session")
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def session_redis(redis_url: str) -> AsyncIterator[Redis]:
    client = redis_store.connect(redis_url, client_name="test")
    yield client
    await client.aclose()


@pytest.fixture(params=["memory", "postgres", "cached"])
def session_addresses(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The addresses of the PostgreSQL and the Redis that a make needs; empty where it needs none."""
    make = request.param
    postgres_url = request.getfixturevalue("session_url") if make != "memory" else ""
    return postgres_url, request.getfixturevalue("redis_url") if make == "cached" else ""


@pytest.fixture
async def stores(session_addresses: tuple[str, str]) -> AsyncIterator[Stores]:
    """Every make in turn."""
    postgres_url, redis_url = session_addresses
    if not postgres_url:
        yield memory()
        return
    client = redis_store.connect(redis_url, client_name="test") if redis_url else None
    async with on_postgres(postgres_url, client) as made:
        yield made
    if client is not None:
        await client.aclose()


OPEN = Handoff(
    state=HandoffState.OPEN,
    desk=Desk.RECEPTION,
    priority=Priority.URGENT,
    sla_minutes=15,
    reason="complaint",
    summary="No hot water in 204",
    open_time=NOW,
    due_time=NOW + timedelta(minutes=15),
)
FULL = Dialogue(
    language="es",
    flow="booking",
    state="confirming",
    current_intent="reservation_request",
    asked_slots=("confirm",),
    slots={"check_in": SlotValue(value="2026-12-03", source_message_id="wamid.1", confidence=0.5)},
    pending_actions=(
        PendingAction(type="hold", reference="hld_1", expire_time=NOW + timedelta(minutes=20), details={"a": "b"}),
    ),
    handoff=OPEN,
    promises=(Promise(promise_id="prm_1", text="a las 11", owner="bot", due_time=NOW + timedelta(minutes=30)),),
    memory_json='{"quote": {"total": "4284.00"}, "ñ": "\\u00e9"}',
    metadata={"source": "ad"},
)


def update(session, dialogue, *, request_id="update-1", version=None, body="") -> DialogueWrite:
    return DialogueWrite(
        request=request_of("UpdateSession", request_id, body),
        session_id=session.session_id,
        version=session.version if version is None else version,
        dialogue=dialogue,
        now=NOW,
    )


def words(session, *texts, request_id="words-1", author=Author.STAFF, now=NOW) -> WordsWrite:
    return WordsWrite(
        request=request_of("AppendTurns", request_id, list(texts)),
        session_id=session.session_id,
        turns=tuple(
            Turn(turn_id=f"{request_id}-{index}", author=author, outbound_texts=(text,), agent="Ana")
            for index, text in enumerate(texts)
        ),
        now=now,
        expire_time=now + DAY,
    )
