"""Changes and cancellations: worked out first, made with the token of what was worked out."""

from __future__ import annotations

from mesh.clock import Clock

from services.pms.desk.bell import Bell
from services.pms.desk.catalogue import Catalogue
from services.pms.desk.demand import Demand
from services.pms.domain.availability import Calendar
from services.pms.domain.change import (
    CANCELLATION,
    MODIFICATION,
    Cancellation,
    Modification,
    Wanted,
    preview_cancellation,
    preview_modification,
)
from services.pms.domain.reservation import Reservation
from services.pms.domain.search import window
from services.pms.domain.stay import Stay
from services.pms.domain.token import TokenSigner
from services.pms.metrics import measured
from services.pms.ports import Write


class Changes:
    """Previews and commits."""

    def __init__(self, *, catalogue: Catalogue, demand: Demand, signer: TokenSigner, clock: Clock, bell: Bell) -> None:
        self._catalogue = catalogue
        self._demand = demand
        self._signer = signer
        self._clock = clock
        self._bell = bell

    async def preview_modification(self, reservation_id: str, wanted: Wanted) -> tuple[Modification, Reservation, str]:
        """The change, the reservation as it would be, and the token. Raises as the domain's preview does."""
        backend, reservation = await self._catalogue.reservation(reservation_id)
        hotel = await self._catalogue.hotel(reservation.property_id)
        stay = wanted.stay or reservation.stay
        first, last = min(stay.check_in, reservation.stay.check_in), max(stay.check_out, reservation.stay.check_out)
        with measured("modification.preview"):
            nights = await backend.inventory(hotel.property_id, Stay(first, window(Stay(first, last)).check_out))
        now, priced = self._clock.now(), await self._demand.priced(hotel, nights)
        preview = preview_modification(hotel, Calendar(priced), reservation, wanted, now)
        return preview, preview.applied_to(reservation, now), self._signer.sign(MODIFICATION, preview)

    async def modify(self, write: Write, token: str) -> Reservation:
        """Makes exactly the change that was previewed."""
        preview = self._signer.open(MODIFICATION, token, Modification)
        backend = await self._catalogue.backend(preview.property_id)
        with measured("reservation.update"):
            changed = await backend.modify_reservation(write, preview)
        self._bell.ring()
        return changed

    async def preview_cancellation(self, reservation_id: str) -> tuple[Cancellation, str]:
        """What canceling costs now, and the token."""
        _, reservation = await self._catalogue.reservation(reservation_id)
        hotel = await self._catalogue.hotel(reservation.property_id)
        preview = preview_cancellation(hotel, reservation, self._clock.now())
        return preview, self._signer.sign(CANCELLATION, preview)

    async def cancel(self, write: Write, token: str, reason: str) -> Reservation:
        """Cancels as previewed."""
        preview = self._signer.open(CANCELLATION, token, Cancellation)
        backend = await self._catalogue.backend(preview.property_id)
        with measured("reservation.cancel"):
            canceled = await backend.cancel_reservation(write, preview, reason)
        self._bell.ring()
        return canceled
