"""The hotel file: what it says arrives, and what is wrong with it is named all at once."""

import copy
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from mesh.settings import ConfigurationError, load

from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import HotelFileError, parse, read
from services.pms.app import configurations_of
from services.pms.domain.property import Per
from services.pms.domain.reservation import ReservationState
from services.pms.domain.stay import Stay
from services.pms.settings import Settings
from tests.unit.pms.demo_hotel import HOTEL_FILE, NOW, configuration, hotel


@pytest.fixture
def content() -> dict[str, Any]:
    return yaml.safe_load(HOTEL_FILE.read_text(encoding="utf-8"))


def problems(content: dict[str, Any]) -> list[str]:
    with pytest.raises(HotelFileError) as fault:
        parse(content, "hotel.yaml")
    return fault.value.problems


def test_the_demo_hotel_sells_what_its_owner_says() -> None:
    assert [(each.room_type_id, each.units, each.max_occupancy, each.net_price) for each in hotel().room_types] == [
        ("DBL", 4, 2, Decimal(1200)),
        ("TWN", 2, 2, Decimal(1200)),
        ("FAM", 2, 4, Decimal(1900)),
        ("SUI", 1, 3, Decimal(2800)),
    ]
    assert [(each.rate_plan_id, each.price_factor, each.date_change_allowed) for each in hotel().rate_plans] == [
        ("FLEX", Decimal("1.0"), True),
        ("NRF", Decimal("0.9"), False),
    ]
    assert [(tax.code, tax.rate) for tax in hotel().taxes] == [("iva", Decimal("0.16")), ("lodging", Decimal("0.03"))]
    assert (hotel().currency, hotel().time_zone, hotel().emergency_number) == ("MXN", "America/Mexico_City", "911")
    assert (hotel().hold_duration, hotel().quote_duration) == (timedelta(minutes=15), timedelta(minutes=30))


def test_every_fact_is_told_in_every_language_with_the_same_figures() -> None:
    figures = {
        "breakfast": ["07:00", "10:30", "180", "6", "12"],
        "parking": ["12", "120"],
        "wifi": ["Alameda-Guest"],
        "pool": ["09:00", "20:00"],
        "pets": ["10 kg", "250", "suite"],
        "late_checkout": ["14:00", "18:00"],
        "airport": ["35"],
        "smoking": ["2000"],
    }
    facts = {fact.topic: fact.text for fact in hotel().facts}
    assert facts.keys() == figures.keys()
    for topic, named in figures.items():
        for language in hotel().languages:
            assert all(figure in facts[topic][language] for figure in named), (topic, language)


def test_the_existing_reservations_are_the_hotels_own() -> None:
    reservations = {each.code: each.reservation(hotel(), (), NOW) for each in configuration().reservations}
    totals = {code: reservation.total.amount for code, reservation in reservations.items()}
    assert totals == {
        "R1001": Decimal("4284.00"),
        "R1002": Decimal("6664.00"),
        "R1003": Decimal("3855.60"),
        "R1004": Decimal("5712.00"),
    }
    assert reservations["R1004"].state is ReservationState.IN_HOUSE
    assert reservations["R1004"].rooms[0].room_number == "204"


def test_left_means_rooms_still_to_be_sold_beside_the_files_own_reservations(content: dict[str, Any]) -> None:
    content["inventory"] = [{"nights": {"from": "2026-12-10", "until": "2026-12-11"}, "left": {"DBL": 2}}]
    nights = configuration_of(parse(content, "x")).nights(NOW)
    (night,) = [each for each in nights if each.room_type_id == "DBL" and each.night == date(2026, 12, 10)]
    assert night.capacity == 3  # R1001 sleeps in one of them


def test_nights_are_kept_from_the_first_reservation_to_beyond_the_horizon() -> None:
    nights = [night.night for night in configuration().nights(NOW)]
    assert min(nights) == date(2026, 11, 18)
    assert max(nights) >= hotel().last_check_out(NOW)


def test_fixed_taxes_limits_and_prices_of_nights_arrive(content: dict[str, Any]) -> None:
    content["taxes"] = [{"code": "city", "amount": "35.50", "per": "person_night", "exempt_below_age": 12}]
    content["inventory"] = [
        {
            "nights": {"from": "2026-12-10", "until": "2026-12-12"},
            "net_price": {"SUI": 3500.5},
            "closed_to_arrival": True,
        }
    ]
    made = configuration_of(parse(content, "x"))
    assert (made.hotel.taxes[0].per, made.hotel.taxes[0].amount) == (Per.PERSON_NIGHT, Decimal("35.50"))
    night = next(each for each in made.nights(NOW) if each.room_type_id == "SUI" and each.night == date(2026, 12, 11))
    assert (night.net_price, night.closed_to_arrival, night.capacity) == (Decimal("3500.5"), True, 1)
    assert made.exceptions[0].nights == Stay(date(2026, 12, 10), date(2026, 12, 12))


def test_every_problem_is_named_with_its_path_at_once(content: dict[str, Any]) -> None:
    content["property"]["time_zone"] = "Mexico/Ciudad"
    content["property"]["check_in_time"] = 900  # 15:00 without quotes
    content["property"]["colour"] = "blue"
    content["taxes"][0]["amount"] = 5
    content["room_types"]["DBL"]["net_price"] = -1
    content["room_types"]["TWN"]["rooms"] = ["101", "101"]
    content["rate_plans"]["NRF"]["cancellation"] = [{"percent": 100, "nights": 1}]
    del content["facts"]["wifi"]["es"]
    content["inventory"][0]["left"]["XXX"] = 1
    content["inventory"][1]["nights"] = {"from": "2027-01-02", "until": "2027-01-01"}
    content["reservations"][0]["room_type"] = "YYY"
    content["reservations"][1]["adults"] = 9
    content["reservations"][2]["code"] = "R1001"
    content["reservations"][3]["room"] = "999"
    found = problems(content)
    for start in (
        "property.time_zone: ",
        'property.check_in_time: write a time of day in quotes, as "15:00"',
        "property.colour: unknown key",
        "taxes[0]: give a rate or an amount",
        "room_types.DBL.net_price: ",
        "room_types.TWN: a room is named twice",
        "rate_plans.NRF.cancellation[0]: give nights, percent or amount",
        "facts.wifi: has no text in es",
        "inventory[0].left.XXX: no such room type",
        "inventory[1].nights: `until` is the first night not meant",
        "reservations[0].room_type: no such room type",
        "reservations[1]: more people than a SUI sleeps",
        "reservations[2].code: R1001 is there twice",
        "reservations[3].room: is not a room of DBL",
    ):
        assert sum(problem.startswith(start) for problem in found) == 1, (start, found)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("version",), 2, "version: "),
        (("room_types",), {}, "room_types: "),
        (("property", "languages"), ["es"], "facts.breakfast.en: is not one of the hotel's languages"),
        (("property", "currency"), "pesos", "property.currency: "),
        (("sales", "hold_minutes"), 0, "sales.hold_minutes: "),
        (("taxes",), [{"code": "x", "rate": "0.1", "per": "night"}], "taxes[0]: a rate is on the whole stay"),
        (("room_types", "DBL", "units"), 9, "room_types.DBL: units and the number of rooms differ"),
        (
            ("rate_plans", "FLEX", "cancellation"),
            [{"hours_before_arrival": 2, "nights": 1}, {"hours_before_arrival": 48, "percent": 10}],
            "rate_plans.FLEX: write cancellation steps earliest first",
        ),
        (("reservations", 0, "guest", "phone"), "5512345678", "reservations[0].guest.phone: "),
        (("reservations", 0, "check_out"), "2026-12-10", "reservations[0]: check_out comes after check_in"),
        (("property",), None, "property: "),
        (("reservations",), "none", "reservations: "),
        (("inventory",), [None], "inventory[0]: "),
    ],
)
def test_a_problem_is_named_by_its_path(content: dict[str, Any], path: tuple, value: object, problem: str) -> None:
    part: Any = content
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    assert any(found.startswith(problem) for found in problems(content))


def test_more_reservations_than_rooms_are_refused(content: dict[str, Any]) -> None:
    twice = copy.deepcopy(content["reservations"][1])
    content["reservations"].append({**twice, "code": "R1005"})
    assert "reservations: more SUI reserved than the hotel has on 2026-11-21" in problems(content)


def test_files_that_are_no_hotel_are_refused(tmp_path: Path) -> None:
    cases = {
        "missing.yaml": None,
        "broken.yaml": "a: [1",
        "list.yaml": "- 1",
        "twice.yaml": "version: 1\nversion: 1\n",
        "binary.yaml": b"\xff\xfe\x00",
        "evil.yaml": "version: !!python/object/apply:os.getcwd []",
    }
    for name, text in cases.items():
        if text is not None:
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(HotelFileError) as fault:
            read(tmp_path / name)
        assert fault.value.problems


def test_all_files_problems_stop_the_start_together(tmp_path: Path, content: dict[str, Any]) -> None:
    (tmp_path / "one.yaml").write_text(yaml.safe_dump({**content, "version": 3}))
    with pytest.raises(ConfigurationError) as fault:
        configurations_of([str(tmp_path / "one.yaml"), str(tmp_path / "two.yaml"), str(HOTEL_FILE), str(HOTEL_FILE)])
    assert [problem.partition(": ")[0] for problem in fault.value.problems] == [
        str(tmp_path / "one.yaml"),
        str(tmp_path / "two.yaml"),
        "HOTEL_FILES",
    ]


@pytest.mark.parametrize(
    ("keys", "env", "fits"),
    [
        ("dev-quote-signing-key", "dev", True),
        ("dev-quote-signing-key", "prod", False),
        ("k" * 40, "prod", True),
        ("k" * 40 + ",dev-quote-signing-key", "prod", False),
        ("k" * 40 + "," + "p" * 40, "prod", True),
        ("k" * 40 + ",short", "dev", False),
        ("", "dev", False),
    ],
)
def test_signing_keys_are_long_and_not_dummies_in_production(keys: str, env: str, fits: bool) -> None:
    data_keys = {"data_master_keys": f"key:{'m' * 40}", "data_index_key": "i" * 40}
    overrides = {"quote_signing_keys": keys, "env": env, **data_keys}
    if fits:
        assert load(Settings, **overrides).signing_keys == keys.split(",")
    else:
        with pytest.raises(ConfigurationError, match="QUOTE_SIGNING_KEYS"):
            load(Settings, **overrides)
