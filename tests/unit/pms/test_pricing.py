"""What a room costs: every figure of the demo hotel, every kind of tax, and no cent lost."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.pms.domain.pricing import NightPrice, Price, night_price, price_room
from services.pms.domain.property import Per, TaxRule
from services.pms.domain.stay import Occupancy
from tests.unit.pms.demo_hotel import hotel

FIRST = date(2026, 12, 3)


def priced(count: int, *, room: str, plan: str = "FLEX") -> Price:
    list_price = hotel().room_type(room).net_price
    nights = [
        night_price(hotel(), hotel().rate_plan(plan), night=FIRST + timedelta(days=offset), list_price=list_price)
        for offset in range(count)
    ]
    return price_room(hotel(), nights, Occupancy(2))


@pytest.mark.parametrize(
    ("room", "plan", "nights", "total"),
    [
        ("DBL", "FLEX", 1, "1428.00"),
        ("DBL", "FLEX", 2, "2856.00"),
        ("DBL", "FLEX", 3, "4284.00"),
        ("TWN", "FLEX", 3, "4284.00"),
        ("FAM", "FLEX", 3, "6783.00"),
        ("SUI", "FLEX", 2, "6664.00"),
        ("DBL", "NRF", 3, "3855.60"),
        ("FAM", "NRF", 1, "2034.90"),
    ],
)
def test_the_demo_hotel_costs_what_its_owner_says(room: str, plan: str, nights: int, total: str) -> None:
    price = priced(nights, room=room, plan=plan)
    assert price.gross == hotel().money(total)
    assert [line.code for line in price.taxes] == ["iva", "lodging"]


def test_the_breakdown_names_every_night_and_tax() -> None:
    price = priced(3, room="DBL")
    assert [night.net for night in price.nights] == [hotel().money("1200.00")] * 3
    assert price.net == hotel().money(3600)
    assert [line.amount for line in price.taxes] == [hotel().money("576.00"), hotel().money("108.00")]
    assert price.due_now + price.due_at_property == price.gross


def with_taxes(*rules: TaxRule, net: str = "100", nights: int = 2, occupancy: Occupancy | None = None) -> Price:
    taxed = replace(hotel(), taxes=rules)
    prices = [NightPrice(night=FIRST + timedelta(days=offset), net=taxed.money(net)) for offset in range(nights)]
    return price_room(taxed, prices, occupancy or Occupancy(2))


@pytest.mark.parametrize(("per", "tax"), [(Per.STAY, 5), (Per.NIGHT, 10), (Per.PERSON_NIGHT, 30)])
def test_fixed_taxes_count_stays_nights_or_people_and_nights(per: Per, tax: int) -> None:
    price = with_taxes(TaxRule(code="city", amount=Decimal(5), per=per), occupancy=Occupancy(2, (9,)))
    assert price.gross == hotel().money(200 + tax)


def test_children_below_the_age_do_not_count_for_a_city_tax() -> None:
    rule = TaxRule(code="city", amount=Decimal(5), per=Per.PERSON_NIGHT, exempt_below_age=12)
    assert with_taxes(rule, occupancy=Occupancy(2, (11, 12))).gross == hotel().money(200 + 5 * 2 * 3)


def test_an_included_tax_is_told_and_not_added() -> None:
    price = with_taxes(TaxRule(code="vat", rate=Decimal("0.10"), included=True), net="110")
    assert price.gross == hotel().money("220.00")
    assert price.taxes[0].amount == hotel().money("20.00")
    assert price.taxes[0].included


def test_an_added_rate_is_on_the_price_without_the_included_taxes() -> None:
    price = with_taxes(
        TaxRule(code="vat", rate=Decimal("0.10"), included=True), TaxRule(code="city", rate=Decimal("0.05")), net="110"
    )
    assert price.gross == hotel().money("230.00")


def test_rounding_happens_once_at_the_end() -> None:
    rules = (TaxRule(code="a", rate=Decimal("0.005")), TaxRule(code="b", rate=Decimal("0.005")))
    # 1.01 + 0.00505 + 0.00505 = 1.0201; rounding each line first would give 1.03.
    price = with_taxes(*rules, net="1.01", nights=1)
    assert price.gross == hotel().money("1.02")
    assert sum((line.amount.amount for line in price.taxes), Decimal(0)) == Decimal("0.01")


@given(
    net=st.decimals(min_value=0, max_value=100_000, places=2),
    nights=st.integers(min_value=1, max_value=30),
    rates=st.lists(st.decimals(min_value=0, max_value=Decimal("0.3"), places=4), max_size=4),
    fixed=st.lists(st.decimals(min_value=0, max_value=50, places=2), max_size=2),
    adults=st.integers(min_value=1, max_value=6),
)
def test_no_cent_is_lost_or_made(net: Decimal, nights: int, rates: list, fixed: list, adults: int) -> None:
    rules = [TaxRule(code=f"r{index}", rate=rate) for index, rate in enumerate(rates)]
    rules += [TaxRule(code=f"f{i}", amount=amount, per=Per.PERSON_NIGHT) for i, amount in enumerate(fixed)]
    price = with_taxes(*rules, net=str(net), nights=nights, occupancy=Occupancy(adults))
    exact = net * nights * (1 + sum(rates, Decimal(0))) + sum(fixed, Decimal(0)) * nights * adults
    assert price.gross.amount == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert price.gross == price.net + hotel().money(sum((line.amount.amount for line in price.taxes), Decimal(0)))
    assert price.gross == price.due_now + price.due_at_property


@given(
    net=st.decimals(min_value=0, max_value=100_000, places=2),
    rate=st.decimals(min_value=0, max_value=Decimal("0.3"), places=4),
)
def test_an_included_tax_never_changes_what_is_paid(net: Decimal, rate: Decimal) -> None:
    price = with_taxes(TaxRule(code="vat", rate=rate, included=True), net=str(net), nights=1)
    assert price.gross.amount == net
    assert 0 <= price.taxes[0].amount.amount <= net
