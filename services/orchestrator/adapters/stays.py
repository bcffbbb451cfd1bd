"""Reservations by date, over the pms service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date

from hotel.pms.v1 import pms_pb2, pms_pb2_grpc, reservation_pb2
from mesh.client import Channel
from mesh.wire import date_from_proto, date_to_proto

from services.orchestrator.adapters.wire import contact_from_proto
from services.orchestrator.domain.state import Contact
from services.orchestrator.ports import Arrival

_LIVE = (
    reservation_pb2.RESERVATION_STATE_CONFIRMED,
    reservation_pb2.RESERVATION_STATE_IN_HOUSE,
    reservation_pb2.RESERVATION_STATE_CHECKED_OUT,
)
_PAGE = 200


class PmsStays:
    """`Stays` on a channel to the service. `seconds` is the deadline of one page."""

    def __init__(self, *, channel: Channel, seconds: float) -> None:
        self._stub = pms_pb2_grpc.PmsServiceStub(channel)
        self._seconds = seconds

    async def properties(self) -> Sequence[str]:
        found: list[str] = []
        request = pms_pb2.ListPropertiesRequest(page_size=_PAGE)
        while True:
            page = await self._stub.ListProperties(request, timeout=self._seconds)
            found += [item.property_id for item in page.properties]
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    async def arrivals(self, property_id: str, first: date, last: date) -> AsyncIterator[Arrival]:
        request = pms_pb2.ListReservationsRequest(
            property_id=property_id,
            check_in_from=date_to_proto(first),
            check_in_to=date_to_proto(last),
            states=_LIVE,
            page_size=_PAGE,
        )
        while True:
            page = await self._stub.ListReservations(request, timeout=self._seconds)
            for reservation in page.reservations:
                contact = _contact(reservation.booker)
                if contact is not None:
                    yield Arrival(
                        property_id=property_id,
                        code=reservation.confirmation_code,
                        check_in=date_from_proto(reservation.stay.check_in_date),
                        check_out=date_from_proto(reservation.stay.check_out_date),
                        contact=contact,
                    )
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token


def _contact(booker: reservation_pb2.Booker) -> Contact | None:
    """Where they booked from; else by their phone, else by e-mail. None when nothing is known."""
    if booker.identity.address:
        return contact_from_proto(booker.identity)
    if booker.phone_number:
        return Contact(channel="whatsapp", address=booker.phone_number.removeprefix("+"), phone=booker.phone_number)
    return Contact(channel="email", address=booker.email, email=booker.email) if booker.email else None
