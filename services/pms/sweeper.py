"""Housekeeping: rooms of holds that ran out go back on sale, new nights open, old records go."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from mesh.clock import Clock
from mesh.telemetry import get_logger

from services.pms.adapters.ledger import Ledger
from services.pms.adapters.opening_books import extend_books
from services.pms.adapters.own_inventory import SWEEP_BATCH, OwnInventory
from services.pms.metrics import HOLDS_ENDED, HOLDS_OPEN

log = get_logger(__name__)


class Sweeper:
    """Runs for ever; any number of replicas may."""

    def __init__(
        self,
        *,
        backend: OwnInventory,
        ledger: Ledger,
        clock: Clock,
        pause_seconds: float,
        keep_answers: timedelta,
        keep_audits: timedelta,
    ) -> None:
        self._backend = backend
        self._ledger = ledger
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._keep_answers = keep_answers
        self._keep_audits = keep_audits
        self._tidied_on: date | None = None

    async def run(self) -> None:
        """Sweeps, pauses, sweeps again."""
        while True:
            await self.sweep()
            await asyncio.sleep(self._pause_seconds)

    async def sweep(self) -> None:
        """Ends every hold that ran out; on each new day it tidies too (of UTC: the margin covers every zone)."""
        while True:
            ended = await self._backend.expire_holds()
            HOLDS_ENDED.inc(ended)
            if ended < SWEEP_BATCH:
                break
        HOLDS_OPEN.set(await self._ledger.open_holds(self._clock.now()))
        today = self._clock.now().date()
        if today != self._tidied_on:
            await self._tidy()
            self._tidied_on = today

    async def _tidy(self) -> None:
        await extend_books(self._ledger, self._clock)
        forgotten = await self._backend.forget_departed()
        now = self._clock.now()
        dropped = await self._ledger.forget(
            answers_before=now - self._keep_answers, audits_before=now - self._keep_audits
        )
        log.info("books_tidied", dropped=dropped, guests_forgotten=forgotten)
