"""Which state may follow which, room numbers, codes, and telephones that are one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from mesh.errors import Conflict, Invalid, Refused

from services.pms.domain.code import DIGITS, LENGTH, LETTERS, new_code, normalised
from services.pms.domain.hold import HoldState, hold_for
from services.pms.domain.phone import match_key
from services.pms.domain.quote import Quote, quote
from services.pms.domain.reservation import (
    Booker,
    Identity,
    Reservation,
    ReservationState,
    reservation_for,
    room_numbers,
)
from services.pms.domain.stay import Occupancy, Stay
from tests.unit.pms.demo_hotel import NOW, calendar, hotel, wish

TODAY = date(2026, 11, 20)


def quoted(*rooms: Occupancy, check_in: str = "2026-11-20", check_out: str = "2026-11-22") -> Quote:
    return quote(hotel(), calendar(), wish(check_in, check_out, *rooms, room="DBL"), NOW)


def booked(*rooms: Occupancy, **dates: str) -> Reservation:
    return reservation_for(quoted(*rooms, **dates), Booker(given_name="Ana"), now=NOW, source="test")


def test_a_reservation_is_what_the_quote_promised() -> None:
    made, promised = booked(), quoted()
    assert (made.total, made.stay, made.terms) == (promised.total, promised.offer.stay, promised.offer.terms)
    assert made.state is ReservationState.CONFIRMED


def test_a_guest_arrives_stays_and_leaves() -> None:
    inside = booked().checked_in(("201",), today=TODAY, now=NOW)
    assert (inside.state, inside.rooms[0].room_number, inside.version) == (ReservationState.IN_HOUSE, "201", 2)
    left = inside.checked_out(today=date(2026, 11, 22), now=NOW)
    assert (left.state, left.stay) == (ReservationState.CHECKED_OUT, inside.stay)


@pytest.mark.parametrize(("leaves", "nights"), [(20, 1), (21, 1), (22, 2), (25, 2)])
def test_who_leaves_early_gives_the_nights_left_back_and_who_leaves_late_takes_none(leaves: int, nights: int) -> None:
    inside = booked().checked_in(("201",), today=TODAY, now=NOW)
    assert len(inside.checked_out(today=date(2026, 11, leaves), now=NOW).stay) == nights


def test_arriving_is_for_nights_of_the_stay() -> None:
    for today in (date(2026, 11, 19), date(2026, 11, 22)):
        with pytest.raises(Refused):
            booked().checked_in(("201",), today=today, now=NOW)


def test_states_do_not_jump() -> None:
    zero = hotel().money(0)
    inside = booked().checked_in(("201",), today=TODAY, now=NOW)
    canceled = booked().canceled(fee=zero, reason="", now=NOW)
    for step in (
        lambda: inside.canceled(fee=zero, reason="", now=NOW),
        lambda: canceled.canceled(fee=zero, reason="", now=NOW),
        lambda: canceled.checked_in(("201",), today=TODAY, now=NOW),
        lambda: booked().checked_out(today=TODAY, now=NOW),
    ):
        with pytest.raises(Refused) as refusal:
            step()
        assert refusal.value.reason == "STATE_NOT_ALLOWED"
        assert refusal.value.metadata["state"]


def test_only_the_version_that_was_read_may_be_written() -> None:
    booked().must_have_version(1)
    with pytest.raises(Conflict):
        booked().must_have_version(2)


def test_room_numbers_are_free_ones_of_the_type_the_wanted_one_first() -> None:
    two = booked(Occupancy(2), Occupancy(2))
    assert room_numbers(hotel(), two, wanted="203", taken=frozenset({"204", "201"})) == ("203", "202")


@pytest.mark.parametrize(
    ("wanted", "taken"), [("204", {"204"}), ("301", set()), ("", {"201", "202", "203", "204"}), ("999", set())]
)
def test_rooms_that_are_taken_or_of_another_type_are_not_given(wanted: str, taken: set[str]) -> None:
    with pytest.raises(Refused):
        room_numbers(hotel(), booked(), wanted=wanted, taken=frozenset(taken))


def test_a_hotel_without_numbered_rooms_needs_none() -> None:
    types = tuple(replace(room_type, room_numbers=()) for room_type in hotel().room_types)
    assert room_numbers(replace(hotel(), room_types=types), booked(), wanted="", taken=frozenset()) == ("",)


def test_codes_are_short_sayable_and_never_words() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) > 490
    for code in codes:
        assert len(code) == LENGTH
        assert set(code) <= set(LETTERS + DIGITS)
        assert code[0] in LETTERS
        assert sum(character in DIGITS for character in code) >= 2
    assert not set("0O1IAEU") & set(LETTERS + DIGITS)


def test_a_code_is_found_however_it_is_typed() -> None:
    assert normalised(" k7m-4q2 ") == "K7M4Q2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+525512345678", "5215512345678"),
        ("+5491123456789", "+541123456789"),
        ("+5511987654321", "+551187654321"),
        ("0034600111222", "+34 600 111 222"),
    ],
)
def test_known_variants_of_a_number_are_one_telephone(one: str, other: str) -> None:
    assert match_key(one) == match_key(other) != ""


def test_different_telephones_stay_different() -> None:
    numbers = ["+525512345678", "+525512345679", "+447700900123", "+34600111222", "+12025550101", ""]
    assert len({match_key(number) for number in numbers}) == len(numbers)


def test_a_business_scoped_id_is_no_telephone() -> None:
    assert Identity(channel="WHATSAPP", address="US.13491208655302741918").phone_key == ""
    assert Identity(channel="WHATSAPP", address="5215512345678").phone_key == "525512345678"
    assert Identity(channel="WEBCHAT", address="5215512345678").phone_key == ""


def test_a_hold_lasts_a_quarter_of_an_hour_and_never_longer_than_its_quote() -> None:
    made = quoted()
    assert hold_for(hotel(), made, NOW).expire_time == NOW + timedelta(minutes=15)
    assert hold_for(hotel(), made, NOW + timedelta(minutes=20)).expire_time == made.expire_time


def test_a_hold_that_ran_out_is_expired_before_anybody_swept_it() -> None:
    hold = hold_for(hotel(), quoted(), NOW)
    assert hold.at(NOW + timedelta(minutes=14, seconds=59)).state is HoldState.ACTIVE
    assert hold.at(NOW + timedelta(minutes=15)).state is HoldState.EXPIRED


def test_a_hold_confirms_the_same_rooms_and_no_others() -> None:
    hold = hold_for(hotel(), quoted(), NOW)
    hold.must_confirm(quoted(), NOW)
    for other in (quoted(check_out="2026-11-21"), quoted(Occupancy(1), Occupancy(1))):
        with pytest.raises(Invalid):
            hold.must_confirm(other, NOW)
    for state, reason in (
        (HoldState.EXPIRED, "HOLD_EXPIRED"),
        (HoldState.RELEASED, "HOLD_NOT_ACTIVE"),
        (HoldState.CONFIRMED, "HOLD_NOT_ACTIVE"),
    ):
        with pytest.raises(Refused) as refusal:
            replace(hold, state=state).must_confirm(quoted(), NOW)
        assert refusal.value.reason == reason


def test_a_stay_is_half_open_in_the_reservation_too() -> None:
    assert booked().stay == Stay(TODAY, date(2026, 11, 22))
