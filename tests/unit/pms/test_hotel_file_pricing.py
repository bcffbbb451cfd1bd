"""The `pricing` part of a hotel file: rules arrive as written, and what is wrong is named with its path."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml

from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import HotelFileError, parse
from services.pms.domain.price_steps import PriceStep, PricingRules
from tests.unit.pms.demo_hotel import HOTEL_FILE

PRICING = """
history_nights: 30
steps:
  - {name: high_demand, at_least: 0.85, factor: 1.15}
  - {name: last_minute, below: "0.4", within_days: 3, factor: "0.9"}
floor: {DBL: 1000, SUI: 2500}
ceiling: {DBL: 1500, SUI: 3300.5}
"""


@pytest.fixture
def content() -> dict[str, Any]:
    return yaml.safe_load(HOTEL_FILE.read_text(encoding="utf-8")) | {"pricing": yaml.safe_load(PRICING)}


def problems(content: dict[str, Any]) -> list[str]:
    with pytest.raises(HotelFileError) as fault:
        parse(content, "hotel.yaml")
    return fault.value.problems


def test_the_rules_arrive_exactly_as_written(content: dict[str, Any]) -> None:
    assert configuration_of(parse(content, "x")).hotel.pricing == PricingRules(
        steps=(
            PriceStep(name="high_demand", at_least=Decimal("0.85"), factor=Decimal("1.15")),
            PriceStep(name="last_minute", below=Decimal("0.4"), within_days=3, factor=Decimal("0.9")),
        ),
        floor={"DBL": Decimal(1000), "SUI": Decimal(2500)},
        ceiling={"DBL": Decimal(1500), "SUI": Decimal("3300.5")},
        history_nights=30,
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"steps": []}, "pricing.steps: "),
        ({"steps": [{"name": "list", "at_least": 0.5, "factor": 1.1}]}, "pricing.steps[0]: 'list' is the name"),
        ({"steps": [{"name": "High!", "at_least": 0.5, "factor": 1.1}]}, "pricing.steps[0].name: "),
        ({"steps": [{"name": "x", "factor": 1.1}]}, "pricing.steps[0]: give at_least, below or both"),
        ({"steps": [{"name": "x", "at_least": 0.6, "below": 0.5, "factor": 1}]}, "pricing.steps[0]: at_least comes"),
        ({"steps": [{"name": "x", "at_least": 85, "factor": 1.1}]}, "pricing.steps[0].at_least: "),
        ({"steps": [{"name": "x", "at_least": 0.5, "factor": 0}]}, "pricing.steps[0].factor: "),
        ({"steps": [{"name": "x", "at_least": 0.5, "factor": 1.1}] * 2}, "pricing: two steps are called x"),
        ({"floor": {"DBL": 1600, "SUI": 1}}, "pricing: the floor of DBL is above its ceiling"),
        ({"floor": {"DBL": 1000}}, "pricing: SUI has a floor or a ceiling, and needs both"),
        ({"floor": {"XXX": 1}, "ceiling": {"XXX": 2}}, "pricing.floor.XXX: no such room type"),
        ({"history_nights": 0}, "pricing.history_nights: "),
        ({"speed": 3}, "pricing.speed: unknown key"),
    ],
)
def test_what_is_wrong_is_named(content: dict[str, Any], changes: dict[str, Any], problem: str) -> None:
    content["pricing"] |= changes
    assert any(found.startswith(problem) for found in problems(content))


def test_a_hotel_with_a_pms_leaves_its_prices_to_it(content: dict[str, Any]) -> None:
    content["pms"] = {"backend": "qloapps", "hotel_id": 1, "room_types": {"DBL": 1, "TWN": 2, "FAM": 3, "SUI": 4}}
    assert "pricing: the PMS sets the prices; leave it out" in problems(content)
