"""Prices that follow demand, for hotels that want them; for all others, and with the flag off, the list price."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from mesh.clock import Clock

from services.pms.desk.catalogue import Catalogue
from services.pms.domain.availability import InventoryNight
from services.pms.domain.demand import HISTORY, PickUp, learn, past_booking, priced
from services.pms.domain.property import Property
from services.pms.domain.reservation import Reservation
from services.pms.metrics import NIGHTS_MOVED
from services.pms.ports import Backend, ReservationQuery

PAGE = 500
# Stays that began before the history may reach into it.
LONGEST_STAY = timedelta(days=30)


class Demand:
    """Learns once a day, at the first question, how nights fill up."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock, enabled: Callable[[str], bool]) -> None:
        """`enabled(property_id)`: whether prices of a property may move now."""
        self._catalogue = catalogue
        self._clock = clock
        self._enabled = enabled
        self._learned: dict[str, tuple[date, PickUp]] = {}
        self._readers: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def priced(self, hotel: Property, nights: Sequence[InventoryNight]) -> Sequence[InventoryNight]:
        """The nights at today's prices."""
        if hotel.pricing is None or not self._enabled(hotel.property_id):
            return nights
        today = hotel.today(self._clock.now())
        moved = priced(hotel, nights, await self._pick_up(hotel, today), today)
        NIGHTS_MOVED.inc(sum(before is not after for before, after in zip(nights, moved, strict=True)))
        return moved

    async def _pick_up(self, hotel: Property, today: date) -> PickUp:
        async with self._readers[hotel.property_id]:
            learned = self._learned.get(hotel.property_id)
            if learned is None or learned[0] != today:
                backend = await self._catalogue.backend(hotel.property_id)
                history = await history_of(backend, hotel.property_id, first=today - HISTORY, until=today)
                bookings = [past_booking(hotel, reservation) for reservation in history]
                learned = today, learn(bookings, (each.room_type_id for each in hotel.room_types), today)
                self._learned[hotel.property_id] = learned
            return learned[1]


async def history_of(backend: Backend, property_id: str, *, first: date, until: date) -> list[Reservation]:
    """Every reservation, in any state, that arrived before `until` and may have slept on or after `first`."""
    found: list[Reservation] = []
    query = ReservationQuery(
        property_id=property_id,
        check_in_from=first - LONGEST_STAY,
        check_in_to=until - timedelta(days=1),
        limit=PAGE,
    )
    while True:
        last = found[-1] if found else None
        after = (last.stay.check_in, last.confirmation_code) if last else None
        page = await backend.reservations(replace(query, after=after))
        found.extend(page)
        if len(page) < PAGE:
            return found
