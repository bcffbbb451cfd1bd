"""How much may pass in a span of time: token buckets, for what we accept and for what we send alike.

A bucket is a window that slides with every event and needs two numbers, however many events there are: `burst` may come
at once, the long run is held to the rate, and what is refused is not counted.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

# Less than this of a token is an error of floating point, not a reason to wait.
ROUNDING = 1e-6
_TIER = re.compile(r"(\d+)/(s|min|h)(?: burst (\d+))?")
_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`per_second` in the long run, `burst` at once."""

    per_second: float
    burst: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One thing that is counted, and how fast."""

    key: str
    rate: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """How many were taken; when none, the seconds until one can be."""

    taken: int
    wait: float = 0.0


def read_rate(text: str) -> Rate | None:
    """`10/min burst 20`, `80/s`, `1000/h burst 1200`; without a burst it is the number itself. Empty: no limit.

    Raises ValueError for anything else.
    """
    if not text.strip():
        return None
    found = _TIER.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        raise ValueError(f"{text!r} is not like `10/min burst 20` (s, min or h)")
    number = int(found[1])
    return Rate(per_second=number / _SECONDS[found[2]], burst=max(1, int(found[3] or number)))


class TokenBuckets:
    """Buckets of one process; the keys longest unused are forgotten beyond `capacity`, full buckets by nature.

    `now` is monotonic seconds.
    """

    def __init__(self, *, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, buckets: Sequence[Bucket], now: float, *, most: int = 1) -> Grant:
        """Takes the same number from every bucket: as many as each has, at most `most`; or none, and how long to wait.

        Raises ValueError without a bucket.
        """
        levels = [self._level(bucket, now) for bucket in buckets]
        taken = min(most, *(math.floor(level + ROUNDING) for level in levels))
        if taken < 1:
            lacking = zip(buckets, levels, strict=True)
            return Grant(taken=0, wait=max((1.0 - level) / bucket.rate.per_second for bucket, level in lacking))
        for bucket, level in zip(buckets, levels, strict=True):
            self._keep(bucket, level - taken, now)
        return Grant(taken=taken)

    def empty(self, bucket: Bucket, now: float) -> None:
        """The other side says we are too fast: nothing more until a token has grown again."""
        self._keep(bucket, 0.0, now)

    def _keep(self, bucket: Bucket, level: float, now: float) -> None:
        self._levels[bucket.key] = (level, now)
        self._levels.move_to_end(bucket.key)
        if len(self._levels) > self._capacity:
            self._levels.popitem(last=False)

    def _level(self, bucket: Bucket, now: float) -> float:
        level, then = self._levels.get(bucket.key, (bucket.rate.burst, now))
        return min(bucket.rate.burst, level + (now - then) * bucket.rate.per_second)
