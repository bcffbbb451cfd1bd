"""Keeps Gmail's watch alive: it ends after seven days, so it is renewed every day, once over all replicas."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from mesh.clock import Clock
from mesh.errors import DomainError
from mesh.telemetry import get_logger

from services.gateway.channels.email.gmail import GmailMailbox
from services.gateway.channels.email.ports import MailAway, Marks

RENEW = timedelta(days=1)
AGAIN = timedelta(minutes=5)
_LOOK_SECONDS = 60.0
log = get_logger(__name__)


class WatchKeeper:
    """Renews for ever. A renewal that fails is tried again after five minutes."""

    def __init__(self, *, mailboxes: Sequence[GmailMailbox], topic: str, marks: Marks, clock: Clock) -> None:
        self._mailboxes = tuple(mailboxes)
        self._topic = topic
        self._marks = marks
        self._clock = clock

    async def run(self) -> None:
        while True:
            for mailbox in self._mailboxes:
                await self.renew(mailbox)
            await asyncio.sleep(_LOOK_SECONDS)

    async def renew(self, mailbox: GmailMailbox) -> bool:
        """Renews when it is due and nobody else does; whether it did."""
        now = self._clock.now()
        try:
            # Claimed for a short while first: a replica that dies here leaves it to the others soon.
            if not await self._marks.claim_watch(mailbox.address, now=now, again=now + AGAIN):
                return False
            await mailbox.watch(self._topic)
            await self._marks.watched(mailbox.address, until=now + RENEW)
        except (MailAway, DomainError) as error:
            log.error("watch_not_renewed", fault=str(error))
            return False
        log.info("watch_renewed")
        return True
