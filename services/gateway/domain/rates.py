"""How much may pass in a span of time: token buckets for what we send, sliding windows for what we accept."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass

# Less than this of a token is an error of floating point, not a reason to wait.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`per_second` in the long run, `burst` at once."""

    per_second: float
    burst: float


class TokenBuckets:
    """One bucket for each key; the keys longest unused are forgotten beyond `capacity`, full buckets by nature."""

    def __init__(self, *, rate: Rate, capacity: int = 10_000) -> None:
        self._rate = rate
        self._capacity = capacity
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str, now: float) -> float:
        """Seconds until a token is there; 0 when one is there already. Takes nothing. `now` is monotonic seconds."""
        lacking = 1.0 - self._level(key, now)
        return lacking / self._rate.per_second if lacking > _ROUNDING else 0.0

    def take(self, key: str, now: float) -> None:
        """Takes a token, into debt if need be, so that those who follow wait longer."""
        self._levels[key] = (self._level(key, now) - 1.0, now)
        self._levels.move_to_end(key)
        if len(self._levels) > self._capacity:
            self._levels.popitem(last=False)

    def empty(self, key: str, now: float) -> None:
        """The other side says we are too fast: nothing more until a token has grown again."""
        self._levels[key] = (0.0, now)

    def _level(self, key: str, now: float) -> float:
        level, then = self._levels.get(key, (self._rate.burst, now))
        return min(self._rate.burst, level + (now - then) * self._rate.per_second)


class SlidingWindow:
    """At most `limit` events of one key in any `seconds`. Refused events are not counted."""

    def __init__(self, *, limit: int, seconds: float, capacity: int = 10_000) -> None:
        self._limit = limit
        self._seconds = seconds
        self._capacity = capacity
        self._events: OrderedDict[str, deque[float]] = OrderedDict()

    def admit(self, key: str, now: float) -> float:
        """0 when the event is admitted (and counted), else the seconds until one would be."""
        events = self._events.setdefault(key, deque())
        self._events.move_to_end(key)
        while events and events[0] <= now - self._seconds:
            events.popleft()
        if len(events) >= self._limit:
            return events[0] + self._seconds - now
        events.append(now)
        if len(self._events) > self._capacity:
            self._events.popitem(last=False)
        return 0.0
