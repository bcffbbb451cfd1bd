"""From "what is free?" to a reservation: search, quote, hold, book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta

from mesh.clock import Clock
from mesh.errors import Invalid

from services.pms.desk.bell import Bell
from services.pms.desk.catalogue import Catalogue
from services.pms.desk.demand import Demand
from services.pms.domain.availability import Calendar, InventoryNight, Wish
from services.pms.domain.hold import Hold, hold_for
from services.pms.domain.quote import QUOTE, Quote, quote
from services.pms.domain.reservation import Booker, Reservation, reservation_for
from services.pms.domain.search import Availability, search, window
from services.pms.domain.stay import Stay
from services.pms.domain.token import TokenSigner
from services.pms.metrics import RESERVATIONS_CREATED, measured
from services.pms.ports import Glancing, Write

MAX_NIGHTS_LISTED = 400
MAX_NIGHTS_SEARCHED = 400
MAX_ROOMS_ASKED = 50


class Sales:
    """Sells rooms of every property in the catalogue."""

    def __init__(self, *, catalogue: Catalogue, demand: Demand, signer: TokenSigner, clock: Clock, bell: Bell) -> None:
        self._catalogue = catalogue
        self._demand = demand
        self._signer = signer
        self._clock = clock
        self._bell = bell

    async def nights(self, property_id: str, span: Stay, room_type_id: str) -> Sequence[InventoryNight]:
        """Nights by date and the hotel's order of room types. Raises Invalid for more than 400."""
        if len(span) > MAX_NIGHTS_LISTED:
            raise Invalid("too many nights", fields={"nights": f"at most {MAX_NIGHTS_LISTED}"})
        hotel = await self._catalogue.hotel(property_id)
        if room_type_id:
            hotel.room_type(room_type_id)
        backend = await self._catalogue.backend(property_id)
        with measured("inventory.list"):
            nights = await backend.inventory(property_id, span, room_type_id)
        order = {room_type.room_type_id: index for index, room_type in enumerate(hotel.room_types)}
        on_sale = [night for night in nights if night.room_type_id in order]
        return sorted(on_sale, key=lambda night: (night.night, order[night.room_type_id]))

    async def search(self, property_id: str, wish: Wish) -> Availability:
        """What can be had, what not and why, and alternatives. One look at the inventory, which may be remembered."""
        _must_be_sensible(wish)
        hotel = await self._catalogue.hotel(property_id)
        backend, span = await self._catalogue.backend(property_id), window(wish.stay)
        with measured("availability.search"):
            look = backend.glance if isinstance(backend, Glancing) else backend.inventory
            nights = await look(property_id, span)
        calendar = Calendar(await self._demand.priced(hotel, nights))
        return search(hotel, calendar, wish, self._clock.now())

    async def quote(self, property_id: str, wish: Wish) -> tuple[Quote, str]:
        """A quote and its token, from what the books say now. Raises Refused with the reason why not."""
        _must_be_sensible(wish)
        hotel = await self._catalogue.hotel(property_id)
        backend = await self._catalogue.backend(property_id)
        span = Stay(wish.stay.check_in, wish.stay.check_out + timedelta(days=1))
        with measured("quote.create"):
            nights = await backend.inventory(property_id, span)
        calendar = Calendar(await self._demand.priced(hotel, nights))
        made = quote(hotel, calendar, wish, self._clock.now())
        return made, self._signer.sign(QUOTE, made)

    async def place_hold(self, write: Write, quote_token: str) -> Hold:
        """Takes the quote's rooms off sale. Raises Invalid TOKEN_INVALID, Refused QUOTE_EXPIRED or SOLD_OUT."""
        quoted = self._signer.open(QUOTE, quote_token, Quote)
        hotel = await self._catalogue.hotel(quoted.property_id)
        backend = await self._catalogue.backend(quoted.property_id)
        with measured("hold.create"):
            return await backend.place_hold(write, quoted, hold_for(hotel, quoted, self._clock.now()))

    async def hold(self, hold_id: str) -> Hold:
        """A hold as it stands."""
        with measured("hold.get"):
            _, hold = await self._catalogue.hold(hold_id)
        return hold

    async def release_hold(self, write: Write, hold_id: str) -> Hold:
        """Puts a hold's rooms back on sale."""
        backend, _ = await self._catalogue.hold(hold_id)
        with measured("hold.release"):
            return await backend.release_hold(write, hold_id)

    async def book(
        self,
        write: Write,
        *,
        quote_token: str,
        hold_id: str,
        booker: Booker,
        remark: str,
        arrival_time: time | None,
        source: str,
    ) -> Reservation:
        """Books what the quote promised, at its price. Answered once the backend has it."""
        quoted = self._signer.open(QUOTE, quote_token, Quote)
        backend = await self._catalogue.backend(quoted.property_id)
        wanted = reservation_for(
            quoted, booker, now=self._clock.now(), source=source, remark=remark, arrival_time=arrival_time
        )
        with measured("reservation.create"):
            booked = await backend.create_reservation(write, quoted, wanted, hold_id)
        if booked.reservation_id == wanted.reservation_id:  # not when an earlier answer was repeated
            RESERVATIONS_CREATED.labels(booked.room_type_id).inc()
        self._bell.ring()
        return booked


def _must_be_sensible(wish: Wish) -> None:
    """Limits on what one question may cost; raises Invalid."""
    problems = {}
    if len(wish.stay) > MAX_NIGHTS_SEARCHED:
        problems["stay"] = f"at most {MAX_NIGHTS_SEARCHED} nights"
    if len(wish.rooms) > MAX_ROOMS_ASKED:
        problems["rooms"] = f"at most {MAX_ROOMS_ASKED}"
    if problems:
        raise Invalid("too much at once", fields=problems)
