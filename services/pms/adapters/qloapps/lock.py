"""One writer at a time for a hotel, over all replicas: QloApps itself has neither locks nor transactions.

Redis keeps the lock; with Redis away PostgreSQL does, by an advisory lock. Whichever it is, every lock taken gets a
fencing number from PostgreSQL, and a writer whose number is no longer the latest stops before it writes: that covers
the moment in which one replica sees Redis and another does not. What still slips through (guests at QloApps' own web
site and front desk never ask us) is found by the check after every write.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mesh import deadline
from mesh.clock import Clock
from mesh.errors import Busy, Down
from mesh.store import postgres
from mesh.telemetry import get_logger
from mesh.values import new_id
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.pms.adapters.qloapps.metrics import LOCK_WAIT

log = get_logger(__name__)
LIFE_SECONDS = 15.0
RENEW_SECONDS = 4.0
LONGEST_WAIT = 20.0
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.2
_AWAY = (RedisError, OSError, TimeoutError)
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"
RENEW = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grip:
    """A lock that is held. `fence` grows with every lock taken of a hotel."""

    fence: int
    since: datetime
    still_held: Callable[[], Awaitable[None]]
    """Raises Down when somebody else has it by now; asked right before every write."""


class HotelLocks(Protocol):
    """Locks by property."""

    def held(self, property_id: str) -> contextlib.AbstractAsyncContextManager[Grip]:
        """Keeps everybody else's writes out. Raises Busy OVERLOADED after waiting too long."""


class LocalLocks:
    """Locks of one process, for books in memory."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._locks: dict[str, asyncio.Lock] = {}
        self._fence = 0

    @asynccontextmanager
    async def held(self, property_id: str) -> AsyncIterator[Grip]:
        async with self._locks.setdefault(property_id, asyncio.Lock()):
            self._fence += 1
            yield Grip(fence=self._fence, since=self._clock.now(), still_held=_nothing)


class SharedLocks:
    """Locks over all replicas. Within a process writers queue first, so that one of them asks Redis at a time."""

    def __init__(self, *, pool: postgres.Pool, redis: Redis | None, clock: Clock) -> None:
        self._clock = clock
        self._pool = pool
        self._redis = redis
        self._queues: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def held(self, property_id: str) -> AsyncIterator[Grip]:
        started = time.monotonic()
        until = started + min(LONGEST_WAIT, deadline.remaining() or LONGEST_WAIT)
        queue = self._queues.setdefault(property_id, asyncio.Lock())
        try:
            await asyncio.wait_for(queue.acquire(), until - started)
        except TimeoutError:
            raise _too_long() from None
        try:
            async with contextlib.AsyncExitStack() as stack:
                keeper = await self._take(stack, property_id, until)
                LOCK_WAIT.labels(keeper).observe(time.monotonic() - started)
                yield await self._grip(property_id)
        finally:
            queue.release()

    async def _take(self, stack: contextlib.AsyncExitStack, property_id: str, until: float) -> str:
        """Takes the lock for as long as the stack stands; says who keeps it."""
        if self._redis is not None:
            token = new_id("lck")
            try:
                await self._take_in_redis(self._redis, property_id, token, until)
            except _AWAY as error:
                log.warning("lock_without_redis", cause=type(error).__name__)
            else:
                await stack.enter_async_context(self._kept(self._redis, property_id, token))
                return "redis"
        await stack.enter_async_context(self._in_postgres(property_id, until))
        return "postgres"

    async def _take_in_redis(self, redis: Redis, property_id: str, token: str, until: float) -> None:
        pause = FIRST_PAUSE
        while not await redis.set(_key(property_id), token, nx=True, px=int(LIFE_SECONDS * 1000)):
            if time.monotonic() + pause > until:
                raise _too_long()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    @asynccontextmanager
    async def _kept(self, redis: Redis, property_id: str, token: str) -> AsyncIterator[None]:
        """Renews the lock until the block is left: its life is short, so that a dead replica does not keep it long."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(RENEW_SECONDS)
                with contextlib.suppress(*_AWAY):
                    await redis.eval(RENEW, 1, _key(property_id), token, str(int(LIFE_SECONDS * 1000)))

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()
            with contextlib.suppress(*_AWAY):
                await redis.eval(RELEASE, 1, _key(property_id), token)

    @asynccontextmanager
    async def _in_postgres(self, property_id: str, until: float) -> AsyncIterator[None]:
        async with postgres.connection(self._pool) as connection:
            pause, name = FIRST_PAUSE, f"qloapps write {property_id}"
            while not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name):
                if time.monotonic() + pause > until:
                    raise _too_long()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            try:
                yield
            finally:
                await connection.execute("SELECT pg_advisory_unlock(hashtextextended($1, 0))", name)

    async def _grip(self, property_id: str) -> Grip:
        statement = (
            "INSERT INTO write_fence AS f (property_id, fence) VALUES ($1, 1)"
            " ON CONFLICT (property_id) DO UPDATE SET fence = f.fence + 1 RETURNING fence"
        )
        async with postgres.connection(self._pool) as connection:
            fence = int(await connection.fetchval(statement, property_id))

        async def still_held() -> None:
            async with postgres.connection(self._pool) as connection:
                latest = await connection.fetchval("SELECT fence FROM write_fence WHERE property_id = $1", property_id)
            if latest != fence:
                raise Down("UNAVAILABLE", "the hotel's write lock went to somebody else")

        return Grip(fence=fence, since=self._clock.now(), still_held=still_held)


async def _nothing() -> None:
    return None


def _key(property_id: str) -> str:
    return f"pms:qloapps:lock:{property_id}"


def _too_long() -> Busy:
    return Busy("OVERLOADED", "other writes to this hotel take too long", retry_after=2)
