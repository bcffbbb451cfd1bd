"""A ledger without some properties: those whose rooms another system keeps, and whose books are beside ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, timedelta

from services.pms.adapters.ledger import Ledger, Transaction
from services.pms.domain.availability import InventoryNight
from services.pms.domain.event import ReservationEvent
from services.pms.domain.forgetting import Forgetting, Forgotten
from services.pms.domain.guest import GuestProfile
from services.pms.domain.hold import Hold
from services.pms.domain.property import Property
from services.pms.domain.reservation import Reservation
from services.pms.domain.stay import Stay
from services.pms.ports import ReservationQuery


class PartOfLedger:
    """See `ledger.Ledger`. Properties, holds and reservations of the others are not found here."""

    def __init__(self, whole: Ledger, *, without: Set[str]) -> None:
        self._whole = whole
        self._without = without

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        return self._whole.transaction()

    async def properties(self) -> Sequence[Property]:
        return [hotel for hotel in await self._whole.properties() if hotel.property_id not in self._without]

    async def last_nights(self) -> Mapping[str, date]:
        found = await self._whole.last_nights()
        return {property_id: night for property_id, night in found.items() if property_id not in self._without}

    async def nights(self, property_id: str, span: Stay, room_type_id: str, now: datetime) -> Sequence[InventoryNight]:
        return [] if property_id in self._without else await self._whole.nights(property_id, span, room_type_id, now)

    async def read_hold(self, hold_id: str) -> Hold | None:
        found = await self._whole.read_hold(hold_id)
        return None if found is None or found.property_id in self._without else found

    async def read_reservation(self, reservation_id: str) -> Reservation | None:
        return self._own(await self._whole.read_reservation(reservation_id))

    async def read_reservation_by_code(self, property_id: str, code: str) -> Reservation | None:
        return self._own(await self._whole.read_reservation_by_code(property_id, code))

    async def reservations(self, query: ReservationQuery) -> Sequence[Reservation]:
        return [] if query.property_id in self._without else await self._whole.reservations(query)

    async def read_guest(self, property_id: str, *, phone_key: str, email_key: str) -> GuestProfile | None:
        if property_id in self._without:
            return None
        return await self._whole.read_guest(property_id, phone_key=phone_key, email_key=email_key)

    async def events(self, property_id: str, after: int, limit: int) -> Sequence[ReservationEvent]:
        return [] if property_id in self._without else await self._whole.events(property_id, after, limit)

    async def last_sequence(self, property_id: str) -> int:
        return 0 if property_id in self._without else await self._whole.last_sequence(property_id)

    async def open_holds(self, now: datetime) -> int:
        return await self._whole.open_holds(now)

    async def forget_guest(
        self, property_ids: Sequence[str], forgetting: Forgetting, *, today: date, retention: timedelta
    ) -> Forgotten:
        own = [property_id for property_id in property_ids if property_id not in self._without]
        return await self._whole.forget_guest(own, forgetting, today=today, retention=retention)

    async def forget_departed(self, *, today: date, retention: timedelta, limit: int) -> int:
        return await self._whole.forget_departed(today=today, retention=retention, limit=limit)

    async def forget(self, *, answers_before: datetime, audits_before: datetime) -> int:
        return await self._whole.forget(answers_before=answers_before, audits_before=audits_before)

    def _own(self, found: Reservation | None) -> Reservation | None:
        return None if found is None or found.property_id in self._without else found
