"""Takes due messages out of the outbox and hands each to its channel, in order and at the channel's pace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from mesh.clock import Clock
from mesh.errors import Conflict, DomainError
from mesh.telemetry import bind, get_logger
from mesh.tracing import span

from services.gateway.domain.message import Channel
from services.gateway.domain.outbox import (
    Accepted,
    Advice,
    Again,
    GiveUp,
    OutboxItem,
    Rejected,
    SendOutcome,
    SendRetryPolicy,
    Unknown,
)
from services.gateway.inbox.alarm import Alarm
from services.gateway.inbox.crew import Crew
from services.gateway.inbox.heartbeat import Heartbeat
from services.gateway.metrics import SEND_REFUSALS, SEND_WAIT_SECONDS, SENDS
from services.gateway.ports import ChannelAdapter, Outbox

_DISMISS_SECONDS = 12.0
_PAUSE = timedelta(milliseconds=20)
_ALERTS = (Advice.FIX, Advice.PAGE, Advice.STOP_PROACTIVE)
log = get_logger(__name__)


class Sender:
    """Sends for the channels it is given. `holder` names this replica in leases; `chance()` gives [0, 1).

    `longest` bounds one try.
    """

    def __init__(
        self,
        *,
        outbox: Outbox,
        channels: Mapping[Channel, ChannelAdapter],
        retry: SendRetryPolicy,
        alarm: Alarm,
        clock: Clock,
        chance: Callable[[], float],
        holder: str,
        workers: int,
        lease: timedelta,
        longest: timedelta,
        poll: timedelta,
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._retry = retry
        self._alarm = alarm
        self._clock = clock
        self._chance = chance
        self._holder = holder
        self._crew = Crew(size=workers)
        self._lease = lease
        self._longest = longest
        self._poll = poll
        self._heartbeat: Heartbeat[OutboxItem] = Heartbeat(renew=self._renew, lease=lease)

    async def run(self) -> None:
        """Sends for ever. Cancelled: claims no more and lets sends in work finish."""
        async with self._heartbeat.beating():
            try:
                while True:
                    await self.send_due()
                    # What is queued or settled here rings; other replicas queue and die without telling.
                    await self._alarm.sleep_until(self._clock.now() + self._poll)
            finally:
                await self._crew.dismiss(seconds=_DISMISS_SECONDS)

    async def send_due(self) -> None:
        """Starts sending everything that is due and first in its conversation."""
        try:
            await self._crew.work_off(self._claim, self._work)
        except DomainError as error:
            log.warning("outbox_claim_failed", reason=error.reason)

    async def _claim(self) -> OutboxItem | None:
        return await self._outbox.claim(
            channels=list(self._channels), holder=self._holder, now=self._clock.now(), lease=self._lease
        )

    async def settle(self) -> None:
        """Sends what is due now, again and again until nothing is: for tests and rehearsals."""
        while True:
            await self.send_due()
            await self._crew.rest()
            now = self._clock.now()
            due = await self._outbox.next_due(channels=list(self._channels), now=now)
            if due is None or due > now:
                return

    async def _work(self, item: OutboxItem) -> None:
        with self._heartbeat.holding(item):
            await self._send(item)

    async def _renew(self, items: Sequence[OutboxItem]) -> None:
        await self._outbox.renew(items, until=self._clock.now() + self._lease)

    async def _send(self, item: OutboxItem) -> None:
        bind(correlation_id=item.message_id)
        channel = self._channels[item.conversation.identity.channel]
        try:
            wait = await channel.pace(item)
            if wait > 0:
                await self._defer(item, wait)
                return
            attributes = {"channel": channel.channel.value, "message_id": item.message_id, "try": item.tries}
            with span("outbox.send", attributes, parent=item.traceparent):
                outcome = await self._try(channel, item)
                await self._settle(item, outcome)
        except DomainError as error:
            # The lease runs out and the message is tried again, marked as possibly repeated.
            log.warning("send_not_settled", message_id=item.message_id, reason=error.reason)

    async def _try(self, channel: ChannelAdapter, item: OutboxItem) -> SendOutcome:
        attachment = item.content.attachment
        if attachment and (why := channel.refuses(attachment, address=item.conversation.reply_address)):
            # Known when it was queued, unless the guest has moved or a setting has changed since.
            return Rejected(code="attachment", word=why, advice=Advice.FIX)
        try:
            # The lease is renewed for as long as this takes, so it must end.
            async with asyncio.timeout(self._longest.total_seconds()):
                return await channel.send(item)
        except TimeoutError:
            return Unknown(word="no answer in time")
        except DomainError as error:
            return Rejected(code="", word=error.reason, advice=Advice.RETRY)
        except Exception as error:
            log.exception("send_raised", message_id=item.message_id)
            return Unknown(word=type(error).__name__)

    async def _settle(self, item: OutboxItem, outcome: SendOutcome) -> None:
        step = None if isinstance(outcome, Accepted) else self._after(item, outcome)
        now = self._clock.now()
        try:
            await self._outbox.settle(item, outcome, step, now=now)
        except Conflict:
            log.warning("send_lease_lost", message_id=item.message_id)
            return
        channel = item.conversation.identity.channel.value
        if step is None:
            SENDS.labels(channel, "accepted").inc()
            SEND_WAIT_SECONDS.labels(channel).observe(max(0.0, (now - item.create_time).total_seconds()))
        else:
            SENDS.labels(channel, "failed" if isinstance(step, GiveUp) else "retry").inc()
        # The next message of the conversation, or this one again, may be due now.
        self._alarm.ring_at(now if step is None or isinstance(step, GiveUp) else now + step.wait)

    def _after(self, item: OutboxItem, outcome: Rejected | Unknown) -> Again | GiveUp:
        age = self._clock.now() - item.create_time
        step = self._retry.after(outcome, tries=item.tries, age=age, chance=self._chance())
        advice = outcome.advice if isinstance(outcome, Rejected) else None
        code = outcome.code if isinstance(outcome, Rejected) else "unknown"
        SEND_REFUSALS.labels(item.conversation.identity.channel.value, code, advice or "unknown").inc()
        write = log.error if advice in _ALERTS or isinstance(step, GiveUp) else log.warning
        write(
            "send_refused",
            message_id=item.message_id,
            tries=item.tries,
            code=code,
            word=outcome.word,
            advice=advice,
            gave_up=isinstance(step, GiveUp),
        )
        return step

    async def _defer(self, item: OutboxItem, wait: float) -> None:
        time = self._clock.now() + max(timedelta(seconds=wait), _PAUSE)
        await self._outbox.defer(item, not_before=time)
        self._alarm.ring_at(time)
