"""Two layers before the PMS: a bounded one in this process, and Redis for all replicas. Losing either loses nothing.

What an event makes old is left behind by a new generation: keys contain the generation of what they tell of, so that
a value read before the event can still be stored and is never found again.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mesh.clock import Clock
from mesh.errors import Down
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.pms.adapters.qloapps.metrics import CACHE_READS

LOCAL_ENTRIES = 1_000
LOCAL_LIFE = timedelta(seconds=300)
AVAILABILITY_LIFE = timedelta(seconds=300)
GUEST_LIFE = timedelta(seconds=1_800)
HOTEL_LIFE = timedelta(seconds=3_600)
POLICY_LIFE = timedelta(seconds=7_200)
# Kept beyond its life, for the day when the PMS is away and old hotel information is better than none.
KEEPSAKE = timedelta(days=7)
_AWAY = (RedisError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Entry:
    """A text and when it was read from the PMS."""

    text: str
    read_time: datetime

    def fresh(self, now: datetime, life: timedelta) -> bool:
        return now - self.read_time < life


class TwoLayerCache:
    """Texts by key."""

    def __init__(self, *, clock: Clock, redis: Redis | None = None, prefix: str = "pms:qloapps:") -> None:
        self._clock = clock
        self._redis = redis
        self._prefix = prefix
        self._local: OrderedDict[str, tuple[Entry, datetime]] = OrderedDict()
        self._generations: dict[str, int] = {}

    async def generations(self, group: str, names: Sequence[str]) -> dict[str, str]:
        """The present generation of each name; shared by all replicas while Redis is there."""
        own = {name: f"l{self._generations.get(f'{group}/{name}', 0)}" for name in names}
        if self._redis is None or not names:
            return own
        try:
            values = await self._redis.hmget(f"{self._prefix}generations:{group}", list(names))
        except _AWAY:
            return own
        return {name: f"r{int(value or 0)}" for name, value in zip(names, values, strict=True)}

    async def outdate(self, group: str, names: Sequence[str]) -> None:
        """Begins a new generation of each name: something happened to it."""
        for name in names:
            key = f"{group}/{name}"
            self._generations[key] = self._generations.get(key, 0) + 1
        if self._redis is None or not names:
            return
        try:
            pipe = self._redis.pipeline(transaction=False)
            for name in names:
                pipe.hincrby(f"{self._prefix}generations:{group}", name, 1)
            pipe.expire(f"{self._prefix}generations:{group}", KEEPSAKE)
            await pipe.execute()
        except _AWAY:
            # The other replicas learn of it when their entries run out; what is sold is read anew in any case.
            return

    async def get(self, kind: str, keys: Sequence[str]) -> dict[str, Entry]:
        """What is known of these keys, however old."""
        found = {key: entry for key in keys if (entry := self._remembered(key)) is not None}
        CACHE_READS.labels(kind, "local").inc(len(found))
        missing = [key for key in keys if key not in found]
        for key, entry in (await self._from_redis(missing)).items():
            CACHE_READS.labels(kind, "redis").inc()
            self._remember(key, entry)
            found[key] = entry
        CACHE_READS.labels(kind, "none").inc(len(keys) - len(found))
        return found

    async def put(self, entries: dict[str, str], life: timedelta) -> None:
        """Stores what was just read."""
        now = self._clock.now()
        for key, text in entries.items():
            self._remember(key, Entry(text, now))
        if self._redis is None or not entries:
            return
        try:
            pipe = self._redis.pipeline(transaction=False)
            for key, text in entries.items():
                pipe.set(self._prefix + key, json.dumps([now.isoformat(), text]), px=life)
            await pipe.execute()
        except _AWAY:
            return

    async def drop(self, start: str) -> None:
        """Removes every entry whose key begins so. Raises Down while Redis, which may hold some, is away."""
        for key in [key for key in self._local if key.startswith(start)]:
            del self._local[key]
        if self._redis is None:
            return
        try:
            async for key in self._redis.scan_iter(match=f"{self._prefix}{start}*", count=1_000):
                await self._redis.unlink(key)
        except _AWAY:
            raise Down("UNAVAILABLE", "what is remembered cannot be removed") from None

    def _remembered(self, key: str) -> Entry | None:
        known = self._local.get(key)
        if known is None or self._clock.now() >= known[1]:
            return None
        self._local.move_to_end(key)
        return known[0]

    def _remember(self, key: str, entry: Entry) -> None:
        self._local[key] = (entry, self._clock.now() + LOCAL_LIFE)
        self._local.move_to_end(key)
        while len(self._local) > LOCAL_ENTRIES:
            self._local.popitem(last=False)

    async def _from_redis(self, keys: Sequence[str]) -> dict[str, Entry]:
        if self._redis is None or not keys:
            return {}
        try:
            values = await self._redis.mget([self._prefix + key for key in keys])
        except _AWAY:
            return {}
        found = {}
        for key, value in zip(keys, values, strict=True):
            if value:
                stamp, text = json.loads(value)
                found[key] = Entry(text, datetime.fromisoformat(stamp))
        return found
