"""A circuit breaker: stops asking who does not answer, and asks again carefully."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import IntEnum

from prometheus_client import Gauge

from mesh.clock import Clock, SystemClock
from mesh.errors import Busy, Conflict, DomainError, Down, Invalid, NotFound, Refused
from mesh.telemetry import get_logger

STATE = Gauge("circuit_breaker_state", "0 closed, 1 half-open, 2 open.", ["service"])
log = get_logger(__name__)


class State(IntEnum):
    """As the gauge shows it."""

    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2


def is_failure(error: BaseException) -> bool:
    """Whether an error says that the other side is in trouble, rather than that it said no."""
    if isinstance(error, DomainError):
        return isinstance(error, Down) and not isinstance(error, (Invalid, NotFound, Conflict, Refused, Busy))
    return isinstance(error, (OSError, TimeoutError))


class CircuitBreaker:
    """Opens after `failures` in a row, tries single calls after `open_seconds`, closes after `successes` in a row."""

    def __init__(
        self,
        name: str,
        *,
        clock: Clock | None = None,
        failures: int = 5,
        open_seconds: float = 30.0,
        successes: int = 3,
        reason: str = "UNAVAILABLE",
    ) -> None:
        self._name = name
        self._clock = clock or SystemClock()
        self._failures_to_open = failures
        self._open_seconds = open_seconds
        self._successes_to_close = successes
        self._reason = reason
        self._state = State.CLOSED
        self._run = 0  # failures in a row while closed, successes in a row while half-open
        self._opened_at = 0.0
        self._trying = False
        STATE.labels(name).set(State.CLOSED)

    @property
    def state(self) -> State:
        """Where it stands now; an open one whose time is over is half-open."""
        if self._state is State.OPEN and self._clock.monotonic() - self._opened_at >= self._open_seconds:
            self._move(State.HALF_OPEN)
        return self._state

    @asynccontextmanager
    async def guard(self, counts: Callable[[BaseException], bool] = is_failure) -> AsyncIterator[None]:
        """Runs a call under the breaker. Raises Down at once while it is open or another trial call is under way."""
        state = self.state
        if state is State.OPEN or (state is State.HALF_OPEN and self._trying):
            raise Down(self._reason, f"the circuit breaker of {self._name} is open", breaker=self._name)
        trial = state is State.HALF_OPEN
        self._trying = self._trying or trial
        try:
            yield
        except BaseException as error:
            if counts(error):
                self._failed()
            elif isinstance(error, DomainError):
                self._succeeded()  # a refusal is an answer
            raise
        else:
            self._succeeded()
        finally:
            if trial:
                self._trying = False

    def _failed(self) -> None:
        if self._state is State.HALF_OPEN:
            self._move(State.OPEN)
        elif self._state is State.CLOSED:
            self._run += 1
            if self._run >= self._failures_to_open:
                self._move(State.OPEN)

    def _succeeded(self) -> None:
        if self._state is State.CLOSED:
            self._run = 0
        elif self._state is State.HALF_OPEN:
            self._run += 1
            if self._run >= self._successes_to_close:
                self._move(State.CLOSED)

    def _move(self, state: State) -> None:
        self._state, self._run = state, 0
        if state is State.OPEN:
            self._opened_at = self._clock.monotonic()
        STATE.labels(self._name).set(state)
        log.warning("circuit_breaker_moved", breaker=self._name, state=state.name.lower())
