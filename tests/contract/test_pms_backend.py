"""What every backend of the pms service promises: the same suite for each of them."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest
from mesh.errors import Invalid, NotFound, Refused
from mesh.values import Money

from services.pms.domain.event import EventType
from services.pms.domain.hold import HoldState, hold_for
from services.pms.domain.reservation import Booker, Identity, ReservationState
from services.pms.domain.stay import Occupancy, Stay
from tests.contract.pms_backends import (
    NIGHT,
    a_charge,
    backend_name,
    database,
    house,
    one_database,
    pytest_generate_tests,
    real_shop,
)
from tests.contract.pms_house import House

__all__ = ["backend_name", "database", "house", "one_database", "pytest_generate_tests", "real_shop"]


# What there is to sell.


async def test_the_property_is_read_back_as_it_was_configured(house: House) -> None:
    (hotel,) = await house.backend.properties()
    assert hotel == house.hotel


async def test_inventory_is_listed_by_date_and_room_type_with_the_nights_that_differ(house: House) -> None:
    nights = await house.backend.inventory("alameda", Stay(date(2026, 12, 23), date(2026, 12, 25)))
    assert [(night.night.day, night.room_type_id, night.left) for night in nights] == [
        (23, "DBL", 4), (23, "FAM", 2), (23, "SUI", 1), (23, "TWN", 2),
        (24, "DBL", 1), (24, "FAM", 1), (24, "SUI", 0), (24, "TWN", 0),
    ]  # fmt: skip
    new_year = await house.backend.inventory("alameda", Stay.of(date(2026, 12, 31), 1), "FAM")
    assert [(night.left, night.min_nights, night.net_price) for night in new_year] == [(1, 3, Decimal(1900))]


async def test_existing_reservations_take_their_rooms(house: House) -> None:
    assert await house.left("DBL", date(2026, 12, 12)) == 3
    assert await house.left("DBL", date(2026, 12, 13)) == 4
    assert await house.left("SUI", date(2026, 11, 22)) == 0


async def test_inventory_reaches_the_horizon(house: House) -> None:
    last = house.hotel.last_check_out(house.clock.now()) - timedelta(days=1)
    assert await house.left("TWN", last) == 2


async def test_an_unknown_property_has_no_nights(house: House) -> None:
    assert await house.backend.inventory("nowhere", Stay.of(NIGHT, 1)) == []


# Holds.


async def test_a_hold_takes_its_rooms_off_sale_every_night_until_it_is_released(house: House) -> None:
    hold = await house.hold(await house.quote("2026-12-05", 2, room="SUI"))
    assert hold.state is HoldState.ACTIVE
    assert hold.expire_time == house.clock.now() + timedelta(minutes=15)
    assert [await house.left("SUI", date(2026, 12, day)) for day in (4, 5, 6, 7)] == [1, 0, 0, 1]
    released = await house.backend.release_hold(house.write(), hold.hold_id)
    assert released.state is HoldState.RELEASED
    assert await house.left("SUI", date(2026, 12, 5)) == 1


async def test_releasing_twice_gives_rooms_back_once(house: House) -> None:
    hold = await house.hold(await house.quote("2026-12-03", 1))
    for _ in range(2):
        assert (await house.backend.release_hold(house.write(), hold.hold_id)).state is HoldState.RELEASED
    assert await house.left("DBL", NIGHT) == 3


async def test_every_hold_has_a_greater_fence_than_the_one_before(house: House) -> None:
    quoted = await house.quote("2026-12-20", 1)
    fences = [(await house.hold(quoted)).fence for _ in range(3)]
    assert fences == sorted(set(fences))
    assert fences[0] > 0


async def test_a_hold_of_what_is_sold_out_is_refused_and_changes_nothing(house: House) -> None:
    quoted = await house.quote("2026-12-05", 2, room="SUI")
    await house.book(await house.quote("2026-12-06", 1, room="SUI"))
    with pytest.raises(Refused) as refusal:
        await house.hold(quoted)
    assert refusal.value.reason == "SOLD_OUT"
    assert refusal.value.metadata == {"room_type_id": "SUI", "date": "2026-12-06"}
    assert await house.left("SUI", date(2026, 12, 5)) == 1


async def test_an_expired_quote_cannot_be_held(house: House) -> None:
    quoted = await house.quote("2026-12-03", 1)
    house.pass_time(minutes=30)
    with pytest.raises(Refused, match="expired") as refusal:
        await house.hold(quoted)
    assert refusal.value.reason == "QUOTE_EXPIRED"


async def test_rooms_of_a_hold_that_ran_out_are_on_sale_again_even_before_the_sweep(house: House) -> None:
    hold = await house.hold(await house.quote("2026-12-05", 2, room="SUI"))
    house.pass_time(minutes=15)
    assert (await house.backend.hold(hold.hold_id)).state is HoldState.EXPIRED
    assert await house.left("SUI", date(2026, 12, 5)) == 1
    second = await house.hold(await house.quote("2026-12-05", 2, room="SUI"))
    assert second.state is HoldState.ACTIVE
    assert await house.left("SUI", date(2026, 12, 5)) == 0


async def test_the_sweep_ends_what_ran_out_once_and_nothing_else(house: House) -> None:
    old = await house.hold(await house.quote("2026-12-05", 2, room="SUI"))
    house.pass_time(minutes=10)
    young = await house.hold(await house.quote("2026-12-05", 2))
    house.pass_time(minutes=5)
    assert await house.backend.expire_holds() == 1
    assert await house.backend.expire_holds() == 0
    assert (await house.backend.hold(old.hold_id)).state is HoldState.EXPIRED
    assert (await house.backend.hold(young.hold_id)).state is HoldState.ACTIVE
    assert [await house.left(room, date(2026, 12, 5)) for room in ("SUI", "DBL")] == [1, 3]


async def test_an_unknown_hold_is_not_found(house: House) -> None:
    with pytest.raises(NotFound) as missing:
        await house.backend.hold("hld_none")
    assert missing.value.reason == "HOLD_NOT_FOUND"
    with pytest.raises(NotFound):
        await house.backend.release_hold(house.write(), "hld_none")


# Booking.


async def test_booking_a_hold_turns_its_rooms_into_the_reservations(house: House) -> None:
    quoted = await house.quote("2026-12-05", 2, room="SUI")
    hold = await house.hold(quoted)
    booked = await house.book(quoted, hold=hold)
    (night, _) = await house.backend.inventory("alameda", Stay.of(date(2026, 12, 5), 2), "SUI")
    assert (night.sold, night.held) == (1, 0)
    assert (await house.backend.hold(hold.hold_id)).state is HoldState.CONFIRMED
    assert booked.total == Money.of("6664.00", "MXN")
    assert booked.state is ReservationState.CONFIRMED


async def test_a_reservation_is_read_back_by_id_and_by_code_exactly(house: House) -> None:
    identity = Identity(channel="WHATSAPP", address="5215500000001")
    booker = Booker(given_name="Zoë", family_name="D'Ávila", email="z@example.com", identity=identity, language="es")
    booked = await house.book(await house.quote("2026-12-03", 3), booker=booker)
    assert await house.backend.reservation(booked.reservation_id) == booked
    assert await house.by_code(booked.confirmation_code) == booked
    assert booked.total == Money.of("4284.00", "MXN")


async def test_booking_without_a_hold_takes_free_rooms(house: House) -> None:
    await house.book(await house.quote("2026-12-03", 1, rooms=(Occupancy(2), Occupancy(1))))
    assert await house.left("DBL", NIGHT) == 1


async def test_an_expired_hold_cannot_be_confirmed(house: House) -> None:
    quoted = await house.quote("2026-12-03", 1)
    house.pass_time(minutes=1)
    hold = await house.hold(quoted)
    house.pass_time(minutes=15)
    for _ in range(2):  # before and after the sweep
        with pytest.raises(Refused) as refusal:
            await house.book(quoted, hold=hold)
        assert refusal.value.reason == "HOLD_EXPIRED"
        await house.backend.expire_holds()
    assert await house.left("DBL", NIGHT) == 3


async def test_a_hold_is_confirmed_once(house: House) -> None:
    quoted = await house.quote("2026-12-03", 1)
    hold = await house.hold(quoted)
    await house.book(quoted, hold=hold)
    with pytest.raises(Refused) as refusal:
        await house.book(quoted, hold=hold)
    assert refusal.value.reason == "HOLD_NOT_ACTIVE"
    with pytest.raises(Refused) as refusal:
        await house.backend.release_hold(house.write(), hold.hold_id)
    assert refusal.value.reason == "HOLD_NOT_ACTIVE"
    assert await house.left("DBL", NIGHT) == 2


async def test_a_hold_of_other_rooms_does_not_confirm_a_quote(house: House) -> None:
    hold = await house.hold(await house.quote("2026-12-03", 1))
    with pytest.raises(Invalid) as fault:
        await house.book(await house.quote("2026-12-03", 2), hold=hold)
    assert "hold_id" in fault.value.fields


async def test_a_hold_serves_another_rate_plan_of_the_same_rooms(house: House) -> None:
    hold = await house.hold(await house.quote("2026-12-03", 3))
    booked = await house.book(await house.quote("2026-12-03", 3, plan="NRF"), hold=hold)
    assert booked.total == Money.of("3855.60", "MXN")


async def test_an_expired_quote_cannot_be_booked(house: House) -> None:
    quoted = await house.quote("2026-12-03", 1)
    house.pass_time(minutes=30)
    with pytest.raises(Refused) as refusal:
        await house.book(quoted)
    assert refusal.value.reason == "QUOTE_EXPIRED"


async def test_selling_more_rooms_than_are_left_is_refused(house: House) -> None:
    quoted = await house.quote("2026-12-24", 1)
    await house.book(quoted)
    with pytest.raises(Refused) as refusal:
        await house.book(quoted)
    assert refusal.value.reason == "SOLD_OUT"


# Idempotency.


async def test_the_same_write_again_answers_the_same_and_does_nothing(house: House) -> None:
    quoted = await house.quote("2026-12-03", 1)
    write = house.write("reservation.create")
    first = await house.book(quoted, write=write)
    house.pass_time(hours=2)  # the quote is long over: a repeated write is answered all the same
    assert await house.book(quoted, write=write) == first
    assert await house.left("DBL", NIGHT) == 2


async def test_equal_writes_at_once_make_one_reservation(house: House) -> None:
    quoted = await house.quote("2026-12-03", 1)
    write = house.write("reservation.create")
    answers = await asyncio.gather(*(house.book(quoted, write=write) for _ in range(8)))
    assert len({answer.confirmation_code for answer in answers}) == 1
    assert await house.left("DBL", NIGHT) == 2


async def test_a_request_id_cannot_be_used_for_something_else(house: House) -> None:
    quoted = await house.quote("2026-12-03", 1)
    await house.hold(quoted, house.write("hold.create", request_id="r1", body="one"))
    with pytest.raises(Invalid) as fault:
        await house.hold(quoted, house.write("hold.create", request_id="r1", body="two"))
    assert fault.value.reason == "REQUEST_ID_REUSED"
    assert await house.left("DBL", NIGHT) == 2


async def test_a_refused_write_may_be_repeated_once_it_is_possible(house: House) -> None:
    quoted = await house.quote("2026-12-05", 1, room="SUI")
    blocking = await house.hold(quoted)
    write = house.write("hold.create", request_id="again")
    with pytest.raises(Refused):
        await house.hold(quoted, write)
    await house.backend.release_hold(house.write(), blocking.hold_id)
    assert (await house.hold(quoted, write)).state is HoldState.ACTIVE


async def test_every_kind_of_write_is_idempotent(house: House) -> None:
    quoted = await house.quote("2026-11-20", 2)
    hold_write, hold = house.write("hold"), hold_for(house.hotel, quoted, house.clock.now())
    held = [await house.backend.place_hold(hold_write, quoted, hold) for _ in range(2)]
    released_write = house.write("release")
    released = [await house.backend.release_hold(released_write, held[0].hold_id) for _ in range(2)]
    booked = await house.book(quoted)
    change_write, preview = house.write("change"), await house.preview_change(booked, remark="late")
    changed = [await house.backend.modify_reservation(change_write, preview) for _ in range(2)]
    in_write = house.write("in")
    arrived = [
        await house.backend.check_in(in_write, house.hotel, booked.reservation_id, version=changed[0].version)
        for _ in range(2)
    ]
    charge_write, charge = house.write("charge"), a_charge(booked.reservation_id, house)
    charged = [await house.backend.post_charge(charge_write, charge) for _ in range(2)]
    out_write = house.write("out")
    departed = [
        await house.backend.check_out(out_write, house.hotel, booked.reservation_id, version=arrived[0].version)
        for _ in range(2)
    ]
    for answers in (held, released, changed, arrived, charged, departed):
        assert answers[0] == answers[1]
    kinds = [event.event_type for event in await house.backend.events("alameda", after=4, limit=50)]
    assert kinds == [
        EventType.CREATED,
        EventType.MODIFIED,
        EventType.CHECKED_IN,
        EventType.CHARGED,
        EventType.CHECKED_OUT,
    ]
