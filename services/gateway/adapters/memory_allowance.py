"""The allowance of one process: for tests, for rehearsals, and while Redis is away."""

from __future__ import annotations

from collections.abc import Sequence

from mesh.clock import Clock

from services.gateway.domain.rates import Bucket, Grant, TokenBuckets


class MemoryAllowance:
    """`Allowance` of this process alone."""

    def __init__(self, *, clock: Clock) -> None:
        self._buckets = TokenBuckets()
        self._clock = clock

    async def take(self, buckets: Sequence[Bucket], *, most: int = 1) -> Grant:
        return self._buckets.take(buckets, self._clock.monotonic(), most=most)

    async def empty(self, bucket: Bucket) -> None:
        self._buckets.empty(bucket, self._clock.monotonic())
