"""The client against a shop that is slow, shy, busy or gone: retries, breaker, pace, deadlines, caches."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from mesh import deadline
from mesh.breaker import CircuitBreaker, State
from mesh.clock import ManualClock
from mesh.errors import DeadlineExceeded, Down
from mesh.store import redis as redis_store
from pydantic import SecretStr

from services.pms.adapters.qloapps.availability import Availability
from services.pms.adapters.qloapps.cache import LOCAL_ENTRIES, TwoLayerCache
from services.pms.adapters.qloapps.client import QloAppsClient
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.customers import Customers
from services.pms.adapters.qloapps.failures import AskedTooOften, KeyRefused, UnknownOutcome, Unreachable
from services.pms.adapters.qloapps.hotel import HotelReader
from services.pms.adapters.qloapps.orders import Orders
from services.pms.adapters.qloapps.pace import Pace
from services.pms.domain.stay import Stay
from services.pms.settings import Settings
from tests.contract.pms_house import OPENED
from tests.support.dumps import leaks
from tests.support.qloapps.demo import KEY, READ_ONLY_KEY, demo_shop
from tests.support.qloapps.faults import Effect
from tests.support.qloapps.server import FakeQloApps, opened

ASK = {"display": "[id,hotel_name]"}


class Naps:
    """Pauses that are noted and not slept."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
async def fake() -> AsyncIterator[FakeQloApps]:
    async with opened(demo_shop()) as running:
        yield running


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(OPENED)


def connection(fake: FakeQloApps, **more: object) -> Connection:
    made = Connection(
        property_id="prime",
        base_url=fake.url,
        hotel_id=1,
        currency="USD",
        room_types={"GEN": 1, "DEL": 2, "EXE": 3, "LUX": 4},
        api_key=KEY,
        requests_per_second=1000,
    )
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
async def client(fake: FakeQloApps, naps: Naps, clock: ManualClock) -> AsyncIterator[QloAppsClient]:
    breaker = CircuitBreaker("pms_adapter", clock=clock, reason="PMS_UNAVAILABLE")
    made = QloAppsClient(connection(fake), breaker=breaker, sleep=naps)
    yield made
    await made.close()


async def test_a_read_is_tried_three_times_with_growing_jittered_pauses(
    client: QloAppsClient, fake: FakeQloApps, naps: Naps
) -> None:
    fake.faults.plan(Effect.EMPTY_BEFORE, "GET", "hotels", times=2)
    assert await client.rows("hotels", ASK) == [{"id": "1", "hotel_name": "The Hotel Prime"}]
    first, second = naps.taken
    assert 0.5 <= first <= 1.0 <= second <= 2.0
    fake.faults.plan(Effect.EMPTY_BEFORE, "GET", "hotels", times=3)
    with pytest.raises(Unreachable) as down:
        await client.rows("hotels", ASK)
    assert down.value.reason == "PMS_UNAVAILABLE"


async def test_an_unknown_outcome_is_not_tried_again(client: QloAppsClient, fake: FakeQloApps, naps: Naps) -> None:
    fake.faults.plan(Effect.RESET_BEFORE, "POST", "bookings")
    with pytest.raises(UnknownOutcome):
        await client.post_booking({"id_property": 1})
    assert (naps.taken, fake.count("POST", "bookings")) == ([], 1)


async def test_a_busy_shop_is_given_the_time_it_asks_for(client: QloAppsClient, fake: FakeQloApps, naps: Naps) -> None:
    fake.faults.plan(Effect.TOO_MANY, "GET", "hotels", seconds=3)
    assert await client.rows("hotels", ASK)
    assert naps.taken[0] == 3
    # And others wait as well: the pace holds back.
    assert naps.taken[1] == pytest.approx(3, abs=0.5)


async def test_a_shop_that_is_busy_for_long_is_told_to_the_caller(client: QloAppsClient, fake: FakeQloApps) -> None:
    fake.faults.plan(Effect.TOO_MANY, "GET", "hotels", seconds=600)
    with pytest.raises(AskedTooOften) as busy:
        await client.rows("hotels", ASK)
    assert (busy.value.reason, busy.value.retry_after) == ("PMS_RATE_LIMITED", 600)


async def test_a_refused_key_is_not_tried_again_and_opens_no_breaker(fake: FakeQloApps, naps: Naps) -> None:
    breaker = CircuitBreaker("pms_adapter", reason="PMS_UNAVAILABLE")
    shy = QloAppsClient(connection(fake, api_key=READ_ONLY_KEY), breaker=breaker, sleep=naps)
    for _ in range(6):
        with pytest.raises(KeyRefused) as refused:
            await shy.rows("customers", {})
        assert refused.value.reason == "PMS_AUTH"
    with pytest.raises(KeyRefused):
        await shy.post_booking({})
    assert (naps.taken, breaker.state) == ([], State.CLOSED)
    await shy.close()


async def test_a_redirect_is_neither_followed_nor_tried_again(fake: FakeQloApps, naps: Naps) -> None:
    lost = QloAppsClient(connection(fake, host="another.example"), sleep=naps)
    with pytest.raises(Unreachable, match="another host"):
        await lost.rows("hotels", ASK)
    assert len(fake.requests) == 1
    await lost.close()


async def test_no_cookie_comes_back(client: QloAppsClient, fake: FakeQloApps) -> None:
    for _ in range(2):
        await client.rows("hotels", ASK)
    assert list(client._http.cookies.jar) == []


async def test_the_breaker_opens_after_five_failures_and_closes_after_three_successes(
    client: QloAppsClient, fake: FakeQloApps, clock: ManualClock
) -> None:
    await fake.stop()
    for _ in range(2):
        with pytest.raises(Down):
            await client.rows("hotels", ASK)
    seen = len(fake.requests)
    await fake.start()
    with pytest.raises(Down) as down:
        await client.rows("hotels", ASK)
    assert (down.value.reason, len(fake.requests)) == ("PMS_UNAVAILABLE", seen)
    clock.advance(timedelta(seconds=30))
    for _ in range(3):
        assert await client.rows("hotels", ASK)
    assert client._breaker.state is State.CLOSED


async def test_the_500s_of_a_strict_php_do_not_open_the_breaker(client: QloAppsClient, fake: FakeQloApps) -> None:
    for _ in range(6):
        fake.faults.plan(Effect.NOTICE_AFTER, "POST", "bookings")
        with pytest.raises(UnknownOutcome):
            await client.post_booking({"id_property": 1, "currency": "USD"})
    assert await client.rows("hotels", ASK)


async def test_calls_stay_within_their_time_and_the_callers(client: QloAppsClient, fake: FakeQloApps) -> None:
    client._connection = replace(client._connection, read_seconds=0.05)  # type: ignore[misc]
    fake.faults.plan(Effect.SLOW, "GET", "hotels", times=3, seconds=0.3)
    with pytest.raises(Unreachable):
        await client.rows("hotels", ASK)
    token = deadline._END.set(time.monotonic() + 0.5)
    try:
        with pytest.raises(DeadlineExceeded):
            await client.post_booking({})
        assert fake.count("POST", "bookings") == 0
    finally:
        deadline._END.reset(token)


async def test_a_steady_pace_is_kept(naps: Naps) -> None:
    now = [0.0]
    pace = Pace(per_second=2, burst=2, monotonic=lambda: now[0], sleep=naps)
    for _ in range(4):
        await pace.turn()
    assert naps.taken == [0.5, 1.0]
    pace.hold_back(60)
    with pytest.raises(AskedTooOften) as busy:
        await pace.turn()
    assert busy.value.retry_after == 60


# Caches.


async def test_equal_questions_at_once_are_one(client: QloAppsClient, fake: FakeQloApps, clock: ManualClock) -> None:
    cache = TwoLayerCache(clock=clock)
    reader = HotelReader(client=client, connection=connection(fake), cache=cache, clock=clock)
    await asyncio.gather(*(reader.info() for _ in range(10)))
    assert fake.count("GET", "hotels") == 1


async def test_nights_are_remembered_until_they_are_old_or_written(
    client: QloAppsClient, fake: FakeQloApps, clock: ManualClock, redis_url: str
) -> None:
    redis = redis_store.connect(redis_url, client_name="t")
    caches = [TwoLayerCache(clock=clock, redis=redis) for _ in range(2)]
    reader = HotelReader(client=client, connection=connection(fake), cache=caches[0], clock=clock)
    replicas = [Availability(client=client, connection=connection(fake), cache=cache, clock=clock) for cache in caches]
    info, stay = await reader.info(), Stay(date(2026, 12, 1), date(2026, 12, 21))
    await replicas[0].nights(info, stay)
    asked = fake.count("POST", "hotel_ari")
    assert asked == 3  # eight nights a question
    for replica in replicas:
        assert len(await replica.nights(info, stay)) == 20
    assert fake.count("POST", "hotel_ari") == asked
    await replicas[0].outdate(Stay(date(2026, 12, 3), date(2026, 12, 5)))
    for replica in replicas:
        await replica.nights(info, stay)
    assert fake.count("POST", "hotel_ari") == asked + 1  # two nights, once for both replicas
    clock.advance(timedelta(seconds=301))
    await replicas[1].nights(info, stay)
    assert fake.count("POST", "hotel_ari") == asked + 4
    await redis.aclose()


async def test_nights_are_never_told_when_they_are_old_and_qloapps_is_away(
    client: QloAppsClient, fake: FakeQloApps, clock: ManualClock
) -> None:
    cache = TwoLayerCache(clock=clock)
    reader = HotelReader(client=client, connection=connection(fake), cache=cache, clock=clock)
    rooms = Availability(client=client, connection=connection(fake), cache=cache, clock=clock)
    info, stay = await reader.info(), Stay.of(date(2026, 12, 1), 2)
    await rooms.nights(info, stay)
    await fake.stop()
    assert len(await rooms.nights(info, stay)) == 2
    clock.advance(timedelta(seconds=300))
    with pytest.raises(Down):
        await rooms.nights(info, stay)


async def test_the_last_known_hotel_is_kept_for_bad_days(
    client: QloAppsClient, fake: FakeQloApps, clock: ManualClock, redis_url: str
) -> None:
    redis = redis_store.connect(redis_url, client_name="t")
    before = HotelReader(
        client=client, connection=connection(fake), cache=TwoLayerCache(clock=clock, redis=redis), clock=clock
    )
    info, read_at = await before.info(), clock.now()
    clock.advance(timedelta(hours=5))
    after = HotelReader(
        client=client, connection=connection(fake), cache=TwoLayerCache(clock=clock, redis=redis), clock=clock
    )
    assert await after.last_known() == (info, read_at)
    await fake.stop()
    with pytest.raises(Down):
        await after.info()
    await redis.aclose()


async def test_customers_are_asked_for_once_for_all_replicas_and_nobody_reads_them_in_redis(
    client: QloAppsClient, fake: FakeQloApps, clock: ManualClock, redis_url: str
) -> None:
    redis = redis_store.connect(redis_url, client_name="t")
    await redis.flushdb()

    def replica(masters: str) -> Customers:
        vault = Settings(data_master_keys=SecretStr(masters)).vault()
        orders, cache = Orders(client=client, hotel_id=1), TwoLayerCache(clock=clock, redis=redis)
        return Customers(orders=orders, cache=cache, vault=vault, clock=clock, property_id="prime")

    for _ in range(2):
        known = await replica("a:one").by_email("demo@demo.com")
        assert known is not None
        assert (known.given_name, known.phone_number) == ("John", "0987654321")
        assert await replica("a:one").by_email("nobody@demo.com") is None
    assert fake.count("GET", "customers") == 2
    keys = [key async for key in redis.scan_iter("*")]
    entries = [f"{key} {await redis.get(key)}" for key in keys]
    assert len(entries) == 2
    guessed = hashlib.sha256(b"demo@demo.com").hexdigest()[:24]
    assert leaks("\n".join(entries), ("demo@demo.com", "John", "0987654321", guessed)) == []
    # Under a new master key the entries are as if they were not there.
    other = replica("b:two")
    assert await other.by_email("demo@demo.com") == known
    assert fake.count("GET", "customers") == 3
    # A guest who is forgotten is out of Redis, and no replica finds them in its own memory.
    await replica("a:one").forget_all()
    assert [key async for key in redis.scan_iter("*:guest:*")] == []
    assert await other.by_email("demo@demo.com") == known
    assert fake.count("GET", "customers") == 4
    await redis.aclose()


async def test_customers_are_not_said_to_be_forgotten_while_redis_is_away(
    client: QloAppsClient, clock: ManualClock
) -> None:
    cache = TwoLayerCache(clock=clock, redis=redis_store.connect("redis://127.0.0.1:1/0", client_name="t"))
    vault = Settings(data_master_keys=SecretStr("a:one")).vault()
    orders = Orders(client=client, hotel_id=1)
    customers = Customers(orders=orders, cache=cache, vault=vault, clock=clock, property_id="prime")
    with pytest.raises(Down):
        await customers.forget_all()


async def test_the_cache_is_bounded_and_losing_redis_loses_nothing(clock: ManualClock) -> None:
    cache = TwoLayerCache(clock=clock, redis=redis_store.connect("redis://127.0.0.1:1/0", client_name="t"))
    await cache.put({"first": "1"}, timedelta(seconds=300))
    await cache.outdate("prime", ["2026-12-01"])
    assert await cache.generations("prime", ["2026-12-01"]) == {"2026-12-01": "l1"}
    assert (await cache.get("hotel", ["first"]))["first"].text == "1"
    for number in range(LOCAL_ENTRIES):
        await cache.put({str(number): "x"}, timedelta(seconds=300))
    assert len(cache._local) == LOCAL_ENTRIES
    assert await cache.get("hotel", ["first"]) == {}
