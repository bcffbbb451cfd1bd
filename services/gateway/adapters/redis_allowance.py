"""The allowance that all replicas share, in Redis; while it is away each replica counts for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mesh.breaker import CircuitBreaker
from mesh.clock import Clock
from mesh.errors import Down
from mesh.store.redis import translate
from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from services.gateway.adapters.memory_allowance import MemoryAllowance
from services.gateway.domain.rates import ROUNDING, Bucket, Grant

# The same rules as domain/rates.py, in one step and by Redis's own clock. A bucket that is full again is forgotten.
_TAKE = f"""
    local time = redis.call('TIME')
    local now = time[1] + time[2] / 1000000
    local taken, wait, levels = tonumber(ARGV[1]), 0, {{}}
    for i, key in ipairs(KEYS) do
        local rate, burst = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
        local kept = redis.call('HMGET', key, 'level', 'time')
        local level = burst
        if kept[1] then
            level = math.min(burst, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * rate)
        end
        levels[i] = level
        taken = math.min(taken, math.floor(level + {ROUNDING}))
        wait = math.max(wait, (1 - level) / rate)
    end
    if taken < 1 then
        return {{0, string.format('%.6f', wait)}}
    end
    for i, key in ipairs(KEYS) do
        local rate, burst = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
        redis.call('HSET', key, 'level', string.format('%.6f', levels[i] - taken), 'time', string.format('%.6f', now))
        redis.call('PEXPIRE', key, math.ceil((burst - levels[i] + taken) / rate * 1000) + 1000)
    end
    return {{taken, '0'}}
"""

_EMPTY = """
    local time = redis.call('TIME')
    redis.call('HSET', KEYS[1], 'level', '0', 'time', string.format('%.6f', time[1] + time[2] / 1000000))
    redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[2]) / tonumber(ARGV[1]) * 1000) + 1000)
"""


class RedisAllowance:
    """`Allowance` in Redis. Never raises: a limit is worth less than an answer."""

    def __init__(self, *, redis: Redis, prefix: str, clock: Clock) -> None:
        self._take = redis.register_script(_TAKE)
        self._empty = redis.register_script(_EMPTY)
        self._prefix = prefix
        # One time-out is felt, not one for each message.
        self._breaker = CircuitBreaker("allowance", clock=clock, failures=1, open_seconds=5.0, successes=1)
        self._alone = MemoryAllowance(clock=clock)

    async def take(self, buckets: Sequence[Bucket], *, most: int = 1) -> Grant:
        figures = [figure for bucket in buckets for figure in (bucket.rate.per_second, bucket.rate.burst)]
        try:
            taken, wait = await self._ask(self._take, self._keys(buckets), [most, *figures])
        except Down:
            return await self._alone.take(buckets, most=most)
        return Grant(taken=int(taken), wait=float(wait))

    async def empty(self, bucket: Bucket) -> None:
        try:
            await self._ask(self._empty, self._keys([bucket]), [bucket.rate.per_second, bucket.rate.burst])
        except Down:
            await self._alone.empty(bucket)

    async def _ask(self, script: AsyncScript, keys: list[str], arguments: list[float]) -> Any:
        async with self._breaker.guard():
            with translate():
                return await script(keys, arguments)

    def _keys(self, buckets: Sequence[Bucket]) -> list[str]:
        return [f"{self._prefix}:{bucket.key}" for bucket in buckets]
