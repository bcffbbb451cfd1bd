"""The backend of a hotel without a PMS: our own books, over any ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from mesh.clock import Clock
from mesh.errors import NotFound

from services.pms.adapters.ledger import Answer, Ledger, Transaction
from services.pms.adapters.remembered_nights import RememberedNights
from services.pms.adapters.remembering import remembered
from services.pms.domain import record
from services.pms.domain.availability import InventoryNight
from services.pms.domain.change import Cancellation, Modification
from services.pms.domain.code import new_code
from services.pms.domain.event import EventType, ReservationEvent
from services.pms.domain.forgetting import Forgetting, Forgotten
from services.pms.domain.guest import Charge, GuestProfile
from services.pms.domain.hold import Hold, HoldState
from services.pms.domain.night_move import NightMove, merged, moves
from services.pms.domain.phone import email_key, match_key
from services.pms.domain.property import Property
from services.pms.domain.quote import Quote
from services.pms.domain.reservation import LIVE_STATES, Reservation, ReservationState, room_numbers
from services.pms.domain.stay import Stay
from services.pms.ports import ReservationQuery, Write

T = TypeVar("T", bound=Answer)
SWEEP_BATCH = 100
CODE_ATTEMPTS = 8
KEEP_GUESTS = timedelta(days=30)


class OwnInventory:
    """Sells rooms from the ledger's nights. See `ports.Backend` for what each call promises."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        clock: Clock,
        remembered: RememberedNights | None = None,
        keep_guests: timedelta = KEEP_GUESTS,
    ) -> None:
        """`remembered` must be of the same ledger; without it every look reads the books. `keep_guests` is how long
        after a departure the name of a guest who asked to be forgotten stays with the reservation."""
        self._ledger = ledger
        self._clock = clock
        self._remembered = remembered
        self._keep_guests = keep_guests

    async def properties(self) -> Sequence[Property]:
        return await self._ledger.properties()

    async def inventory(self, property_id: str, span: Stay, room_type_id: str = "") -> Sequence[InventoryNight]:
        return await self._ledger.nights(property_id, span, room_type_id, self._clock.now())

    async def glance(self, property_id: str, span: Stay) -> Sequence[InventoryNight]:
        if self._remembered is None:
            return await self.inventory(property_id, span)
        return await self._remembered.nights(property_id, span)

    async def place_hold(self, write: Write, quote: Quote, hold: Hold) -> Hold:
        async def work(tx: Transaction) -> Hold:
            quote.must_be_live(self._clock.now())
            taken = moves(hold.room_type_id, hold.stay, held=hold.units)
            await self._move(tx, write, hold.property_id, taken, swept=True)
            return await tx.put_hold(hold)

        return await self._once(write, Hold, work)

    async def hold(self, hold_id: str) -> Hold:
        return _found_hold(await self._ledger.read_hold(hold_id), hold_id).at(self._clock.now())

    async def release_hold(self, write: Write, hold_id: str) -> Hold:
        async def work(tx: Transaction) -> Hold:
            hold = _found_hold(await tx.hold(hold_id), hold_id)
            released = hold.released(self._clock.now())
            if hold.state is not HoldState.ACTIVE:
                return released
            await self._move(tx, write, hold.property_id, moves(hold.room_type_id, hold.stay, held=-hold.units))
            return await tx.put_hold(released)

        return await self._once(write, Hold, work)

    async def expire_holds(self) -> int:
        async with self._transaction() as tx:
            expired = await tx.some_expired_holds(self._clock.now(), limit=SWEEP_BATCH)
            for property_id in sorted({hold.property_id for hold in expired}):
                own = [hold for hold in expired if hold.property_id == property_id]
                await tx.move(property_id, merged(await self._ended(tx, own)))
        return len(expired)

    async def create_reservation(
        self, write: Write, quote: Quote, reservation: Reservation, hold_id: str = ""
    ) -> Reservation:
        async def work(tx: Transaction) -> Reservation:
            now = self._clock.now()
            quote.must_be_live(now)
            sold = moves(reservation.room_type_id, reservation.stay, sold=reservation.units)
            if hold_id:
                hold = _found_hold(await tx.hold(hold_id), hold_id)
                hold.must_confirm(quote, now)
                sold += moves(hold.room_type_id, hold.stay, held=-hold.units)
                await tx.put_hold(replace(hold, state=HoldState.CONFIRMED))
            await self._move(tx, write, reservation.property_id, sold, swept=not hold_id)
            profile = await remembered(tx, reservation.property_id, reservation.booker)
            booked = await _with_code(tx, replace(reservation, profile_id=profile.profile_id))
            await tx.append_event(EventType.CREATED, booked, now)
            return booked

        return await self._once(write, Reservation, work)

    async def reservation(self, reservation_id: str) -> Reservation:
        return _found(await self._ledger.read_reservation(reservation_id))

    async def reservation_by_code(self, property_id: str, code: str) -> Reservation:
        return _found(await self._ledger.read_reservation_by_code(property_id, code))

    async def reservations(self, query: ReservationQuery) -> Sequence[Reservation]:
        return await self._ledger.reservations(query)

    async def modify_reservation(self, write: Write, modification: Modification) -> Reservation:
        async def work(tx: Transaction) -> Reservation:
            now = self._clock.now()
            modification.must_be_live(now)
            current = _found(await tx.reservation(modification.reservation_id))
            changed = modification.applied_to(current, now)
            await self._move(tx, write, current.property_id, _difference(current, changed), swept=True)
            return await self._written(tx, changed, EventType.MODIFIED)

        return await self._once(write, Reservation, work)

    async def cancel_reservation(self, write: Write, cancellation: Cancellation, reason: str) -> Reservation:
        async def work(tx: Transaction) -> Reservation:
            now = self._clock.now()
            cancellation.must_be_live(now)
            current = _found(await tx.reservation(cancellation.reservation_id))
            current.must_have_version(cancellation.version)
            canceled = current.canceled(fee=cancellation.fee, reason=reason, now=now)
            await self._move(tx, write, current.property_id, _difference(current, canceled))
            return await self._written(tx, canceled, EventType.CANCELED)

        return await self._once(write, Reservation, work)

    async def check_in(
        self, write: Write, hotel: Property, reservation_id: str, *, version: int, room_number: str = ""
    ) -> Reservation:
        async def work(tx: Transaction) -> Reservation:
            now = self._clock.now()
            current = _found(await tx.reservation(reservation_id))
            current.must_have_version(version)
            taken = await tx.rooms_in_use(hotel.property_id)
            numbers = room_numbers(hotel, current, wanted=room_number, taken=taken)
            arrived = current.checked_in(numbers, today=hotel.today(now), now=now)
            return await self._written(tx, arrived, EventType.CHECKED_IN)

        return await self._once(write, Reservation, work)

    async def check_out(self, write: Write, hotel: Property, reservation_id: str, *, version: int) -> Reservation:
        async def work(tx: Transaction) -> Reservation:
            now = self._clock.now()
            current = _found(await tx.reservation(reservation_id))
            current.must_have_version(version)
            departed = current.checked_out(today=hotel.today(now), now=now)
            if departed.stay != current.stay:
                await self._move(tx, write, current.property_id, _difference(current, departed))
            return await self._written(tx, departed, EventType.CHECKED_OUT)

        return await self._once(write, Reservation, work)

    async def post_charge(self, write: Write, charge: Charge) -> Charge:
        async def work(tx: Transaction) -> Charge:
            reservation = _found(await tx.reservation(charge.reservation_id))
            reservation.must_be(*LIVE_STATES, ReservationState.CHECKED_OUT)
            await tx.add_charge(charge, reservation.property_id)
            await tx.append_event(EventType.CHARGED, reservation, self._clock.now())
            return charge

        return await self._once(write, Charge, work)

    async def guest_profile(self, property_id: str, *, phone_number: str = "", email: str = "") -> GuestProfile:
        profile = await self._ledger.read_guest(
            property_id, phone_key=match_key(phone_number), email_key=email_key(email)
        )
        if profile is None:
            raise NotFound("GUEST_NOT_FOUND", "no guest with this phone or e-mail")
        return profile

    async def update_guest_profile(self, write: Write, profile: GuestProfile) -> GuestProfile:
        async def work(tx: Transaction) -> GuestProfile:
            current = await tx.guest_by_id(profile.profile_id)
            if current is None or (profile.property_id and current.property_id != profile.property_id):
                raise NotFound("GUEST_NOT_FOUND", "no guest has this id")
            updated = current.updated(profile)
            await tx.put_guest(updated)
            return updated

        return await self._once(write, GuestProfile, work)

    async def events(self, property_id: str, *, after: int, limit: int) -> Sequence[ReservationEvent]:
        return await self._ledger.events(property_id, after, limit)

    async def last_sequence(self, property_id: str) -> int:
        return await self._ledger.last_sequence(property_id)

    async def _once(self, write: Write, shape: type[T], work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Does the work and keeps its answer in one transaction, or returns the answer kept by an equal write."""
        async with self._transaction() as tx:
            stored = await tx.claim(write, self._clock.now())
            if stored is not None:
                return record.from_text(shape, stored)
            result = await work(tx)
            await tx.answer(write, result)
        return result

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        """A transaction whose nights are forgotten after it, however it ends: a lost commit may have been one."""
        moved: set[tuple[str, date]] = set()
        try:
            async with self._ledger.transaction() as tx:
                moved = tx.moved
                yield tx
        finally:
            if self._remembered is not None:
                self._remembered.forget(moved)

    async def _move(
        self, tx: Transaction, write: Write, property_id: str, wanted: Sequence[NightMove], *, swept: bool = False
    ) -> None:
        """Moves rooms and records who had them locked. `swept`: rooms of holds that ran out come back first."""
        ended: list[NightMove] = []
        if swept:
            ended = await self._ended(tx, await tx.expired_holds_of(property_id, self._clock.now()))
        since = self._clock.now()
        await tx.move(property_id, merged([*ended, *wanted]))
        await tx.audit(
            resource_id=f"{property_id}/{_resource(wanted)}",
            operation=write.operation,
            holder_id=write.request_id,
            since=since,
            until=self._clock.now(),
        )

    async def forget_guest(self, forgetting: Forgetting) -> Forgotten:
        own = [hotel.property_id for hotel in await self._ledger.properties()]
        today = self._clock.now().date()
        return await self._ledger.forget_guest(own, forgetting, today=today, retention=self._keep_guests)

    async def forget_departed(self) -> int:
        """Guests who asked to be forgotten, and whom nobody needs to know any more; how many."""
        today, total = self._clock.now().date(), 0
        while gone := await self._ledger.forget_departed(today=today, retention=self._keep_guests, limit=SWEEP_BATCH):
            total += gone
        return total

    async def _ended(self, tx: Transaction, expired: Sequence[Hold]) -> list[NightMove]:
        """Marks holds that ran out; returns the moves that put their rooms back."""
        back: list[NightMove] = []
        for hold in expired:
            await tx.put_hold(replace(hold, state=HoldState.EXPIRED))
            back += moves(hold.room_type_id, hold.stay, held=-hold.units)
        return back

    async def _written(self, tx: Transaction, reservation: Reservation, event_type: EventType) -> Reservation:
        await tx.replace_reservation(reservation)
        await tx.append_event(event_type, reservation, self._clock.now())
        return reservation


def _found(reservation: Reservation | None) -> Reservation:
    if reservation is None:
        raise NotFound("RESERVATION_NOT_FOUND", "no such reservation")
    return reservation


def _found_hold(hold: Hold | None, hold_id: str) -> Hold:
    if hold is None:
        raise NotFound("HOLD_NOT_FOUND", f"no hold {hold_id!r}")
    return hold


async def _with_code(tx: Transaction, reservation: Reservation) -> Reservation:
    for _ in range(CODE_ATTEMPTS):
        coded = replace(reservation, confirmation_code=new_code())
        if await tx.add_reservation(coded):
            return coded
    raise RuntimeError("no free confirmation code")


def _difference(before: Reservation, after: Reservation) -> list[NightMove]:
    """The moves that turn one reservation's rooms into another's."""
    given = moves(before.room_type_id, before.stay, sold=-before.units) if before.takes_rooms else []
    taken = moves(after.room_type_id, after.stay, sold=after.units) if after.takes_rooms else []
    return [*given, *taken]


def _resource(wanted: Sequence[NightMove]) -> str:
    types = sorted({move.room_type_id for move in wanted})
    nights = sorted({move.night for move in wanted})
    return f"{'+'.join(types)}/{nights[0]}..{nights[-1]}" if nights else "-"
