"""The `pms` section of a hotel file: what it needs, and what a file with one may not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import HotelFileError, parse
from services.pms.adapters.qloapps.opening import connection_of

PRIME = Path(__file__).parents[2] / "data" / "qloapps" / "prime.yaml"


def content(**changes: Any) -> dict[str, Any]:
    return {**yaml.safe_load(PRIME.read_text()), **changes}


def pms(**changes: Any) -> dict[str, Any]:
    return {**content()["pms"], **changes}


def faults(**changes: Any) -> list[str]:
    with pytest.raises(HotelFileError) as fault:
        parse(content(**changes), "prime.yaml")
    return fault.value.problems


def test_a_hotel_with_qloapps_is_told_apart() -> None:
    hotel_file = parse(content(), "prime.yaml")
    hotel = configuration_of(hotel_file).hotel
    assert hotel.backend == "qloapps"
    assert hotel_file.pms is not None
    connection = connection_of(hotel, hotel_file.pms, base_url="http://default", api_key="k" * 32)
    assert (connection.base_url, connection.hotel_id, connection.currency) == ("http://default", 1, "USD")
    assert (connection.room_type_id(4), connection.room_type_id(99)) == ("LUX", "")


def test_every_room_type_has_its_counterpart() -> None:
    assert faults(pms=pms(room_types={"GEN": 1, "DEL": 2, "EXE": 3, "SUI": 4})) == [
        "pms.room_types.LUX: is missing: which room type is it in the PMS?",
        "pms.room_types.SUI: no such room type",
    ]


def test_what_the_pms_says_is_not_said_twice() -> None:
    nights = {"nights": {"from": "2026-12-24", "until": "2026-12-25"}, "left": {"GEN": 1}, "net_price": {"GEN": 9}}
    assert faults(inventory=[nights]) == [
        "inventory[0].left: the PMS says it; leave it out",
        "inventory[0].net_price: the PMS says it; leave it out",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [("base_url", "ftp://x"), ("hotel_id", 0), ("backend", "opera"), ("host", "a b"), ("api_key", "written here")],
)
def test_a_wrong_section_is_named_with_its_path(field: str, value: Any) -> None:
    assert [problem.split(":")[0] for problem in faults(pms=pms(**{field: value}))] == [f"pms.{field}"]
