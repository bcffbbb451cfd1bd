"""The demo hotel and its calendar, without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import HotelFile, read
from services.pms.domain.availability import Calendar, Wish
from services.pms.domain.configuration import Configuration
from services.pms.domain.property import Property
from services.pms.domain.stay import Occupancy, Stay

NOW = datetime.fromisoformat("2026-11-20T10:00:00-06:00")
HOTEL_FILE = Path(__file__).parents[3] / "hotel" / "alameda.yaml"


@cache
def hotel_file() -> HotelFile:
    return read(HOTEL_FILE)


@cache
def configuration() -> Configuration:
    return configuration_of(hotel_file())


@cache
def nights() -> tuple:
    """Every night, the existing reservations sold."""
    taken = [(each.room_type_id, each.stay) for each in configuration().reservations]
    return tuple(
        replace(night, sold=sum(room == night.room_type_id and night.night in stay for room, stay in taken))
        for night in configuration().nights(NOW)
    )


def hotel() -> Property:
    return configuration().hotel


def calendar(**changes: dict) -> Calendar:
    """The calendar; `changes` maps room types to {ISO date: {field: value}}."""
    changed = [
        replace(night, **changes.get(night.room_type_id, {}).get(night.night.isoformat(), {})) for night in nights()
    ]
    return Calendar(changed)


def wish(
    check_in: str,
    check_out: str,
    *rooms: Occupancy,
    room: str = "",
    plan: str = "FLEX",
) -> Wish:
    stay = Stay(date.fromisoformat(check_in), date.fromisoformat(check_out))
    return Wish(stay=stay, rooms=rooms or (Occupancy(2),), room_type_id=room, rate_plan_id=plan)
