"""A sleeper that can be woken for a given time: how a stored message starts work without waiting for the poll."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from mesh.clock import Clock


class Alarm:
    """Sleeps until the earliest time it was set for. One sleeper, any number of setters, in one process."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._earliest: datetime | None = None
        self._changed = asyncio.Event()

    def ring_at(self, time: datetime) -> None:
        """Wakes the sleeper at `time`, or now when that has passed."""
        if self._earliest is None or time < self._earliest:
            self._earliest = time
            self._changed.set()

    async def sleep_until(self, time: datetime) -> None:
        """Returns at `time` or at an earlier one that the alarm was or is set for meanwhile."""
        self.ring_at(time)
        while self._earliest is not None:
            self._changed.clear()
            wait = (self._earliest - self._clock.now()) / timedelta(seconds=1)
            if wait <= 0:
                break
            try:
                async with asyncio.timeout(wait):
                    await self._changed.wait()
            except TimeoutError:
                # The machine slept as long as it was told; a clock that stands still must not make it spin.
                break
        self._earliest = None
