"""What is done about the inbox and outbox now and then: gauges are set, old rows removed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from mesh.clock import Clock
from mesh.errors import DomainError
from mesh.telemetry import get_logger

from services.gateway.metrics import FORGOTTEN, INBOX_LAG, INBOX_OPEN, INBOX_PARKED, INBOX_PENDING, OUTBOX_MESSAGES
from services.gateway.ports import Inbox, Outbox, Retention

_GAUGE_SECONDS = 10.0
_OUTBOX_SPAN = timedelta(hours=24)
log = get_logger(__name__)


class Upkeep:
    """Two loops for the runtime to supervise."""

    def __init__(self, *, inbox: Inbox, outbox: Outbox, retention: Retention, sweep: timedelta, clock: Clock) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._retention = retention
        self._sweep = sweep
        self._clock = clock

    async def gauge(self) -> None:
        """Sets the gauges for ever."""
        while True:
            await self.gauge_once()
            await asyncio.sleep(_GAUGE_SECONDS)

    async def gauge_once(self) -> None:
        """Sets them once; with the store away they keep their values."""
        try:
            backlog = await self._inbox.backlog()
            counts = await self._outbox.counts(since=self._clock.now() - _OUTBOX_SPAN)
        except DomainError as error:
            log.warning("gauges_not_set", reason=error.reason)
            return
        overdue = (self._clock.now() - backlog.oldest_due).total_seconds() if backlog.oldest_due is not None else 0.0
        INBOX_LAG.set(max(0.0, overdue))
        INBOX_PENDING.set(backlog.pending_messages)
        INBOX_OPEN.set(backlog.open_turns)
        INBOX_PARKED.set(backlog.parked_turns)
        for state, number in counts.items():
            OUTBOX_MESSAGES.labels(state).set(number)

    async def forget(self) -> None:
        """Removes old rows for ever."""
        while True:
            await self.forget_once()
            await asyncio.sleep(self._sweep.total_seconds())

    async def forget_once(self) -> None:
        """Removes everything old, a batch at a time."""
        try:
            while (removed := await self._inbox.forget(self._retention, now=self._clock.now())) > 0:
                FORGOTTEN.inc(removed)
        except DomainError as error:
            log.warning("rows_not_removed", reason=error.reason)
