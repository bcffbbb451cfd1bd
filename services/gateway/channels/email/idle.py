"""Listens to mailboxes by IMAP IDLE: asked for anew before servers end it, opened again when it breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mesh.telemetry import get_logger

from services.gateway.channels.email.imap import ImapMailbox
from services.gateway.channels.email.ports import MailAway

# Servers may end an IDLE after 30 minutes.
_IDLE_SECONDS = 28 * 60.0
_MOST_SECONDS = 60.0
log = get_logger(__name__)


class IdleListener:
    """`news(address)` is called when something came, and after every break: what came meanwhile was not told."""

    def __init__(self, *, mailbox: ImapMailbox, news: Callable[[str], None]) -> None:
        self._mailbox = mailbox
        self._news = news

    async def run(self) -> None:
        """Listens for ever."""
        failures = 0
        while True:
            try:
                await self._mailbox.wait_for_news(seconds=_IDLE_SECONDS, told=self._tell)
                failures = 0
            except MailAway as error:
                failures += 1
                wait = min(_MOST_SECONDS, 2.0**failures)
                log.warning("idle_broken", fault=str(error), wait=wait)
                await asyncio.sleep(wait)
            self._tell()

    def _tell(self) -> None:
        self._news(self._mailbox.address)
