"""The cache before the stores: it may be stale, slow, full of nonsense or dead, and nothing goes wrong by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from mesh.breaker import CircuitBreaker
from mesh.errors import Conflict
from mesh.store import redis as redis_store
from redis.asyncio import Redis

from deploy.local.stores import Valkey
from services.session.adapters.cache import SessionCache
from services.session.adapters.cached import CachedSessions
from services.session.ports import EraseWrite, Held, request_of
from services.session.settings import Settings
from tests.contract.session_stores import (
    DAY,
    NOW,
    Stores,
    memory,
    on_postgres,
    session_redis,
    session_url,
    turn_write,
)

__all__ = ["session_redis", "session_url"]


def cache_on(client: Redis, *, open_seconds: float = 30.0) -> SessionCache:
    return SessionCache(
        client,
        vault=Settings().vault(),
        life=timedelta(minutes=5),
        timeout=timedelta(seconds=1),
        breaker=CircuitBreaker("session_cache_test", open_seconds=open_seconds),
    )


@pytest.fixture
async def cached(session_redis: Redis) -> tuple[Stores, Stores, SessionCache]:
    """Two replicas on one store and one Redis of which only the first has a cache, and that cache."""
    truth, cache = memory(), cache_on(session_redis)
    return replace(truth, sessions=CachedSessions(truth.sessions, cache)), truth, cache


async def test_a_session_is_read_from_the_cache_after_it_was_read_once(cached: tuple) -> None:
    stores, truth, _ = cached
    session = (await stores.open()).session
    first = await stores.sessions.get(session.session_id)
    await truth.guests.erase(  # behind the cache's back, to see who answers
        EraseWrite(
            request=request_of("EraseGuest", "e"),
            guest_id=session.guest_id,
            receipt_id="era",
            now=NOW,
            retention=DAY,
        )
    )
    assert await stores.sessions.get(session.session_id) == first


async def test_a_stale_entry_loses_the_compare_and_set_and_the_next_read_is_fresh(cached: tuple) -> None:
    stores, truth, _ = cached
    stale = (await stores.sessions.get((await stores.open()).session.session_id)).session
    fresh = await truth.say(stale)
    assert (await stores.sessions.get(stale.session_id)).session == stale
    with pytest.raises(Conflict):
        await stores.sessions.commit_turn(turn_write(stale))
    assert (await stores.sessions.get(stale.session_id)).session == fresh
    assert (await stores.say(fresh)).version == fresh.version + 1


async def test_an_older_version_never_replaces_a_newer_one(cached: tuple) -> None:
    stores, _, cache = cached
    opened = await stores.open()
    newer = await stores.say(opened.session)
    await cache.keep(Held(session=opened.session, guest=opened.guest))
    assert await cache.read(newer.session_id) is None
    assert (await stores.sessions.get(newer.session_id)).session == newer
    held = await cache.read(newer.session_id)
    assert held is not None
    assert held.session == newer


async def test_what_was_forgotten_does_not_come_back_from_a_slow_reader(cached: tuple) -> None:
    stores, _, cache = cached
    opened = await stores.open()
    await cache.forget([opened.session.session_id], [opened.guest.guest_id])
    await cache.keep(Held(session=opened.session, guest=opened.guest))
    assert await cache.read(opened.session.session_id) is None


async def test_entries_have_an_end(cached: tuple, session_redis: Redis) -> None:
    stores, _, _ = cached
    await stores.sessions.get((await stores.open()).session.session_id)
    keys = await session_redis.keys("*")
    assert len(keys) == 2
    for key in keys:
        assert 0 < await session_redis.pttl(key) <= 300_000


@pytest.mark.parametrize("nonsense", ["", "null", "[]", '{"session_id": 1}', "\x00"])
async def test_nonsense_in_the_cache_is_a_miss(cached: tuple, session_redis: Redis, nonsense: str) -> None:
    stores, _, _ = cached
    opened = await stores.open()
    expected = await stores.sessions.get(opened.session.session_id)
    await session_redis.hset(f"session:session:{opened.session.session_id}", "d", nonsense)
    assert await stores.sessions.get(opened.session.session_id) == expected


async def test_another_type_under_the_key_is_a_miss(cached: tuple, session_redis: Redis) -> None:
    stores, _, _ = cached
    session = (await stores.open()).session
    await session_redis.delete(f"session:session:{session.session_id}")
    await session_redis.set(f"session:session:{session.session_id}", "x")
    assert (await stores.sessions.get(session.session_id)).session == session


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[tuple[Valkey, Redis]]:
    """A Valkey of the test's own, to be killed."""
    with Valkey(tmp_path / "valkey", persist=False) as server:
        client = redis_store.connect(server.url, client_name="test")
        yield server, client
        await client.aclose()


async def test_with_redis_killed_everything_goes_on(session_url: str, mortal: tuple[Valkey, Redis]) -> None:
    server, client = mortal
    async with on_postgres(session_url, client) as stores:
        session = await stores.say((await stores.open()).session)
        assert (await stores.sessions.get(session.session_id)).session == session

        await asyncio.to_thread(server.kill)
        for number in range(8):
            session = await stores.say(session, f"sin caché {number}")
            assert (await stores.sessions.get(session.session_id)).session == session
        assert (await stores.open()).session == session
        assert len(await stores.sessions.turns(session.session_id, after=0, limit=99)) == 9
        await stores.housekeeping.end_silent(now=NOW + DAY, limit=9)
        assert (await stores.open(now=NOW + DAY)).created


async def test_a_cache_that_comes_back_with_old_entries_does_no_harm(
    session_url: str, mortal: tuple[Valkey, Redis]
) -> None:
    """Writes that the cache missed are found out by the compare-and-set."""
    _, client = mortal
    async with on_postgres(session_url) as truth:
        cached = CachedSessions(truth.sessions, cache_on(client, open_seconds=0))
        stores = replace(truth, sessions=cached)
        opened = await stores.open()
        old = (await stores.sessions.get(opened.session.session_id)).session
        missed = await truth.say(old)
        with pytest.raises(Conflict):
            await stores.say(old)
        again = await stores.sessions.get(old.session_id)
        assert again.session == missed
        assert (await stores.say(again.session)).version == missed.version + 1
