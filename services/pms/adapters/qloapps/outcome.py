"""What became of bookings: looked up by the operation id that they carry, checked, taken back if not good."""

from __future__ import annotations

from datetime import timedelta

from mesh import deadline
from mesh.errors import DomainError

from services.pms.adapters.qloapps import checking
from services.pms.adapters.qloapps.bodies import source_of
from services.pms.adapters.qloapps.failures import Rejected, UnknownOutcome
from services.pms.adapters.qloapps.journal import Booking
from services.pms.adapters.qloapps.metrics import COMPENSATIONS
from services.pms.adapters.qloapps.parsing import CANCELED, SeenOrder
from services.pms.adapters.qloapps.site import Site

ATTEMPTS = 3
# How often a booking of unknown outcome is looked for, with these pauses before, as long as the caller has time.
LOOK_PAUSES = (0.0, 0.25, 0.5, 1.0, 2.0)
# After so long a request that was cut off has ended at QloApps too: what is not there by then was not made.
SETTLED_AFTER = timedelta(seconds=90)


class Outcomes:
    """Finds out for one hotel. Whatever cannot be found out is an UnknownOutcome, never a guess."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def by_id(self, order_id: int) -> SeenOrder | None:
        """An order that was just answered. Not to be able to read it leaves its outcome unknown."""
        try:
            order = await self._site.orders.order(order_id)
        except DomainError as error:
            raise UnknownOutcome("the booking cannot be looked at") from error
        if order is None:
            raise UnknownOutcome("the booking that was answered is not there")
        return order

    async def looked_up(self, source: str, *, finished: bool) -> SeenOrder | None:
        """The order of an attempt, looked for until QloApps must be done with it or the caller has no time left."""
        for pause in LOOK_PAUSES:
            left = deadline.remaining()
            if left is not None and pause + 0.5 > left:
                break
            if pause:
                await self._site.sleep(pause)
            try:
                found = await self._site.orders.by_sources([source])
            except DomainError as error:
                raise UnknownOutcome("QloApps cannot be asked what became of the booking") from error
            if found or finished:
                # An earlier attempt that was taken back has the same source.
                return next((order for order in found if not order.canceled), next(iter(found), None))
        return None

    async def of_earlier(self, booking: Booking) -> tuple[SeenOrder | None, int]:
        """What earlier attempts came to: a good order, or how many of them are over. Raises UnknownOutcome while the
        last one may still be on its way."""
        order = await self.found(booking)
        if order is not None:
            return order, 0
        sent = booking.sent_time or booking.begin_time
        if self._site.clock.now() - sent < SETTLED_AFTER:
            raise UnknownOutcome("the booking may still be on its way")
        sources = [source_of(booking.reservation.source, booking.operation_id, n) for n in range(ATTEMPTS)]
        over = {order.source for order in await self._site.orders.by_sources(sources)}
        return None, next((n for n, source in enumerate(sources) if source not in over), ATTEMPTS)

    async def found(self, booking: Booking) -> SeenOrder | None:
        """A good order of any attempt. Orders beside it, and orders that are not good, are cancelled."""
        sources = [source_of(booking.reservation.source, booking.operation_id, n) for n in range(ATTEMPTS)]
        try:
            orders = await self._site.orders.by_sources(sources)
        except DomainError as error:
            raise UnknownOutcome("QloApps cannot be asked what became of the booking") from error
        good: SeenOrder | None = None
        for order in orders:
            if good is not None and not order.canceled:
                await self.taken_back(order, "repeated")
            elif not order.canceled:
                good = await self.kept(booking, order)
        return good

    async def kept(self, booking: Booking, order: SeenOrder) -> SeenOrder | None:
        """The order if it is good; else it is cancelled."""
        try:
            stay, units = booking.reservation.stay, booking.reservation.units
            if await checking.keeps_its_rooms(self._site, order, stay, units):
                return order
            if not order.canceled:
                await self.taken_back(order, "lost")
        except UnknownOutcome:
            raise
        except DomainError as error:
            raise UnknownOutcome("the booking cannot be looked at") from error
        return None

    async def taken_back(self, order: SeenOrder, why: str) -> None:
        COMPENSATIONS.labels(why).inc()
        try:
            await self._site.client.post_state(order.order_id, CANCELED)
        except (UnknownOutcome, Rejected):
            seen = await self._site.orders.order(order.order_id)
            if seen is not None and not seen.canceled:
                raise UnknownOutcome("a lost booking could not be taken back") from None
        await self._site.availability.outdate(*(line.stay for line in order.lines))
