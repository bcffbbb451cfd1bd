"""What can be had, why the rest cannot, and what else there is."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from mesh.errors import Invalid, NotFound, Refused

from services.pms.domain.availability import Reason, Refusal, Wish
from services.pms.domain.quote import quote
from services.pms.domain.search import Availability, search
from services.pms.domain.stay import Occupancy, Stay
from tests.unit.pms.demo_hotel import NOW, calendar, hotel, wish


def found(asked: Wish, *, now: datetime = NOW, **changes: dict) -> Availability:
    return search(hotel(), calendar(**changes), asked, now)


def reasons(availability: Availability) -> dict[str, Reason]:
    return {refusal.room_type_id: refusal.reason for refusal in availability.unavailable}


def alternatives(availability: Availability) -> list[tuple[str, str, int]]:
    return [(each.room_type_id, each.stay.check_in.isoformat(), len(each.stay)) for each in availability.alternatives]


def test_everything_that_fits_is_offered_in_the_hotels_order() -> None:
    answer = found(wish("2026-12-03", "2026-12-06", plan=""))
    assert [(each.room_type_id, each.rate_plan_id) for each in answer.offers] == [
        ("DBL", "FLEX"), ("DBL", "NRF"), ("TWN", "FLEX"), ("TWN", "NRF"),
        ("FAM", "FLEX"), ("FAM", "NRF"), ("SUI", "FLEX"), ("SUI", "NRF"),
    ]  # fmt: skip
    assert answer.unavailable == answer.alternatives == ()


def test_the_fullest_night_says_how_many_are_left() -> None:
    answer = found(wish("2026-12-09", "2026-12-12", room="DBL"))
    assert answer.offers[0].units_left == 3  # one guest arrives on the 10th
    assert found(wish("2026-12-13", "2026-12-14", room="DBL")).offers[0].units_left == 4


def test_several_rooms_cost_the_sum_and_need_the_rooms_every_night() -> None:
    answer = found(wish("2026-12-09", "2026-12-12", *[Occupancy(2)] * 3, room="DBL"))
    assert answer.offers[0].total == answer.offers[0].price.gross * 3
    short = found(wish("2026-12-09", "2026-12-12", *[Occupancy(2)] * 4, room="DBL"))
    refusal = short.unavailable[0]
    assert (refusal.reason, refusal.limit, refusal.night) == (Reason.NOT_ENOUGH_ROOMS, 3, date(2026, 12, 10))


def test_a_sold_out_suite_names_the_other_types_first_and_then_other_dates() -> None:
    answer = found(wish("2026-12-24", "2026-12-26", room="SUI"))
    assert reasons(answer) == {"SUI": Reason.SOLD_OUT}
    assert answer.unavailable[0].night == date(2026, 12, 24)
    assert alternatives(answer) == [("DBL", "2026-12-24", 2), ("FAM", "2026-12-24", 2), ("SUI", "2026-12-22", 2)]


def test_alternatives_are_at_most_three_and_only_when_nothing_can_be_had() -> None:
    answer = found(wish("2026-12-24", "2026-12-26"))
    assert [each.room_type_id for each in answer.offers] == ["DBL", "FAM"]
    assert reasons(answer) == {"TWN": Reason.SOLD_OUT, "SUI": Reason.SOLD_OUT}
    assert answer.alternatives == ()
    full = {"2026-12-24": {"capacity": 0}}
    answer = found(wish("2026-12-24", "2026-12-25"), DBL=full, FAM=full)
    assert alternatives(answer) == [("DBL", "2026-12-25", 1), ("DBL", "2026-12-23", 1), ("DBL", "2026-12-26", 1)]


def test_an_alternative_keeps_the_rate_plan() -> None:
    answer = found(wish("2026-12-24", "2026-12-26", room="SUI", plan="NRF"))
    assert {each.rate_plan_id for each in answer.alternatives} == {"NRF"}


def test_a_minimum_stay_is_refused_with_its_limit_and_a_way_out() -> None:
    answer = found(wish("2026-12-31", "2027-01-01", Occupancy(3), room="FAM"))
    (refusal,) = answer.unavailable
    assert (refusal.reason, refusal.limit, refusal.night) == (Reason.MIN_STAY, 3, date(2026, 12, 31))
    assert alternatives(answer)[0] == ("FAM", "2026-12-31", 3)
    assert answer.alternatives[0].total == hotel().money("6783.00")
    assert found(wish("2026-12-30", "2027-01-02", Occupancy(3), room="FAM")).offers[0].total == hotel().money("6783.00")


def test_a_minimum_stay_binds_every_stay_that_includes_the_night() -> None:
    assert reasons(found(wish("2026-12-30", "2027-01-01", room="FAM"))) == {"FAM": Reason.MIN_STAY}
    assert reasons(found(wish("2026-12-30", "2026-12-31", room="FAM"))) == {}


def test_sold_out_is_said_before_a_minimum_stay_that_would_not_help() -> None:
    assert reasons(found(wish("2026-12-31", "2027-01-01", room="SUI"))) == {"SUI": Reason.SOLD_OUT}


def test_a_maximum_stay_is_refused_and_the_longest_one_offered() -> None:
    answer = found(wish("2026-12-03", "2026-12-08", room="DBL"), DBL={"2026-12-03": {"max_nights": 4}})
    assert (answer.unavailable[0].reason, answer.unavailable[0].limit) == (Reason.MAX_STAY, 4)
    assert ("DBL", "2026-12-03", 4) in alternatives(answer)


def test_closed_days_are_refused() -> None:
    closed = {"2026-12-03": {"closed_to_arrival": True}, "2026-12-06": {"closed_to_departure": True}}
    arrival = found(wish("2026-12-03", "2026-12-05", room="DBL"), DBL=closed)
    assert reasons(arrival) == {"DBL": Reason.CLOSED_TO_ARRIVAL}
    departure = found(wish("2026-12-04", "2026-12-06", room="DBL"), DBL=closed)
    assert (departure.unavailable[0].reason, departure.unavailable[0].night) == (
        Reason.CLOSED_TO_DEPARTURE,
        date(2026, 12, 6),
    )
    assert found(wish("2026-12-02", "2026-12-05", room="DBL"), DBL=closed).offers


def test_too_many_people_are_refused_and_a_larger_room_offered() -> None:
    answer = found(wish("2026-12-03", "2026-12-05", Occupancy(2, (4, 9)), room="DBL"))
    assert (answer.unavailable[0].reason, answer.unavailable[0].limit) == (Reason.OCCUPANCY, 2)
    assert alternatives(answer)[0] == ("FAM", "2026-12-03", 2)


def test_every_room_must_sleep_its_own_people() -> None:
    answer = found(wish("2026-12-03", "2026-12-05", Occupancy(1), Occupancy(3)))
    assert reasons(answer) == {"DBL": Reason.OCCUPANCY, "TWN": Reason.OCCUPANCY, "SUI": Reason.NOT_ENOUGH_ROOMS}


def test_limits_on_adults_and_children_are_kept() -> None:
    small = replace(hotel().room_type("FAM"), max_adults=2, max_children=1)
    assert small.sleeps(Occupancy(2, (3,)))
    assert not small.sleeps(Occupancy(3))
    assert not small.sleeps(Occupancy(1, (3, 4)))


def test_the_past_is_not_sold_and_today_is() -> None:
    assert set(reasons(found(wish("2026-11-19", "2026-11-21"))).values()) == {Reason.PAST}
    assert found(wish("2026-11-20", "2026-11-21", room="DBL")).offers


def test_today_is_the_hotels_and_not_the_servers() -> None:
    just_before_midnight = datetime.fromisoformat("2026-11-21T05:59:00+00:00")
    asked = wish("2026-11-20", "2026-11-21", room="DBL")
    assert found(asked, now=just_before_midnight).offers
    assert reasons(found(asked, now=just_before_midnight + timedelta(minutes=1))) == {"DBL": Reason.PAST}


def test_beyond_the_horizon_is_refused_with_the_last_date() -> None:
    last = date(2026, 11, 20) + timedelta(days=540)
    answer = found(Wish(stay=Stay.of(last, 1), rooms=(Occupancy(1),), room_type_id="DBL"))
    assert (answer.unavailable[0].reason, answer.unavailable[0].night) == (Reason.BEYOND_HORIZON, last)
    assert answer.alternatives == ()
    assert found(Wish(stay=Stay.of(last - timedelta(days=1), 1), rooms=(Occupancy(1),))).offers


def test_five_rooms_are_a_group_for_staff() -> None:
    answer = found(wish("2026-12-14", "2026-12-15", *[Occupancy(1)] * 5))
    assert set(reasons(answer).values()) == {Reason.GROUP_TOO_LARGE}
    assert answer.unavailable[0].limit == 4
    assert found(wish("2026-12-14", "2026-12-15", *[Occupancy(1)] * 4, room="DBL")).offers


def test_unknown_ids_are_not_found() -> None:
    with pytest.raises(NotFound) as missing:
        found(wish("2026-12-03", "2026-12-05", room="PENTHOUSE"))
    assert missing.value.reason == "ROOM_TYPE_NOT_FOUND"
    with pytest.raises(NotFound) as missing:
        found(wish("2026-12-03", "2026-12-05", plan="GOLD"))
    assert missing.value.reason == "RATE_PLAN_NOT_FOUND"


def test_nobody_to_sleep_is_invalid() -> None:
    with pytest.raises(Invalid):
        Wish(stay=Stay.of(date(2026, 12, 3), 1), rooms=())


@pytest.mark.parametrize(
    ("asked", "reason", "metadata"),
    [
        (wish("2026-12-24", "2026-12-26", room="SUI"), "SOLD_OUT", {"date": "2026-12-24"}),
        (wish("2026-12-31", "2027-01-01", room="FAM"), "MIN_STAY", {"min_nights": "3"}),
        (wish("2026-12-03", "2026-12-04", Occupancy(3), room="DBL"), "OCCUPANCY", {"max_occupancy": "2"}),
        (wish("2026-12-14", "2026-12-15", *[Occupancy(1)] * 5, room="DBL"), "GROUP_TOO_LARGE", {"max_rooms": "4"}),
        (wish("2026-12-14", "2026-12-15", *[Occupancy(1)] * 3, room="TWN"), "SOLD_OUT", {"rooms_left": "2"}),
        (wish("2026-11-18", "2026-11-19", room="DBL"), "PAST", {"date": "2026-11-18"}),
        (wish("2028-12-14", "2028-12-15", room="DBL"), "BEYOND_HORIZON", {"last_date": "2028-05-13"}),
    ],
)
def test_a_quote_for_what_cannot_be_had_is_refused_with_the_reason(asked: Wish, reason: str, metadata: dict) -> None:
    with pytest.raises(Refused) as refusal:
        quote(hotel(), calendar(), asked, NOW)
    assert refusal.value.reason == reason
    assert metadata.items() <= refusal.value.metadata.items()


def test_a_night_that_is_not_on_sale_is_sold_out() -> None:
    assert Refusal(room_type_id="DBL", reason=Reason.SOLD_OUT).error().reason == "SOLD_OUT"


def test_a_quote_lasts_half_an_hour_and_says_when_the_price_was_read() -> None:
    made = quote(hotel(), calendar(), wish("2026-12-03", "2026-12-06", room="DBL"), NOW)
    assert (made.expire_time - NOW, made.read_time) == (timedelta(minutes=30), NOW)
    made.must_be_live(NOW + timedelta(minutes=29, seconds=59))
    with pytest.raises(Refused) as refusal:
        made.must_be_live(made.expire_time)
    assert refusal.value.reason == "QUOTE_EXPIRED"
