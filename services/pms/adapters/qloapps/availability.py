"""What is free and what it costs, from `hotel_ari`.

A night at a time for calendars, cached for 300 seconds; a whole stay, never cached, before anything is sold: a room
may be free on each of two nights without any one room being free on both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mesh.clock import Clock

from services.pms.adapters.qloapps.cache import AVAILABILITY_LIFE, TwoLayerCache
from services.pms.adapters.qloapps.client import QloAppsClient
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.failures import Unreachable
from services.pms.adapters.qloapps.hotel import HotelInfo
from services.pms.adapters.qloapps.parsing import amount, day, keyed, whole
from services.pms.adapters.qloapps.single_flight import SingleFlight
from services.pms.domain import record
from services.pms.domain.property import Property
from services.pms.domain.stay import Stay

# Two rates closer than this are one rate and a rounding.
ROUNDING = Decimal("0.0005")
# Nights in one question: thirty of them take QloApps 0.8 s, and several questions run side by side.
CHUNK = 8
FLAGS = "".join(
    f"<get_{kind}_rooms>1</get_{kind}_rooms>" for kind in ("available", "booked", "unavailable", "partial_available")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeNight:
    """One night of one type: rooms in use or free, how many of them are sold, and the list price of a room."""

    type_id: int
    capacity: int
    sold: int
    net: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenNight:
    """One night of every type."""

    types: tuple[TypeNight, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StayRate:
    """A whole stay in one type: rooms free on every night, and the list price of one of them."""

    room_ids: tuple[int, ...]
    net: Decimal
    gross: Decimal

    def tax_rate(self, hotel: Property) -> Decimal:
        """The share of tax on the net price, as QloApps will charge it.

        Its two sums are rounded, so their quotient is not exact: where the hotel's own rates say the same, they are.
        """
        told = self.gross / self.net - 1 if self.net else Decimal(0)
        own = sum((tax.rate for tax in hotel.taxes if tax.rate is not None and not tax.included), Decimal(0))
        return own if abs(told - own) < ROUNDING else told


class Availability:
    """Questions about one hotel's rooms."""

    def __init__(self, *, client: QloAppsClient, connection: Connection, cache: TwoLayerCache, clock: Clock) -> None:
        self._client = client
        self._connection = connection
        self._cache = cache
        self._clock = clock
        self._flights = SingleFlight()

    async def nights(self, info: HotelInfo, span: Stay) -> dict[date, SeenNight]:
        """Every night of a span, none of them read more than 300 seconds ago. Raises Down, never tells older ones."""
        property_id, dates = self._connection.property_id, list(span.nights())
        names = [night.isoformat() for night in dates]
        generations = await self._cache.generations(property_id, names)
        keys = {
            night: f"night:{property_id}:{name}:{generations[name]}" for night, name in zip(dates, names, strict=True)
        }
        known = await self._cache.get("availability", list(keys.values()))
        now = self._clock.now()
        found = {
            night: record.from_text(SeenNight, known[key].text)
            for night, key in keys.items()
            if key in known and known[key].fresh(now, AVAILABILITY_LIFE)
        }
        missing = [night for night in dates if night not in found]
        return {**found, **(await self._told(info, missing, generations) if missing else {})}

    async def fresh(self, info: HotelInfo, span: Stay) -> dict[date, SeenNight]:
        """The same, read now."""
        return await self._told(info, list(span.nights()))

    async def whole_stay(self, type_id: int, stay: Stay) -> StayRate | None:
        """A stay in one type, read now; None when the type is not on sale."""
        content = await self._client.availability(_wish(self._connection.hotel_id, stay, type_id))
        types = self._types(keyed(content.get("hotel_ari")))
        found = next((entry for entry in types if whole(entry["id_room_type"]) == type_id), None)
        if found is None:
            return None
        return StayRate(
            room_ids=tuple(sorted(whole(key) for key in keyed(found["rooms"].get("available")))),
            net=amount(found["total_price"]),
            gross=amount(found["total_price_with_tax"]),
        )

    async def outdate(self, *stays: Stay) -> None:
        """Forgets the nights of these stays: something was written about them."""
        names = sorted({night.isoformat() for stay in stays for night in stay.nights()})
        await self._cache.outdate(self._connection.property_id, names)

    async def _told(
        self, info: HotelInfo, nights: Sequence[date], generations: dict[str, str] | None = None
    ) -> dict[date, SeenNight]:
        """These nights, read now and remembered under the generation that they had before they were read."""
        property_id = self._connection.property_id
        if generations is None:
            generations = await self._cache.generations(property_id, [night.isoformat() for night in nights])
        spans = _chunks(nights)
        answers = await asyncio.gather(*(self._shared(info, span, generations) for span in spans))
        found = {night: seen for answer in answers for night, seen in answer.items() if night in set(nights)}
        entries = {
            f"night:{property_id}:{night}:{generations[night.isoformat()]}": record.to_text(seen)
            for night, seen in found.items()
        }
        await self._cache.put(entries, AVAILABILITY_LIFE)
        return found

    async def _shared(self, info: HotelInfo, span: Stay, generations: dict[str, str]) -> dict[date, SeenNight]:
        """One read for all who ask now; who asks after an event does not join a read from before it."""
        now_known_as = tuple(generations[night.isoformat()] for night in span.nights())
        return await self._flights.do((span, now_known_as), lambda: self._read(info, span))

    def _types(self, entry: Any) -> list[dict[str, Any]]:
        """The room types of an answer. An unknown hotel or type, or one off sale, is answered without any."""
        if entry.get("currency", self._connection.currency) != self._connection.currency:
            raise Unreachable(f"QloApps tells prices in {entry['currency']}")
        types = entry.get("room_types") or []
        return list(types.values()) if isinstance(types, dict) else list(types)

    async def _read(self, info: HotelInfo, span: Stay) -> dict[date, SeenNight]:
        wish = _wish(self._connection.hotel_id, span, extra=f"{FLAGS}<date_wise_breakdown>1</date_wise_breakdown>")
        content = await self._client.availability(wish)
        days = content.get("hotel_aris")
        if not isinstance(days, list):
            raise Unreachable("QloApps answers no nights")
        wanted = set(self._connection.room_types.values())
        return {
            day(entry["date_from"]): SeenNight(
                types=tuple(_night(info, row) for row in self._types(entry) if whole(row["id_room_type"]) in wanted)
            )
            for entry in days
        }


def _night(info: HotelInfo, row: dict[str, Any]) -> TypeNight:
    """Counted from the lists: the totals beside them are wrong night by night.

    Where a type has a minimum stay no room is free for one night; what is neither taken nor closed is free then.
    """
    type_id, rooms = whole(row["id_room_type"]), row["rooms"]
    sold = len(keyed(rooms.get("booked"))) + len(keyed(rooms.get("partially_available")))
    free = len(keyed(rooms.get("available")))
    if info.limits_of(type_id).min_nights > 1:
        free = len(info.rooms_of(type_id)) - sold - _closed(info, type_id, rooms)
    return TypeNight(type_id=type_id, capacity=max(0, free) + sold, sold=sold, net=amount(row["total_price"]))


def _closed(info: HotelInfo, type_id: int, rooms: dict[str, Any]) -> int:
    """Rooms closed for this night; those out of order for good are not among the hotel's rooms at all."""
    own = {room.room_id for room in info.rooms_of(type_id)}
    return sum(whole(key) in own for key in keyed(rooms.get("unavailable")))


def _chunks(nights: Sequence[date]) -> list[Stay]:
    """Contiguous spans of at most CHUNK nights that cover these."""
    spans: list[Stay] = []
    for night in sorted(nights):
        after = night + timedelta(days=1)
        if spans and spans[-1].check_out == night and len(spans[-1]) < CHUNK:
            spans[-1] = Stay(spans[-1].check_in, after)
        else:
            spans.append(Stay(night, after))
    return spans


def _wish(hotel_id: int, stay: Stay, type_id: int = 0, extra: str = "") -> str:
    only = f"<id_room_type>{type_id}</id_room_type>" if type_id else ""
    fields = f"<date_from>{stay.check_in}</date_from><date_to>{stay.check_out}</date_to>{extra}"
    return f"<qloapps><hotel_ari><id_hotel>{hotel_id}</id_hotel>{only}{fields}</hotel_ari></qloapps>"
