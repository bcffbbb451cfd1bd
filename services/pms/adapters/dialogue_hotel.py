"""A hotel from the `meta` block of an acceptance dialogue file, so that rehearsals can run any such file.

The block is terse: texts are in one language and rules in set phrases. Where a hotel file of the same hotel is at hand,
its wording is taken for every text that names the same figures. What a block leaves out is as in most hotels; its name,
time zone, currency, rooms and plans it must say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.pms.adapters.cancellation_words import cancellation_steps
from services.pms.adapters.hotel_file import HotelFile, HotelFileError, parse

_LANGUAGES = ["es", "en"]
_USUAL = {
    "check_in_time": "15:00", "check_out_time": "12:00", "quiet_hours": ["22:00", "08:00"],
    "staff_hours": ["07:00", "23:00"], "emergency_number": "112",
}  # fmt: skip
_NO_DATE_CHANGE = "no date change"
# What the plans that most hotels have are called where a block gives only their codes.
_USUAL_PLANS = {
    "FLEX": {"es": "tarifa flexible", "en": "flexible rate"},
    "NRF": {"es": "tarifa no reembolsable", "en": "non-refundable rate"},
}
# Telephone codes of countries whose guests are written to in Spanish until they say otherwise.
_SPANISH_CODES = ("+34", "+51", "+52", "+53", "+54", "+56", "+57", "+58", "+502", "+503", "+504", "+505", "+506",
                  "+507", "+591", "+593", "+595", "+598")  # fmt: skip
# Where a hotel is, by its currency; euros are many countries', and the time zone decides.
_REGIONS = {"MXN": "MX", "EUR": "ES", "USD": "US", "GBP": "GB", "COP": "CO", "ARS": "AR", "CLP": "CL", "PEN": "PE",
            "BRL": "BR", "UYU": "UY", "CAD": "CA", "CHF": "CH", "CRC": "CR", "DOP": "DO", "AUD": "AU"}  # fmt: skip
_EURO_ZONES = {"Europe/Lisbon": "PT", "Atlantic/Madeira": "PT", "Europe/Dublin": "IE", "Europe/Paris": "FR",
               "Europe/Berlin": "DE", "Europe/Rome": "IT", "Europe/Vienna": "AT", "Europe/Amsterdam": "NL"}  # fmt: skip


def from_dialogue_meta(meta: Mapping[str, Any], wording: HotelFile | None = None) -> HotelFile:
    """The hotel that a dialogue file describes. Raises HotelFileError with every problem at once."""
    hotel, source = meta.get("hotel"), "dialogue meta"
    if not isinstance(hotel, Mapping):
        raise HotelFileError(source, ["hotel: is missing"])
    missing = [f"hotel.{name}" for name in ("name", "timezone", "currency") if not hotel.get(name)]
    missing += [name for name in ("room_types", "rate_plans") if not meta.get(name)]
    if missing:
        raise HotelFileError(source, [f"{name}: is missing" for name in missing])
    try:
        content = _content(meta, {**_USUAL, **hotel}, wording)
    except KeyError as error:
        raise HotelFileError(source, [f"{error.args[0]}: is missing"]) from error
    except (TypeError, AttributeError, IndexError, ValueError) as error:
        raise HotelFileError(source, [f"is not of the known shape: {type(error).__name__} {error}"]) from error
    return parse(content, source)


def _content(meta: Mapping[str, Any], hotel: Mapping[str, Any], wording: HotelFile | None) -> dict[str, Any]:
    same = wording if wording is not None and wording.hotel.name == hotel["name"] else None
    languages = [str(language) for language in hotel.get("languages") or _LANGUAGES]
    return {
        "version": 1,
        "property": _property(hotel, same, languages),
        "sales": {
            key: hotel[key]
            for key in ("max_rooms_self_service", "booking_horizon_days", "hold_minutes", "quote_minutes")
            if key in hotel
        },
        "taxes": [_tax(code, tax) for code, tax in (hotel.get("taxes") or {}).items()],
        "room_types": {key: _room_type(key, part, same, languages) for key, part in meta["room_types"].items()},
        "rate_plans": {key: _rate_plan(key, part, same, languages) for key, part in meta["rate_plans"].items()},
        "facts": {topic: _fact(topic, text, same, languages) for topic, text in (meta.get("facts") or {}).items()},
        "inventory": [_nights(part) for part in meta.get("inventory_exceptions") or ()],
        "reservations": [_reservation(code, part, meta) for code, part in (meta.get("reservations") or {}).items()],
    }


def _property(hotel: Mapping[str, Any], same: HotelFile | None, languages: list[str]) -> dict[str, Any]:
    quiet, staff = hotel["quiet_hours"], hotel["staff_hours"]
    slug = re.sub(r"[^a-z0-9]+", "-", str(hotel["name"]).lower().removeprefix("hotel ")).strip("-")
    return {
        "id": same.hotel.property_id if same else slug or "hotel",
        "name": hotel["name"],
        "time_zone": hotel["timezone"],
        "currency": hotel["currency"],
        "region": hotel.get("region") or (same.hotel.region if same else _region(hotel)),
        "languages": languages,
        "check_in_time": hotel["check_in_time"],
        "check_out_time": hotel["check_out_time"],
        "quiet_hours": {"start": quiet[0], "end": quiet[1]},
        "staff_hours": {"start": staff[0], "end": staff[1]},
        "emergency_number": str(hotel["emergency_number"]),
    }


def _region(hotel: Mapping[str, Any]) -> str:
    return _EURO_ZONES.get(hotel["timezone"]) or _REGIONS.get(hotel["currency"], "US")


def _tax(code: str, tax: Any) -> dict[str, Any]:
    """A rate such as 0.16 or `16%`, or what the hotel file has for a tax."""
    if isinstance(tax, Mapping):
        return {"code": code, **{key: str(value) if key in ("rate", "amount") else value for key, value in tax.items()}}
    text = str(tax).strip()
    return {"code": code, "rate": str(Decimal(text.removesuffix("%").strip()) / 100) if text.endswith("%") else text}


def _texts(given: Any, languages: list[str]) -> dict[str, str]:
    """A text in every language; where one is not told, it is the first that is."""
    if not isinstance(given, Mapping):
        return dict.fromkeys(languages, str(given))
    first = next(iter(given.values()))
    return {language: str(given.get(language, given.get("en", first))) for language in languages}


def _room_type(key: str, part: Mapping[str, Any], same: HotelFile | None, languages: list[str]) -> dict[str, Any]:
    known = same.room_types.get(key) if same else None
    named = part.get("name") or {code: part[code] for code in (*languages, *_LANGUAGES) if code in part} or key
    name, beds = _texts(named, languages), _texts(part.get("beds", "-"), languages)
    same_beds = known and _figures(known.beds.get("en", "")) == _figures(beds[languages[0]])
    content: dict[str, Any] = {
        "name": name,
        "beds": {**beds, **known.beds} if known and same_beds else beds,
        "synonyms": known.synonyms if known else {language: [words] for language, words in name.items()},
        "max_occupancy": part["max"],
        "net_price": part["net"],
        "units": part["units"],
        **{key: part[key] for key in ("max_adults", "max_children", "rooms") if key in part},
    }
    if known and len(known.rooms) == part["units"]:
        content["rooms"] = known.rooms
    return content


def _rate_plan(key: str, part: Mapping[str, Any], same: HotelFile | None, languages: list[str]) -> dict[str, Any]:
    known = same.rate_plans.get(key) if same else None
    usual = _USUAL_PLANS.get(key.upper(), {})
    rule = part["cancel"]
    steps = list(rule) if isinstance(rule, list) else cancellation_steps(_without_date_rule(str(rule)))
    return {
        "name": known.name
        if known
        else {language: part.get(language, usual.get(language, key)) for language in languages},
        "synonyms": known.synonyms if known else {},
        "price_factor": str(part.get("net_factor", 1)),
        "cancellation": steps,
        "date_change_allowed": part.get("date_change", _NO_DATE_CHANGE not in str(rule)),
    }


def _without_date_rule(text: str) -> str:
    return re.sub(rf",?\s*{_NO_DATE_CHANGE}s?", "", text)


def _fact(topic: str, text: Any, same: HotelFile | None, languages: list[str]) -> dict[str, str]:
    known = same.facts.get(topic) if same else None
    told = _texts(text, languages)
    if known and all(_figures(told[languages[0]]) == _figures(words) for words in known.values()):
        return {**told, **known}
    return told


def _nights(part: Mapping[str, Any]) -> dict[str, Any]:
    first, until = part["nights"]
    rest = {key: value for key, value in part.items() if key != "nights"}
    return {"nights": {"from": first, "until": until}, **rest}


def _reservation(code: str, part: Mapping[str, Any], meta: Mapping[str, Any]) -> dict[str, Any]:
    given_name, _, family_name = str(part["guest"]).partition(" ")
    guest = {"given_name": given_name, "family_name": family_name}
    spanish = str(part.get("phone", "")).startswith(_SPANISH_CODES)
    guest["language"] = str(part.get("lang") or part.get("language") or ("es" if spanish else "en"))
    guest |= {key: str(part[key]) for key in ("phone", "email") if part.get(key)}
    content = {
        "code": code,
        "guest": guest,
        "room_type": part["type"],
        "rate_plan": part.get("plan") or next(iter(meta["rate_plans"])),
        "check_in": part["check_in"],
        "check_out": part["check_out"],
        "adults": part.get("adults", 1),
        "state": str(part.get("state", "CONFIRMED")).upper().replace("CANCELLED", "CANCELED"),
    }
    if part.get("child_ages"):
        content["child_ages"] = part["child_ages"]
    if part.get("room"):
        content["room"] = str(part["room"])
    return content


def _figures(text: str) -> set[str]:
    """The numbers a text names, however it is worded."""
    return set(re.findall(r"\d+(?:[:.]\d+)?", text))
