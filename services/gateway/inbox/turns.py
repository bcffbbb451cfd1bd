"""One claimed turn: asked of the orchestrator, then settled, tried again later, or put aside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from mesh.clock import Clock
from mesh.errors import Conflict, DomainError
from mesh.telemetry import bind, get_logger
from mesh.tracing import current_traceparent, span

from services.gateway.domain.inbox import RetryPolicy, Turn
from services.gateway.domain.letters import as_sent_by
from services.gateway.domain.message import OutboundMessage
from services.gateway.inbox.restraint import Restraint
from services.gateway.metrics import TURN_SECONDS, TURN_WAIT_SECONDS, TURNS, TURNS_PARKED
from services.gateway.ports import Inbox, Orchestrator

_INTERRUPTED = "interrupted"
_NOT_HEARD = "voice not heard yet"
Hear: TypeAlias = Callable[[Turn], Awaitable[Turn | timedelta]]
log = get_logger(__name__)


class TurnRunner:
    """Runs turns. `queued(time)` is told when replies were put into the outbox; `chance()` gives [0, 1).

    `hear` fills in what voice notes say, or tells how long to wait for it; without it they go on as they came.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        orchestrator: Orchestrator,
        restraint: Restraint,
        retry: RetryPolicy,
        clock: Clock,
        chance: Callable[[], float],
        queued: Callable[[datetime], None],
        hear: Hear | None = None,
    ) -> None:
        self._inbox = inbox
        self._orchestrator = orchestrator
        self._restraint = restraint
        self._retry = retry
        self._clock = clock
        self._chance = chance
        self._queued = queued
        self._hear = hear
        self._fault = ""

    @property
    def orchestrator_state(self) -> str:
        """`ok`, or why the last turn failed: for the readiness page."""
        return self._fault or "ok"

    async def run(self, turn: Turn) -> datetime | None:
        """When the conversation is due again, as far as is known here. Never raises, but for cancellation, when it
        gives the turn back."""
        bind(correlation_id=turn.turn_id)
        if turn.tries == 1:
            waited = self._clock.now() - max(message.receive_time for message in turn.messages)
            TURN_WAIT_SECONDS.observe(max(0.0, waited.total_seconds()))
        with TURN_SECONDS.time(), span("turn.handle", _attributes(turn), parent=turn.traceparent):
            try:
                return await self._handle(turn)
            except asyncio.CancelledError:
                await asyncio.shield(self._give_back(turn))
                raise

    async def _handle(self, turn: Turn) -> datetime | None:
        if turn.tries > self._retry.max_tries:
            # Every try before this one took its replica down with it: the turn never came back on its own.
            return await self._park(turn, _INTERRUPTED)
        held_back, due = await self._is_held_back(turn)
        if held_back:
            return due
        try:
            heard = await self._hear(turn) if self._hear is not None else turn
            if isinstance(heard, timedelta):
                return await self._try_again(turn, _NOT_HEARD, heard)
            replies = await self._orchestrator.handle_turn(heard)
        except Exception as error:
            self._fault = error.reason if isinstance(error, DomainError) else type(error).__name__
            return await self._failed(turn, self._fault)
        self._fault = ""
        return await self._complete(turn, replies)

    async def _is_held_back(self, turn: Turn) -> tuple[bool, datetime | None]:
        """Whether the turn must wait or is put aside, as its guest writes too much or is a robot; and until when."""
        try:
            match await self._restraint.judge(turn):
                case timedelta() as wait:
                    TURNS.labels("deferred").inc()
                    not_before = self._clock.now() + wait
                    await self._inbox.defer(turn, not_before=not_before)
                    return True, not_before
                case str() as reason:
                    return True, await self._park(turn, reason)
        except DomainError as error:
            log.warning("turn_not_judged", turn_id=turn.turn_id, reason=error.reason)
        return False, None

    async def _complete(self, turn: Turn, replies: tuple[OutboundMessage, ...]) -> datetime | None:
        now = self._clock.now()
        replies = as_sent_by(turn.conversation.identity.channel, replies)
        try:
            due = await self._inbox.complete(turn, replies, now=now, traceparent=current_traceparent())
        except Conflict:
            TURNS.labels("lease_lost").inc()
            log.warning("turn_lease_lost", turn_id=turn.turn_id)
        except DomainError as error:
            # Not written down, so not done: the lease runs out and the same turn is repeated under the same id.
            TURNS.labels("not_settled").inc()
            log.error("turn_not_settled", turn_id=turn.turn_id, reason=error.reason)
        else:
            TURNS.labels("done").inc()
            if replies:
                self._queued(now)
            return due
        return None

    async def _failed(self, turn: Turn, reason: str) -> datetime | None:
        wait = self._retry.wait(turn.tries, self._chance())
        if wait is None:
            return await self._park(turn, reason)
        return await self._try_again(turn, reason, wait)

    async def _try_again(self, turn: Turn, reason: str, wait: timedelta) -> datetime:
        TURNS.labels("retry").inc()
        log.warning("turn_failed", turn_id=turn.turn_id, tries=turn.tries, reason=reason, wait=wait.total_seconds())
        not_before = self._clock.now() + wait
        try:
            await self._inbox.retry(turn, not_before=not_before, reason=reason)
        except DomainError as error:
            log.warning("turn_not_given_back", turn_id=turn.turn_id, reason=error.reason)
        return not_before

    async def _park(self, turn: Turn, reason: str) -> datetime | None:
        try:
            due = await self._inbox.park(turn, reason=reason, now=self._clock.now())
        except DomainError as error:
            log.warning("turn_not_parked", turn_id=turn.turn_id, reason=error.reason)
            return None
        TURNS.labels("parked").inc()
        TURNS_PARKED.inc()
        log.error("turn_parked", turn_id=turn.turn_id, tries=turn.tries, reason=reason)
        return due

    async def _give_back(self, turn: Turn) -> None:
        try:
            await self._inbox.defer(turn, not_before=self._clock.now())
        except DomainError as error:
            log.warning("turn_not_released", turn_id=turn.turn_id, reason=error.reason)


def _attributes(turn: Turn) -> dict[str, str | int]:
    return {"turn_id": turn.turn_id, "messages": len(turn.messages), "try": turn.tries}
