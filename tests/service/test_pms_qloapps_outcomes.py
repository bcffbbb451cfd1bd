"""Whatever goes wrong at whichever step of a write to QloApps: one booking, one change, and never a blind repeat."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from mesh.clock import ManualClock
from mesh.errors import Busy, Conflict, Down

from services.pms.adapters.qloapps import opening
from services.pms.adapters.qloapps.failures import UnknownOutcome
from services.pms.domain.change import preview_cancellation
from services.pms.domain.reservation import Booker, Reservation, ReservationState
from services.pms.domain.stay import Stay
from services.pms.ports import Write
from tests.contract import pms_qloapps_house
from tests.contract.pms_house import OPENED
from tests.contract.pms_qloapps_house import QloAppsHouse, at_qloapps
from tests.support.qloapps.faults import Effect
from tests.support.qloapps.shop import is_live

Injection = tuple[tuple[Effect, str, str, int, int], ...]
FIRST_NIGHT = date(2027, 1, 10)
# Without a telephone, so that the shop is asked for the one that it has.
CARLA = Booker(given_name="Carla", email="carla@example.com")
# The steps of a booking in order: method, resource, how many equal ones come before.
STEPS = (
    ("POST", "hotel_ari", 0),
    ("GET", "customers", 0),
    ("POST", "bookings", 0),
    ("GET", "orders", 0),
    ("GET", "room_bookings", 0),
    ("GET", "room_bookings", 1),
)
LOOKS = (("GET", "orders", 0), ("GET", "room_bookings", 0), ("GET", "room_bookings", 1))
MADE_OR_NOT = (
    Effect.RESET_BEFORE,
    Effect.RESET_AFTER,
    Effect.LATE,
    Effect.HTML_AFTER,
    Effect.HTML_BEFORE,
    Effect.EMPTY_AFTER,
    Effect.EMPTY_BEFORE,
    Effect.NOTICE_AFTER,
    Effect.TRUNCATED_AFTER,
)
AWAY = (Effect.RESET_BEFORE, Effect.BAD_GATEWAY, Effect.EMPTY_BEFORE, Effect.HTML_BEFORE)
EVERY = tuple(effect for effect in Effect if effect is not Effect.SLOW)


def single_faults() -> list[Injection]:
    """Every effect at every step: once, and so often that no retry helps."""
    return [((effect, *step, times),) for effect in EVERY for step in STEPS for times in (1, 4)]


def double_faults() -> list[Injection]:
    """A booking of unknown outcome, and then nobody can be asked what became of it."""
    return [
        ((first, "POST", "bookings", 0, 1), (second, *look, 3))
        for first, look, second in itertools.product(MADE_OR_NOT, LOOKS, AWAY)
    ]


@pytest.fixture
async def house(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[QloAppsHouse]:
    """The house with short patience, so that slow answers need not be waited for."""
    whole = opening.connection_of

    def impatient(*arguments: object, **named: object) -> object:
        return replace(whole(*arguments, **named), read_seconds=0.3, write_seconds=0.3)  # type: ignore[arg-type]

    monkeypatch.setattr(pms_qloapps_house, "connection_of", impatient)
    async with at_qloapps(ManualClock(OPENED)) as opened:
        yield opened


async def persist(house: QloAppsHouse, call: Callable[[], Awaitable[Reservation]]) -> Reservation:
    """Repeats a call with the same request id until it is answered, as the caller of a failing service does."""
    for _ in range(8):
        try:
            return await call()
        except (Down, Busy, Conflict):
            await house.fake.settled()
            house.pass_time(seconds=100)
    return await call()


def live_orders(house: QloAppsHouse, stay: Stay) -> list[int]:
    """Orders that keep a room for the stay."""
    lines = [row for row in house.fake.shop.lines() if is_live(row) and row["date_from"][:10] == str(stay.check_in)]
    return sorted({int(row["id_order"]) for row in lines})


async def booked_once(house: QloAppsHouse, injection: Injection, index: int) -> str:
    """Books one night of its own with faults in the way; says what is wrong with what came of it."""
    stay = Stay.of(FIRST_NIGHT + timedelta(days=index // 4), 1)
    quoted = await house.quote(stay.check_in.isoformat(), 1)
    write = house.write("reservation.create")
    before = live_orders(house, stay)
    house.fake.faults.planned.clear()
    for effect, method, resource, skip, times in injection:
        house.fake.faults.plan(effect, method, resource, skip=skip, times=times)
    made = await persist(house, lambda: house.book(quoted, write=write, booker=CARLA))
    await house.fake.settled()
    house.fake.faults.planned.clear()
    new = [order for order in live_orders(house, stay) if order not in before]
    again = await house.book(quoted, write=write, booker=CARLA)
    problems = []
    if len(new) != 1:
        problems.append(f"{len(new)} live orders")
    if again != made or await house.by_code(made.confirmation_code) != made:
        problems.append("not answered the same again")
    if [each.external_id for each in made.external_ids] != [str(order) for order in new]:
        problems.append("linked to another order")
    return ", ".join(problems)


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize("faults", [single_faults, double_faults])
async def test_exactly_one_booking_whatever_fails_at_whichever_step(
    house: QloAppsHouse, strict: bool, faults: Callable[[], list[Injection]]
) -> None:
    injections = faults()
    house.fake.faults.strict = strict
    found = {}
    for index, injection in enumerate(injections):
        problem = await booked_once(house, injection, index)
        if problem:
            found[str(injection)] = problem
    assert not found
    assert len(injections) >= 100


async def test_slow_answers_make_one_booking(house: QloAppsHouse) -> None:
    for index, step in enumerate(STEPS):
        house_fault = (Effect.SLOW, *step, 1)
        assert not await booked_once(house, (house_fault,), 40 + index)


async def test_a_booking_still_on_its_way_is_not_sent_again(house: QloAppsHouse) -> None:
    quoted, write = await house.quote("2026-12-03", 1), house.write("reservation.create")
    house.fake.faults.plan(Effect.LATE, "POST", "bookings")
    for _ in range(2):
        with pytest.raises(UnknownOutcome) as unknown:
            await house.book(quoted, write=write)
        assert unknown.value.reason == "PMS_UNKNOWN_OUTCOME"
    assert house.fake.count("POST", "bookings") == 1
    await house.fake.settled()
    made = await house.book(quoted, write=write)
    assert house.fake.count("POST", "bookings") == 1
    assert [each.external_id for each in made.external_ids] == ["5"]


async def test_a_booking_that_nobody_comes_back_for_is_recorded_all_the_same(house: QloAppsHouse) -> None:
    quoted, write = await house.quote("2026-12-03", 1), house.write("reservation.create")
    house.fake.faults.plan(Effect.LATE, "POST", "bookings")
    with pytest.raises(UnknownOutcome):
        await house.book(quoted, write=write)
    await house.fake.settled()
    house.pass_time(seconds=40)
    await pms_qloapps_house.caught_up(house.backend)  # type: ignore[arg-type]
    assert await house.backend.last_sequence("alameda") == 5
    posts = house.fake.count("POST", "bookings")
    made = await house.book(quoted, write=write)
    assert (made.booker.given_name, posts) == ("Carlos", house.fake.count("POST", "bookings"))


async def test_a_crash_before_our_record_is_made_good_by_the_repeat(house: QloAppsHouse) -> None:
    quoted, write = await house.quote("2026-12-03", 1), house.write("reservation.create")
    whole = house.ledger.transaction
    calls = itertools.count()

    def failing() -> object:
        if next(calls) >= 2 and house.fake.count("POST", "bookings") == 1:
            raise Down("UNAVAILABLE", "the process dies here")
        return whole()

    house.ledger.transaction = failing  # type: ignore[method-assign]
    with pytest.raises(Down):
        await house.book(quoted, write=write)
    house.ledger.transaction = whole  # type: ignore[method-assign]
    made = await house.book(quoted, write=write)
    assert house.fake.count("POST", "bookings") == 1
    assert live_orders(house, made.stay) == [4 + 1]


CHANGE_STEPS = {
    "cancel": (("POST", "order_histories", 0), ("GET", "orders", 1), ("GET", "room_bookings", 1)),
    "move": (("PUT", "bookings", 0), ("GET", "orders", 1), ("GET", "room_bookings", 2), ("GET", "customers", 0)),
    "check_in": (("GET", "room_bookings", 1), ("PUT", "room_bookings", 0), ("GET", "orders", 1)),
    "check_out": (("GET", "room_bookings", 1), ("PUT", "room_bookings", 0), ("GET", "orders", 1)),
}


async def begun(
    house: QloAppsHouse, kind: str, made: Reservation
) -> tuple[Callable[[], Awaitable[Reservation]], Write]:
    """A change of a reservation, ready to be made."""
    write = house.write(kind)
    if kind == "cancel":
        preview = preview_cancellation(house.hotel, made, house.clock.now())
        return lambda: house.backend.cancel_reservation(write, preview, "plans"), write
    if kind == "move":
        change = await house.preview_change(made, stay=made.stay.shifted(60))
        return lambda: house.backend.modify_reservation(write, change), write
    step = house.backend.check_in if kind == "check_in" else house.backend.check_out
    return lambda: step(write, house.hotel, made.reservation_id, version=made.version), write


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize("kind", sorted(CHANGE_STEPS))
async def test_exactly_one_change_whatever_fails_at_whichever_step(
    house: QloAppsHouse, kind: str, strict: bool
) -> None:
    house.fake.faults.strict = strict
    for number, (effect, step) in enumerate(itertools.product(EVERY, CHANGE_STEPS[kind])):
        if kind.startswith("check"):
            house.pass_time(days=1)
        today = house.hotel.today(house.clock.now())
        first = today if kind.startswith("check") else date(2027, 3, 1) + timedelta(days=number)
        room = "DBL" if not kind.startswith("check") else "FAM"
        made = await house.book(await house.quote(first.isoformat(), 2, room=room))
        if kind == "check_out":
            made = await house.backend.check_in(house.write(), house.hotel, made.reservation_id, version=made.version)
        last = await house.backend.last_sequence("alameda")
        call, _ = await begun(house, kind, made)
        house.fake.faults.plan(effect, *step[:2], skip=step[2], times=1)
        changed = await persist(house, call)
        await house.fake.settled()
        house.fake.faults.planned.clear()
        assert await call() == changed, (effect, step)
        assert await house.backend.reservation(made.reservation_id) == changed, (effect, step)
        assert await house.backend.last_sequence("alameda") == last + 1, (effect, step)
        if kind == "check_in":
            changed = await house.backend.check_out(
                house.write(), house.hotel, made.reservation_id, version=changed.version
            )
        if kind == "move":
            assert (live_orders(house, made.stay), len(live_orders(house, changed.stay))) == ([], 1), (effect, step)
        assert (changed.state is ReservationState.CANCELED) == (kind == "cancel")
