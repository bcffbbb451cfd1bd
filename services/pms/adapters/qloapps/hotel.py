"""What QloApps says about a hotel: its rooms, the limits of its room types, its times and words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from mesh.clock import Clock
from mesh.errors import Down
from mesh.telemetry import get_logger

from services.pms.adapters.qloapps.cache import HOTEL_LIFE, KEEPSAKE, POLICY_LIFE, Entry, TwoLayerCache
from services.pms.adapters.qloapps.client import QloAppsClient
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.failures import Unreachable
from services.pms.adapters.qloapps.parsing import text, whole
from services.pms.adapters.qloapps.single_flight import SingleFlight
from services.pms.domain import record
from services.pms.domain.property import Fact, Property, RoomType

log = get_logger(__name__)
ACTIVE, OUT_OF_ORDER, CLOSED_FOR_A_WHILE = 1, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room. One that is out of order is not listed; one that is closed for a while is."""

    room_id: int
    type_id: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a room type takes; 0 nights means no limit."""

    type_id: int
    max_adults: int
    max_children: int
    max_guests: int
    min_nights: int
    max_nights: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HotelInfo:
    """A hotel as QloApps describes it."""

    name: str
    time_zone: str
    check_in_time: time | None
    check_out_time: time | None
    rooms: tuple[Room, ...]
    limits: tuple[Limits, ...]
    languages: Mapping[str, str]

    def rooms_of(self, type_id: int) -> tuple[Room, ...]:
        return tuple(room for room in self.rooms if room.type_id == type_id)

    def room_by_number(self, number: str) -> Room | None:
        return next((room for room in self.rooms if room.number == number), None)

    def limits_of(self, type_id: int) -> Limits:
        """Raises Unreachable for a type that QloApps does not have: the hotel file and the shop disagree."""
        found = next((limits for limits in self.limits if limits.type_id == type_id), None)
        if found is None:
            raise Unreachable(f"QloApps has no room type {type_id}")
        return found


class HotelReader:
    """Reads and remembers one hotel."""

    def __init__(self, *, client: QloAppsClient, connection: Connection, cache: TwoLayerCache, clock: Clock) -> None:
        self._client = client
        self._connection = connection
        self._cache = cache
        self._clock = clock
        self._flights = SingleFlight()
        self._key = f"hotel:{connection.property_id}"

    async def info(self) -> HotelInfo:
        """The hotel, read within the last hour. Raises Down."""
        known = await self._known()
        if known is not None and known.fresh(self._clock.now(), HOTEL_LIFE):
            return record.from_text(HotelInfo, known.text)
        return await self._flights.do(self._key, self._read)

    async def policies(self) -> str:
        """What the hotel says of its rules, without HTML; read within the last two hours. Raises Down."""
        key = f"policies:{self._connection.property_id}"
        known = (await self._cache.get("policies", [key])).get(key)
        if known is not None and known.fresh(self._clock.now(), POLICY_LIFE):
            return known.text
        return await self._flights.do(key, lambda: self._read_policies(key))

    async def last_known(self) -> tuple[HotelInfo, datetime] | None:
        """What was last known and when it was read, however old."""
        known = await self._known()
        return (record.from_text(HotelInfo, known.text), known.read_time) if known else None

    async def _known(self) -> Entry | None:
        return (await self._cache.get("hotel", [self._key])).get(self._key)

    async def _read_policies(self, key: str) -> str:
        query = {"filter[id]": str(self._connection.hotel_id), "display": "[id,policies]"}
        rows = await self._client.rows("hotels", query)
        words = text(rows[0].get("policies")) if rows else ""
        await self._cache.put({key: words}, POLICY_LIFE)
        return words

    async def _read(self) -> HotelInfo:
        hotel_id, ask = str(self._connection.hotel_id), self._client.rows
        hotels, rooms, limits, zones, languages = await asyncio.gather(
            ask("hotels", {"filter[id]": hotel_id, "display": "[id,hotel_name,check_in,check_out]"}),
            ask("hotel_rooms", {"display": "[id,id_product,id_hotel,room_num,id_status]"}),
            ask("hotel_room_types", {"display": "full"}),
            self._optional("configurations", {"filter[name]": "PS_TIMEZONE", "display": "[name,value]"}),
            self._optional("languages", {"display": "[id,iso_code]"}),
        )
        if not hotels:
            raise Unreachable(f"QloApps has no hotel {hotel_id}")
        own = [row for row in rooms if whole(row["id_hotel"]) == self._connection.hotel_id]
        info = HotelInfo(
            name=text(hotels[0].get("hotel_name")),
            time_zone=str(zones[0]["value"]) if zones else "",
            check_in_time=_time_of_day(hotels[0].get("check_in")),
            check_out_time=_time_of_day(hotels[0].get("check_out")),
            rooms=tuple(
                Room(room_id=whole(row["id"]), type_id=whole(row["id_product"]), number=str(row["room_num"]))
                for row in sorted(own, key=lambda row: whole(row["id"]))
                if whole(row["id_status"]) != OUT_OF_ORDER
            ),
            limits=tuple(_limits(row) for row in limits if whole(row["id_hotel"]) == self._connection.hotel_id),
            languages={str(row["id"]): str(row["iso_code"]) for row in languages},
        )
        await self._cache.put({self._key: record.to_text(info)}, KEEPSAKE)
        return info

    async def _optional(self, resource: str, query: dict[str, str]) -> list[dict[str, object]]:
        """Rows that a narrow key may not show; we can do without them."""
        try:
            return await self._client.rows(resource, query)
        except Down as error:
            if error.reason != "PMS_AUTH":
                raise
            log.warning("qloapps_key_too_narrow", resource=resource)
            return []


def _limits(row: dict[str, object]) -> Limits:
    return Limits(
        type_id=whole(row["id_product"]),
        max_adults=whole(row["max_adults"]),
        max_children=whole(row["max_children"]),
        max_guests=whole(row["max_guests"]),
        min_nights=whole(row.get("min_los")),
        max_nights=whole(row.get("max_los")),
    )


def _time_of_day(value: object) -> time | None:
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        return None


def described(hotel: Property, info: HotelInfo, connection: Connection, policies: str = "") -> Property:
    """The hotel of the file with what QloApps knows better: rooms, limits, times, and its policies if the file has
    none."""
    known = {fact.topic for fact in hotel.facts}
    rules = Fact(topic="policies", text={hotel.languages[0]: policies})
    more = (rules,) if policies and "policies" not in known else ()
    return replace(
        hotel,
        check_in_time=info.check_in_time or hotel.check_in_time,
        check_out_time=info.check_out_time or hotel.check_out_time,
        room_types=tuple(_room_type(room_type, info, connection) for room_type in hotel.room_types),
        facts=(*hotel.facts, *more),
    )


def _room_type(room_type: RoomType, info: HotelInfo, connection: Connection) -> RoomType:
    type_id = connection.room_types[room_type.room_type_id]
    limits, rooms = info.limits_of(type_id), info.rooms_of(type_id)
    return replace(
        room_type,
        units=len(rooms),
        room_numbers=tuple(room.number for room in rooms),
        max_occupancy=min(room_type.max_occupancy, limits.max_guests),
        max_adults=limits.max_adults,
        max_children=limits.max_children,
    )
