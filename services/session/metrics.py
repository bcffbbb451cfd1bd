"""What the service counts and times."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from prometheus_client import Counter, Gauge, Histogram

ACTIVE_SESSIONS = Gauge(
    "active_sessions_count",
    "Conversations going on in all the hotel: every replica reports the same, take the max.",
)
CACHE_HIT_RATIO = Gauge("session_cache_hit_ratio", "Share of session reads that the cache answered, since the start.")
PROCESSING_TIME = Histogram(
    "session_processing_time_seconds",
    "Time to carry out a call, stores included.",
    ["operation"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
CACHE_READS = Counter("hotel_session_cache_reads_total", "Reads of the cache, by what came of them.", ["result"])
VERSION_MISMATCHES = Counter("hotel_session_version_mismatches_total", "Writes refused because a record had moved on.")
REPLAYED_TURNS = Counter("hotel_session_replayed_turns_total", "Turns that came again after they had been stored.")
SWEPT = Counter("hotel_session_swept_rows_total", "Rows that the sweeper ended or deleted.", ["kind"])
ERASURES = Counter("hotel_session_erasures_total", "Guests who were forgotten.")

P = ParamSpec("P")
T = TypeVar("T")


def timed(call: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Times an RPC under its own name, failed calls too."""
    timer = PROCESSING_TIME.labels(call.__name__)

    @wraps(call)
    async def measured(*args: P.args, **kwargs: P.kwargs) -> T:
        with timer.time():
            return await call(*args, **kwargs)

    return measured


class CacheReads:
    """Hits and misses of one process, and their ratio as the gauge shows it."""

    def __init__(self) -> None:
        self._hits = 0
        self._reads = 0

    def note(self, *, hit: bool) -> None:
        """One more read that the cache answered, or did not, being empty or away."""
        self._hits += hit
        self._reads += 1
        CACHE_READS.labels("hit" if hit else "miss").inc()
        CACHE_HIT_RATIO.set(self._hits / self._reads)


@contextmanager
def counting(counter: Counter, error: type[Exception]) -> Iterator[None]:
    """Counts an error on its way out."""
    try:
        yield
    except error:
        counter.inc()
        raise
