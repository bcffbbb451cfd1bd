"""Other dates, rooms or room types for a booking, in a house that may be full.

QloApps checks a new line while the old one still holds its room. So where rooms are free elsewhere the lines are
replaced; else a stay is lengthened by a second line for the same room, or its line is moved in place, which QloApps
does not check and we have to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from mesh.errors import Busy, Down, Refused
from mesh.telemetry import get_logger

from services.pms.adapters.qloapps import guests
from services.pms.adapters.qloapps.bodies import WantedRoom, replaced_booking
from services.pms.adapters.qloapps.checking import covered, keeps_its_rooms, rooms_of
from services.pms.adapters.qloapps.failures import Rejected, UnknownOutcome, Unreachable
from services.pms.adapters.qloapps.line_plans import LinePlans, as_is
from services.pms.adapters.qloapps.lock import Grip
from services.pms.adapters.qloapps.metrics import COMPENSATIONS
from services.pms.adapters.qloapps.parsing import SeenOrder
from services.pms.adapters.qloapps.room_lines import RoomLines
from services.pms.adapters.qloapps.site import Site
from services.pms.domain.reservation import Reservation, ReservationState
from services.pms.domain.stay import Stay

log = get_logger(__name__)
REPEATS = 3
CENT = Decimal("0.01")


class Reshaping:
    """Changes what an order consists of."""

    def __init__(self, site: Site, lines: RoomLines) -> None:
        self._site = site
        self._lines = lines
        self._plans = LinePlans(site)

    async def reshaped(self, order: SeenOrder, current: Reservation, target: Reservation, grip: Grip) -> SeenOrder:
        """The order as the target has it, looked at afterwards. Raises Refused SOLD_OUT, UnknownOutcome."""
        changed = await self._changed(order, current, target, grip)
        changed = await self._with_people(changed, target, grip)
        if await keeps_its_rooms(self._site, changed, target.stay, target.units):
            return changed
        await self._put_back(changed, order, grip)
        raise _sold_out(target)

    async def _changed(self, order: SeenOrder, current: Reservation, target: Reservation, grip: Grip) -> SeenOrder:
        if _has_these_rooms(self._site, order, target):
            if (current.total, current.remark) == (target.total, target.remark):
                return order
            return await self._put(order, await self._plans.as_it_is(order, current, target), grip, target.remark)
        fresh = await self._plans.replacing(order, target)
        if current.state is not ReservationState.IN_HOUSE and await self._are_free(fresh, target):
            return await self._put(order, fresh, grip, target.remark)
        if not await self._own_rooms_do(order, current, target):
            raise _sold_out(target)
        if _is_longer(current.stay, target.stay):
            return await self._put(order, await self._plans.lengthening(order, current, target), grip, target.remark)
        return await self._moved(order, target, grip)

    # Which rooms.

    async def _are_free(self, rooms: Sequence[WantedRoom], target: Reservation) -> bool:
        """True when QloApps has enough rooms beside those that the booking keeps, less what others hold."""
        wanted = sum(room.room_id == 0 for room in rooms)
        type_id = self._site.pms_type(target.room_type_id)
        rate = await self._site.availability.whole_stay(type_id, target.stay)
        held = await self._site.books.held(self._site.property_id, target.room_type_id, target.stay)
        return rate is not None and len(rate.room_ids) - max(held.values(), default=0) >= wanted

    async def _own_rooms_do(self, order: SeenOrder, current: Reservation, target: Reservation) -> bool:
        """True when the booking's own rooms are free of others on every night of the new stay."""
        if (target.room_type_id, target.units) != (current.room_type_id, current.units):
            return False
        rooms = list(rooms_of(order))
        others = await self._site.orders.others_in(rooms, target.stay, order.order_id)
        held = await self._held_beside(current, target)
        return not others and held <= 0

    async def _held_beside(self, current: Reservation, target: Reservation) -> int:
        """How many held rooms of the new nights could only be had by giving away the booking's own rooms."""
        fresh = await self._site.availability.fresh(await self._site.reader.info(), target.stay)
        held = await self._site.books.held(self._site.property_id, target.room_type_id, target.stay)
        type_id = self._site.pms_type(target.room_type_id)
        worst = 0
        for night, seen in fresh.items():
            left = next((t.capacity - t.sold for t in seen.types if t.type_id == type_id), 0)
            own_new = 0 if night in current.stay else target.units
            worst = max(worst, held.get(night, 0) + own_new - left)
        return worst

    # How.

    async def _moved(self, order: SeenOrder, target: Reservation, grip: Grip) -> SeenOrder:
        """Lines moved in place, then priced; a second line of a room goes with the first.

        A moved line keeps its old number, which says nothing of who was first on its new nights: whoever is there, was.
        """
        rooms = rooms_of(order)
        for lines in rooms.values():
            await self._lines.put(lines[0], _dates(target.stay), grip)
        try:
            if await self._site.orders.others_in(list(rooms), target.stay, order.order_id):
                raise _sold_out(target)
            seen = await self._lines.read_again(order)
            moved = _only(seen, {lines[0].line_id for lines in rooms.values()})
            return await self._put(seen, await self._plans.replacing(moved, target), grip, target.remark)
        except UnknownOutcome:
            raise
        except (Refused, Down, Busy):
            COMPENSATIONS.labels("move").inc()
            for lines in rooms.values():
                await self._lines.put(lines[0], _dates(lines[0].stay), grip)
            raise

    async def _with_people(self, order: SeenOrder, target: Reservation, grip: Grip) -> SeenOrder:
        """Who sleeps there is not changed in lines that stay: it has to be, line by line."""
        free = dict(rooms_of(order))
        changed = False
        for room in target.rooms:
            key = next((key for key, lines in free.items() if lines[0].occupancy == room.occupancy), None)
            key = key if key is not None else next(iter(free), None)
            for line in free.pop(key, []) if key is not None else []:
                if line.occupancy != room.occupancy:
                    ages = list(room.occupancy.child_ages)
                    fields = {
                        "adults": room.occupancy.adults,
                        "children": len(ages),
                        "child_ages": str(ages).replace(" ", ""),
                    }
                    await self._lines.put(line, fields, grip)
                    changed = True
        return await self._lines.read_again(order) if changed else order

    async def _put(self, order: SeenOrder, rooms: Sequence[WantedRoom], grip: Grip, remark: str = "") -> SeenOrder:
        """Replaces the lines of an order; raises Refused SOLD_OUT, UnknownOutcome.

        Once every line is there a repeat adds nothing: it is made until the prices are there too.
        """
        site = self._site
        customer = await site.orders.customer(order.customer_id)
        if customer is None:
            raise Unreachable("the order's customer is not there")
        detail = guests.same_customer(customer)
        body = replaced_booking(site.connection, customer=detail, rooms=rooms, remark=remark)
        for _ in range(REPEATS):
            await grip.still_held()
            try:
                await site.client.put_booking(order.order_id, body)
            except UnknownOutcome as error:
                seen = await self._seen_after(order, rooms, finished=error.finished)
                if _are_priced(seen, rooms):
                    return seen
            except Rejected as rejection:
                if rejection.sold_out:
                    raise Refused("SOLD_OUT", "too few rooms left") from rejection
                log.error("pms_rejects_change", property_id=site.property_id, messages=rejection.messages)
                raise Unreachable("QloApps does not take this change") from rejection
            else:
                return await self._lines.read_again(order)
        return seen

    async def _seen_after(self, order: SeenOrder, rooms: Sequence[WantedRoom], *, finished: bool) -> SeenOrder:
        """What a change of unknown outcome came to. Raises UnknownOutcome when it cannot be told yet."""
        wanted = sorted((room.type_id, room.stay) for room in rooms)
        for attempt in range(1 if finished else REPEATS):
            if attempt:
                await self._site.sleep(0.5 * attempt)
            seen = await self._lines.read_again(order)
            if sorted((line.type_id, line.stay) for line in seen.live_lines) == wanted:
                return seen
        if finished and seen.live_lines == order.live_lines:
            raise Unreachable("QloApps fails on this change")
        raise UnknownOutcome("the change is not seen")

    async def _put_back(self, changed: SeenOrder, before: SeenOrder, grip: Grip) -> None:
        """The lines as they were before a change that cost the guest their rooms."""
        COMPENSATIONS.labels("change").inc()
        try:
            await self._put(changed, [as_is(line, {}) for line in before.live_lines], grip)
        except Refused:
            log.error("change_not_taken_back", property_id=self._site.property_id, order_id=before.order_id)


def _only(order: SeenOrder, line_ids: set[int]) -> SeenOrder:
    return replace(order, lines=tuple(line for line in order.lines if line.line_id in line_ids))


def _has_these_rooms(site: Site, order: SeenOrder, target: Reservation) -> bool:
    type_id, rooms = site.pms_type(target.room_type_id), rooms_of(order)
    of_type = all(line.type_id == type_id for line in order.live_lines)
    return of_type and len(rooms) == target.units and all(covered(lines) == target.stay for lines in rooms.values())


def _is_longer(before: Stay, after: Stay) -> bool:
    return after.check_in <= before.check_in and before.check_out <= after.check_out and before != after


def _are_priced(order: SeenOrder, rooms: Sequence[WantedRoom]) -> bool:
    """True when every line has the price that was sent for it."""
    have = sorted((line.type_id, line.stay, line.net) for line in order.live_lines)
    want = sorted(((room.type_id, room.stay, room.net) for room in rooms), key=lambda each: each[:2])
    return all(net is None or abs(line[2] - net) < CENT for line, (_, _, net) in zip(have, want, strict=True))


def _dates(stay: Stay) -> dict[str, object]:
    return {"date_from": f"{stay.check_in} 00:00:00", "date_to": f"{stay.check_out} 00:00:00"}


def _sold_out(target: Reservation) -> Refused:
    return Refused(
        "SOLD_OUT", "too few rooms left", room_type_id=target.room_type_id, date=target.stay.check_in.isoformat()
    )
