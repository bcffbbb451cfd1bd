"""Holds and bookings: under the hotel's lock, written down before they are sent, looked at after they are made."""

from __future__ import annotations

from dataclasses import replace

from mesh.errors import Busy, Conflict, Down, Invalid, NotFound, Refused
from mesh.telemetry import get_logger
from mesh.values import derived_id

from services.pms.adapters.ledger import Transaction
from services.pms.adapters.qloapps import books, checking, guests
from services.pms.adapters.qloapps.availability import StayRate
from services.pms.adapters.qloapps.bodies import WantedRoom, net_of, new_booking, source_of
from services.pms.adapters.qloapps.failures import Rejected, UnknownOutcome, Unreachable
from services.pms.adapters.qloapps.journal import Booking, Link
from services.pms.adapters.qloapps.lock import Grip
from services.pms.adapters.qloapps.metrics import UNKNOWN_OUTCOMES
from services.pms.adapters.qloapps.mirror import numbered, payment_of, seen_of
from services.pms.adapters.qloapps.outcome import ATTEMPTS, SETTLED_AFTER, Outcomes
from services.pms.adapters.qloapps.parsing import SeenOrder, whole
from services.pms.adapters.qloapps.site import Site
from services.pms.domain.hold import Hold
from services.pms.domain.night_move import merged, moves
from services.pms.domain.pricing import price_room
from services.pms.domain.quote import Quote
from services.pms.domain.reservation import ExternalId, Reservation
from services.pms.domain.stay import Stay
from services.pms.ports import Write

log = get_logger(__name__)
SYSTEM = "qloapps"


class _NotMade(Exception):
    """QloApps failed on this attempt, and surely made nothing of it."""


class Selling:
    """Sells rooms of one hotel."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._outcomes = Outcomes(site)

    async def place_hold(self, write: Write, quote: Quote, hold: Hold) -> Hold:
        """See `ports.Backend.place_hold`. QloApps knows no holds: ours count against what it says is free."""
        site = self._site

        async def work(tx: Transaction) -> Hold:
            now = site.clock.now()
            await books.ended_holds(tx, hold.property_id, now)
            await tx.move(hold.property_id, merged(moves(hold.room_type_id, hold.stay, held=hold.units)))
            await books.audited(tx, write, hold.property_id, grip, now)
            return await tx.put_hold(hold)

        async with site.locks.held(hold.property_id) as grip:
            stored = await site.books.answered(write, Hold)
            if stored is not None:
                return stored
            quote.must_be_live(site.clock.now())
            await self._must_be_free(hold.room_type_id, hold.stay, hold.units)
            return await site.books.once(write, Hold, work)

    async def create(self, write: Write, quote: Quote, reservation: Reservation, hold_id: str) -> Reservation:
        """See `ports.Backend.create_reservation`."""
        site = self._site
        stored = await site.books.answered(write, Reservation)
        if stored is not None:
            return stored
        async with site.locks.held(site.property_id) as grip:
            stored = await site.books.answered(write, Reservation)
            if stored is not None:
                return stored
            entry = await site.journal.entry(write.request_id)
            if entry is not None and (entry.digest != write.digest or not isinstance(entry, Booking)):
                raise Invalid("the request id was used for something else", reason="REQUEST_ID_REUSED")
            booking = entry or Booking(
                request_id=write.request_id,
                digest=write.digest,
                property_id=site.property_id,
                operation_id=derived_id("op", site.property_id, write.request_id),
                reservation=reservation,
                quote=quote,
                hold_id=hold_id,
                begin_time=site.clock.now(),
            )
            order = await self._made(booking, grip)
            return await self.recorded(write, booking, order, grip)

    async def resolved(self, booking: Booking) -> bool:
        """Finishes a booking that nobody came back for: records what was made, drops what was not. True when closed.

        The answer is kept under the request id, should somebody come back after all.
        """
        site = self._site
        write = Write(request_id=booking.request_id, operation="reservation.create", digest=booking.digest)
        async with site.locks.held(site.property_id) as grip:
            if await site.journal.entry(booking.request_id) is None:
                return True
            order = await self._outcomes.found(booking)
            if order is not None:
                await self.recorded(write, booking, order, grip)
                UNKNOWN_OUTCOMES.labels("recorded").inc()
                return True
            if booking.sent_time is None or site.clock.now() - booking.sent_time >= SETTLED_AFTER:
                await site.journal.close(booking.request_id)
                UNKNOWN_OUTCOMES.labels("not_made").inc()
                return True
        return False

    async def recorded(self, write: Write, booking: Booking, order: SeenOrder, grip: Grip) -> Reservation:
        """Enters an order that is good in our books."""
        site = self._site
        promised = booking.reservation

        async def work(tx: Transaction) -> Reservation:
            now = site.clock.now()
            if booking.hold_id:
                await books.confirmed_hold(tx, booking.hold_id)
            made = replace(
                promised,
                rooms=numbered(promised.rooms, order),
                payment_state=payment_of(order),
                external_ids=(ExternalId(system=SYSTEM, external_id=str(order.order_id)),),
            )
            await books.audited(tx, write, site.property_id, grip, now)
            return await books.entered(tx, made, now)

        made = await site.books.once(write, Reservation, work)
        link = Link(
            property_id=site.property_id,
            order_id=order.order_id,
            reservation_id=made.reservation_id,
            seen=seen_of(order),
        )
        await site.journal.link(link)
        await site.journal.close(write.request_id)
        await site.availability.outdate(promised.stay)
        email = guests.email_of(promised.booker, site.property_id, promised.reservation_id)
        await site.customers.outdate(email)
        checking.compare_price(site, order, promised.total, promised.units)
        return made

    # Before.

    async def _must_be_allowed(self, booking: Booking) -> int:
        """Raises when the quote or the hold does not allow it any more; returns the rooms that the hold keeps."""
        now = self._site.clock.now()
        booking.quote.must_be_live(now)
        if not booking.hold_id:
            return 0
        hold = await self._site.books.hold(booking.hold_id)
        hold.must_confirm(booking.quote, now)
        return hold.units

    async def _must_be_free(self, room_type_id: str, stay: Stay, units: int, *, own: int = 0) -> StayRate:
        """What QloApps says now, less what others hold. Raises Refused SOLD_OUT with the first date in the way."""
        site = self._site
        type_id = site.pms_type(room_type_id)
        rate = await site.availability.whole_stay(type_id, stay)
        held = await site.books.held(site.property_id, room_type_id, stay)
        others = {night: held.get(night, 0) - own for night in stay.nights()}
        if rate is not None and len(rate.room_ids) - max(others.values()) >= units:
            return rate
        nights = await site.availability.fresh(await site.reader.info(), stay)
        left = {
            night: next((t.capacity - t.sold for t in seen.types if t.type_id == type_id), 0) - others[night]
            for night, seen in nights.items()
        }
        short = next((night for night in stay.nights() if left.get(night, 0) < units), stay.check_in)
        raise Refused("SOLD_OUT", "too few rooms left", room_type_id=room_type_id, date=short.isoformat())

    # The booking itself.

    async def _made(self, booking: Booking, grip: Grip) -> SeenOrder:
        """An order that is good: one found of an earlier attempt, or a new one. Raises UnknownOutcome, Refused…"""
        tried = 0
        if booking.sent_time is not None:
            order, tried = await self._outcomes.of_earlier(booking)
            if order is not None:
                UNKNOWN_OUTCOMES.labels("found").inc()
                return order
        failed = False
        for attempt in range(tried, ATTEMPTS):
            try:
                own = await self._must_be_allowed(booking)
                stay, units = booking.quote.offer.stay, len(booking.quote.rooms)
                rate = await self._must_be_free(booking.reservation.room_type_id, stay, units, own=own)
            except (Refused, Invalid, NotFound, Conflict):
                # Everything that was sent is known to be gone: nothing is left behind, not even the request id.
                await self._site.journal.close(booking.request_id)
                raise
            try:
                order = await self._sent(booking, rate, attempt, grip)
                if order is not None:
                    return order
            except _NotMade:
                failed = True
        await self._site.journal.close(booking.request_id)
        if failed:
            raise Unreachable("QloApps fails on this booking")
        raise Refused("SOLD_OUT", "other guests were faster", room_type_id=booking.reservation.room_type_id)

    async def _sent(self, booking: Booking, rate: StayRate, attempt: int, grip: Grip) -> SeenOrder | None:
        """One attempt: the order when it is good; None when it was not made, or was not good and is cancelled."""
        site = self._site
        source = source_of(booking.reservation.source, booking.operation_id, attempt)
        body = await self._body(booking, rate, source)
        await grip.still_held()
        await site.journal.put(replace(booking, sent_time=site.clock.now()))
        try:
            answer = await site.client.post_booking(body)
            found = await self._outcomes.by_id(whole(answer.get("booking", {}).get("id")))
        except UnknownOutcome as error:
            found = await self._outcomes.looked_up(source, finished=error.finished)
            if found is None and error.finished:
                raise _NotMade from error
            if found is None:
                UNKNOWN_OUTCOMES.labels("open").inc()
                raise
        except Rejected as rejection:
            await site.journal.close(booking.request_id)
            if rejection.sold_out:
                return None
            log.error("pms_rejects_booking", property_id=site.property_id, messages=rejection.messages)
            raise Unreachable("QloApps does not take this booking") from rejection
        except (Down, Busy):
            # Earlier attempts, if there were any, are known to be gone.
            await site.journal.close(booking.request_id)
            raise
        return await self._outcomes.kept(booking, found) if found is not None else None

    async def _body(self, booking: Booking, rate: StayRate, source: str) -> dict[str, object]:
        site, quote, reservation = self._site, booking.quote, booking.reservation
        type_id = site.pms_type(reservation.room_type_id)
        nights = quote.offer.price.nights
        email = guests.email_of(reservation.booker, site.property_id, reservation.reservation_id)
        # What leaves the telephone out wipes it: a guest who gives none keeps the one that the shop has.
        has_phone = guests.phone_of(reservation.booker, None) != guests.UNKNOWN_PHONE
        known = None if has_phone else await site.customers.by_email(email)
        customer = guests.customer_detail(reservation.booker, site.property_id, reservation.reservation_id, known)
        rooms = [
            WantedRoom(
                type_id=type_id,
                stay=reservation.stay,
                occupancy=occupancy,
                net=net_of(price_room(site.hotel, nights, occupancy).gross.amount, rate.tax_rate(site.hotel)),
            )
            for occupancy in quote.rooms
        ]
        return new_booking(site.connection, source=source, customer=customer, rooms=rooms, remark=reservation.remark)
