"""Our own books of a hotel with QloApps: answers of writes, reservations as we promised them, guests, events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from mesh.clock import Clock
from mesh.errors import NotFound

from services.pms.adapters.ledger import Answer, Ledger, Transaction
from services.pms.adapters.qloapps.lock import Grip
from services.pms.adapters.remembering import remembered
from services.pms.domain import record
from services.pms.domain.code import new_code
from services.pms.domain.event import EventType
from services.pms.domain.hold import Hold, HoldState
from services.pms.domain.night_move import merged, moves
from services.pms.domain.reservation import Reservation
from services.pms.domain.stay import Stay
from services.pms.ports import Write

T = TypeVar("T", bound=Answer)
CODE_ATTEMPTS = 8


class _NotYet(Exception):
    pass


class Books:
    """The ledger, as writes to QloApps need it."""

    def __init__(self, *, ledger: Ledger, clock: Clock) -> None:
        self.ledger = ledger
        self._clock = clock

    async def answered(self, write: Write, shape: type[T]) -> T | None:
        """What an equal write answered before; None when it is the first. Raises Invalid REQUEST_ID_REUSED."""
        try:
            async with self.ledger.transaction() as tx:
                stored = await tx.claim(write, self._clock.now())
                if stored is None:
                    raise _NotYet
        except _NotYet:
            return None
        return record.from_text(shape, stored)

    async def once(self, write: Write, shape: type[T], work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Does the work and keeps its answer in one transaction, or returns the answer kept by an equal write."""
        async with self.ledger.transaction() as tx:
            stored = await tx.claim(write, self._clock.now())
            if stored is not None:
                return record.from_text(shape, stored)
            result = await work(tx)
            await tx.answer(write, result)
        return result

    async def reservation(self, reservation_id: str) -> Reservation:
        """A reservation as it was last known; raises NotFound RESERVATION_NOT_FOUND."""
        found = await self.ledger.read_reservation(reservation_id)
        if found is None:
            raise NotFound("RESERVATION_NOT_FOUND", "no such reservation")
        return found

    async def hold(self, hold_id: str) -> Hold:
        """A hold; raises NotFound HOLD_NOT_FOUND."""
        found = await self.ledger.read_hold(hold_id)
        if found is None:
            raise NotFound("HOLD_NOT_FOUND", f"no hold {hold_id!r}")
        return found

    async def held(self, property_id: str, room_type_id: str, stay: Stay) -> dict[object, int]:
        """Rooms held on each night of a stay."""
        nights = await self.ledger.nights(property_id, stay, room_type_id, self._clock.now())
        return {night.night: night.held for night in nights}


async def ended_holds(tx: Transaction, property_id: str, now: datetime) -> None:
    """Puts the rooms of holds that ran out back on sale."""
    back = []
    for hold in await tx.expired_holds_of(property_id, now):
        await tx.put_hold(replace(hold, state=HoldState.EXPIRED))
        back += moves(hold.room_type_id, hold.stay, held=-hold.units)
    await tx.move(property_id, merged(back))


async def confirmed_hold(tx: Transaction, hold_id: str) -> None:
    """Ends a hold whose rooms are booked. One that ran out meanwhile has given its rooms back already."""
    hold = await tx.hold(hold_id)
    if hold is None or hold.state is not HoldState.ACTIVE:
        return
    await tx.put_hold(replace(hold, state=HoldState.CONFIRMED))
    await tx.move(hold.property_id, merged(moves(hold.room_type_id, hold.stay, held=-hold.units)))


async def entered(tx: Transaction, reservation: Reservation, now: datetime, code: str = "") -> Reservation:
    """Adds a reservation with its guest, its code (a fresh one unless given) and its event."""
    profile = await remembered(tx, reservation.property_id, reservation.booker)
    known = replace(reservation, profile_id=profile.profile_id)
    for attempt in range(CODE_ATTEMPTS):
        coded = replace(known, confirmation_code=code if code and attempt == 0 else new_code())
        if await tx.add_reservation(coded):
            await tx.append_event(EventType.CREATED, coded, now)
            return coded
    raise RuntimeError("no free confirmation code")


async def audited(tx: Transaction, write: Write, property_id: str, grip: Grip, now: datetime) -> None:
    """Records who held the hotel's write lock, for what and since when."""
    await tx.audit(
        resource_id=f"{property_id}#{grip.fence}",
        operation=write.operation,
        holder_id=write.request_id,
        since=grip.since,
        until=now,
    )
