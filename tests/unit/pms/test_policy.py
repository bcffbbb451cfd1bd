"""What canceling costs, and until when it does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.pms.domain.availability import offer, price_stay
from services.pms.domain.policy import CancellationPolicy, CancellationStep, Penalty, Terms, carried_over
from services.pms.domain.pricing import NightPrice
from services.pms.domain.stay import Occupancy, Stay
from tests.unit.pms.demo_hotel import NOW, calendar, hotel, wish


def terms(plan: str = "FLEX", *, now: datetime = NOW, check_in: str = "2026-12-03", rooms: int = 1) -> Terms:
    asked = wish(check_in, "2026-12-06", *([Occupancy(2)] * rooms), plan=plan)
    room_type, rate_plan = hotel().room_type("DBL"), hotel().rate_plan(plan)
    return offer(hotel(), calendar(), asked, room_type=room_type, plan=rate_plan, now=now).terms


def test_the_flexible_rate_is_free_until_48_hours_before_the_arrival_and_then_costs_the_first_night() -> None:
    flexible = terms()
    limit = datetime.fromisoformat("2026-12-01T15:00:00-06:00")
    assert flexible.free_until == limit
    assert flexible.penalty == hotel().money("1428.00")
    assert flexible.fee_at(limit - timedelta(seconds=1)) == hotel().money(0)
    assert flexible.fee_at(limit) == hotel().money("1428.00")
    assert not flexible.non_refundable
    assert flexible.date_change_allowed


def test_the_non_refundable_rate_costs_everything_from_the_booking_on() -> None:
    final = terms("NRF")
    assert final.free_until is None
    assert final.fee_at(NOW) == hotel().money("3855.60")
    assert final.non_refundable
    assert not final.date_change_allowed


def test_a_booking_inside_the_limit_is_never_free() -> None:
    late = terms(now=datetime.fromisoformat("2026-12-02T10:00:00-06:00"))
    assert late.free_until is None
    assert late.fee_at(datetime.fromisoformat("2026-12-02T10:00:00-06:00")) == hotel().money("1428.00")
    assert not late.non_refundable


def test_the_penalty_is_for_all_rooms() -> None:
    assert terms(rooms=3).penalty == hotel().money("4284.00")


def test_no_penalty_exceeds_the_total() -> None:
    plan = replace(
        hotel().rate_plan("FLEX"),
        policy=CancellationPolicy(steps=(CancellationStep(penalty=Penalty(nights=5)),)),
    )
    one_night = offer(
        hotel(), calendar(), wish("2026-12-03", "2026-12-04"), room_type=hotel().room_type("DBL"), plan=plan, now=NOW
    )
    assert one_night.terms.penalty == one_night.total


def test_steps_grow_and_each_has_its_instant() -> None:
    steps = (
        CancellationStep(penalty=Penalty(percent=10), before_arrival=timedelta(days=7)),
        CancellationStep(penalty=Penalty(amount=hotel().money(500).amount), before_arrival=timedelta(days=2)),
        CancellationStep(penalty=Penalty(percent=100), before_arrival=timedelta(0)),
    )
    plan = replace(hotel().rate_plan("FLEX"), policy=CancellationPolicy(steps=steps))
    offered = offer(
        hotel(), calendar(), wish("2026-12-03", "2026-12-06"), room_type=hotel().room_type("DBL"), plan=plan, now=NOW
    )
    assert [deadline.penalty for deadline in offered.terms.deadlines] == [
        hotel().money("428.40"), hotel().money(500), hotel().money("4284.00"),
    ]  # fmt: skip
    assert offered.terms.free_until == datetime(2026, 11, 26, 21, tzinfo=UTC)


def test_a_policy_without_steps_is_free_until_the_arrival() -> None:
    plan = replace(hotel().rate_plan("FLEX"), policy=CancellationPolicy())
    offered = offer(
        hotel(), calendar(), wish("2026-12-03", "2026-12-06"), room_type=hotel().room_type("DBL"), plan=plan, now=NOW
    )
    assert offered.terms.free_until == hotel().arrival_instant(date(2026, 12, 3))
    assert offered.terms.fee_at(offered.terms.free_until) == hotel().money(0)


def test_hours_before_the_arrival_are_hours_where_the_clocks_change() -> None:
    madrid = replace(hotel(), time_zone="Europe/Madrid")
    stay = Stay(date(2027, 3, 29), date(2027, 3, 30))  # the clocks go forward on the 28th
    _, _, worked_out = price_stay(
        madrid,
        madrid.rate_plan("FLEX"),
        stay=stay,
        rooms=(Occupancy(1),),
        nights=[NightPrice(night=stay.check_in, net=madrid.money(100))],
        booked=NOW,
    )
    assert worked_out.free_until == datetime(2027, 3, 27, 13, tzinfo=UTC)


def test_moving_a_stay_does_not_make_canceling_free_again() -> None:
    late = datetime.fromisoformat("2026-12-02T10:00:00-06:00")
    moved = carried_over(terms(check_in="2026-12-05"), old=terms(), now=late)
    assert moved.free_until is None
    assert moved.fee_at(late) == hotel().money("1428.00")


def test_moving_a_stay_in_time_keeps_it_free() -> None:
    fresh = terms(check_in="2026-12-05")
    assert carried_over(fresh, old=terms(), now=NOW) == fresh


@pytest.mark.parametrize("fields", [{}, {"nights": 1, "percent": 50}])
def test_a_penalty_is_one_thing(fields: dict) -> None:
    with pytest.raises(ValueError, match="only one"):
        Penalty(**fields)
