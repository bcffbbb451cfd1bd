"""A reader that asks a model outside where its own is unsure, and never waits long or fails for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from mesh import deadline
from mesh.breaker import CircuitBreaker, State
from mesh.clock import Clock
from mesh.errors import DomainError, Down
from mesh.telemetry import get_logger

from services.nlp import metrics
from services.nlp.domain.ports import MessageReader
from services.nlp.domain.proposals import unsure, with_proposals
from services.nlp.domain.types import Analysis, Message

# Of the caller's time this much is left for the way back.
_MARGIN_SECONDS = 0.1
_LEAST_SECONDS = 0.05
_MINUTE, _DAY = 60.0, 86_400.0
log = get_logger(__name__)


class Opinion(Protocol):
    """Somebody to ask."""

    async def opinion(self, message: Message) -> object:
        """An answer of any shape. Raises the family of mesh.errors."""
        ...


class Budget:
    """At most so many calls in a minute and in a day, counted by this process, from the first call of each span on."""

    def __init__(self, *, per_minute: int, per_day: int, clock: Clock) -> None:
        self._clock = clock
        self._spans = [[_MINUTE, per_minute, 0.0, 0], [_DAY, per_day, 0.0, 0]]

    def take(self) -> bool:
        """Takes one call from both, or from neither."""
        now = self._clock.monotonic()
        for span in self._spans:
            if span[3] == 0 or now - span[2] >= span[0]:
                span[2], span[3] = now, 0
        if any(span[3] >= span[1] for span in self._spans):
            return False
        for span in self._spans:
            span[3] += 1
        return True


class AskingReader:
    """The domain's MessageReader around another one. Only messages that are marked `careful` are asked about."""

    def __init__(
        self,
        inner: MessageReader,
        outside: Opinion,
        *,
        seconds: float,
        budget: Budget,
        breaker: CircuitBreaker,
        at_once: int = 4,
    ) -> None:
        self._inner = inner
        self._outside = outside
        self._seconds = seconds
        self._budget = budget
        self._breaker = breaker
        self._most = at_once
        self._inside = 0

    async def analyse(self, messages: Sequence[Message]) -> list[Analysis]:
        read = await self._inner.analyse(messages)
        return list(await asyncio.gather(*(self._settled(m, a) for m, a in zip(messages, read, strict=True))))

    async def _settled(self, message: Message, analysis: Analysis) -> Analysis:
        if not message.careful or not unsure(message, analysis):
            return analysis
        left = deadline.remaining()
        seconds = self._seconds if left is None else min(self._seconds, left - _MARGIN_SECONDS)
        outcome, settled = self._why_not(seconds), analysis
        if not outcome:
            outcome, settled = await self._asked(message, analysis, seconds)
        metrics.OUTSIDE.labels(outcome).inc()
        return settled

    def _why_not(self, seconds: float) -> str:
        """Why nobody is asked; "" takes one call of the budget."""
        if seconds < _LEAST_SECONDS:
            return "no_time"
        if self._inside >= self._most:
            return "busy"
        if self._breaker.state is State.OPEN:
            return "open"
        return "" if self._budget.take() else "budget"

    async def _asked(self, message: Message, analysis: Analysis, seconds: float) -> tuple[str, Analysis]:
        self._inside += 1
        try:
            settled = with_proposals(message, analysis, await self._guarded(message, seconds))
        except DomainError as error:
            log.warning("outside_model_failed", why=error.message)
            return "failed", analysis
        except Exception:  # whatever it does, the guest has an analysis
            log.exception("outside_model_fault")
            return "failed", analysis
        finally:
            self._inside -= 1
        return ("nothing" if settled is analysis else "used"), settled

    async def _guarded(self, message: Message, seconds: float) -> object:
        """Raises Down when it is slow, and at once when it has failed too often of late."""
        async with self._breaker.guard():
            try:
                async with asyncio.timeout(seconds):
                    return await self._outside.opinion(message)
            except TimeoutError:
                raise Down("OUTSIDE_MODEL", "it is too slow") from None
