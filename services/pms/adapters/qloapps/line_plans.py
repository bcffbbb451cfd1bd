"""Which lines an order is to have after a change, and at what price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from mesh.errors import Down
from mesh.telemetry import get_logger

from services.pms.adapters.qloapps.bodies import WantedRoom, net_of
from services.pms.adapters.qloapps.checking import rooms_of
from services.pms.adapters.qloapps.failures import Rejected
from services.pms.adapters.qloapps.parsing import SeenLine, SeenOrder, whole
from services.pms.adapters.qloapps.site import Site
from services.pms.domain.pricing import price_room
from services.pms.domain.reservation import Reservation
from services.pms.domain.stay import Stay

log = get_logger(__name__)
Services = dict[int, tuple[tuple[int, int], ...]]


class LinePlans:
    """Plans lines for one hotel. What is not repeated in a change is dropped, services too."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def replacing(self, order: SeenOrder, target: Reservation) -> list[WantedRoom]:
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
                    net=net,
                    room_id=line.room_id if line else 0,
                    services=services.get(line.line_id, ()) if line else (),
                )
            )
        return rooms

    async def as_it_is(self, order: SeenOrder, current: Reservation, target: Reservation) -> list[WantedRoom]:
        """The lines there are; where the total changes, the first line of each room takes the difference."""
        services, nets = await self._services(order), await self._nets(target)
        rooms = []
        for lines, net in zip(rooms_of(order).values(), nets, strict=True):
            same = [as_is(line, services) for line in lines]
            if current.total != target.total:
                same[0] = replace(same[0], net=net - sum((line.net for line in lines[1:]), Decimal(0)))
            rooms += same
        return rooms

    async def lengthening(self, order: SeenOrder, current: Reservation, target: Reservation) -> list[WantedRoom]:
        """The lines there are, and beside them lines for the nights that are new, in the same rooms."""
        services, nets = await self._services(order), await self._nets(target)
        rooms = [as_is(line, services) for line in order.live_lines]
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


def as_is(line: SeenLine, services: Services) -> WantedRoom:
    """A line as it stands, at the price it has."""
    return WantedRoom(
        type_id=line.type_id,
        stay=line.stay,
        occupancy=line.occupancy,
        net=None,
        room_id=line.room_id,
        services=services.get(line.line_id, ()),
    )


def _best(lines: Sequence[SeenLine], number: str) -> SeenLine | None:
    return next((line for line in lines if line.room_number == number), next(iter(lines), None))
