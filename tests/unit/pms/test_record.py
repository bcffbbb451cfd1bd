"""Records give back exactly what they were made of."""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from mesh.values import Money

from services.pms.domain import record
from services.pms.domain.configuration import Configuration
from services.pms.domain.property import Property
from services.pms.domain.reservation import Reservation
from tests.unit.pms.demo_hotel import NOW, configuration, hotel


def test_a_property_and_its_whole_configuration_come_back_equal() -> None:
    assert record.from_text(Property, record.to_text(hotel())) == hotel()
    assert record.from_text(Configuration, record.to_text(configuration())) == configuration()


def test_reservations_come_back_equal() -> None:
    for existing in configuration().reservations:
        reservation = existing.reservation(hotel(), configuration().exceptions, NOW)
        assert record.from_text(Reservation, record.to_text(reservation)) == reservation


@dataclass(frozen=True)
class Sample:
    amount: Decimal
    money: Money
    span: timedelta
    at: time
    instant: datetime
    maybe: int | None = None
    tags: tuple[str, ...] = ()


SAMPLE = Sample(
    Decimal("0.10"), Money.of("12.345", "MXN"), timedelta(minutes=15), time(15, 30), NOW, maybe=None, tags=("á", "b")
)


def test_values_are_exact() -> None:
    back = record.from_text(Sample, record.to_text(SAMPLE))
    assert back == SAMPLE
    assert str(back.amount) == "0.10"


def test_unknown_keys_are_ignored_and_missing_ones_take_their_default() -> None:
    plain = record.to_plain(SAMPLE)
    del plain["tags"]
    assert record.from_plain(Sample, {**plain, "later": 1}).tags == ()


@pytest.mark.parametrize("change", [{"maybe": "1"}, {"amount": "x"}, {"instant": 5}, {"tags": None}, {"money": []}])
def test_what_does_not_fit_is_refused(change: dict) -> None:
    with pytest.raises((ValueError, IndexError)):
        record.from_text(Sample, json.dumps({**record.to_plain(SAMPLE), **change}))


def test_what_lacks_a_field_is_refused() -> None:
    with pytest.raises(ValueError, match="not a Sample"):
        record.from_text(Sample, "{}")
    with pytest.raises(ValueError, match="Expecting value"):
        record.from_text(Sample, "no json")
