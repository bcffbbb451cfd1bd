"""What every backend of the pms service promises of reservations that are made: changes, the stay, looking up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from mesh.errors import Conflict, NotFound, Refused
from mesh.values import Money

from services.pms.domain.change import preview_cancellation
from services.pms.domain.guest import GuestProfile
from services.pms.domain.reservation import Booker, Identity, ReservationState
from services.pms.domain.stay import Stay
from services.pms.ports import ReservationQuery
from tests.contract.pms_backends import (
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
    charge = a_charge(booked.reservation_id, house)
    assert await house.backend.post_charge(house.write(), charge) == charge
    canceled = await house.cancel(await house.by_code("R1001"))
    with pytest.raises(Refused) as refusal:
        await house.backend.post_charge(house.write(), a_charge(canceled.reservation_id, house))
    assert refusal.value.reason == "STATE_NOT_ALLOWED"
    with pytest.raises(NotFound):
        await house.backend.post_charge(house.write(), a_charge("res_none", house))


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
