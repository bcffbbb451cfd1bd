"""Demand pricing: what past nights teach, what follows for prices, and when nothing does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesh.values import Money

from services.pms.domain import record
from services.pms.domain.availability import Calendar, InventoryNight, Wish, price_nights
from services.pms.domain.back_test import back_test
from services.pms.domain.demand import PastBooking, expected_occupancy, is_weekend, learn, past_booking, priced
from services.pms.domain.price_steps import PriceStep, PricingRules
from services.pms.domain.property import Property
from services.pms.domain.quote import quote
from services.pms.domain.reservation import Booker, Reservation, reservation_for
from services.pms.domain.search import search
from services.pms.domain.stay import Occupancy, Stay
from tests.unit.pms.demo_hotel import NOW, calendar, hotel

TODAY = date(2026, 11, 20)
TYPES = ("DBL", "TWN")
HIGH = PriceStep(name="high_demand", factor=Decimal("1.2"), at_least=Decimal("0.75"))
MIDDLE = PriceStep(name="good_demand", factor=Decimal("1.1"), at_least=Decimal("0.5"))
LATE = PriceStep(name="last_minute", factor=Decimal("0.8"), below=Decimal("0.3"), within_days=3)
RULES = PricingRules(
    steps=(HIGH, MIDDLE, LATE),
    floor={"DBL": Decimal(1000)},
    ceiling={"DBL": Decimal(1400)},
    history_nights=5,
)


def with_rules(rules: PricingRules | None = RULES) -> Property:
    return replace(hotel(), pricing=rules)


def booking(night: date, *, ahead: int, units: int = 1, lost: int | None = None, nights: int = 1) -> PastBooking:
    """A booking made so many days ahead of its first night, and perhaps canceled so many days ahead."""
    return PastBooking(
        room_type_id="DBL",
        stay=Stay.of(night, nights),
        units=units,
        booked=night - timedelta(days=ahead),
        canceled=None if lost is None else night - timedelta(days=lost),
    )


def working_nights(first: date, until: date) -> list[date]:
    """The nights of a span that are not of a weekend."""
    span = (first + timedelta(days=offset) for offset in range((until - first).days))
    return [night for night in span if not is_weekend(night)]


def busy_history(days: int = 200) -> list[PastBooking]:
    """For so many days, every working night had one room booked thirty days ahead and two more five days ahead."""
    since = TODAY - timedelta(days=days)
    nights = working_nights(since, TODAY)
    return [
        *(booking(night, ahead=min(30, (night - since).days)) for night in nights),
        *(booking(night, ahead=min(5, (night - since).days), units=2) for night in nights),
    ]


def night(day: date, *, sold: int = 0, capacity: int = 4, price: int = 1200, room: str = "DBL") -> InventoryNight:
    return InventoryNight(night=day, room_type_id=room, capacity=capacity, sold=sold, net_price=Decimal(price), held=0)


def gained(pick_up, lead: int, room: str = "DBL", day: date = date(2026, 11, 24), at_least: int = 5) -> Decimal | None:
    return pick_up.rooms(room, day, lead, at_least_nights=at_least)


# Learning.


def test_a_night_gains_what_such_nights_gained_from_the_same_distance_on() -> None:
    pick_up = learn(busy_history(), TYPES, TODAY)
    assert gained(pick_up, 5) == 0  # at the end of the day on which the last ones booked
    assert gained(pick_up, 6) == 2
    assert gained(pick_up, 30) == 2
    assert gained(pick_up, 31) == 3


def test_nobody_who_booked_after_the_day_is_counted_before_it() -> None:
    later = [*busy_history(), booking(TODAY + timedelta(days=4), ahead=4, units=4)]
    assert learn(later, TYPES, TODAY) == learn(busy_history(), TYPES, TODAY)


def test_a_room_given_back_counts_as_lost() -> None:
    since = TODAY - timedelta(days=200)
    nights = working_nights(since + timedelta(days=3), TODAY)
    lost = [booking(each, ahead=min(20, (each - since).days), lost=3) for each in nights]
    pick_up = learn(lost, TYPES, TODAY)
    assert gained(pick_up, 2) == 0
    assert gained(pick_up, 3) == 0  # given back on that day
    assert gained(pick_up, 4) == -1
    assert gained(pick_up, 20) == -1
    assert gained(pick_up, 21) == 0


def test_who_leaves_after_the_night_began_was_there() -> None:
    nights = working_nights(TODAY - timedelta(days=60), TODAY)
    stayed = learn([booking(each, ahead=20) for each in nights], TYPES, TODAY)
    assert learn([booking(each, ahead=20, lost=-1) for each in nights], TYPES, TODAY) == stayed


def test_nights_without_guests_teach_too() -> None:
    one = [booking(TODAY - timedelta(days=100), ahead=3), booking(TODAY - timedelta(days=2), ahead=3)]
    pick_up = learn(one, TYPES, TODAY)
    assert 0 < gained(pick_up, 4) < Decimal("0.1")


def test_weekends_teach_nothing_about_other_nights() -> None:
    saturdays = [TODAY - timedelta(days=offset) for offset in range(1, 160) if is_weekend(TODAY - timedelta(offset))]
    pick_up = learn([booking(each, ahead=2) for each in saturdays], TYPES, TODAY)
    assert gained(pick_up, 3, day=date(2026, 11, 28)) == 1
    assert gained(pick_up, 3, day=date(2026, 11, 24)) == 0


@pytest.mark.parametrize("lead", [-1, 100, 366, 9999])
def test_nothing_is_expected_where_nothing_was_seen(lead: int) -> None:
    short = [booking(each, ahead=3) for each in working_nights(TODAY - timedelta(days=60), TODAY)]
    assert gained(learn(short, TYPES, TODAY), lead) is None


def test_too_few_nights_are_no_history() -> None:
    pick_up = learn(busy_history(days=60), TYPES, TODAY)
    assert gained(pick_up, 6, at_least=20) is not None
    assert gained(pick_up, 6, at_least=500) is None
    assert gained(learn([], TYPES, TODAY), 6, at_least=0) is None
    assert gained(learn([], TYPES, TODAY), 0, at_least=1) is None


@given(
    st.lists(
        st.builds(
            booking,
            st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 1)),
            ahead=st.integers(min_value=-2, max_value=200),
            units=st.integers(min_value=1, max_value=3),
            lost=st.none() | st.integers(min_value=-3, max_value=90),
            nights=st.integers(min_value=1, max_value=5),
        ).filter(lambda each: each.canceled is None or each.canceled >= each.booked),
        max_size=12,
    ),
    st.integers(min_value=0, max_value=120),
)
def test_the_sums_are_those_that_counting_night_by_night_gives(bookings: list[PastBooking], lead: int) -> None:
    pick_up = learn(bookings, TYPES, TODAY)
    known = [each for each in bookings if each.booked < TODAY]
    since = min((each.booked for each in known), default=TODAY)
    for weekend in (False, True):
        nights = [since + timedelta(days=offset) for offset in range((TODAY - since).days)]
        nights = [
            each
            for each in nights
            if each >= TODAY - timedelta(days=365) and is_weekend(each) == weekend and (each - since).days >= lead
        ]
        total = 0
        for each in nights:
            own = [one for one in known if each in one.stay]
            final = sum(one.units for one in own if one.holds_on(each))
            then = sum(one.units for one in own if one.holds_on(each - timedelta(days=lead)))
            total += final - then
        assert pick_up.counted["DBL", weekend][lead] == len(nights)
        assert pick_up.gained["DBL", weekend][lead] == total


# Prices.


@pytest.mark.parametrize(
    ("sold", "price", "rule"),
    [
        (0, 1320, "good_demand"),  # 2 of 4
        (1, 1400, "high_demand"),  # 3 of 4: 1440, but for the ceiling
        (4, 1400, "high_demand"),
    ],
)
def test_a_night_that_will_be_full_costs_more(sold: int, price: int, rule: str) -> None:
    pick_up = learn(busy_history(), TYPES, TODAY)
    (moved,) = priced(with_rules(), [night(date(2026, 11, 26), sold=sold)], pick_up, TODAY)
    assert (moved.net_price, moved.rule) == (Decimal(price), rule)


def test_an_empty_night_costs_less_only_when_it_is_near() -> None:
    quiet = [booking(TODAY - timedelta(days=160), ahead=10)]
    pick_up = learn(quiet, TYPES, TODAY)
    near, far = priced(with_rules(), [night(date(2026, 11, 23)), night(date(2026, 11, 24))], pick_up, TODAY)
    assert (near.net_price, near.rule) == (Decimal(1000), "last_minute")  # 960, but for the floor
    assert (far.net_price, far.rule) == (Decimal(1200), "list")


@pytest.mark.parametrize(
    ("rules", "history"),
    [
        (None, busy_history()),
        (RULES, []),
        (replace(RULES, history_nights=200), busy_history()),
        (replace(RULES, floor={}, ceiling={}), busy_history()),
        (replace(RULES, steps=()), busy_history()),
    ],
    ids=["no rules", "no history", "too little history", "no limits", "no steps"],
)
def test_otherwise_it_is_the_list_price(rules: PricingRules | None, history: list[PastBooking]) -> None:
    nights = [night(date(2026, 11, 26), sold=3), night(date(2026, 11, 23))]
    assert list(priced(with_rules(rules), nights, learn(history, TYPES, TODAY), TODAY)) == nights


def test_holds_do_not_drive_prices_up() -> None:
    pick_up = learn(busy_history(), TYPES, TODAY)
    free = night(date(2026, 11, 26))
    held = replace(free, held=4)
    assert expected_occupancy(pick_up, with_rules(), held, TODAY) == expected_occupancy(
        pick_up, with_rules(), free, TODAY
    )


def test_a_night_without_rooms_has_no_expectation() -> None:
    pick_up = learn(busy_history(), TYPES, TODAY)
    assert expected_occupancy(pick_up, with_rules(), night(date(2026, 11, 26), capacity=0), TODAY) is None


@given(
    price=st.decimals(min_value=1, max_value=5000, places=2),
    factor=st.decimals(min_value="0.1", max_value=3, places=2),
)
def test_limits_stop_a_move_and_never_make_one(price: Decimal, factor: Decimal) -> None:
    moved = RULES.moved("DBL", price, replace(HIGH, factor=factor))
    assert (moved - price) * (factor - 1) >= 0  # in the step's direction or not at all
    assert min(Decimal(1000), price) <= moved <= max(Decimal(1400), price)


@given(expected=st.decimals(min_value=0, max_value=1, places=3), lead=st.integers(min_value=0, max_value=30))
def test_the_first_step_that_applies_wins(expected: Decimal, lead: int) -> None:
    step = RULES.step_for(expected, lead)
    assert step is (
        HIGH
        if expected >= Decimal("0.75")
        else MIDDLE
        if expected >= Decimal("0.5")
        else LATE
        if expected < Decimal("0.3") and lead <= 3
        else None
    )


def test_every_night_of_a_quote_says_which_rule_made_its_price() -> None:
    pick_up = learn(busy_history(), TYPES, TODAY)
    nights = priced(with_rules(), _nights(calendar(), Stay(date(2026, 11, 26), date(2026, 11, 29))), pick_up, TODAY)
    wish = Wish(stay=Stay.of(date(2026, 11, 26), 2), rooms=(Occupancy(2),), room_type_id="DBL", rate_plan_id="NRF")
    made = quote(with_rules(), Calendar(nights), wish, NOW)
    assert [(each.rule, each.net) for each in made.offer.price.nights] == [
        ("good_demand", Money.of("1188.00", "MXN")),  # 1200 × 1.1 × 0.9
        ("list", Money.of("1080.00", "MXN")),  # a Friday: weekends had no guests
    ]
    assert record.from_text(type(made), record.to_text(made)) == made  # the token keeps it


def test_the_demo_hotel_has_no_rules_and_keeps_its_prices() -> None:
    assert hotel().pricing is None
    nights = _nights(calendar(), Stay(date(2026, 12, 3), date(2026, 12, 7)))
    moved = priced(hotel(), nights, learn(busy_history(), TYPES, TODAY), TODAY)
    assert moved is nights


def test_rules_are_recorded_exactly() -> None:
    assert record.from_text(Property, record.to_text(with_rules())) == with_rules()


def test_alternatives_are_told_at_their_own_prices() -> None:
    pick_up = learn(busy_history(), TYPES, TODAY)
    full = calendar(**{room: {"2026-11-25": {"sold": 4}} for room in ("DBL", "TWN", "FAM", "SUI")})
    nights = priced(with_rules(), _nights(full, Stay(date(2026, 11, 20), date(2026, 12, 10))), pick_up, TODAY)
    wish = Wish(stay=Stay.of(date(2026, 11, 25), 1), rooms=(Occupancy(2),), room_type_id="DBL", rate_plan_id="FLEX")
    found = search(with_rules(), Calendar(nights), wish, NOW)
    rules = {offer.stay.check_in.day: offer.price.nights[0].rule for offer in found.alternatives}
    assert rules == {26: "good_demand", 24: "list", 27: "list"}


def _nights(source: Calendar, span: Stay) -> list[InventoryNight]:
    found = [source.night(room.room_type_id, day) for room in hotel().room_types for day in span.nights()]
    return [each for each in found if each is not None]


# Back-test.


def reservation(check_in: date, *, made: datetime, plan: str = "FLEX", units: int = 1, nights: int = 1) -> Reservation:
    """A reservation at the list price."""
    stay = Stay.of(check_in, nights)
    span = [night(day, price=1200) for day in (check_in + timedelta(days=offset) for offset in range(nights + 1))]
    wish = Wish(stay=stay, rooms=(Occupancy(2),) * units, room_type_id="DBL", rate_plan_id=plan)
    quoted = quote(hotel(), Calendar(span), wish, made)
    return reservation_for(quoted, Booker(given_name="Ana"), now=made, source="test")


def made_on(day: date) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00-06:00")


def history(days: int = 160) -> list[Reservation]:
    """Reservations behind `busy_history`."""
    since = TODAY - timedelta(days=days)
    made = []
    for day in working_nights(since, TODAY):
        early, late = (day - timedelta(days=min(ahead, (day - since).days)) for ahead in (30, 5))
        made += [reservation(day, made=made_on(early)), reservation(day, made=made_on(late), units=2, plan="NRF")]
    return made


def test_a_reservation_is_remembered_on_the_hotels_calendar() -> None:
    late = reservation(date(2026, 11, 10), made=datetime.fromisoformat("2026-11-05T03:00:00+00:00"))
    assert past_booking(hotel(), late).booked == date(2026, 11, 4)


def test_the_back_test_says_what_each_rule_would_have_done() -> None:
    result = back_test(with_rules(), history(), first=TODAY - timedelta(days=40), until=TODAY)
    by_rule = {each.rule: each for each in result.rules}
    # Who came thirty days ahead found a night that would gain two more of its four rooms; who came five days ahead
    # found one of them sold, and a night that gained nothing more after that day.
    assert set(by_rule) == {"list", "good_demand"}
    early, late = by_rule["good_demand"], by_rule["list"]
    assert early.sold_for == Money.of(1200 * early.room_nights, "MXN").rounded()
    assert early.would_be == Money.of(1320 * early.room_nights, "MXN").rounded()
    assert late.would_be == late.sold_for == Money.of(1080 * late.room_nights, "MXN").rounded()
    assert result.forecasts > 0
    assert result.mean_error <= Decimal("0.5")


def test_the_back_test_knows_nothing_of_what_came_later() -> None:
    known = history()
    first, until = TODAY - timedelta(days=60), TODAY - timedelta(days=40)
    before = back_test(
        with_rules(), [each for each in known if each.create_time < made_on(until)], first=first, until=until
    )
    after = back_test(with_rules(), known, first=first, until=until)
    assert [(each.rule, each.room_nights, each.would_be) for each in after.rules] == [
        (each.rule, each.room_nights, each.would_be) for each in before.rules
    ]


def test_without_history_the_back_test_changes_nothing() -> None:
    only = [reservation(date(2026, 11, 10), made=made_on(date(2026, 11, 1)))]
    result = back_test(with_rules(), only, first=date(2026, 10, 1), until=TODAY)
    (list_price,) = result.rules
    assert (list_price.rule, list_price.room_nights) == ("list", 1)
    assert list_price.would_be == list_price.sold_for == Money.of("1200.00", "MXN")


def test_what_a_rule_moved_before_is_tested_from_the_list_price() -> None:
    made = reservation(date(2026, 11, 10), made=made_on(date(2026, 11, 1)))
    dear = replace(made.price.nights[0], net=Money.of("1400.00", "MXN"), rule="high_demand")
    moved = replace(made, price=replace(made.price, nights=(dear,)))
    (result,) = back_test(with_rules(), [moved], first=date(2026, 10, 1), until=TODAY).rules
    assert (result.sold_for, result.would_be) == (Money.of("1400.00", "MXN"), Money.of("1200.00", "MXN"))


def test_prices_of_a_whole_stay_come_night_by_night() -> None:
    moved = Calendar([replace(night(date(2026, 11, 25)), net_price=Decimal(1320), rule="x"), night(date(2026, 11, 26))])
    prices = price_nights(hotel(), moved, hotel().rate_plan("FLEX"), "DBL", Stay.of(date(2026, 11, 25), 2))
    assert [(each.net.amount, each.rule) for each in prices] == [
        (Decimal("1320.00"), "x"),
        (Decimal("1200.00"), "list"),
    ]
