"""What every backend of the pms service promises: the same suite for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from mesh.clock import ManualClock
from mesh.errors import Conflict, Invalid, NotFound, Refused
from mesh.values import Money

from services.pms.adapters.builtin import PostgresLedger
from services.pms.adapters.own_inventory import OwnInventory
from services.pms.domain.change import preview_cancellation
from services.pms.domain.event import EventType
from services.pms.domain.guest import Charge, GuestProfile
from services.pms.domain.hold import HoldState, hold_for
from services.pms.domain.reservation import Booker, Identity, ReservationState
from services.pms.domain.stay import Occupancy, Stay
from services.pms.ports import ReservationQuery
from tests.contract.pms_house import OPENED, House, connect, opened_in_memory, prepare_database, restore_books
from tests.contract.pms_qloapps_house import at_qloapps
from tests.contract.pms_real_qloapps import RealShop, at_real_qloapps
from tests.support.stores import Databases

NIGHT = date(2026, 12, 3)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One backend after the other, or the one that was asked for."""
    if "backend_name" in metafunc.fixturenames:
        asked = metafunc.config.getoption("--backend", default=None)
        metafunc.parametrize("backend_name", [asked] if asked else ["memory", "builtin", "qloapps"], indirect=True)


@pytest.fixture
def backend_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def one_database(postgres_databases: Databases) -> Iterator[str]:
    """A database with the demo hotel, restored for every test."""
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


@pytest.fixture
def database(backend_name: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database with the demo hotel, for the backend that needs one."""
    return "" if backend_name != "builtin" else restore_books(request.getfixturevalue("one_database"))


@pytest.fixture
def real_shop(request: pytest.FixtureRequest) -> RealShop | None:
    """The QloApps of the command line; None for the stand-in."""
    option = request.config.getoption
    url = option("--qloapps-url", default="")
    if not url:
        return None
    return RealShop(
        url=url,
        key=option("--qloapps-key"),
        host=option("--qloapps-host"),
        currency=option("--qloapps-currency"),
    )


@pytest.fixture
async def house(backend_name: str, database: str, real_shop: RealShop | None) -> AsyncIterator[House]:
    clock = ManualClock(OPENED)
    if backend_name == "qloapps":
        async with at_real_qloapps(clock, real_shop) if real_shop else at_qloapps(clock) as at_the_pms:
            yield at_the_pms
        return
    if backend_name == "memory":
        ledger = await opened_in_memory(clock)
        yield House(OwnInventory(ledger=ledger, clock=clock), ledger, clock)
        return
    pool = await connect(database)
    ledger = PostgresLedger(pool=pool)
    yield House(OwnInventory(ledger=ledger, clock=clock), ledger, clock)
    await pool.close()


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
    charge_write, charge = house.write("charge"), _charge(booked.reservation_id, house)
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


# Changes and cancellations.


async def test_moving_a_stay_gives_the_old_nights_back_and_takes_the_new_ones(house: House) -> None:
    booked = await house.book(await house.quote("2026-12-03", 2))
    moved = await house.change(booked, stay=Stay(date(2026, 12, 4), date(2026, 12, 7)))
    assert [await house.left("DBL", date(2026, 12, day)) for day in (3, 4, 5, 6, 7)] == [3, 3, 3, 3, 4]
    assert moved.total == Money.of("4284.00", "MXN")
    assert moved.version == booked.version + 1
    assert await house.backend.reservation(booked.reservation_id) == moved


async def test_a_change_to_another_room_type_moves_the_room(house: House) -> None:
    booked = await house.book(await house.quote("2026-12-03", 2))
    await house.change(booked, room_type_id="SUI")
    assert [await house.left(room, date(2026, 12, 4)) for room in ("DBL", "SUI")] == [4, 0]


async def test_a_full_house_can_still_shorten_and_shift_its_own_stays(house: House) -> None:
    booked = await house.book(await house.quote("2026-12-05", 3, room="SUI"))
    shorter = await house.change(booked, stay=Stay(date(2026, 12, 5), date(2026, 12, 7)))
    shifted = await house.change(shorter, stay=Stay(date(2026, 12, 6), date(2026, 12, 8)))
    assert shifted.stay == Stay(date(2026, 12, 6), date(2026, 12, 8))
    assert [await house.left("SUI", date(2026, 12, day)) for day in (5, 6, 7)] == [1, 0, 0]


async def test_a_change_previewed_before_the_rooms_went_is_refused(house: House) -> None:
    booked = await house.book(await house.quote("2026-12-05", 1, room="SUI"))
    preview = await house.preview_change(booked, stay=Stay(date(2026, 12, 5), date(2026, 12, 7)))
    await house.book(await house.quote("2026-12-06", 1, room="SUI"))
    with pytest.raises(Refused) as refusal:
        await house.backend.modify_reservation(house.write(), preview)
    assert refusal.value.reason == "SOLD_OUT"
    assert await house.backend.reservation(booked.reservation_id) == booked


async def test_a_change_of_an_older_version_loses(house: House) -> None:
    booked = await house.book(await house.quote("2026-12-03", 2))
    preview = await house.preview_change(booked, remark="one")
    await house.change(booked, remark="two")
    with pytest.raises(Conflict) as conflict:
        await house.backend.modify_reservation(house.write(), preview)
    assert conflict.value.reason == "VERSION_MISMATCH"


async def test_a_preview_cannot_be_committed_after_its_time(house: House) -> None:
    booked = await house.book(await house.quote("2026-12-03", 2))
    change = await house.preview_change(booked, remark="one")
    cancellation = preview_cancellation(house.hotel, booked, house.clock.now())
    house.pass_time(minutes=30)
    with pytest.raises(Refused) as refusal:
        await house.backend.modify_reservation(house.write(), change)
    assert refusal.value.reason == "QUOTE_EXPIRED"
    with pytest.raises(Refused) as refusal:
        await house.backend.cancel_reservation(house.write(), cancellation, "")
    assert refusal.value.reason == "QUOTE_EXPIRED"


async def test_canceling_puts_the_rooms_back_on_sale_and_records_the_fee(house: House) -> None:
    canceled = await house.cancel(await house.by_code("R1001"))
    assert canceled.state is ReservationState.CANCELED
    assert canceled.cancellation_fee == Money.of("0.00", "MXN")
    assert canceled.cancel_time == house.clock.now()
    assert await house.left("DBL", date(2026, 12, 10)) == 4


async def test_what_is_canceled_cannot_be_canceled_or_changed_again(house: House) -> None:
    booked = await house.by_code("R1001")
    cancellation = preview_cancellation(house.hotel, booked, house.clock.now())
    change = await house.preview_change(booked, remark="x")
    canceled = await house.cancel(booked)
    with pytest.raises(Conflict):
        await house.backend.cancel_reservation(house.write(), cancellation, "")
    current = replace(change, version=canceled.version)
    with pytest.raises(Refused) as refusal:
        await house.backend.modify_reservation(house.write(), current)
    assert refusal.value.reason == "STATE_NOT_ALLOWED"
    assert await house.left("DBL", date(2026, 12, 10)) == 4


# The house.


async def test_a_guest_arrives_into_a_free_room_and_leaves(house: House) -> None:
    booked = await house.book(await house.quote("2026-11-20", 2))
    arrived = await house.backend.check_in(house.write(), house.hotel, booked.reservation_id, version=booked.version)
    assert arrived.state is ReservationState.IN_HOUSE
    assert arrived.rooms[0].room_number in {"201", "202", "203"}  # 204 is taken
    house.pass_time(days=1)
    gone = await house.backend.check_out(house.write(), house.hotel, booked.reservation_id, version=arrived.version)
    assert gone.state is ReservationState.CHECKED_OUT
    assert gone.stay == Stay(date(2026, 11, 20), date(2026, 11, 21))
    assert await house.left("DBL", date(2026, 11, 21)) == 3  # the night not stayed is on sale again


async def test_nobody_is_given_a_room_that_is_taken(house: House) -> None:
    booked = await house.book(await house.quote("2026-11-20", 2))
    with pytest.raises(Refused) as refusal:
        await house.backend.check_in(
            house.write(), house.hotel, booked.reservation_id, version=booked.version, room_number="204"
        )
    assert refusal.value.reason == "STATE_NOT_ALLOWED"


async def test_nobody_arrives_before_their_stay(house: House) -> None:
    booked = await house.by_code("R1001")
    with pytest.raises(Refused):
        await house.backend.check_in(house.write(), house.hotel, booked.reservation_id, version=booked.version)


async def test_two_guests_arriving_at_once_get_two_rooms(house: House) -> None:
    bookings = [await house.book(await house.quote("2026-11-20", 1)) for _ in range(3)]
    arrived = await asyncio.gather(
        *(
            house.backend.check_in(house.write(f"{index}"), house.hotel, each.reservation_id, version=each.version)
            for index, each in enumerate(bookings)
        )
    )
    assert sorted(each.rooms[0].room_number for each in arrived) == ["201", "202", "203"]


async def test_a_charge_needs_a_reservation_that_is_not_canceled(house: House) -> None:
    booked = await house.by_code("R1004")
    charge = _charge(booked.reservation_id, house)
    assert await house.backend.post_charge(house.write(), charge) == charge
    canceled = await house.cancel(await house.by_code("R1001"))
    with pytest.raises(Refused) as refusal:
        await house.backend.post_charge(house.write(), _charge(canceled.reservation_id, house))
    assert refusal.value.reason == "STATE_NOT_ALLOWED"
    with pytest.raises(NotFound):
        await house.backend.post_charge(house.write(), _charge("res_none", house))


# Looking up.


async def test_an_unknown_reservation_is_not_found(house: House) -> None:
    for search in (house.backend.reservation("res_none"), house.by_code("NONE"), house.by_code("")):
        with pytest.raises(NotFound) as missing:
            await search
        assert missing.value.reason == "RESERVATION_NOT_FOUND"


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ({}, ["R1004", "R1002", "R1003", "R1001"]),
        ({"check_in_from": date(2026, 11, 21), "check_in_to": date(2026, 12, 1)}, ["R1002", "R1003"]),
        ({"phone_number": "+5215512345678"}, ["R1001"]),  # the mobile 1 of Mexico makes no other guest
        ({"email": "John.Smith@Example.com"}, ["R1002"]),
        ({"identity": Identity(channel="WHATSAPP", address="5215512345678")}, ["R1001"]),
        ({"identity": Identity(channel="EMAIL", address="john.smith@example.com")}, ["R1002"]),
        ({"identity": Identity(channel="WHATSAPP", address="US.525512345678")}, []),
        ({"states": frozenset({ReservationState.IN_HOUSE})}, ["R1004"]),
        ({"phone_number": "+525512345678", "states": frozenset({ReservationState.CANCELED})}, []),
        ({"limit": 2}, ["R1004", "R1002"]),
        ({"after": (date(2026, 11, 21), "R1002"), "limit": 1}, ["R1003"]),
    ],
)
async def test_reservations_are_listed_by_arrival_and_code(
    house: House, filters: dict[str, object], codes: list[str]
) -> None:
    found = await house.backend.reservations(ReservationQuery(property_id="alameda", **filters))
    assert [reservation.confirmation_code for reservation in found] == codes


async def test_a_guest_is_known_by_any_form_of_the_phone_and_by_email(house: House) -> None:
    by_phone = await house.backend.guest_profile("alameda", phone_number="+5215512345678")
    assert (by_phone.given_name, by_phone.family_name, by_phone.live_codes) == ("María", "López", ("R1001",))
    assert await house.backend.guest_profile("alameda", email="MARIA.LOPEZ@example.com") == by_phone
    with pytest.raises(NotFound) as missing:
        await house.backend.guest_profile("alameda", phone_number="+10000000")
    assert missing.value.reason == "GUEST_NOT_FOUND"


async def test_a_booking_completes_a_guests_profile_and_overwrites_nothing(house: House) -> None:
    booker = Booker(given_name="Somebody", family_name="Else", phone_number="+525512345678", language="en")
    booked = await house.book(await house.quote("2026-12-03", 1), booker=booker)
    profile = await house.backend.guest_profile("alameda", phone_number="+525512345678")
    assert (profile.given_name, profile.language) == ("María", "es")
    assert set(profile.live_codes) == {"R1001", booked.confirmation_code}
    assert booked.booker == booker


async def test_updating_a_profile_leaves_empty_fields_alone(house: House) -> None:
    profile = await house.backend.guest_profile("alameda", phone_number="+525512345678")
    wanted = GuestProfile(profile_id=profile.profile_id, property_id="alameda", email="new@example.com")
    updated = await house.backend.update_guest_profile(house.write(), wanted)
    assert (updated.given_name, updated.email) == ("María", "new@example.com")
    assert (await house.backend.guest_profile("alameda", email="new@example.com")).phone_number == "+525512345678"
    with pytest.raises(NotFound):
        await house.backend.update_guest_profile(house.write(), replace(wanted, profile_id="gst_none"))


async def test_past_stays_are_counted(house: House) -> None:
    inside = await house.by_code("R1004")
    await house.backend.check_out(house.write(), house.hotel, inside.reservation_id, version=inside.version)
    profile = await house.backend.guest_profile("alameda", email="luis.perez@example.com")
    assert (profile.past_stays, profile.live_codes) == (1, ())


async def test_events_are_numbered_without_gaps_and_resume_anywhere(house: House) -> None:
    assert await house.backend.last_sequence("alameda") == 4  # the reservations of the file
    quoted = await house.quote("2026-12-20", 1)
    await asyncio.gather(*(house.book(quoted) for _ in range(4)))
    events = await house.backend.events("alameda", after=4, limit=3)
    assert [event.sequence for event in events] == [5, 6, 7]
    assert [event.sequence for event in await house.backend.events("alameda", after=7, limit=3)] == [8]
    assert await house.backend.last_sequence("alameda") == 8
    assert events[0].reservation == await house.backend.reservation(events[0].reservation.reservation_id)


def _charge(reservation_id: str, house: House) -> Charge:
    return Charge(
        charge_id=f"chg-{reservation_id}",
        reservation_id=reservation_id,
        description="Minibar",
        amount=Money.of("90.50", "MXN"),
        post_time=datetime.fromisoformat("2026-11-20T16:00:00+00:00"),
    )
