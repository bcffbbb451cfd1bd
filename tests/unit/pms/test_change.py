"""Changes and cancellations worked out before they are made."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from mesh.errors import NotFound, Refused

from services.pms.domain.change import Modification, Wanted, preview_cancellation, preview_modification
from services.pms.domain.policy import Terms
from services.pms.domain.reservation import Reservation, ReservationState
from services.pms.domain.stay import Occupancy, Stay
from tests.unit.pms.demo_hotel import NOW, calendar, configuration, hotel


def existing(code: str) -> Reservation:
    found = next(each for each in configuration().reservations if each.code == code)
    return found.reservation(hotel(), configuration().exceptions, NOW)


def preview(code: str = "R1001", *, now: datetime = NOW, **wanted: object) -> Modification:
    return preview_modification(hotel(), calendar(), existing(code), Wanted(**wanted), now)


def stay(check_in: str, check_out: str) -> Stay:
    return Stay(date.fromisoformat(check_in), date.fromisoformat(check_out))


def refused(code: str = "R1001", **wanted: object) -> str:
    with pytest.raises(Refused) as refusal:
        preview(code, **wanted)
    return refusal.value.reason


def test_canceling_in_time_costs_nothing() -> None:
    free = preview_cancellation(hotel(), existing("R1001"), NOW)
    assert free.fee == hotel().money(0)
    assert free.free_until == datetime.fromisoformat("2026-12-08T15:00:00-06:00")
    assert free.expire_time == NOW + timedelta(minutes=30)


def test_canceling_late_costs_the_first_night() -> None:
    late = preview_cancellation(hotel(), existing("R1002"), NOW)
    assert late.fee == hotel().money("3332.00")
    assert late.free_until is None


def test_canceling_what_is_non_refundable_costs_everything() -> None:
    assert (
        preview_cancellation(hotel(), existing("R1003"), NOW).fee == existing("R1003").total == hotel().money("3855.60")
    )


def test_the_promise_of_a_fee_ends_before_the_fee_grows() -> None:
    limit = datetime.fromisoformat("2026-12-08T15:00:00-06:00")
    assert preview_cancellation(hotel(), existing("R1001"), limit - timedelta(minutes=5)).expire_time == limit


@pytest.mark.parametrize("state", [ReservationState.IN_HOUSE, ReservationState.CANCELED, ReservationState.CHECKED_OUT])
def test_what_began_or_is_over_cannot_be_canceled(state: ReservationState) -> None:
    with pytest.raises(Refused):
        preview_cancellation(hotel(), replace(existing("R1001"), state=state), NOW)
    with pytest.raises(Refused):
        preview_cancellation(hotel(), existing("R1001"), datetime.fromisoformat("2026-12-13T10:00:00-06:00"))


def test_a_longer_stay_costs_the_difference() -> None:
    longer = preview(stay=stay("2026-12-10", "2026-12-14"))
    assert longer.current_total == hotel().money("4284.00")
    assert longer.new_total == hotel().money("5712.00")
    assert longer.difference == hotel().money("1428.00")
    assert longer.fee == hotel().money(0)


def test_a_shorter_stay_gives_the_difference_back() -> None:
    assert preview(stay=stay("2026-12-10", "2026-12-12")).difference == hotel().money("-1428.00")


def test_its_own_rooms_count_as_free() -> None:
    full = {night: {"capacity": 1} for night in ("2026-12-10", "2026-12-11", "2026-12-12")}
    moved = preview_modification(
        hotel(), calendar(DBL=full), existing("R1001"), Wanted(stay=stay("2026-12-11", "2026-12-14")), NOW
    )
    assert moved.new_total == hotel().money("4284.00")


def test_nights_that_stay_keep_the_price_they_were_booked_at() -> None:
    dearer = {
        night: {"net_price": hotel().room_type("SUI").net_price} for night in ("2026-12-10", "2026-12-12", "2026-12-13")
    }
    longer = preview_modification(
        hotel(), calendar(DBL=dearer), existing("R1001"), Wanted(stay=stay("2026-12-10", "2026-12-14")), NOW
    )
    assert [night.net.amount for night in longer.price.nights] == [1200, 1200, 1200, 2800]


def test_another_room_type_is_priced_anew_and_loses_its_number() -> None:
    suite = preview(room_type_id="SUI")
    assert suite.new_total == hotel().money("9996.00")
    assert suite.rooms[0].room_number == ""


def test_arrival_time_and_remark_change_nothing_else() -> None:
    changed = preview(arrival_time=time(22, 0), remark="late")
    assert (changed.new_total, changed.terms, changed.arrival_time) == (
        existing("R1001").total,
        existing("R1001").terms,
        time(22, 0),
    )
    assert preview(remark="").remark == ""


def test_a_non_refundable_stay_keeps_its_dates_plan_and_price() -> None:
    assert refused("R1003", stay=stay("2026-12-02", "2026-12-05")) == "RATE_PLAN_FORBIDS"
    assert refused("R1003", rate_plan_id="FLEX") == "RATE_PLAN_FORBIDS"
    assert preview("R1003", remark="late").new_total == existing("R1003").total
    assert preview("R1003", room_type_id="SUI").difference.amount > 0


def test_a_change_is_refused_for_the_reasons_a_new_stay_would_be() -> None:
    assert refused(stay=stay("2026-12-23", "2026-12-25"), room_type_id="SUI") == "SOLD_OUT"
    assert refused(rooms=(Occupancy(3),)) == "OCCUPANCY"
    assert refused(stay=stay("2026-11-18", "2026-11-21")) == "PAST"
    assert refused(stay=stay("2028-12-10", "2028-12-11")) == "BEYOND_HORIZON"
    assert refused(stay=stay("2026-12-31", "2027-01-01"), room_type_id="FAM") == "MIN_STAY"
    with pytest.raises(NotFound):
        preview(room_type_id="PENTHOUSE")


def test_moving_a_stay_late_keeps_what_is_owed() -> None:
    late = datetime.fromisoformat("2026-12-09T10:00:00-06:00")
    moved = preview(now=late, stay=stay("2026-12-16", "2026-12-19"))
    assert isinstance(moved.terms, Terms)
    assert moved.terms.free_until is None
    assert moved.terms.fee_at(late) == hotel().money("1428.00")


def test_a_guest_in_the_house_may_stay_longer_or_leave_earlier_but_not_have_arrived_another_day() -> None:
    assert preview("R1004", stay=stay("2026-11-18", "2026-11-24")).difference == hotel().money("2856.00")
    assert preview("R1004", stay=stay("2026-11-18", "2026-11-21")).difference == hotel().money("-1428.00")
    assert refused("R1004", stay=stay("2026-11-19", "2026-11-22")) == "STATE_NOT_ALLOWED"
    assert refused("R1004", room_type_id="SUI") == "STATE_NOT_ALLOWED"
    assert refused("R1004", stay=stay("2026-11-18", "2026-11-19")) == "PAST"


def test_more_rooms_cost_more_and_the_first_keeps_its_number() -> None:
    two = preview("R1004", rooms=(Occupancy(1), Occupancy(2)))
    assert two.new_total == existing("R1004").total * 2
    assert [room.room_number for room in two.rooms] == ["204", ""]


def test_what_is_over_cannot_be_changed() -> None:
    canceled = replace(existing("R1001"), state=ReservationState.CANCELED)
    with pytest.raises(Refused) as refusal:
        preview_modification(hotel(), calendar(), canceled, Wanted(remark="x"), NOW)
    assert refusal.value.reason == "STATE_NOT_ALLOWED"


def test_applying_a_preview_gives_what_it_showed() -> None:
    change = preview(stay=stay("2026-12-11", "2026-12-14"), remark="late")
    after = change.applied_to(existing("R1001"), NOW)
    assert (after.stay, after.total, after.remark, after.version) == (change.stay, change.new_total, "late", 2)
    with pytest.raises(Refused):
        change.must_be_live(change.expire_time)
