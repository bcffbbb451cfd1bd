"""Keeping up with what happens at QloApps without us: its front desk, its web site, other channels.

Every order is taken over into our books once, as a reservation with its reference as the code; from then on what
others change of it is noticed by what was last seen. Writes of ours that were left open are settled on the way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from mesh.clock import Clock
from mesh.errors import Busy, DomainError, Down
from mesh.telemetry import get_logger

from services.pms.adapters.ledger import Transaction
from services.pms.adapters.qloapps import books
from services.pms.adapters.qloapps.journal import Booking, Change, Entry, Link
from services.pms.adapters.qloapps.mirror import (
    adopted,
    booker_of,
    brought_up_to_date,
    seen_of,
    shortly_before,
    total_seen,
)
from services.pms.adapters.qloapps.parsing import Customer, SeenOrder, whole
from services.pms.adapters.qloapps.site import Site
from services.pms.adapters.remembering import remembered
from services.pms.domain.code import normalised
from services.pms.domain.phone import email_key, match_key
from services.pms.domain.reservation import Reservation

log = get_logger(__name__)
Resolve = Callable[[Entry], Awaitable[bool]]
FRESH_ENOUGH = timedelta(seconds=10)
# An open write is left to whoever began it for so long.
LEFT_ALONE = timedelta(seconds=30)
CUSTOMER_PAGES = 25


class Following:
    """Follows one hotel."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._clock: Clock = site.clock
        self._stamp = ""
        self._followed_at: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def catch_up(self, resolve: Resolve, *, within: timedelta = FRESH_ENOUGH) -> bool:
        """Follows unless that was done `within` a moment ago. False when QloApps is away."""
        async with self._one_at_a_time:
            if self._followed_at is not None and self._clock.now() - self._followed_at < within:
                return True
            try:
                await self.follow(resolve)
            except (Down, Busy) as error:
                log.warning("qloapps_not_followed", property_id=self._site.property_id, reason=error.reason)
                return False
        return True

    async def follow(self, resolve: Resolve) -> None:
        """Takes over everything that is new. Raises Down."""
        begun = self._clock.now()
        for entry in await self._site.journal.entries(self._site.property_id):
            if begun - entry.begin_time >= LEFT_ALONE:
                try:
                    await resolve(entry)
                except DomainError as error:
                    log.warning("open_write_not_settled", reason=error.reason)
        stamp = await self._site.orders.latest_update()
        if self._stamp:
            changed = await self._site.orders.changed_since(shortly_before(self._stamp)) if stamp else []
        else:
            today = self._site.hotel.today(begun)
            changed = await self._site.orders.orders(await self._site.orders.staying_from(today))
        await self._take_over(changed)
        await self._guests()
        self._stamp, self._followed_at = stamp or self._stamp, begun

    async def by_reference(self, code: str) -> None:
        """Takes over the orders with a reference, should we not know them yet."""
        await self._take_over(await self._site.orders.by_reference(code))

    async def refreshed(self, reservation: Reservation) -> Reservation:
        """The reservation as QloApps has it now. With QloApps away or busy, as it was last known."""
        try:
            order = await self._site.orders.order(order_id_of(reservation))
            if order is None or not await self._news([order]):
                return reservation
            await self._take_over([order])
        except (Down, Busy) as error:
            log.warning("reservation_not_refreshed", property_id=self._site.property_id, reason=error.reason)
            return reservation
        return await self._site.books.reservation(reservation.reservation_id)

    async def refreshed_under_lock(self, reservation_id: str) -> Reservation:
        """The same for who holds the hotel's lock. Raises Down."""
        known = await self._site.books.reservation(reservation_id)
        order = await self._site.orders.order(order_id_of(known))
        if order is not None:
            await self._entered(await self._news([order]))
        return await self._site.books.reservation(reservation_id)

    # Orders.

    async def _take_over(self, orders: Sequence[SeenOrder]) -> None:
        """Enters what is new of these orders. Looked at again under the lock: a write of ours may be the news."""
        ids = [order.order_id for order in await self._news(orders)]
        if not ids:
            return
        async with self._site.locks.held(self._site.property_id):
            await self._entered(await self._news(await self._site.orders.orders(ids)))

    async def _news(self, orders: Sequence[SeenOrder]) -> list[SeenOrder]:
        """Orders that are not as we last saw them."""
        links = await self._site.journal.links(self._site.property_id, [order.order_id for order in orders])
        return [
            order
            for order in orders
            if order.lines and (order.order_id not in links or links[order.order_id].seen != seen_of(order))
        ]

    async def _entered(self, orders: Sequence[SeenOrder]) -> None:
        """Under the hotel's lock: brings our books in line with these orders."""
        site = self._site
        open_writes = await site.journal.entries(site.property_id)
        sources = [entry.operation_id for entry in open_writes if isinstance(entry, Booking)]
        changing = {entry.target.reservation_id for entry in open_writes if isinstance(entry, Change)}
        links = await site.journal.links(site.property_id, [order.order_id for order in orders])
        customers = await site.orders.customers(sorted({order.customer_id for order in orders}))
        for order in sorted(orders, key=lambda each: (each.lines[0].stay.check_in, each.order_id)):
            link = links.get(order.order_id)
            if any(operation in order.source for operation in sources) or (link and link.reservation_id in changing):
                continue  # a write of ours that is not settled yet
            if link is None or not link.reservation_id:
                await self._adopted(order, customers.get(order.customer_id))
            else:
                await self._brought_up_to_date(order, link)
            await site.availability.outdate(*(line.stay for line in order.lines))

    async def _adopted(self, order: SeenOrder, customer: Customer | None) -> None:
        site, now = self._site, self._clock.now()
        info = await site.reader.info()
        found = adopted(order, customer, hotel=site.hotel, info=info, connection=site.connection, now=now)
        if found is None or order.canceled:
            await self._linked(order, "")  # seen, and nothing of ours until it changes
            return
        reservation = found

        async def work(tx: Transaction) -> str:
            known = await tx.reservation(reservation.reservation_id)
            if known is not None:
                return known.reservation_id
            return (await books.entered(tx, reservation, now, normalised(order.reference))).reservation_id

        async with site.books.ledger.transaction() as tx:
            reservation_id = await work(tx)
        await self._linked(order, reservation_id)

    async def _brought_up_to_date(self, order: SeenOrder, link: Link) -> None:
        now = self._clock.now()
        async with self._site.books.ledger.transaction() as tx:
            known = await tx.reservation(link.reservation_id)
            if known is None:
                return
            total_changed = total_seen(link.seen) != order.total
            changed = brought_up_to_date(known, order, self._site.connection, total_changed=total_changed, now=now)
            if changed is not None:
                reservation, event_type = changed
                await tx.replace_reservation(reservation)
                await tx.append_event(event_type, reservation, now)
        await self._linked(order, link.reservation_id)

    async def _linked(self, order: SeenOrder, reservation_id: str) -> None:
        await self._site.journal.link(
            Link(
                property_id=self._site.property_id,
                order_id=order.order_id,
                reservation_id=reservation_id,
                seen=seen_of(order),
            )
        )

    # Guests.

    async def _guests(self) -> None:
        """Takes over customers that are new: QloApps cannot be asked for one by telephone."""
        site = self._site
        info = await site.reader.info()
        highest = await site.journal.highest_customer(site.property_id)
        for _ in range(CUSTOMER_PAGES):
            page = await site.orders.customers_after(highest)
            if not page:
                return
            for customer in page:
                booker = booker_of(customer, info)
                if not match_key(booker.phone_number) and not email_key(booker.email):
                    continue
                async with site.books.ledger.transaction() as tx:
                    await remembered(tx, site.property_id, booker)
            highest = await site.journal.highest_customer(site.property_id, page[-1].customer_id)


def order_id_of(reservation: Reservation) -> int:
    """The order that a reservation is at QloApps; 0 when it is none."""
    return next((whole(each.external_id) for each in reservation.external_ids if each.system == "qloapps"), 0)
