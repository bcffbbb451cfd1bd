"""One allowance, two makes: what may pass at once, in the long run, and over several buckets together."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from mesh.clock import ManualClock, SystemClock
from mesh.store.redis import connect

from services.gateway.adapters.memory_allowance import MemoryAllowance
from services.gateway.adapters.redis_allowance import RedisAllowance
from services.gateway.domain.rates import Bucket, Rate
from services.gateway.ports import Allowance
from tests.support.gateway_stores import NOW

# So slow that nothing grows back within a test, whatever clock counts.
SLOW = Rate(per_second=0.001, burst=3)
ONE = Bucket(key="one", rate=SLOW)
OTHER = Bucket(key="other", rate=Rate(per_second=0.002, burst=1))


@pytest.fixture(params=["memory", "redis"])
async def allowance(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Allowance]:
    if request.param == "memory":
        yield MemoryAllowance(clock=SystemClock())
        return
    client = connect(redis_url, client_name="test")
    yield RedisAllowance(redis=client, prefix="test", clock=SystemClock())
    await client.aclose()


async def test_a_burst_passes_and_then_nothing_until_one_has_grown(allowance: Allowance) -> None:
    grants = [await allowance.take([ONE]) for _ in range(5)]
    assert [grant.taken for grant in grants] == [1, 1, 1, 0, 0]
    assert [grant.wait for grant in grants[:3]] == [0, 0, 0]
    # What is refused is not counted: the second refusal waits no longer than the first.
    assert grants[4].wait <= grants[3].wait <= 1000
    assert grants[3].wait == pytest.approx(1000, rel=0.02)
    assert (await allowance.take([Bucket(key="somebody else", rate=SLOW)])).taken == 1


async def test_as_many_are_taken_as_there_are(allowance: Allowance) -> None:
    assert (await allowance.take([ONE], most=2)).taken == 2
    assert (await allowance.take([ONE], most=2)).taken == 1
    assert (await allowance.take([ONE], most=2)).taken == 0


async def test_of_two_buckets_both_give_or_neither(allowance: Allowance) -> None:
    assert (await allowance.take([ONE, OTHER])).taken == 1
    refused = await allowance.take([ONE, OTHER])
    assert refused.taken == 0
    assert refused.wait == pytest.approx(500, rel=0.02)
    assert (await allowance.take([ONE], most=9)).taken == 2


async def test_an_emptied_bucket_gives_nothing(allowance: Allowance) -> None:
    await allowance.empty(ONE)
    refused = await allowance.take([ONE])
    assert (refused.taken, refused.wait) == (0, pytest.approx(1000, rel=0.02))


async def test_what_has_grown_again_can_be_taken() -> None:
    clock = ManualClock(NOW)
    allowance = MemoryAllowance(clock=clock)
    assert (await allowance.take([ONE], most=3)).taken == 3
    clock.advance(timedelta(seconds=1999))
    assert (await allowance.take([ONE], most=3)).taken == 1
    clock.advance(timedelta(hours=30))
    assert (await allowance.take([ONE], most=9)).taken == 3


async def test_replicas_share_what_is_in_redis_and_count_alone_without_it(redis_url: str) -> None:
    clients = [connect(redis_url, client_name="test") for _ in range(2)]
    first, second = (RedisAllowance(redis=client, prefix="test", clock=SystemClock()) for client in clients)
    assert [(await each.take([ONE], most=2)).taken for each in (first, second, first)] == [2, 1, 0]
    for client in clients:
        await client.aclose()
    away = RedisAllowance(
        redis=connect("redis://127.0.0.1:1/0", client_name="test"), prefix="test", clock=SystemClock()
    )
    assert [(await away.take([ONE], most=2)).taken for _ in range(3)] == [2, 1, 0]
    await away.empty(OTHER)
    assert (await away.take([OTHER])).taken == 0
