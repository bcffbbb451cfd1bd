"""What staff leave behind is removed in time: audit entries after their years, sign-ins and attempts after a day."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from mesh.clock import Clock
from mesh.errors import DomainError
from mesh.telemetry import get_logger

from services.gateway.staff.ports import Audit

# Attempts are counted for minutes and sign-ins are over when they are; a day lets people look into what happened.
_ATTEMPTS_KEPT = timedelta(days=1)
_SWEEP_SECONDS = 3600.0
log = get_logger(__name__)


class StaffUpkeep:
    """A loop for the runtime to supervise. `keep` is how long entries of the audit log are kept."""

    def __init__(self, *, audit: Audit, keep: timedelta, clock: Clock) -> None:
        self._audit = audit
        self._keep = keep
        self._clock = clock

    async def run(self) -> None:
        """Removes what is old for ever."""
        while True:
            await self.forget_once()
            await asyncio.sleep(_SWEEP_SECONDS)

    async def forget_once(self) -> None:
        """Removes what is old now; with the store away it is left for the next time."""
        now = self._clock.now()
        try:
            await self._audit.forget(entries_before=now - self._keep, attempts_before=now - _ATTEMPTS_KEPT)
        except DomainError as error:
            log.warning("staff_rows_not_removed", reason=error.reason)
