"""A hotel from the `meta` block of an acceptance dialogue file, so that rehearsals can run any such file.

The block is terse: texts are in one language and rules in set phrases. Where a hotel file of the same hotel is at hand,
its wording is taken for every text that names the same figures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from services.pms.adapters.hotel_file import HotelFile, HotelFileError, parse

LANGUAGES = ["es", "en"]
_FREE_UNTIL = re.compile(
    r"free until (\d+) ?(h|hours?|d|days?) before [^,]*, then (first night|\d+ nights?|\d+ ?%|total)"
)
_NO_REFUND = "no refund"
_NO_DATE_CHANGE = "no date change"
# Telephone codes of countries whose guests are written to in Spanish until they say otherwise.
_SPANISH_CODES = ("+34", "+51", "+52", "+53", "+54", "+56", "+57", "+58", "+502", "+503", "+504", "+505", "+506",
                  "+507", "+591", "+593", "+595", "+598")  # fmt: skip
_REGIONS = {"MXN": "MX", "EUR": "ES", "USD": "US", "GBP": "GB", "COP": "CO", "ARS": "AR", "CLP": "CL", "PEN": "PE"}


def from_dialogue_meta(meta: Mapping[str, Any], wording: HotelFile | None = None) -> HotelFile:
    """The hotel that a dialogue file describes. Raises HotelFileError with every problem at once."""
    hotel, source = meta.get("hotel"), "dialogue meta"
    if not isinstance(hotel, Mapping):
        raise HotelFileError(source, ["hotel: is missing"])
    try:
        content = _content(meta, hotel, wording)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise HotelFileError(source, [f"is not of the known shape: {type(error).__name__} {error}"]) from error
    return parse(content, source)


def _content(meta: Mapping[str, Any], hotel: Mapping[str, Any], wording: HotelFile | None) -> dict[str, Any]:
    same = wording if wording is not None and wording.hotel.name == hotel["name"] else None
    return {
        "version": 1,
        "property": _property(hotel, same),
        "sales": {
            key: hotel[key]
            for key in ("max_rooms_self_service", "booking_horizon_days", "hold_minutes", "quote_minutes")
            if key in hotel
        },
        "taxes": [{"code": code, "rate": str(rate)} for code, rate in hotel.get("taxes", {}).items()],
        "room_types": {key: _room_type(key, part, same) for key, part in meta["room_types"].items()},
        "rate_plans": {key: _rate_plan(key, part, same) for key, part in meta["rate_plans"].items()},
        "facts": {topic: _fact(topic, str(text), same) for topic, text in meta.get("facts", {}).items()},
        "inventory": [_nights(part) for part in meta.get("inventory_exceptions", [])],
        "reservations": [_reservation(code, part) for code, part in meta.get("reservations", {}).items()],
    }


def _property(hotel: Mapping[str, Any], same: HotelFile | None) -> dict[str, Any]:
    quiet, staff = hotel["quiet_hours"], hotel["staff_hours"]
    slug = re.sub(r"[^a-z0-9]+", "-", str(hotel["name"]).lower().removeprefix("hotel ")).strip("-")
    return {
        "id": same.hotel.property_id if same else slug or "hotel",
        "name": hotel["name"],
        "time_zone": hotel["timezone"],
        "currency": hotel["currency"],
        "region": same.hotel.region if same else _REGIONS.get(hotel["currency"], "US"),
        "languages": LANGUAGES,
        "check_in_time": hotel["check_in_time"],
        "check_out_time": hotel["check_out_time"],
        "quiet_hours": {"start": quiet[0], "end": quiet[1]},
        "staff_hours": {"start": staff[0], "end": staff[1]},
        "emergency_number": str(hotel["emergency_number"]),
    }


def _room_type(key: str, part: Mapping[str, Any], same: HotelFile | None) -> dict[str, Any]:
    known = same.room_types.get(key) if same else None
    beds = str(part.get("beds", "-"))
    content: dict[str, Any] = {
        "name": {"es": part["es"], "en": part["en"]},
        "beds": known.beds if known and _figures(known.beds["en"]) == _figures(beds) else {"es": beds, "en": beds},
        "synonyms": known.synonyms if known else {"es": [part["es"]], "en": [part["en"]]},
        "max_occupancy": part["max"],
        "net_price": part["net"],
        "units": part["units"],
    }
    if known and len(known.rooms) == part["units"]:
        content["rooms"] = known.rooms
    return content


def _rate_plan(key: str, part: Mapping[str, Any], same: HotelFile | None) -> dict[str, Any]:
    known = same.rate_plans.get(key) if same else None
    text = str(part["cancel"])
    return {
        "name": known.name if known else {language: part.get(language, key) for language in LANGUAGES},
        "synonyms": known.synonyms if known else {},
        "price_factor": str(part["net_factor"]),
        "cancellation": _cancellation(text),
        "date_change_allowed": _NO_DATE_CHANGE not in text,
    }


def _cancellation(text: str) -> list[dict[str, Any]]:
    if found := _FREE_UNTIL.search(text):
        hours, then = int(found[1]) * (24 if found[2].startswith("d") else 1), found[3]
        if then.endswith("%") or then == "total":
            return [{"hours_before_arrival": hours, "percent": 100 if then == "total" else int(then.rstrip("% "))}]
        return [{"hours_before_arrival": hours, "nights": 1 if then == "first night" else int(then.split()[0])}]
    if _NO_REFUND in text:
        return [{"percent": 100}]
    raise ValueError(f"cancellation rule not understood: {text!r}")


def _fact(topic: str, text: str, same: HotelFile | None) -> dict[str, str]:
    known = same.facts.get(topic) if same else None
    if known and all(_figures(text) == _figures(words) for words in known.values()):
        return dict(known)
    return dict.fromkeys(LANGUAGES, text)


def _nights(part: Mapping[str, Any]) -> dict[str, Any]:
    first, until = part["nights"]
    rest = {key: value for key, value in part.items() if key != "nights"}
    return {"nights": {"from": first, "until": until}, **rest}


def _reservation(code: str, part: Mapping[str, Any]) -> dict[str, Any]:
    given_name, _, family_name = str(part["guest"]).partition(" ")
    guest = {"given_name": given_name, "family_name": family_name}
    guest["language"] = "es" if str(part.get("phone", "")).startswith(_SPANISH_CODES) else "en"
    guest |= {key: str(part[key]) for key in ("phone", "email") if part.get(key)}
    content = {
        "code": code,
        "guest": guest,
        "room_type": part["type"],
        "rate_plan": part["plan"],
        "check_in": part["check_in"],
        "check_out": part["check_out"],
        "adults": part["adults"],
        "state": part.get("state", "CONFIRMED"),
    }
    if part.get("child_ages"):
        content["child_ages"] = part["child_ages"]
    if part.get("room"):
        content["room"] = str(part["room"])
    return content


def _figures(text: str) -> set[str]:
    """The numbers a text names, however it is worded."""
    return set(re.findall(r"\d+(?:[:.]\d+)?", text))
