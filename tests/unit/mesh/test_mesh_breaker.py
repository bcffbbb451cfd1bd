"""The circuit breaker: 5 failures open it, 30 s later it tries, 3 successes close it."""

from datetime import UTC, datetime, timedelta

import pytest
from mesh.breaker import CircuitBreaker, State
from mesh.clock import ManualClock
from mesh.errors import DomainError, Down, Refused
from prometheus_client import REGISTRY

AWAY = Down("PMS_UNAVAILABLE", "away")
NO = Refused("SOLD_OUT", "no")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture
def breaker(clock: ManualClock) -> CircuitBreaker:
    return CircuitBreaker("test", clock=clock, reason="PMS_UNAVAILABLE")


async def call(breaker: CircuitBreaker, error: Exception | None = None) -> None:
    async with breaker.guard():
        if error is not None:
            raise error


async def fail(breaker: CircuitBreaker, times: int, error: Exception = AWAY) -> None:
    for _ in range(times):
        with pytest.raises(type(error)):
            await call(breaker, error)


def gauge() -> float | None:
    return REGISTRY.get_sample_value("circuit_breaker_state", {"service": "test"})


async def test_it_opens_after_five_failures_and_says_so_at_once(breaker: CircuitBreaker) -> None:
    await fail(breaker, 4)
    assert breaker.state is State.CLOSED
    await fail(breaker, 1)
    assert breaker.state is State.OPEN
    assert gauge() == 2
    ran = False
    with pytest.raises(Down) as refused:
        async with breaker.guard():
            ran = True
    assert not ran
    assert refused.value.reason == "PMS_UNAVAILABLE"


async def test_a_success_in_between_begins_the_count_anew(breaker: CircuitBreaker) -> None:
    await fail(breaker, 4)
    await call(breaker)
    await fail(breaker, 4)
    assert breaker.state is State.CLOSED


async def test_a_refusal_is_an_answer_and_not_a_failure(breaker: CircuitBreaker) -> None:
    await fail(breaker, 50, NO)
    assert breaker.state is State.CLOSED


async def test_it_closes_after_three_successes(breaker: CircuitBreaker, clock: ManualClock) -> None:
    await fail(breaker, 5)
    clock.advance(timedelta(seconds=29.9))
    assert breaker.state is State.OPEN
    clock.advance(timedelta(seconds=0.1))
    assert breaker.state is State.HALF_OPEN
    for expected in (1, 1, 0):
        await call(breaker)
        assert gauge() == expected


async def test_a_failure_while_trying_opens_it_again(breaker: CircuitBreaker, clock: ManualClock) -> None:
    await fail(breaker, 5)
    clock.advance(timedelta(seconds=30))
    await fail(breaker, 1)
    assert breaker.state is State.OPEN


async def test_only_one_call_tries_at_a_time(breaker: CircuitBreaker, clock: ManualClock) -> None:
    await fail(breaker, 5)
    clock.advance(timedelta(seconds=30))
    async with breaker.guard():
        with pytest.raises(DomainError):
            await call(breaker)
