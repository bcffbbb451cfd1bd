"""The backend of hotels with QloApps: rooms, prices, bookings there; holds, answers, codes, folios here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from mesh.clock import Clock
from mesh.errors import Busy, Down, NotFound
from mesh.telemetry import get_logger

from services.pms.adapters.ledger import Ledger
from services.pms.adapters.own_inventory import OwnInventory
from services.pms.adapters.qloapps.availability import TypeNight
from services.pms.adapters.qloapps.changing import Changing
from services.pms.adapters.qloapps.failures import Unreachable
from services.pms.adapters.qloapps.following import FRESH_ENOUGH, Following
from services.pms.adapters.qloapps.hotel import HotelInfo, described
from services.pms.adapters.qloapps.journal import Booking, Entry
from services.pms.adapters.qloapps.selling import Selling
from services.pms.adapters.qloapps.site import Site
from services.pms.domain.availability import InventoryNight
from services.pms.domain.change import Cancellation, Modification
from services.pms.domain.event import ReservationEvent
from services.pms.domain.forgetting import Forgetting, Forgotten
from services.pms.domain.guest import Charge, GuestProfile
from services.pms.domain.hold import Hold
from services.pms.domain.property import Property
from services.pms.domain.quote import Quote
from services.pms.domain.reservation import Reservation
from services.pms.domain.stay import Stay
from services.pms.ports import ReservationQuery, Write

log = get_logger(__name__)
# Thirty nights of every type take QloApps 0.8 s.
MOST_NIGHTS_READ_NOW = 32


class House:
    """The use cases of one hotel."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.following = Following(site)
        self.selling = Selling(site)
        self.changing = Changing(site, self.following)

    async def catch_up(self, within: timedelta = FRESH_ENOUGH) -> None:
        """Takes over what happened at QloApps; with QloApps away our books stay as last known."""
        await self.following.catch_up(self._resolved, within=within)

    async def _resolved(self, entry: Entry) -> bool:
        return await (self.selling.resolved(entry) if isinstance(entry, Booking) else self.changing.resolved(entry))


class QloAppsBackend:
    """See `ports.Backend` for what each call promises."""

    def __init__(self, *, sites: Mapping[str, Site], ledger: Ledger, clock: Clock, pause_seconds: float = 15.0) -> None:
        """`sites` by property; `pause_seconds` between two looks at what happened there."""
        self._houses = {property_id: House(site) for property_id, site in sites.items()}
        self._books = OwnInventory(ledger=ledger, clock=clock)
        self._ledger = ledger
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._described: set[str] = set()

    async def run(self) -> None:
        """Follows every hotel for ever; any number of replicas may."""
        while True:
            for house in self._houses.values():
                await house.catch_up()
            await asyncio.sleep(self._pause_seconds)

    async def close(self) -> None:
        """Closes the connections."""
        for house in self._houses.values():
            await house.site.client.close()

    async def forget_guest(self, forgetting: Forgetting) -> Forgotten:
        """QloApps keeps its customers itself, and its web service has no way to take one out: the hotel does it.

        What is remembered of them here goes.
        """
        del forgetting
        for house in self._houses.values():
            await house.site.customers.forget_all()
        return Forgotten(elsewhere=tuple(sorted(self._houses)))

    # What there is to sell.

    async def properties(self) -> Sequence[Property]:
        stored = {hotel.property_id: hotel for hotel in await self._ledger.properties()}
        return [
            await self._described_hotel(house, stored[property_id])
            for property_id, house in sorted(self._houses.items())
            if property_id in stored
        ]

    async def inventory(self, property_id: str, span: Stay, room_type_id: str = "") -> Sequence[InventoryNight]:
        """A quote is made from what QloApps says now; a long list of nights may be up to 300 seconds old."""
        return await self._nights(property_id, span, room_type_id, fresh=len(span) <= MOST_NIGHTS_READ_NOW)

    async def glance(self, property_id: str, span: Stay) -> Sequence[InventoryNight]:
        """For searches: nights at most 300 seconds old, of all replicas' writes the newest."""
        return await self._nights(property_id, span, "", fresh=False)

    async def _nights(
        self, property_id: str, span: Stay, room_type_id: str, *, fresh: bool
    ) -> Sequence[InventoryNight]:
        house = self._houses.get(property_id)
        if house is None:
            return []
        site = house.site
        info = await site.reader.info()
        seen = await (site.availability.fresh if fresh else site.availability.nights)(info, span)
        own = await self._ledger.nights(property_id, span, room_type_id, self._clock.now())
        found = []
        for night in own:
            type_id = site.connection.room_types.get(night.room_type_id)
            there = next((t for t in seen[night.night].types if t.type_id == type_id), None) if type_id else None
            if there is not None:
                found.append(_inventory_night(night, there, info))
        return found

    # Holds: QloApps knows none.

    async def place_hold(self, write: Write, quote: Quote, hold: Hold) -> Hold:
        return await self._house(hold.property_id).selling.place_hold(write, quote, hold)

    async def hold(self, hold_id: str) -> Hold:
        hold = await self._books.hold(hold_id)
        if hold.property_id not in self._houses:
            raise NotFound("HOLD_NOT_FOUND", f"no hold {hold_id!r}")
        return hold

    async def release_hold(self, write: Write, hold_id: str) -> Hold:
        return await self._books.release_hold(write, hold_id)

    async def expire_holds(self) -> int:
        return await self._books.expire_holds()

    # Reservations.

    async def create_reservation(
        self, write: Write, quote: Quote, reservation: Reservation, hold_id: str = ""
    ) -> Reservation:
        return await self._house(quote.property_id).selling.create(write, quote, reservation, hold_id)

    async def reservation(self, reservation_id: str) -> Reservation:
        known = await self._books.reservation(reservation_id)
        house = self._houses.get(known.property_id)
        if house is None:
            raise NotFound("RESERVATION_NOT_FOUND", "no such reservation")
        return await house.following.refreshed(known)

    async def reservation_by_code(self, property_id: str, code: str) -> Reservation:
        house = self._house(property_id)
        try:
            known = await self._books.reservation_by_code(property_id, code)
        except NotFound:
            if not code:
                raise
            await house.following.by_reference(code)
            known = await self._books.reservation_by_code(property_id, code)
        return await house.following.refreshed(known)

    async def reservations(self, query: ReservationQuery) -> Sequence[Reservation]:
        await self._house(query.property_id).catch_up()
        return await self._books.reservations(query)

    async def modify_reservation(self, write: Write, modification: Modification) -> Reservation:
        return await self._house(modification.property_id).changing.modify(write, modification)

    async def cancel_reservation(self, write: Write, cancellation: Cancellation, reason: str) -> Reservation:
        return await self._house(cancellation.property_id).changing.cancel(write, cancellation, reason)

    async def check_in(
        self, write: Write, hotel: Property, reservation_id: str, *, version: int, room_number: str = ""
    ) -> Reservation:
        changing = self._house(hotel.property_id).changing
        return await changing.check_in(write, hotel, reservation_id, version=version, room_number=room_number)

    async def check_out(self, write: Write, hotel: Property, reservation_id: str, *, version: int) -> Reservation:
        return await self._house(hotel.property_id).changing.check_out(write, hotel, reservation_id, version=version)

    # Folios, guests and events are kept in our books.

    async def post_charge(self, write: Write, charge: Charge) -> Charge:
        return await self._books.post_charge(write, charge)

    async def guest_profile(self, property_id: str, *, phone_number: str = "", email: str = "") -> GuestProfile:
        await self._house(property_id).catch_up()
        return await self._books.guest_profile(property_id, phone_number=phone_number, email=email)

    async def update_guest_profile(self, write: Write, profile: GuestProfile) -> GuestProfile:
        return await self._books.update_guest_profile(write, profile)

    async def events(self, property_id: str, *, after: int, limit: int) -> Sequence[ReservationEvent]:
        return await self._books.events(property_id, after=after, limit=limit)

    async def last_sequence(self, property_id: str) -> int:
        return await self._books.last_sequence(property_id)

    def _house(self, property_id: str) -> House:
        if property_id not in self._houses:
            raise NotFound("PROPERTY_NOT_FOUND", f"no property {property_id!r}")
        return self._houses[property_id]

    async def _described_hotel(self, house: House, hotel: Property) -> Property:
        """The hotel with what QloApps says of it. With QloApps away: what was last known, but only to begin with;
        afterwards Down is raised, and whoever asks tells what it knows with its age."""
        site = house.site
        try:
            info, policies = await site.reader.info(), await site.reader.policies()
        except (Down, Busy) as error:
            if hotel.property_id in self._described:
                raise Unreachable("QloApps does not describe the hotel") from error
            log.warning("hotel_not_described", property_id=hotel.property_id)
            known = await site.reader.last_known()
            return described(hotel, known[0], site.connection) if known else hotel
        self._described.add(hotel.property_id)
        return described(hotel, info, site.connection, policies)


def _inventory_night(own: InventoryNight, there: TypeNight, info: HotelInfo) -> InventoryNight:
    """Rooms and price from QloApps, holds from our books, limits of stay from both: the stricter binds."""
    limits = info.limits_of(there.type_id)
    longest = [nights for nights in (own.max_nights, limits.max_nights) if nights]
    return InventoryNight(
        night=own.night,
        room_type_id=own.room_type_id,
        capacity=there.capacity,
        sold=there.sold,
        held=own.held,
        net_price=there.net.quantize(Decimal("0.0001")),
        min_nights=max(own.min_nights, limits.min_nights if limits.min_nights > 1 else 0),
        max_nights=min(longest, default=0),
        closed_to_arrival=own.closed_to_arrival,
        closed_to_departure=own.closed_to_departure,
    )
