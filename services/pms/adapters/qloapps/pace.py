"""Our own limit on requests to one QloApps, and obedience when it asks us to slow down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from mesh import deadline

from services.pms.adapters.qloapps.failures import AskedTooOften

Sleep = Callable[[float], Awaitable[None]]
# Longer than this nobody waits for a turn: the caller is told when to come back.
LONGEST_WAIT = 5.0


class Pace:
    """A bucket of tokens that refills steadily."""

    def __init__(
        self,
        *,
        per_second: float,
        burst: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._per_second = per_second
        self._burst = burst or max(1.0, per_second)
        self._monotonic = monotonic
        self._sleep = sleep
        self._tokens = self._burst
        self._filled_at = monotonic()
        self._not_before = 0.0

    async def turn(self) -> None:
        """Waits for this request's turn. Raises AskedTooOften when that is later than the caller can wait."""
        now = self._monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        wait = max(self._not_before - now, (1 - self._tokens) / self._per_second, 0.0)
        left = deadline.remaining()
        if wait > LONGEST_WAIT or (left is not None and wait > left):
            raise AskedTooOften(retry_after=wait)
        # Taken before the wait: who comes meanwhile queues behind.
        self._tokens -= 1
        if wait > 0:
            await self._sleep(wait)

    def hold_back(self, seconds: float) -> None:
        """Nobody asks for so long."""
        self._not_before = max(self._not_before, self._monotonic() + seconds)
