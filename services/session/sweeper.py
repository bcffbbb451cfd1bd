"""The background task: ends conversations that fell silent, deletes what was kept long enough, counts who is left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from mesh.clock import Clock
from mesh.telemetry import get_logger

from services.session.metrics import ACTIVE_SESSIONS, SWEPT
from services.session.ports import Housekeeping

log = get_logger(__name__)


class Sweeper:
    """Sweeps in batches. Any number of replicas may sweep at once; each row is one replica's."""

    def __init__(
        self,
        *,
        store: Housekeeping,
        clock: Clock,
        pause: timedelta,
        batch: int,
        session_retention: timedelta,
        request_retention: timedelta,
    ) -> None:
        self._store = store
        self._clock = clock
        self._pause = pause
        self._batch = batch
        self._session_retention = session_retention
        self._request_retention = request_retention

    async def run(self) -> None:
        """Sweeps until cancelled."""
        while True:
            await self.sweep()
            await asyncio.sleep(self._pause.total_seconds())

    async def sweep(self) -> None:
        """One round: everything that is over now. Raises Down when the store is away; the next round does the rest."""
        now = self._clock.now()
        await self._drained("ended", self._end)
        await self._drained("purged", self._purge)
        await self._drained("requests", self._forget)
        ACTIVE_SESSIONS.set(await self._store.count_active(now=now))

    async def _end(self) -> int:
        return len(await self._store.end_silent(now=self._clock.now(), limit=self._batch))

    async def _purge(self) -> int:
        before = self._clock.now() - self._session_retention
        return len(await self._store.purge(ended_before=before, limit=self._batch))

    async def _forget(self) -> int:
        before = self._clock.now() - self._request_retention
        return await self._store.forget_requests(before=before, limit=self._batch)

    async def _drained(self, kind: str, one_batch: Callable[[], Awaitable[int]]) -> None:
        """Batches until one is not full: then there is no more, or another replica is at it."""
        total = 0
        while True:
            count = await one_batch()
            total += count
            if count < self._batch:
                break
        if total:
            SWEPT.labels(kind).inc(total)
            log.info("sessions_swept", kind=kind, count=total)
