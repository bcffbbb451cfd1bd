"""Names behind ids, and the hotel's own time: what pages need beside what they show."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mesh.clock import Clock
from mesh.errors import DomainError

from services.gateway.staff.adapters.hotel import GrpcHotel
from services.gateway.staff.domain.conversation import APP
from services.gateway.staff.ports import Users

_KEEP = timedelta(minutes=5)
# A pms that is away is asked so rarely, and waited for so long: names are beside what a page shows, not what it is for.
_RETRY = timedelta(seconds=10)
_PATIENCE_SECONDS = 2.0
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A property, as pages name it."""

    property_id: str
    name: str
    zone: tzinfo
    topics: tuple[str, ...] = ()


class Places:
    """Read at most every five minutes; with the pms away the last known stay, and without any, ids and UTC."""

    def __init__(self, *, hotel: GrpcHotel, users: Users, clock: Clock) -> None:
        self._hotel = hotel
        self._users = users
        self._clock = clock
        self._known: Mapping[str, Place] = {}
        self._next_read: datetime | None = None

    async def all(self) -> Sequence[Place]:
        """The properties."""
        now = self._clock.now()
        if self._next_read is None or now >= self._next_read:
            if self._known:
                # Who comes meanwhile takes what is known, and waits for nothing.
                self._next_read = now + _RETRY
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    found, _ = await self._hotel.properties(size=_MOST)
            except (DomainError, TimeoutError):
                self._next_read = now + _RETRY
                return list(self._known.values())
            self._known = {
                item.property_id: Place(
                    property_id=item.property_id,
                    name=item.display_name,
                    zone=_zone(item.time_zone),
                    topics=tuple(sorted(fact.topic for fact in item.facts)),
                )
                for item in found
            }
            self._next_read = now + _KEEP
        return list(self._known.values())

    async def of(self, property_id: str) -> Place:
        """One property; the first one for an empty id."""
        known = {place.property_id: place for place in await self.all()}
        first = next(iter(known), "")
        fallback = Place(property_id=property_id, name=property_id, zone=UTC)
        return known.get(property_id or first, fallback)

    async def colleagues(self) -> Mapping[str, str]:
        """Names of staff by id; `APP` is whoever writes from a channel's own app."""
        return {APP: "📱"} | {user.user_id: user.name for user in await self._users.page(after="", size=_MOST)}


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
