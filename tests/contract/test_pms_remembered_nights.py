"""Searches may look at remembered nights; what is sold is always read from the books."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from mesh.clock import ManualClock
from mesh.errors import Down, Refused

from services.pms.adapters.memory import MemoryLedger
from services.pms.adapters.opening_books import open_books
from services.pms.adapters.own_inventory import OwnInventory
from services.pms.adapters.remembered_nights import RememberedNights
from services.pms.domain.availability import InventoryNight
from services.pms.domain.stay import Stay
from tests.contract.pms_house import OPENED, House, alameda

KEEP = timedelta(seconds=2)
NIGHT = date(2026, 12, 5)


class CountingLedger(MemoryLedger):
    """Counts reads of nights, and holds them up while its gate is shut."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.away = False
        self.entered, self.gate = asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def nights(self, property_id: str, span: Stay, room_type_id: str, now: datetime) -> Sequence[InventoryNight]:
        self.reads += 1
        self.entered.set()
        if self.away:
            raise Down("UNAVAILABLE", "the books are away")
        found = await super().nights(property_id, span, room_type_id, now)
        await self.gate.wait()
        return found


@pytest.fixture
async def ledger() -> CountingLedger:
    ledger = CountingLedger()
    await open_books(ledger, ManualClock(OPENED), alameda())
    return ledger


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(OPENED)


@pytest.fixture
def house(ledger: CountingLedger, clock: ManualClock) -> House:
    return replica(ledger, clock)


def replica(ledger: MemoryLedger, clock: ManualClock) -> House:
    remembered = RememberedNights(ledger=ledger, clock=clock, keep=KEEP)
    return House(OwnInventory(ledger=ledger, clock=clock, remembered=remembered), ledger, clock)


async def seen(house: House, room: str = "SUI", night: date = NIGHT) -> int:
    """Rooms left as a search sees it."""
    nights = await house.backend.glance("alameda", Stay.of(night, 1))
    return next(each.left for each in nights if each.room_type_id == room)


async def test_a_glance_sees_what_the_books_say(house: House) -> None:
    for span in (Stay(date(2026, 11, 28), date(2027, 1, 3)), Stay.of(NIGHT, 1), Stay.of(date(2026, 12, 31), 1)):
        assert await house.backend.glance("alameda", span) == await house.backend.inventory("alameda", span)


async def test_months_are_read_once_for_any_stay_in_them(house: House, ledger: CountingLedger) -> None:
    await seen(house)
    read = ledger.reads
    for day in range(1, 31):
        await seen(house, night=date(2026, 12, day))
    assert ledger.reads == read


async def test_many_who_look_at_once_cause_one_read(house: House, ledger: CountingLedger) -> None:
    before = ledger.reads
    await asyncio.gather(*(seen(house) for _ in range(20)))
    assert ledger.reads == before + 1


async def test_own_writes_of_every_kind_are_seen_at_once(house: House) -> None:
    assert await seen(house) == 1
    quoted = await house.quote("2026-12-05", 1, room="SUI")
    hold = await house.hold(quoted)
    assert await seen(house) == 0
    await house.backend.release_hold(house.write(), hold.hold_id)
    assert await seen(house) == 1
    booked = await house.book(quoted)
    assert await seen(house) == 0
    moved = await house.change(booked, stay=Stay.of(date(2026, 12, 6), 1))
    assert (await seen(house), await seen(house, night=date(2026, 12, 6))) == (1, 0)
    await house.cancel(moved)
    assert await seen(house, night=date(2026, 12, 6)) == 1


async def test_rooms_that_the_sweep_gives_back_are_seen_at_once(house: House, clock: ManualClock) -> None:
    await house.hold(await house.quote("2026-12-05", 1, room="SUI"))
    clock.advance(timedelta(minutes=15) - timedelta(seconds=1))
    assert await seen(house) == 0
    clock.advance(timedelta(seconds=1))
    await house.backend.expire_holds()
    assert await seen(house) == 1


async def test_another_replicas_write_is_seen_after_a_while(
    house: House, ledger: CountingLedger, clock: ManualClock
) -> None:
    other = replica(ledger, clock)
    assert await seen(house) == 1
    await other.book(await other.quote("2026-12-05", 1, room="SUI"))
    assert (await seen(house), await seen(other)) == (1, 0)
    clock.advance(KEEP)
    assert await seen(house) == 0


async def test_what_is_remembered_is_never_sold(house: House, ledger: CountingLedger, clock: ManualClock) -> None:
    other = replica(ledger, clock)
    quoted = await house.quote("2026-12-05", 1, room="SUI")
    assert await seen(house) == 1
    await other.book(quoted)
    assert await seen(house) == 1  # still thought free …
    for attempt in (house.quote("2026-12-05", 1, room="SUI"), house.hold(quoted), house.book(quoted)):
        with pytest.raises(Refused) as refusal:
            await attempt
        assert refusal.value.reason == "SOLD_OUT"  # … and not sold


async def test_a_read_that_began_before_a_write_is_not_kept(house: House, ledger: CountingLedger) -> None:
    quoted = await house.quote("2026-12-05", 1, room="SUI")
    ledger.gate.clear()
    ledger.entered.clear()
    slow = asyncio.create_task(seen(house))
    await ledger.entered.wait()
    await house.book(quoted)
    ledger.gate.set()
    assert await slow == 1  # asked before the write
    assert await seen(house) == 0


async def test_with_the_books_away_only_what_is_fresh_is_told(
    house: House, ledger: CountingLedger, clock: ManualClock
) -> None:
    await seen(house)
    ledger.away = True
    assert await seen(house) == 1
    clock.advance(KEEP)
    with pytest.raises(Down):
        await seen(house)
