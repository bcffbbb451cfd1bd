"""What messages cost, by a dated list; and the quiet hours in which nothing is started."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.gateway.adapters.price_list import EXAMPLE, read_price_list
from services.gateway.domain.costs import Cost, PricedMessage
from services.gateway.domain.quiet import read_quiet_hours

LIST = """
currency: USD
periods:
- from: 2026-10-01
  prices:
    default: {service: "0.5", utility: "0.5"}
    "52": {service: "0.0085"}
- from: 2025-07-01
  prices:
    default: {service: "0", utility: "0.1"}
    "1": {utility: "0.2"}
    "1809": {utility: "0.3"}
"""
MEXICO = "+525512345678"
BEFORE, AFTER = datetime(2026, 9, 30, 23, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)


def priced(
    category: str, *, time: datetime = AFTER, phone_number: str = MEXICO, billable: bool = True
) -> PricedMessage:
    return PricedMessage(category=category, billable=billable, time=time, phone_number=phone_number)


@pytest.mark.parametrize(
    ("message", "micros"),
    [
        (priced("service"), 8500),
        (priced("service", time=BEFORE), 0),
        (priced("service", phone_number="+34600111222"), 500_000),
        (priced("service", phone_number=""), 500_000),
        (priced("utility", time=BEFORE, phone_number="+12025550100"), 200_000),
        (priced("utility", time=BEFORE, phone_number="+18095550100"), 300_000),
        (priced("service", billable=False), 0),
    ],
)
def test_a_message_costs_what_its_day_country_and_category_say(
    message: PricedMessage, micros: int, tmp_path: Path
) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(LIST, encoding="utf-8")
    assert read_price_list(path).cost_of([message]).micros == micros


def test_what_the_list_does_not_know_is_counted_and_said(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(LIST, encoding="utf-8")
    messages = [priced("service"), priced("referral"), priced("service", billable=False)]
    assert read_price_list(path).cost_of(messages) == Cost(
        currency="USD", messages=3, billed=2, unpriced=1, micros=8500
    )


def test_the_list_that_ships_can_be_read_and_a_misspelt_one_is_refused(tmp_path: Path) -> None:
    assert len(read_price_list(EXAMPLE).periods) == 2
    path = tmp_path / "prices.yaml"
    path.write_text(LIST.replace("prices:", "price:"), encoding="utf-8")
    with pytest.raises(ValidationError):
        read_price_list(path)


HOURS = read_quiet_hours(
    "never=08:00-08:00 UTC, alameda=22:00-08:00 America/Mexico_City, siesta=14:00-16:00 Europe/Madrid"
)


@pytest.mark.parametrize(
    ("property_id", "moment", "end"),
    [
        # Mexico City is six hours behind.
        ("alameda", "2026-11-21T05:00", "2026-11-21T14:00"),
        ("alameda", "2026-11-21T13:59", "2026-11-21T14:00"),
        ("alameda", "2026-11-21T14:00", None),
        ("alameda", "2026-11-21T03:59", None),
        ("siesta", "2026-11-21T13:30", "2026-11-21T15:00"),
        ("siesta", "2026-07-21T12:30", "2026-07-21T14:00"),
        ("siesta", "2026-11-21T23:30", None),
        ("never", "2026-11-21T08:00", None),
    ],
)
def test_quiet_hours_end_by_the_clock_of_the_property(property_id: str, moment: str, end: str | None) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    wanted = datetime.fromisoformat(end).replace(tzinfo=UTC) if end is not None else None
    assert HOURS[property_id].end_after(at) == wanted
    assert wanted is None or wanted - at < timedelta(hours=24)


@pytest.mark.parametrize("text", ["alameda", "alameda=22-8 UTC", "alameda=25:00-08:00 UTC", "a=22:00-08:00 Mars/Base"])
def test_what_are_no_quiet_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not like"):
        read_quiet_hours(text)
