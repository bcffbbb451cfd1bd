"""What is done now and then: gauges tell the truth, old rows go."""

from datetime import timedelta

from mesh.clock import ManualClock
from prometheus_client import REGISTRY

from services.gateway.inbox.upkeep import Upkeep
from services.gateway.ports import Retention
from tests.support.gateway_stores import CHANNELS, NOW, SECOND, Stores, memory_stores, said

_WEEK = timedelta(days=8)
RETENTION = Retention(inbox=_WEEK, outbox=_WEEK, events=_WEEK, conversations=_WEEK)


def upkeep(stores: Stores, clock: ManualClock) -> Upkeep:
    return Upkeep(inbox=stores.inbox, outbox=stores.outbox, retention=RETENTION, sweep=timedelta(hours=1), clock=clock)


def gauge(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"hotel_gateway_{name}", labels)


async def test_the_lag_is_that_of_the_longest_waiting_conversation() -> None:
    clock, stores = ManualClock(NOW), memory_stores()
    await stores.answered("uno", "dos")
    await stores.receive(said("¿hola?", "m2"))
    clock.advance(41 * SECOND)
    await upkeep(stores, clock).gauge_once()
    assert gauge("inbox_lag_seconds") == 40.0
    assert gauge("inbox_pending_messages") == 1.0
    assert gauge("outbox_messages", state="queued") == 2.0


async def test_a_parked_turn_is_seen() -> None:
    clock, stores = ManualClock(NOW), memory_stores()
    await stores.receive(said("veneno", "m1"))
    await stores.inbox.park(await stores.claim(NOW + SECOND), reason="INTERNAL", now=NOW + SECOND)
    await upkeep(stores, clock).gauge_once()
    assert gauge("inbox_parked_turns") == 1.0
    assert gauge("inbox_lag_seconds") == 0.0


async def test_settled_things_go_when_they_are_old() -> None:
    clock, stores = ManualClock(NOW), memory_stores()
    await stores.answered("uno")
    clock.advance(timedelta(days=9))
    await upkeep(stores, clock).forget_once()
    assert await stores.inbox.forget(RETENTION, now=clock.now()) == 0
    item = await stores.outbox.claim(channels=CHANNELS, holder="one", now=clock.now(), lease=SECOND)
    assert item is not None
