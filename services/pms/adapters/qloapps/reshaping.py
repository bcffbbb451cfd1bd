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
from services.pms.adapters.qloapps.bodies import WantedRoom, net_of, replaced_booking
from services.pms.adapters.qloapps.checking import keeps_its_rooms, rooms_of
from services.pms.adapters.qloapps.failures import Rejected, UnknownOutcome, Unreachable
from services.pms.adapters.qloapps.lock import Grip
from services.pms.adapters.qloapps.metrics import COMPENSATIONS
from services.pms.adapters.qloapps.parsing import SeenLine, SeenOrder, whole
from services.pms.adapters.qloapps.room_lines import RoomLines
from services.pms.adapters.qloapps.site import Site
from services.pms.domain.pricing import price_room
from services.pms.domain.reservation import Reservation, ReservationState
from services.pms.domain.stay import Stay

log = get_logger(__name__)
Services = dict[int, tuple[tuple[int, int], ...]]


class Reshaping:
    """Changes what an order consists of."""

    def __init__(self, site: Site, lines: RoomLines) -> None:
        self._site = site
        self._lines = lines

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
            return await self._put(order, await self._replacing(order, current, target), grip, target.remark)
        fresh = await self._replacing(order, current, target)
        if current.state is not ReservationState.IN_HOUSE and await self._are_free(fresh, target):
            return await self._put(order, fresh, grip, target.remark)
        if not await self._own_rooms_do(order, current, target):
            raise _sold_out(target)
        if _is_longer(current.stay, target.stay):
            return await self._put(order, await self._lengthening(order, current, target), grip, target.remark)
        return await self._moved(order, current, target, grip)

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

    # Which lines.

    async def _replacing(self, order: SeenOrder, current: Reservation, target: Reservation) -> list[WantedRoom]:
        """Lines of the new stay; those that stay as they are keep their rooms and services."""
        type_id, services = self._site.pms_type(target.room_type_id), await self._services(order)
        kept = [line for line in order.live_lines if (line.type_id, line.stay) == (type_id, target.stay)]
        nets = await self._nets(target)
        rooms = []
        for room, net in zip(target.rooms, nets, strict=True):
            line = _best(kept, room.room_number)
            if line is not None:
                kept.remove(line)
            rooms.append(
                WantedRoom(
                    type_id=type_id,
                    stay=target.stay,
                    occupancy=room.occupancy,
                    net=net if line is None or current.total != target.total else None,
                    room_id=line.room_id if line else 0,
                    services=services.get(line.line_id, ()) if line else (),
                )
            )
        return rooms

    async def _lengthening(self, order: SeenOrder, current: Reservation, target: Reservation) -> list[WantedRoom]:
        """The lines there are, and beside them lines for the nights that are new, in the same rooms."""
        services, nets = await self._services(order), await self._nets(target)
        rooms = [_as_is(line, services) for line in order.live_lines]
        extra = [
            Stay(*pair)
            for pair in (
                (target.stay.check_in, current.stay.check_in),
                (current.stay.check_out, target.stay.check_out),
            )
            if pair[0] < pair[1]
        ]
        for lines, net in zip(rooms_of(order).values(), nets, strict=True):
            more = (net - sum((line.net for line in lines), Decimal(0))) / len(extra)
            rooms += [
                WantedRoom(
                    type_id=lines[0].type_id,
                    stay=stay,
                    occupancy=lines[0].occupancy,
                    net=more,
                    room_id=lines[0].room_id,
                )
                for stay in extra
            ]
        return rooms

    async def _nets(self, target: Reservation) -> list[Decimal]:
        """The price of each room without tax, such that QloApps' own tax brings it to what was promised."""
        rate = await self._site.availability.whole_stay(self._site.pms_type(target.room_type_id), target.stay)
        tax = rate.tax_rate(self._site.hotel) if rate is not None else Decimal(0)
        return [
            net_of(price_room(self._site.hotel, target.price.nights, room.occupancy).gross.amount, tax)
            for room in target.rooms
        ]

    async def _services(self, order: SeenOrder) -> Services:
        """Services by line, to be sent again: what a change leaves out is dropped. A strict PHP does not tell them."""
        try:
            booking = await self._site.client.row("bookings", order.order_id, attempts=1) or {}
        except (Down, Rejected):
            log.info("pms_services_not_seen", order_id=order.order_id)
            return {}
        return {
            whole(room["id_hotel_booking"]): tuple(
                (whole(service["id_service"]), whole(service["quantity"])) for service in room.get("services") or []
            )
            for group in booking.get("associations", {}).get("room_types", [])
            for room in group.get("rooms", [])
        }

    # How.

    async def _moved(self, order: SeenOrder, current: Reservation, target: Reservation, grip: Grip) -> SeenOrder:
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
            return await self._put(seen, await self._replacing(moved, current, target), grip, target.remark)
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
        """Replaces the lines of an order; raises Refused SOLD_OUT, UnknownOutcome."""
        site = self._site
        customer = await site.orders.customer(order.customer_id)
        if customer is None:
            raise Unreachable("the order's customer is not there")
        detail = guests.same_customer(customer)
        body = replaced_booking(site.connection, customer=detail, rooms=rooms, remark=remark)
        await grip.still_held()
        try:
            await site.client.put_booking(order.order_id, body)
        except UnknownOutcome as error:
            return await self._seen_after(order, rooms, finished=error.finished)
        except Rejected as rejection:
            if rejection.sold_out:
                raise Refused("SOLD_OUT", "too few rooms left", room_type_id="") from rejection
            log.error("pms_rejects_change", property_id=site.property_id, messages=rejection.messages)
            raise Unreachable("QloApps does not take this change") from rejection
        return await self._lines.read_again(order)

    async def _seen_after(self, order: SeenOrder, rooms: Sequence[WantedRoom], *, finished: bool) -> SeenOrder:
        """What a change of unknown outcome came to. Raises UnknownOutcome when it cannot be told yet."""
        wanted = sorted((room.type_id, room.stay) for room in rooms)
        for attempt in range(1 if finished else 3):
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
            await self._put(changed, [_as_is(line, {}) for line in before.live_lines], grip)
        except Refused:
            log.error("change_not_taken_back", property_id=self._site.property_id, order_id=before.order_id)


def _only(order: SeenOrder, line_ids: set[int]) -> SeenOrder:
    return replace(order, lines=tuple(line for line in order.lines if line.line_id in line_ids))


def _has_these_rooms(site: Site, order: SeenOrder, target: Reservation) -> bool:
    type_id = site.pms_type(target.room_type_id)
    lines = order.live_lines
    return len(lines) == target.units and all((line.type_id, line.stay) == (type_id, target.stay) for line in lines)


def _is_longer(before: Stay, after: Stay) -> bool:
    return after.check_in <= before.check_in and before.check_out <= after.check_out and before != after


def _best(lines: Sequence[SeenLine], number: str) -> SeenLine | None:
    return next((line for line in lines if line.room_number == number), next(iter(lines), None))


def _as_is(line: SeenLine, services: Services) -> WantedRoom:
    return WantedRoom(
        type_id=line.type_id,
        stay=line.stay,
        occupancy=line.occupancy,
        net=None,
        room_id=line.room_id,
        services=services.get(line.line_id, ()),
    )


def _dates(stay: Stay) -> dict[str, object]:
    return {"date_from": f"{stay.check_in} 00:00:00", "date_to": f"{stay.check_out} 00:00:00"}


def _sold_out(target: Reservation) -> Refused:
    return Refused(
        "SOLD_OUT", "too few rooms left", room_type_id=target.room_type_id, date=target.stay.check_in.isoformat()
    )
