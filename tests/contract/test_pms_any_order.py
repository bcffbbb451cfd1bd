"""Whatever guests, time and the sweeper do, in whatever order: no night is oversold and the books add up."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterator
from datetime import date, timedelta
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from mesh.clock import ManualClock
from mesh.errors import Refused

from services.pms.adapters.own_inventory import OwnInventory
from services.pms.adapters.remembered_nights import RememberedNights
from services.pms.domain.hold import Hold, HoldState
from services.pms.domain.quote import Quote
from services.pms.domain.reservation import Reservation, ReservationState
from services.pms.domain.stay import Occupancy, Stay
from tests.contract.pms_house import (
    OPENED,
    House,
    connect,
    ledger_on,
    opened_in_memory,
    prepare_database,
    restore_books,
)
from tests.support.stores import Databases

T = TypeVar("T")
# Nobody has a reservation in these nights when the books are opened.
SPAN = Stay(date(2026, 12, 13), date(2026, 12, 23))
ROOMS = st.sampled_from(["DBL", "TWN", "SUI"])


def must_be(refusal: Refused, *reasons: str) -> None:
    """Fails the test for a refusal that has no right to be there."""
    assert refusal.reason in reasons


class FrontDesk(RuleBasedStateMachine):
    """Guests at a small calendar over books in memory, beside a model of who has what."""

    quotes = Bundle("quotes")
    holds = Bundle("holds")
    bookings = Bundle("bookings")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = ManualClock(OPENED)
        self.house = self.run(self.opened())
        self.active: dict[str, Hold] = {}
        self.expected: dict[str, Reservation] = {}

    async def opened(self) -> House:
        ledger = await opened_in_memory(self.clock)
        return House(OwnInventory(ledger=ledger, clock=self.clock), ledger, self.clock)

    def teardown(self) -> None:
        self.loop.close()

    def run(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    @rule(
        target=quotes,
        day=st.integers(min_value=14, max_value=17),
        nights=st.integers(min_value=1, max_value=3),
        room=ROOMS,
        units=st.integers(min_value=1, max_value=2),
    )
    def quote(self, day: int, nights: int, room: str, units: int):
        try:
            return self.run(self.house.quote(f"2026-12-{day}", nights, room=room, rooms=(Occupancy(1),) * units))
        except Refused as refusal:
            must_be(refusal, "SOLD_OUT")
            self.must_be_full(room, Stay.of(date(2026, 12, day), nights), units)
            return multiple()

    @rule(target=holds, quoted=quotes)
    def hold(self, quoted: Quote):
        try:
            held = self.run(self.house.hold(quoted))
        except Refused as refusal:
            self.must_be_over_or_full(refusal, quoted)
            return multiple()
        self.active[held.hold_id] = held
        return quoted, held

    @rule(held=holds)
    def release(self, held: tuple[Quote, Hold]) -> None:
        hold = held[1]
        if hold.hold_id not in self.active:
            return
        released = self.run(self.house.backend.release_hold(self.house.write(), hold.hold_id))
        ran_out = self.clock.now() >= hold.expire_time
        assert released.state is (HoldState.EXPIRED if ran_out else HoldState.RELEASED)
        del self.active[hold.hold_id]

    @rule(target=bookings, held=consumes(holds))
    def reserve_what_is_held(self, held: tuple[Quote, Hold]):
        quoted, hold = held
        try:
            booked = self.run(self.house.book(quoted, hold=hold))
        except Refused as refusal:
            gone = "HOLD_EXPIRED" if self.clock.now() >= hold.expire_time else "HOLD_NOT_ACTIVE"
            known = hold.hold_id in self.active
            allowed = {self.over(quoted, gone)} if known else {self.over(quoted, gone), "HOLD_NOT_ACTIVE"}
            must_be(refusal, *allowed)
            assert not known or self.clock.now() >= hold.expire_time
            return multiple()
        assert self.clock.now() < hold.expire_time
        del self.active[hold.hold_id]
        self.expected[booked.reservation_id] = booked
        return booked.reservation_id

    @rule(target=bookings, quoted=quotes)
    def reserve_at_once(self, quoted: Quote):
        try:
            booked = self.run(self.house.book(quoted))
        except Refused as refusal:
            self.must_be_over_or_full(refusal, quoted)
            return multiple()
        self.expected[booked.reservation_id] = booked
        return booked.reservation_id

    @rule(booking=bookings, by=st.integers(min_value=-2, max_value=2), room=ROOMS)
    def modify(self, booking: str, by: int, room: str) -> None:
        current = self.expected[booking]
        if current.state is not ReservationState.CONFIRMED:
            return
        moved = current.stay.shifted(by)
        if moved.check_in < SPAN.check_in or moved.check_out > SPAN.check_out:
            return
        try:
            self.expected[booking] = self.run(self.house.change(current, stay=moved, room_type_id=room))
        except Refused as refusal:
            must_be(refusal, "SOLD_OUT")

    @rule(booking=bookings)
    def cancel(self, booking: str) -> None:
        if self.expected[booking].state is ReservationState.CONFIRMED:
            self.expected[booking] = self.run(self.house.cancel(self.expected[booking]))

    @rule(minutes=st.integers(min_value=1, max_value=20))
    @precondition(lambda self: self.clock.now() < OPENED + timedelta(days=3))
    def wait(self, minutes: int) -> None:
        self.house.pass_time(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        ran_out = {key for key, hold in self.active.items() if self.clock.now() >= hold.expire_time}
        assert self.run(self.house.backend.expire_holds()) <= len(ran_out)  # a sale may have swept some before
        for key in ran_out:
            assert self.run(self.house.backend.hold(key)).state is HoldState.EXPIRED
            del self.active[key]

    @invariant()
    def the_books_add_up(self) -> None:
        sold, held = self.taken()
        for night in self.run(self.house.backend.inventory("alameda", SPAN)):
            key = (night.room_type_id, night.night)
            assert (night.sold, night.held) == (sold[key], held[key]), key
            assert night.sold + night.held <= night.capacity, key

    def taken(self) -> tuple[Counter, Counter]:
        """Rooms sold and held by room type and night, as the model has them."""
        sold: Counter = Counter()
        held: Counter = Counter()
        for reservation in self.expected.values():
            if reservation.takes_rooms:
                for night in reservation.stay.nights():
                    sold[reservation.room_type_id, night] += reservation.units
        for hold in self.active.values():
            if self.clock.now() < hold.expire_time:
                for night in hold.stay.nights():
                    held[hold.room_type_id, night] += hold.units
        return sold, held

    def must_be_full(self, room: str, stay: Stay, units: int) -> None:
        """Fails when rooms that could have been had were called sold out."""
        sold, held = self.taken()
        nights = self.run(self.house.backend.inventory("alameda", stay, room))
        left = [night.capacity - sold[room, night.night] - held[room, night.night] for night in nights]
        assert min(left) < units, left

    def must_be_over_or_full(self, refusal: Refused, quoted: Quote) -> None:
        """Fails for a refusal of a live quote whose rooms could have been had."""
        must_be(refusal, self.over(quoted, "SOLD_OUT"))
        if refusal.reason == "SOLD_OUT":
            self.must_be_full(quoted.offer.room_type_id, quoted.offer.stay, len(quoted.rooms))

    def over(self, quoted: Quote, otherwise: str) -> str:
        """Why a quote buys nothing: its own time comes first."""
        return "QUOTE_EXPIRED" if self.clock.now() >= quoted.expire_time else otherwise


class BuiltinFrontDesk(FrontDesk):
    """The same over books in PostgreSQL, searches through remembered nights."""

    def __init__(self, url: str) -> None:
        restore_books(url)
        self.url = url
        super().__init__()

    async def opened(self) -> House:
        self.pool = await connect(self.url, size=2)
        ledger = ledger_on(self.pool)
        remembered = RememberedNights(ledger=ledger, clock=self.clock, keep=timedelta(days=1))
        backend = OwnInventory(ledger=ledger, clock=self.clock, remembered=remembered)
        return House(backend, ledger, self.clock)

    def teardown(self) -> None:
        self.run(self.pool.close())
        super().teardown()

    @invariant()
    def what_is_remembered_is_what_is_sold(self) -> None:
        """With one replica nothing is missed: `sold` at once, `held` until a hold runs out by itself."""
        remembered = self.run(self.house.backend.glance("alameda", SPAN))
        truth = self.run(self.house.backend.inventory("alameda", SPAN))
        assert [night.sold for night in remembered] == [night.sold for night in truth]
        assert all(seen.held >= true.held for seen, true in zip(remembered, truth, strict=True))


@pytest.fixture(scope="module")
def database(postgres_databases: Databases) -> Iterator[str]:
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def test_any_order_of_things_in_memory() -> None:
    run_state_machine_as_test(FrontDesk, settings=settings(max_examples=40, stateful_step_count=30, **COMMON))


@pytest.mark.slow
def test_any_order_of_things_in_postgres(database: str) -> None:
    limits = settings(max_examples=12, stateful_step_count=25, **COMMON)
    run_state_machine_as_test(lambda: BuiltinFrontDesk(database), settings=limits)
