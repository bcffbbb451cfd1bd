"""What staff read of the hotel and its reservations, over the pms service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import Any

import grpc.aio
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc, property_pb2, reservation_pb2
from mesh.errors import NotFound
from mesh.values import Money
from mesh.wire import date_to_proto, money_from_proto

from services.gateway.adapters.wire import identity_to_proto
from services.gateway.domain.message import Channel, Identity
from services.gateway.staff.adapters.conversation_views import identity_of, stay_of
from services.gateway.staff.domain.conversation import Guest, Stay

_SECONDS = 5.0
_PAGE = 200
# Stays that began before this are not looked for in the list of departures.
_LONGEST_STAY = timedelta(days=60)
_LIVE = (reservation_pb2.RESERVATION_STATE_CONFIRMED, reservation_pb2.RESERVATION_STATE_IN_HOUSE)
_ENDED = (*_LIVE, reservation_pb2.RESERVATION_STATE_CHECKED_OUT)


class GrpcHotel:
    """Properties and reservations. Every call raises the family of mesh.errors."""

    def __init__(self, *, pms: grpc.aio.Channel) -> None:
        self._stub = pms_pb2_grpc.PmsServiceStub(pms)

    async def properties(self, *, size: int = 50, token: str = "") -> tuple[Sequence[property_pb2.Property], str]:
        """A page of properties with their facts, and the token of the next."""
        request = pms_pb2.ListPropertiesRequest(page_size=size, page_token=token)
        answer = await self._stub.ListProperties(request, timeout=_SECONDS)
        return answer.properties, answer.next_page_token

    async def property(self, property_id: str) -> property_pb2.Property:
        """Raises NotFound(PROPERTY_NOT_FOUND)."""
        request = pms_pb2.GetPropertyRequest(property_id=property_id)
        return (await self._stub.GetProperty(request, timeout=_SECONDS)).property

    async def arrivals(self, property_id: str, day: date) -> Sequence[Stay]:
        """Who comes on a day, whether here already or not."""
        return [stay_of(item) async for item in self._between(property_id, day, day, _LIVE)]

    async def departures(self, property_id: str, day: date) -> Sequence[Stay]:
        """Who leaves on a day."""
        stays = [stay_of(item) async for item in self._between(property_id, day - _LONGEST_STAY, day, _ENDED)]
        return [stay for stay in stays if stay.check_out == day.isoformat()]

    async def of_guest(self, property_id: str, guest: Guest, identity: Identity) -> Sequence[Stay]:
        """The guest's reservations by the identity they write from and by their phone and e-mail, latest first."""
        filters: list[dict[str, Any]] = [{"identity": identity_to_proto(identity)}]
        phones = {guest.phone_number, identity.phone_number}
        if identity.channel in (Channel.WHATSAPP, Channel.SMS):
            phones.add(f"+{identity.address.lstrip('+')}")
        filters += [{"phone_number": phone} for phone in sorted(phones) if phone]
        filters += [{"email": guest.email}] if guest.email else []
        requests = [
            pms_pb2.ListReservationsRequest(property_id=property_id, page_size=20, **wanted) for wanted in filters
        ]
        answers = await asyncio.gather(*(self._stub.ListReservations(one, timeout=_SECONDS) for one in requests))
        found = {item.confirmation_code: stay_of(item) for answer in answers for item in answer.reservations}
        return sorted(found.values(), key=lambda stay: stay.check_in, reverse=True)

    async def booker(self, property_id: str, code: str) -> Identity | None:
        """The identity a reservation was booked from, or the booker's phone; None when there is no such code."""
        request = pms_pb2.GetReservationRequest(property_id=property_id, confirmation_code=code)
        try:
            booker = (await self._stub.GetReservation(request, timeout=_SECONDS)).reservation.booker
        except NotFound:
            return None
        if booker.identity.address:
            return identity_of(booker.identity)
        if booker.phone_number:
            return Identity(channel=Channel.SMS, address=booker.phone_number)
        return Identity(channel=Channel.EMAIL, address=booker.email) if booker.email else None

    async def value(self, property_id: str, code: str) -> Money | None:
        """What a reservation was sold for; None when the PMS does not have it any more."""
        request = pms_pb2.GetReservationRequest(property_id=property_id, confirmation_code=code)
        try:
            answer = await self._stub.GetReservation(request, timeout=_SECONDS)
        except NotFound:
            return None
        return money_from_proto(answer.reservation.total)

    async def _between(
        self, property_id: str, first: date, last: date, states: Sequence[reservation_pb2.ReservationState]
    ) -> AsyncIterator[reservation_pb2.Reservation]:
        request = pms_pb2.ListReservationsRequest(
            property_id=property_id,
            check_in_from=date_to_proto(first),
            check_in_to=date_to_proto(last),
            states=states,
            page_size=_PAGE,
        )
        while True:
            answer = await self._stub.ListReservations(request, timeout=_SECONDS)
            for reservation in answer.reservations:
                yield reservation
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
