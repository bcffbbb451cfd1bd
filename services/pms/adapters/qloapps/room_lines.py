"""Single room lines changed in place, and orders cancelled: writes that may be repeated until they are seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from mesh.errors import Refused

from services.pms.adapters.qloapps.checking import rooms_of
from services.pms.adapters.qloapps.failures import Rejected, UnknownOutcome, Unreachable
from services.pms.adapters.qloapps.lock import Grip
from services.pms.adapters.qloapps.parsing import ALLOTTED, CANCELED, CHECKED_IN, CHECKED_OUT, SeenLine, SeenOrder
from services.pms.adapters.qloapps.site import Site
from services.pms.domain.reservation import Reservation

REPEATS = 3
PAUSE = 0.5


class RoomLines:
    """Writes to `room_bookings` and `order_histories` of one hotel."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def read_again(self, order: SeenOrder) -> SeenOrder:
        """The order as it is now; not to find it leaves a write's outcome unknown."""
        seen = await self._site.orders.order(order.order_id)
        if seen is None:
            raise UnknownOutcome("the order that was changed is not there")
        return seen

    async def canceled(self, order: SeenOrder, grip: Grip) -> SeenOrder:
        """The order after its cancellation, every line of it released."""
        for attempt in range(REPEATS + 1):
            if order.canceled and not order.live_lines:
                return order
            if attempt == REPEATS:
                break
            await self._pause(attempt)
            await grip.still_held()
            try:
                await self._site.client.post_state(order.order_id, CANCELED)
            except UnknownOutcome:
                pass  # it may be repeated: what counts is what is seen
            except Rejected as rejection:
                raise Unreachable("QloApps does not cancel this booking") from rejection
            order = await self.read_again(order)
        raise UnknownOutcome("the booking is not seen as cancelled")

    async def checked_in(self, order: SeenOrder, target: Reservation, grip: Grip) -> SeenOrder:
        """Every line marked as arrived, in the rooms that the reservation now has."""
        stamp = await self._local_time()
        free = dict(rooms_of(order))
        for room in target.rooms:
            wanted = await self._room_id(room.room_number)
            key = wanted if wanted in free else next(iter(free), 0)
            lines = free.pop(key, [])
            for line in lines:
                if wanted and line.room_id != wanted:
                    await self._must_be_vacant(wanted, line)
                fields = {"id_status": CHECKED_IN, "check_in": stamp, "id_room": wanted or line.room_id}
                if line.status == ALLOTTED or line.room_id != fields["id_room"]:
                    await self.put(line, fields, grip)
        return await self.read_again(order)

    async def checked_out(self, order: SeenOrder, target: Reservation, grip: Grip) -> SeenOrder:
        """Every line marked as departed; nights not stayed are given back."""
        stamp, departure = await self._local_time(), target.stay.check_out
        for line in order.live_lines:
            fields: dict[str, object] = {"id_status": CHECKED_OUT, "check_out": stamp}
            if line.stay.check_in < departure < line.stay.check_out:
                fields["date_to"] = f"{departure} 00:00:00"
            if line.status != CHECKED_OUT:
                await self.put(line, fields, grip)
        return await self.read_again(order)

    async def put(self, line: SeenLine, fields: Mapping[str, object], grip: Grip) -> None:
        """Changes fields of one line: read as XML, put back whole. QloApps checks nothing here, so we must have."""
        for attempt in range(REPEATS):
            await self._pause(attempt)
            row = await self._site.client.row_as_xml("room_bookings", line.line_id)
            node = row.find("booking") if row is not None else None
            if row is None or node is None:
                raise UnknownOutcome("the room line that was to be changed is not there")
            if attempt and all((node.findtext(name) or "").strip() == str(value) for name, value in fields.items()):
                return
            for name, value in fields.items():
                child = node.find(name)
                if child is not None:
                    child.text = str(value)
            await grip.still_held()
            try:
                await self._site.client.put_row("room_bookings", line.line_id, row)
            except UnknownOutcome:
                continue
            except Rejected as rejection:
                raise Unreachable("QloApps does not change this room line") from rejection
            return
        raise UnknownOutcome("the room line is not seen as changed")

    async def _must_be_vacant(self, room_id: int, line: SeenLine) -> None:
        """Raises Refused when a room is kept for somebody else."""
        others = await self._site.orders.others_in([room_id], line.stay, line.order_id)
        if others:
            raise Refused("STATE_NOT_ALLOWED", "the room is kept for another guest", room_id=room_id)

    async def _room_id(self, number: str) -> int:
        room = (await self._site.reader.info()).room_by_number(number)
        return room.room_id if room else 0

    async def _local_time(self) -> str:
        """Now, as the server's clock shows it."""
        zone = (await self._site.reader.info()).time_zone or self._site.hotel.time_zone
        now: datetime = self._site.clock.now().astimezone(ZoneInfo(zone))
        return now.strftime("%Y-%m-%d %H:%M:%S")

    async def _pause(self, attempt: int) -> None:
        if attempt:
            await self._site.sleep(PAUSE * attempt)
