"""Reads mailboxes from our own mark on, in order, one replica at a time; the mark moves only after storing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

from mesh.clock import Clock
from mesh.errors import Conflict, DomainError
from mesh.telemetry import get_logger
from mesh.tracing import current_traceparent, span

from services.gateway.channels.email.ports import Batch, MailAway, Mailbox, MarkLost, Marks, Reading, Threads
from services.gateway.channels.email.sorting import Sorted, SortingPolicy, sort
from services.gateway.channels.intake import Accept
from services.gateway.channels.offers import LastOffer, with_choices

_LEASE = timedelta(seconds=60)
_BUSY_SECONDS = 1.0
log = get_logger(__name__)


class MailReader:
    """One loop for each mailbox. `poll` is how often a mailbox is read without being told to: pushes can be lost."""

    def __init__(
        self,
        *,
        mailboxes: Sequence[Mailbox],
        marks: Marks,
        threads: Threads,
        policy: SortingPolicy,
        accept: Accept,
        last_offer: LastOffer,
        poll: timedelta,
        clock: Clock,
    ) -> None:
        self._mailboxes = {mailbox.address: mailbox for mailbox in mailboxes}
        self._marks = marks
        self._threads = threads
        self._policy = policy
        self._accept = accept
        self._last_offer = last_offer
        self._poll = poll
        self._clock = clock
        self._news = {address: asyncio.Event() for address in self._mailboxes}
        for news in self._news.values():
            news.set()

    def news(self, address: str) -> None:
        """There is something to read."""
        if address in self._news:
            self._news[address].set()

    async def run(self) -> None:
        """Reads for ever."""
        async with asyncio.TaskGroup() as group:
            for mailbox in self._mailboxes.values():
                group.create_task(self._attend(mailbox))

    async def _attend(self, mailbox: Mailbox) -> None:
        news = self._news[mailbox.address]
        failures = 0
        while True:
            news.clear()
            try:
                done = await self.read(mailbox)
                wait = self._poll.total_seconds() if done else _BUSY_SECONDS
                failures = 0
            except (MailAway, DomainError) as error:
                failures += 1
                wait = min(60.0, 0.25 * 2.0**failures)
                refused = isinstance(error, MailAway) and error.refused
                (log.error if refused else log.warning)("mailbox_not_read", fault=str(error), wait=wait)
            try:
                async with asyncio.timeout(wait):
                    await news.wait()
            except TimeoutError:
                continue

    async def settle(self) -> None:
        """Reads the mailboxes of which there is news, and each for the first time: for tests and rehearsals."""
        for address, mailbox in self._mailboxes.items():
            news = self._news[address]
            try:
                while news.is_set():
                    news.clear()
                    if not await self.read(mailbox):
                        news.set()
            except (MailAway, DomainError) as error:
                news.set()
                log.warning("mailbox_not_read", fault=str(error))

    async def read(self, mailbox: Mailbox) -> bool:
        """Reads what is new. False when another replica does, or there was news meanwhile. Raises MailAway, Down."""
        held = await self._marks.claim(mailbox.address, now=self._clock.now(), lease=_LEASE)
        if held is None:
            return False
        told = ""
        try:
            with span("mail.read"):
                held = await self._read(mailbox, held)
        except Conflict:
            # Another replica took over; it reads from the same mark.
            log.warning("mailbox_lease_lost")
            return False
        finally:
            told = await self._marks.release(held)
        return not mailbox.is_behind(held.mark, told)

    async def _read(self, mailbox: Mailbox, held: Reading) -> Reading:
        if not held.mark:
            # A mailbox seen for the first time: what is in it is the hotel's past.
            return await self._move(held, await mailbox.latest())
        try:
            return await self._store(mailbox, held, mailbox.after(held.mark))
        except MarkLost:
            log.warning("mailbox_mark_lost")
            return await self._store(mailbox, held, mailbox.recent())

    async def _store(self, mailbox: Mailbox, held: Reading, batches: AsyncGenerator[Batch, None]) -> Reading:
        async with aclosing(batches):
            async for batch in batches:
                for mail in batch.mails:
                    # Parsing a large mail takes longer than the loop may stand still.
                    found = await asyncio.to_thread(
                        sort,
                        mail,
                        mailbox=mailbox.address,
                        policy=self._policy,
                        now=self._clock.now(),
                        traceparent=current_traceparent(),
                    )
                    await self._keep(mailbox.address, found)
                held = await self._move(held, batch.mark or held.mark)
        return held

    async def _keep(self, address: str, found: Sorted) -> None:
        # The thread first: an answer may be due before the next statement.
        if found.thread is not None:
            await self._threads.add(
                found.key, mailbox=address, guest=found.guest, thread=found.thread, now=self._clock.now()
            )
        await self._accept(await with_choices(found.delivery, self._last_offer))

    async def _move(self, held: Reading, mark: str) -> Reading:
        await self._marks.move(held, mark, now=self._clock.now(), lease=_LEASE)
        return replace(held, mark=mark)
