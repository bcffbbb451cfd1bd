"""Writes the audit log: before something is shown or done, or it is not shown and not done."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from mesh.clock import Clock

from services.gateway.staff.domain.audit import Action, Entry
from services.gateway.staff.domain.user import Person
from services.gateway.staff.ports import Audit

# A page that keeps itself live reads again and again: that is one look.
ONE_LOOK = timedelta(minutes=5)
_REMEMBERED = 10_000


class Logbook:
    """Every method raises Down when the entry cannot be stored."""

    def __init__(self, *, audit: Audit, clock: Clock) -> None:
        self._audit = audit
        self._clock = clock
        self._looks: OrderedDict[tuple[str, str, str], datetime] = OrderedDict()

    async def did(self, person: Person, action: Action, subject: str, *, address: str = "", **details: str) -> None:
        """Somebody is about to change something."""
        await self._audit.write(
            Entry(
                actor=person.user.user_id,
                action=action,
                subject=subject,
                details=details,
                time=self._clock.now(),
                address=address,
            )
        )

    async def saw(
        self, person: Person, action: Action, subject: str = "", *, address: str = "", **details: str
    ) -> None:
        """Somebody is about to be shown something. Looks at the same thing within five minutes are one entry."""
        key = (person.user.user_id, action.value, subject)
        now = self._clock.now()
        if key in self._looks and now - self._looks[key] < ONE_LOOK:
            return
        await self.did(person, action, subject, address=address, **details)
        self._looks[key] = now
        self._looks.move_to_end(key)
        if len(self._looks) > _REMEMBERED:
            self._looks.popitem(last=False)
