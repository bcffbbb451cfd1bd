"""Half-open stays and who sleeps in a room."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesh.errors import Invalid

from services.pms.domain.stay import Occupancy, Stay

dates = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1))
stays = st.builds(Stay.of, dates, st.integers(min_value=1, max_value=40))


def test_the_day_of_departure_is_no_night() -> None:
    stay = Stay(date(2026, 12, 3), date(2026, 12, 6))
    assert list(stay.nights()) == [date(2026, 12, 3), date(2026, 12, 4), date(2026, 12, 5)]
    assert len(stay) == 3
    assert date(2026, 12, 6) not in stay


@pytest.mark.parametrize("check_out", ["2026-12-12", "2026-12-10"])
def test_a_departure_that_is_not_after_the_arrival_is_refused(check_out: str) -> None:
    with pytest.raises(Invalid) as fault:
        Stay(date(2026, 12, 12), date.fromisoformat(check_out))
    assert "stay.check_out_date" in fault.value.fields


@given(stays)
def test_a_stay_has_as_many_nights_as_its_length_each_once_in_order(stay: Stay) -> None:
    nights = list(stay.nights())
    assert len(nights) == len(stay) >= 1
    assert nights == sorted(set(nights))
    assert all(night in stay for night in nights)
    assert stay.check_out not in stay


@given(stays, stays)
def test_stays_overlap_exactly_when_they_share_a_night(one: Stay, other: Stay) -> None:
    assert one.overlaps(other) == bool(set(one.nights()) & set(other.nights()))
    assert one.overlaps(other) == other.overlaps(one)


@given(stays, st.integers(min_value=-60, max_value=60))
def test_a_shifted_stay_keeps_its_length(stay: Stay, days: int) -> None:
    moved = stay.shifted(days)
    assert len(moved) == len(stay)
    assert moved.check_in - stay.check_in == timedelta(days=days)


def test_a_departure_and_an_arrival_on_one_day_do_not_meet() -> None:
    assert not Stay(date(2026, 12, 1), date(2026, 12, 3)).overlaps(Stay(date(2026, 12, 3), date(2026, 12, 5)))


@pytest.mark.parametrize(
    ("adults", "ages", "field"),
    [(0, (), "adults"), (51, (), "adults"), (1, (18,), "child_ages"), (1, (-1,), "child_ages")],
)
def test_impossible_occupancies_are_refused_by_field(adults: int, ages: tuple[int, ...], field: str) -> None:
    with pytest.raises(Invalid) as fault:
        Occupancy(adults, ages)
    assert field in fault.value.fields


def test_children_are_people() -> None:
    assert Occupancy(2, (0, 7)).people == 4
