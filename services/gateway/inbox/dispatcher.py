"""Takes due conversations out of the inbox, a bounded number at a time, each in one set of hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from mesh.clock import Clock
from mesh.errors import DomainError
from mesh.telemetry import get_logger

from services.gateway.domain.inbox import Turn
from services.gateway.inbox.alarm import Alarm
from services.gateway.inbox.crew import Crew
from services.gateway.inbox.heartbeat import Heartbeat
from services.gateway.inbox.turns import TurnRunner
from services.gateway.ports import Inbox

_DISMISS_SECONDS = 12.0
log = get_logger(__name__)


class Dispatcher:
    """Claims until nothing is due, then sleeps until something may be. `holder` names this replica in leases."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        runner: TurnRunner,
        alarm: Alarm,
        clock: Clock,
        holder: str,
        workers: int,
        lease: timedelta,
        poll: timedelta,
    ) -> None:
        self._inbox = inbox
        self._runner = runner
        self._alarm = alarm
        self._clock = clock
        self._holder = holder
        self._crew = Crew(size=workers)
        self._poll = poll
        self._heartbeat: Heartbeat[Turn] = Heartbeat(renew=self._renew, lease=lease)

    async def run(self) -> None:
        """Dispatches for ever. Cancelled: claims no more, lets turns in work finish, gives the rest back."""
        async with self._heartbeat.beating():
            try:
                while True:
                    await self.dispatch_due()
                    # What is stored or settled here rings; other replicas store and die without telling.
                    await self._alarm.sleep_until(self._clock.now() + self._poll)
            finally:
                await self._crew.dismiss(seconds=_DISMISS_SECONDS)

    async def dispatch_due(self) -> None:
        """Starts work on everything that is due."""
        try:
            await self._crew.work_off(self._claim, self._work)
        except DomainError as error:
            log.warning("inbox_claim_failed", reason=error.reason)

    async def _claim(self) -> Turn | None:
        return await self._inbox.claim(holder=self._holder, now=self._clock.now())

    async def _work(self, turn: Turn) -> None:
        with self._heartbeat.holding(turn):
            due = await self._runner.run(turn)
        if due is not None:
            self._alarm.ring_at(due)

    async def _renew(self, turns: Sequence[Turn]) -> None:
        await self._inbox.renew(turns, now=self._clock.now())

    async def settle(self) -> None:
        """Dispatches what is due now, again and again until nothing is: for tests and rehearsals."""
        while True:
            await self.dispatch_due()
            await self._crew.rest()
            due = await self._inbox.next_due()
            if due is None or due > self._clock.now():
                return
