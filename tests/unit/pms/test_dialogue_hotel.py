"""A hotel from the meta block of a dialogue file is the hotel of the hotel file."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from services.pms.adapters.dialogue_hotel import from_dialogue_meta
from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import HotelFileError
from services.pms.domain.policy import Penalty
from services.pms.domain.property import Property
from tests.unit.pms.demo_hotel import configuration, hotel, hotel_file

META: dict[str, Any] = {
    "version": 1,
    "hotel": {
        "name": "Hotel Alameda",
        "timezone": "America/Mexico_City",
        "currency": "MXN",
        "check_in_time": "15:00",
        "check_out_time": "12:00",
        "quiet_hours": ["22:00", "08:00"],
        "staff_hours": ["07:00", "23:00"],
        "emergency_number": "911",
        "taxes": {"iva": 0.16, "lodging": 0.03},
        "max_rooms_self_service": 4,
        "booking_horizon_days": 540,
        "hold_minutes": 15,
        "quote_minutes": 30,
    },
    "facts": {
        "breakfast": "07:00-10:30, 180 MXN per adult and night; 6-12 half, below 6 nothing",
        "parking": "12 places at 120 MXN a night, none reserved",
        "wifi": "Alameda-Guest",
        "pool": "09:00-20:00",
        "pets": "10 kg, 250 MXN",
        "late_checkout": "14:00, 18:00",
        "airport": "35 minutes",
        "smoking": "2000 MXN",
    },
    "room_types": {
        "DBL": {"es": "doble", "en": "double", "beds": "1 queen", "max": 2, "units": 4, "net": 1200},
        "TWN": {"es": "dos camas", "en": "twin", "beds": "2 single", "max": 2, "units": 2, "net": 1200},
        "FAM": {"es": "familiar", "en": "family", "beds": "1 queen + 2 single", "max": 4, "units": 2, "net": 1900},
        "SUI": {"es": "suite", "en": "suite", "beds": "1 king", "max": 3, "units": 1, "net": 2800},
    },
    "rate_plans": {
        "FLEX": {"net_factor": 1.0, "cancel": "free until 48 h before 15:00 of the arrival day, then first night"},
        "NRF": {"net_factor": 0.9, "cancel": "no refund, no date change"},
    },
    "inventory_exceptions": [
        {"nights": ["2026-12-24", "2026-12-27"], "left": {"DBL": 1, "TWN": 0, "FAM": 1, "SUI": 0}},
        {
            "nights": ["2026-12-31", "2027-01-01"],
            "left": {"DBL": 0, "TWN": 0, "FAM": 1, "SUI": 0},
            "min_nights": 3,
        },
    ],
    "reservations": {
        code: {
            "guest": guest,
            "phone": phone,
            "email": guest.lower().translate(str.maketrans("íóé ", "ioe.")) + "@example.com",
            "type": room,
            "plan": plan,
            "check_in": check_in,
            "check_out": check_out,
            "adults": adults,
            "state": state,
            **extra,
        }
        for code, guest, phone, room, plan, check_in, check_out, adults, state, extra in (
            ("R1001", "María López", "+525512345678", "DBL", "FLEX", "2026-12-10", "2026-12-13", 2, "CONFIRMED", {}),
            ("R1002", "John Smith", "+447700900123", "SUI", "FLEX", "2026-11-21", "2026-11-23", 2, "CONFIRMED", {}),
            ("R1003", "Ana Ruiz", "+34600111222", "DBL", "NRF", "2026-12-01", "2026-12-04", 1, "CONFIRMED", {}),
            ("R1004", "Luis Pérez", "+525587654321", "DBL", "FLEX", "2026-11-18", "2026-11-22", 1, "IN_HOUSE",
             {"room": "204"}),
        )
    },
}  # fmt: skip


def sellable(property_: Property) -> Property:
    """Without what a dialogue file does not say: wording and the numbers on the doors."""
    bare = {"beds": {}, "synonyms": (), "room_numbers": ()}
    return replace(
        property_,
        facts=(),
        room_types=tuple(replace(room_type, **bare) for room_type in property_.room_types),
        rate_plans=tuple(replace(plan, name={}, synonyms=()) for plan in property_.rate_plans),
    )


def test_the_meta_block_sells_exactly_what_the_hotel_file_sells() -> None:
    made = configuration_of(from_dialogue_meta(META))
    assert sellable(made.hotel) == sellable(hotel())
    assert made.exceptions == configuration().exceptions
    assert made.reservations == configuration().reservations


def test_with_the_hotel_file_at_hand_its_wording_is_taken() -> None:
    assert configuration_of(from_dialogue_meta(META, hotel_file())) == configuration()


def test_wording_with_other_figures_is_not_taken() -> None:
    meta = copy.deepcopy(META)
    meta["facts"]["pets"] = "dogs up to 20 kg, 300 MXN"
    meta["facts"]["sauna"] = "16:00-20:00"
    facts = {fact.topic: fact.text for fact in configuration_of(from_dialogue_meta(meta, hotel_file())).hotel.facts}
    assert facts["pets"] == {"es": "dogs up to 20 kg, 300 MXN", "en": "dogs up to 20 kg, 300 MXN"}
    assert "sauna" in facts
    assert facts["pool"] == {fact.topic: fact.text for fact in hotel().facts}["pool"]


@pytest.mark.parametrize(
    ("rule", "hours", "penalty"),
    [
        ("free until 24 h before 15:00 of the arrival day, then 2 nights", 24, Penalty(nights=2)),
        ("free until 7 days before arrival, then 50 %", 168, Penalty(percent=50)),
        ("free until 12 hours before 18:00 of the arrival day, then total", 12, Penalty(percent=100)),
        ("no refund", None, Penalty(percent=100)),
    ],
)
def test_other_cancellation_rules_are_understood(rule: str, hours: int | None, penalty: Penalty) -> None:
    meta = copy.deepcopy(META)
    meta["rate_plans"]["FLEX"]["cancel"] = rule
    (step,) = configuration_of(from_dialogue_meta(meta)).hotel.rate_plan("FLEX").policy.steps
    assert step.penalty == penalty
    assert (step.before_arrival.total_seconds() / 3600 if step.before_arrival else None) == hours


def test_what_cannot_be_understood_is_refused_and_never_guessed() -> None:
    for change in (
        {"rate_plans": {"FLEX": {"net_factor": 1, "cancel": "ask the manager"}}},
        {"hotel": None},
        {"room_types": {"DBL": {"es": "doble"}}},
    ):
        with pytest.raises(HotelFileError):
            from_dialogue_meta({**META, **change})


def test_rules_of_several_steps_are_understood() -> None:
    meta = copy.deepcopy(META)
    meta["rate_plans"]["FLEX"]["cancel"] = "free until 2 weeks before, then 50% until 48 h before, then no refund"
    steps = configuration_of(from_dialogue_meta(meta)).hotel.rate_plan("FLEX").policy.steps
    assert [step.penalty for step in steps] == [Penalty(percent=50), Penalty(percent=100)]
    meta["rate_plans"]["FLEX"]["cancel"] = "free"
    assert configuration_of(from_dialogue_meta(meta)).hotel.rate_plan("FLEX").policy.steps == ()


def test_a_hotel_elsewhere_has_its_languages_taxes_and_region() -> None:
    meta = copy.deepcopy(META)
    meta["hotel"] |= {
        "name": "Casa Rio", "timezone": "Europe/Lisbon", "currency": "EUR", "languages": ["pt", "en"],
        "taxes": {"iva": "6%", "city": {"amount": 2.5, "per": "person_night"}},
    }  # fmt: skip
    for name in ("quiet_hours", "staff_hours", "emergency_number"):
        del meta["hotel"][name]
    hotel_file = from_dialogue_meta(meta)
    assert (hotel_file.hotel.region, hotel_file.hotel.languages) == ("PT", ["pt", "en"])
    assert [(str(tax.rate), str(tax.amount), tax.per) for tax in hotel_file.taxes] == [
        ("0.06", "None", "stay"), ("None", "2.5", "person_night"),
    ]  # fmt: skip
    assert hotel_file.room_types["DBL"].name == {"pt": "double", "en": "double"}
