"""Reservations and guests as staff and the agent look them up, arrivals, departures and charges."""

from __future__ import annotations

from collections.abc import Sequence

from mesh.clock import Clock
from mesh.errors import Invalid, NotFound
from mesh.values import Money, new_id

from services.pms.desk.bell import Bell
from services.pms.desk.catalogue import Catalogue
from services.pms.domain.code import MAX_LENGTH, normalised
from services.pms.domain.forgetting import Forgetting, Forgotten
from services.pms.domain.guest import Charge, GuestProfile
from services.pms.domain.reservation import Reservation
from services.pms.metrics import measured
from services.pms.ports import ReservationQuery, Write


class FrontDesk:
    """Looks up and keeps the books of the house."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock, bell: Bell) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._bell = bell

    async def reservation(self, reservation_id: str, property_id: str = "") -> Reservation:
        """By id, of one property if it is given; raises NotFound RESERVATION_NOT_FOUND."""
        with measured("reservation.get"):
            _, reservation = await self._catalogue.reservation(reservation_id)
        if property_id and reservation.property_id != property_id:
            raise NotFound("RESERVATION_NOT_FOUND", "no such reservation")
        return reservation

    async def reservation_by_code(self, property_id: str, code: str) -> Reservation:
        """By code as a guest types it; raises NotFound RESERVATION_NOT_FOUND."""
        backend, wanted = await self._catalogue.backend(property_id), normalised(code)
        written = "".join(code.upper().split())
        if len(written) > MAX_LENGTH:
            raise NotFound("RESERVATION_NOT_FOUND", "no such reservation")
        with measured("reservation.get"):
            if written != wanted:
                # Codes that a hotel brought along may have dashes of their own.
                try:
                    return await backend.reservation_by_code(property_id, written)
                except NotFound:
                    pass
            return await backend.reservation_by_code(property_id, wanted)

    async def reservations(self, query: ReservationQuery) -> Sequence[Reservation]:
        """A page of reservations."""
        backend = await self._catalogue.backend(query.property_id)
        with measured("reservation.list"):
            return await backend.reservations(query)

    async def check_in(self, write: Write, reservation_id: str, *, version: int, room_number: str) -> Reservation:
        """Marks the guest as arrived."""
        backend, reservation = await self._catalogue.reservation(reservation_id)
        hotel = await self._catalogue.hotel(reservation.property_id)
        with measured("reservation.check_in"):
            arrived = await backend.check_in(write, hotel, reservation_id, version=version, room_number=room_number)
        self._bell.ring()
        return arrived

    async def check_out(self, write: Write, reservation_id: str, *, version: int) -> Reservation:
        """Marks the guest as departed."""
        backend, reservation = await self._catalogue.reservation(reservation_id)
        hotel = await self._catalogue.hotel(reservation.property_id)
        with measured("reservation.check_out"):
            departed = await backend.check_out(write, hotel, reservation_id, version=version)
        self._bell.ring()
        return departed

    async def post_charge(self, write: Write, reservation_id: str, *, description: str, amount: Money) -> Charge:
        """Posts a sum in the property's currency on the folio; raises Invalid for another one or for nothing."""
        backend, reservation = await self._catalogue.reservation(reservation_id)
        hotel = await self._catalogue.hotel(reservation.property_id)
        if amount.currency != hotel.currency:
            raise Invalid("another currency", fields={"amount.currency_code": f"must be {hotel.currency}"})
        if amount.rounded() != amount or amount.amount == 0:
            raise Invalid("not a sum to charge", fields={"amount": "must be a sum in whole minor units, and not zero"})
        charge = Charge(
            charge_id=new_id("chg"),
            reservation_id=reservation_id,
            description=description,
            amount=amount,
            post_time=self._clock.now(),
        )
        with measured("folio.charge"):
            posted = await backend.post_charge(write, charge)
        self._bell.ring()
        return posted

    async def guest(self, property_id: str, *, phone_number: str = "", email: str = "") -> GuestProfile:
        """What the hotel knows about a guest; raises NotFound GUEST_NOT_FOUND."""
        backend = await self._catalogue.backend(property_id)
        with measured("guest.get"):
            return await backend.guest_profile(property_id, phone_number=phone_number, email=email)

    async def update_guest(self, write: Write, profile: GuestProfile) -> GuestProfile:
        """Stores what is filled in; raises NotFound GUEST_NOT_FOUND."""
        backend = await self._catalogue.backend(profile.property_id)
        with measured("guest.update"):
            return await backend.update_guest_profile(write, profile)

    async def forget_guest(self, forgetting: Forgetting) -> Forgotten:
        """Takes who a guest is out of every book that is our own. Raises Down when one cannot be written."""
        with measured("guest.forget"):
            done = [await backend.forget_guest(forgetting) for backend in self._catalogue.backends()]
        return Forgotten(
            erased=sum(each.erased for each in done),
            kept=tuple(kept for each in done for kept in each.kept),
            elsewhere=tuple(property_id for each in done for property_id in each.elsewhere),
        )
