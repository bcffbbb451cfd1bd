"""Guests whom the session service has forgotten are forgotten here: asked for until nothing is left, whoever dies."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from mesh.clock import Clock
from mesh.errors import DomainError
from mesh.telemetry import get_logger

from services.gateway.domain.erasure import Erasure
from services.gateway.metrics import ERASED
from services.gateway.ports import Eraser, Erasures

log = get_logger(__name__)


class Forgetting:
    """A loop for the runtime to supervise. Any number of replicas may do it at once."""

    def __init__(self, *, erasures: Erasures, erasers: Sequence[Eraser], pause: timedelta, clock: Clock) -> None:
        """`erasers` in this order: the next only when the one before has nothing of the guest any more."""
        self._erasures = erasures
        self._erasers = erasers
        self._pause = pause
        self._clock = clock

    async def run(self) -> None:
        """Asks for ever."""
        while True:
            await self.run_once()
            await asyncio.sleep(self._pause.total_seconds())

    async def run_once(self) -> int:
        """Forgets whom it can and settles those; how many. The others, and all when a store is away, come again."""
        done = 0
        try:
            for erasure in await self._erasures.pending():
                if await self._erased(erasure):
                    await self._erasures.settle(erasure)
                    ERASED.inc()
                    done += 1
        except DomainError as error:
            log.warning("guests_not_forgotten", reason=error.reason)
        return done

    async def _erased(self, erasure: Erasure) -> bool:
        for eraser in self._erasers:
            if not await eraser.erase(erasure, now=self._clock.now()):
                return False
        return True
