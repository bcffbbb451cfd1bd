"""RPCs from the search to the booking."""

from __future__ import annotations

from hotel.pms.v1 import pms_pb2
from mesh import wire

from services.pms.adapters.wire import offer as offer_wire
from services.pms.adapters.wire import requests
from services.pms.adapters.wire.reservation import reservation_message
from services.pms.desk.sales import Sales
from services.pms.domain.availability import Wish


class SellingRpcs:
    """SearchAvailability, CreateQuote, PlaceHold, GetHold, ReleaseHold, CreateReservation."""

    _sales: Sales

    async def SearchAvailability(
        self, request: pms_pb2.SearchAvailabilityRequest, _context: object
    ) -> pms_pb2.SearchAvailabilityResponse:
        requests.require(request, "property_id", "stay", "rooms")
        return offer_wire.availability_message(await self._sales.search(request.property_id, _wish(request)))

    async def CreateQuote(self, request: pms_pb2.CreateQuoteRequest, _context: object) -> pms_pb2.CreateQuoteResponse:
        requests.require(request, "property_id", "stay", "rooms", "room_type_id", "rate_plan_id")
        quote, token = await self._sales.quote(request.property_id, _wish(request))
        return pms_pb2.CreateQuoteResponse(quote=offer_wire.quote_message(quote, token))

    async def PlaceHold(self, request: pms_pb2.PlaceHoldRequest, _context: object) -> pms_pb2.PlaceHoldResponse:
        requests.require(request, "request_id", "quote_token")
        hold = await self._sales.place_hold(requests.write_of(request, "hold.create"), request.quote_token)
        return pms_pb2.PlaceHoldResponse(hold=offer_wire.hold_message(hold))

    async def GetHold(self, request: pms_pb2.GetHoldRequest, _context: object) -> pms_pb2.GetHoldResponse:
        requests.require(request, "hold_id")
        return pms_pb2.GetHoldResponse(hold=offer_wire.hold_message(await self._sales.hold(request.hold_id)))

    async def ReleaseHold(self, request: pms_pb2.ReleaseHoldRequest, _context: object) -> pms_pb2.ReleaseHoldResponse:
        requests.require(request, "request_id", "hold_id")
        hold = await self._sales.release_hold(requests.write_of(request, "hold.release"), request.hold_id)
        return pms_pb2.ReleaseHoldResponse(hold=offer_wire.hold_message(hold))

    async def CreateReservation(
        self, request: pms_pb2.CreateReservationRequest, _context: object
    ) -> pms_pb2.CreateReservationResponse:
        requests.require(request, "request_id", "quote_token", "booker")
        arrival = request.arrival_time
        booked = await self._sales.book(
            requests.write_of(request, "reservation.create"),
            quote_token=request.quote_token,
            hold_id=request.hold_id,
            booker=requests.booker_of(request.booker),
            remark=requests.text_of(request.remark, "remark"),
            arrival_time=wire.time_of_day_from_proto(arrival, "arrival_time")
            if request.HasField("arrival_time")
            else None,
            source=requests.text_of(request.source, "source", requests.MAX_SOURCE) or "grpc",
        )
        return pms_pb2.CreateReservationResponse(reservation=reservation_message(booked))


def _wish(request: pms_pb2.SearchAvailabilityRequest | pms_pb2.CreateQuoteRequest) -> Wish:
    return Wish(
        stay=requests.stay_of(request.stay),
        rooms=requests.rooms_of(request.rooms),
        room_type_id=request.room_type_id,
        rate_plan_id=request.rate_plan_id,
    )
