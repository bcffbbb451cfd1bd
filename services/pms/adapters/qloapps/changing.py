"""Changes of reservations: the journal first, then QloApps, then a look at what came of it, then our books."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from mesh.errors import Conflict, Down, Invalid, Refused
from mesh.telemetry import get_logger

from services.pms.adapters.ledger import Transaction
from services.pms.adapters.qloapps import books, checking
from services.pms.adapters.qloapps.failures import UnknownOutcome
from services.pms.adapters.qloapps.following import Following, order_id_of
from services.pms.adapters.qloapps.journal import Change, Link
from services.pms.adapters.qloapps.lock import Grip
from services.pms.adapters.qloapps.metrics import UNKNOWN_OUTCOMES
from services.pms.adapters.qloapps.mirror import numbered, payment_of, seen_of, state_of
from services.pms.adapters.qloapps.outcome import SETTLED_AFTER
from services.pms.adapters.qloapps.parsing import SeenOrder
from services.pms.adapters.qloapps.reshaping import Reshaping
from services.pms.adapters.qloapps.room_lines import RoomLines
from services.pms.adapters.qloapps.site import Site
from services.pms.domain.change import Cancellation, Modification
from services.pms.domain.event import EventType
from services.pms.domain.property import Property
from services.pms.domain.reservation import Reservation, ReservationState, room_numbers
from services.pms.ports import Write

log = get_logger(__name__)
Plan = Callable[[Reservation], Awaitable[tuple[Reservation, EventType]]]


class Changing:
    """Changes reservations of one hotel. See `ports.Backend` for what each call promises."""

    def __init__(self, site: Site, following: Following) -> None:
        self._site = site
        self._following = following
        self._lines = RoomLines(site)
        self._reshaping = Reshaping(site, self._lines)

    async def modify(self, write: Write, modification: Modification) -> Reservation:
        async def plan(current: Reservation) -> tuple[Reservation, EventType]:
            now = self._site.clock.now()
            modification.must_be_live(now)
            return modification.applied_to(current, now), EventType.MODIFIED

        return await self._change(write, modification.reservation_id, plan)

    async def cancel(self, write: Write, cancellation: Cancellation, reason: str) -> Reservation:
        async def plan(current: Reservation) -> tuple[Reservation, EventType]:
            now = self._site.clock.now()
            cancellation.must_be_live(now)
            current.must_have_version(cancellation.version)
            return current.canceled(fee=cancellation.fee, reason=reason, now=now), EventType.CANCELED

        return await self._change(write, cancellation.reservation_id, plan)

    async def check_in(
        self, write: Write, hotel: Property, reservation_id: str, *, version: int, room_number: str
    ) -> Reservation:
        async def plan(current: Reservation) -> tuple[Reservation, EventType]:
            now = self._site.clock.now()
            current.must_have_version(version)
            async with self._site.books.ledger.transaction() as tx:
                taken = await tx.rooms_in_use(hotel.property_id)
            numbers = room_numbers(hotel, current, wanted=room_number, taken=taken)
            return current.checked_in(numbers, today=hotel.today(now), now=now), EventType.CHECKED_IN

        return await self._change(write, reservation_id, plan)

    async def check_out(self, write: Write, hotel: Property, reservation_id: str, *, version: int) -> Reservation:
        async def plan(current: Reservation) -> tuple[Reservation, EventType]:
            now = self._site.clock.now()
            current.must_have_version(version)
            return current.checked_out(today=hotel.today(now), now=now), EventType.CHECKED_OUT

        return await self._change(write, reservation_id, plan)

    async def resolved(self, change: Change) -> bool:
        """Settles a change that nobody came back for: recorded if it was made, dropped if not. True when closed."""
        site = self._site
        async with site.locks.held(site.property_id) as grip:
            if await site.journal.entry(change.request_id) is None:
                return True
            order = await self._order(change.target)
            if is_as_wanted(order, change.target):
                write = Write(request_id=change.request_id, operation="reservation.update", digest=change.digest)
                current = await site.books.reservation(change.target.reservation_id)
                await self._recorded(write, change, await self._applied(current, change, grip), grip)
                UNKNOWN_OUTCOMES.labels("recorded").inc()
                return True
            if site.clock.now() - change.begin_time >= SETTLED_AFTER:
                await site.journal.close(change.request_id)
                UNKNOWN_OUTCOMES.labels("not_made").inc()
                return True
        return False

    async def _change(self, write: Write, reservation_id: str, plan: Plan) -> Reservation:
        site = self._site
        stored = await site.books.answered(write, Reservation)
        if stored is not None:
            return stored
        async with site.locks.held(site.property_id) as grip:
            stored = await site.books.answered(write, Reservation)
            if stored is not None:
                return stored
            change, current = await self._planned(write, reservation_id, plan)
            try:
                order = await self._applied(current, change, grip)
            except UnknownOutcome:
                UNKNOWN_OUTCOMES.labels("open").inc()
                raise
            except (Refused, Invalid, Conflict, Down):
                await site.journal.close(write.request_id)
                raise
            return await self._recorded(write, change, order, grip)

    async def _planned(self, write: Write, reservation_id: str, plan: Plan) -> tuple[Change, Reservation]:
        """What is to be done: what was begun before under this request id, or what the plan makes of it now."""
        site = self._site
        entry = await site.journal.entry(write.request_id)
        if entry is not None:
            if entry.digest != write.digest or not isinstance(entry, Change):
                raise Invalid("the request id was used for something else", reason="REQUEST_ID_REUSED")
            return entry, await site.books.reservation(reservation_id)
        for other in await site.journal.entries(site.property_id):
            if isinstance(other, Change) and other.target.reservation_id == reservation_id:
                await self._settled_first(other)
        current = await self._following.refreshed_under_lock(reservation_id)
        target, event_type = await plan(current)
        change = Change(
            request_id=write.request_id,
            digest=write.digest,
            property_id=site.property_id,
            target=target,
            event_type=event_type,
            begin_time=site.clock.now(),
        )
        await site.journal.put(change)
        return change, current

    async def _settled_first(self, other: Change) -> None:
        """Another change of the same reservation that was left open. Nothing may be built on top of it."""
        order = await self._order(other.target)
        if not is_as_wanted(order, other.target):
            if self._site.clock.now() - other.begin_time < SETTLED_AFTER:
                raise Conflict("REQUEST_IN_PROGRESS", "another change of this reservation is not settled yet")
            await self._site.journal.close(other.request_id)
            return
        write = Write(request_id=other.request_id, operation="reservation.update", digest=other.digest)
        await self._site.books.once(write, Reservation, lambda tx: self._enter(tx, other, order))
        await self._linked(other.target, order)
        await self._site.journal.close(other.request_id)

    async def _applied(self, current: Reservation, change: Change, grip: Grip) -> SeenOrder:
        """The order after the change. Does nothing when it is done already."""
        order, target = await self._order(current), change.target
        match change.event_type:
            case EventType.CANCELED:
                return await self._lines.canceled(order, grip)
            case EventType.CHECKED_IN:
                return await self._lines.checked_in(order, target, grip)
            case EventType.CHECKED_OUT:
                return await self._lines.checked_out(order, target, grip)
        return await self._reshaping.reshaped(order, current, target, grip)

    async def _order(self, reservation: Reservation) -> SeenOrder:
        order = await self._site.orders.order(order_id_of(reservation))
        if order is None:
            raise Refused("STATE_NOT_ALLOWED", "QloApps does not have this booking any more", state=reservation.state)
        return order

    async def _recorded(self, write: Write, change: Change, order: SeenOrder, grip: Grip) -> Reservation:
        site = self._site

        async def work(tx: Transaction) -> Reservation:
            await books.audited(tx, write, site.property_id, grip, site.clock.now())
            return await self._enter(tx, change, order)

        before = await site.books.reservation(change.target.reservation_id)
        made = await site.books.once(write, Reservation, work)
        await self._linked(made, order)
        await site.journal.close(write.request_id)
        await site.availability.outdate(before.stay, made.stay)
        if made.state is not ReservationState.CANCELED:
            checking.compare_price(site, order, made.total, made.units)
        return made

    async def _enter(self, tx: Transaction, change: Change, order: SeenOrder) -> Reservation:
        current = await tx.reservation(change.target.reservation_id)
        if current is None or current.version != change.target.version - 1:
            raise Conflict("VERSION_MISMATCH", "the reservation changed since it was read")
        made = replace(change.target, rooms=numbered(change.target.rooms, order), payment_state=payment_of(order))
        await tx.replace_reservation(made)
        await tx.append_event(change.event_type, made, self._site.clock.now())
        return made

    async def _linked(self, made: Reservation, order: SeenOrder) -> None:
        await self._site.journal.link(
            Link(
                property_id=made.property_id,
                order_id=order.order_id,
                reservation_id=made.reservation_id,
                seen=seen_of(order),
            )
        )


def is_as_wanted(order: SeenOrder, target: Reservation) -> bool:
    """True when QloApps has the order as the change was to leave it."""
    if state_of(order) is not target.state:
        return False
    if target.state is ReservationState.CANCELED:
        return True
    rooms = checking.rooms_of(order)
    return len(rooms) == target.units and all(checking.covered(lines) == target.stay for lines in rooms.values())
