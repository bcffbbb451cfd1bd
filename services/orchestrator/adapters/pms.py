"""The hotel's system over the pms service; what the hotel is and sells is kept for a while and outlives its absence."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from hotel.pms.v1 import pms_pb2 as pb
from hotel.pms.v1 import pms_pb2_grpc, reservation_pb2
from mesh.client import Channel
from mesh.clock import Clock
from mesh.errors import Busy, Down
from mesh.telemetry import get_logger
from mesh.wire import time_of_day_to_proto

from services.orchestrator.adapters import pms_wire as wire
from services.orchestrator.adapters.wire import contact_to_proto, rooms_to_proto, stay_to_proto
from services.orchestrator.domain import effects, events
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.ports import Caller

log = get_logger(__name__)

LIVE = (
    reservation_pb2.RESERVATION_STATE_PENDING,
    reservation_pb2.RESERVATION_STATE_CONFIRMED,
    reservation_pb2.RESERVATION_STATE_IN_HOUSE,
)
# Reads of one conversation are few; a guest has no more live reservations than this.
MOST_RESERVATIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds that reads and writes may take. A turn has ten in all."""

    read: float = 3.0
    write: float = 6.0


class PmsClient:
    """`Pms` on a channel to the service. `keep_seconds`: how long the hotel's description is used unread."""

    def __init__(
        self, *, channel: Channel, clock: Clock, keep_seconds: float, deadlines: Deadlines, fallback_time_zone: str
    ) -> None:
        self._stub = pms_pb2_grpc.PmsServiceStub(channel)
        self._clock = clock
        self._keep_seconds = keep_seconds
        self._deadlines = deadlines
        self._fallback_time_zone = fallback_time_zone
        self._hotels: dict[str, tuple[float, Hotel]] = {}

    async def hotel(self, property_id: str) -> Hotel:
        known = self._hotels.get(property_id)
        if known is not None and self._clock.monotonic() - known[0] < self._keep_seconds:
            return known[1]
        try:
            hotel = await self._read_hotel(property_id)
        except (Down, Busy) as error:
            log.warning("hotel_information_not_read", reason=error.reason, known=known is not None)
            return known[1] if known is not None else self._unknown_hotel(property_id)
        self._hotels[property_id] = (self._clock.monotonic(), hotel)
        return hotel

    async def _read_hotel(self, property_id: str) -> Hotel:
        seconds = self._deadlines.read
        property_, room_types, rate_plans = await asyncio.gather(
            self._stub.GetProperty(pb.GetPropertyRequest(property_id=property_id), timeout=seconds),
            self._stub.ListRoomTypes(pb.ListRoomTypesRequest(property_id=property_id), timeout=seconds),
            self._stub.ListRatePlans(pb.ListRatePlansRequest(property_id=property_id), timeout=seconds),
        )
        return wire.hotel_from_proto(
            property_.property, list(room_types.room_types), list(rate_plans.rate_plans), self._clock.now()
        )

    def _unknown_hotel(self, property_id: str) -> Hotel:
        """Enough to answer honestly while nothing is known: no rooms, no facts, no prices."""
        return Hotel(
            property_id=property_id,
            name=property_id.replace("-", " ").replace("_", " ").title(),
            time_zone=self._fallback_time_zone,
            currency="",
            read_time=self._clock.now(),
        )

    async def perform(self, call: effects.PmsCall, caller: Caller) -> events.Result:
        match call:
            case effects.SearchAvailability() | effects.MakeQuote() | effects.PlaceHold() | effects.ReleaseHold():
                return await self._sell(call, caller)
            case effects.Reserve():
                return await self._reserve(call, caller)
            case effects.FindReservations() | effects.GetReservation():
                return await self._find(call, caller)
            case _:
                return await self._change(call, caller)

    async def _sell(
        self,
        call: effects.SearchAvailability | effects.MakeQuote | effects.PlaceHold | effects.ReleaseHold,
        caller: Caller,
    ) -> events.Result:
        now = self._clock.now()
        match call:
            case effects.SearchAvailability():
                return await self._search(call, caller, now)
            case effects.MakeQuote():
                quote = pb.CreateQuoteRequest(
                    property_id=caller.property_id,
                    stay=stay_to_proto(call.stay),
                    rooms=rooms_to_proto(call.rooms),
                    room_type_id=call.room_type,
                    rate_plan_id=call.rate_plan,
                )
                made = await self._stub.CreateQuote(quote, timeout=self._deadlines.read)
                return events.QuoteMade(quote=wire.quote_from_proto(made.quote, now))
            case effects.PlaceHold():
                hold = pb.PlaceHoldRequest(request_id=caller.request_id, quote_token=call.quote.token)
                placed = await self._stub.PlaceHold(hold, timeout=self._deadlines.write)
                return events.HoldPlaced(hold=wire.hold_from_proto(placed.hold, now))
            case effects.ReleaseHold():
                release = pb.ReleaseHoldRequest(request_id=caller.request_id, hold_id=call.hold_id)
                released = await self._stub.ReleaseHold(release, timeout=self._deadlines.write)
                return events.HoldPlaced(hold=wire.hold_from_proto(released.hold, now))

    async def _search(self, call: effects.SearchAvailability, caller: Caller, now: datetime) -> events.OffersFound:
        request = pb.SearchAvailabilityRequest(
            property_id=caller.property_id, stay=stay_to_proto(call.stay), rooms=rooms_to_proto(call.rooms)
        )
        found = await self._stub.SearchAvailability(request, timeout=self._deadlines.read)
        nearest = found.alternatives
        if nearest and call.prefers:
            # Nothing at all on those nights: the wanted kind on others comes before any kind on the nearest.
            request.room_type_id = call.prefers
            wanted = await self._stub.SearchAvailability(request, timeout=self._deadlines.read)
            nearest = wanted.alternatives or nearest
        return events.OffersFound(
            offers=tuple(wire.offer_from_proto(item, now) for item in found.offers),
            unavailable=tuple(wire.unavailability_from_proto(item) for item in found.unavailable),
            alternatives=tuple(wire.offer_from_proto(item, now) for item in nearest),
        )

    async def _reserve(self, call: effects.Reserve, caller: Caller) -> events.Result:
        given, _, family = call.name.strip().partition(" ")
        contact = contact_to_proto(caller.contact)
        request = pb.CreateReservationRequest(
            request_id=caller.request_id,
            quote_token=call.quote.token,
            hold_id=call.hold_id,
            booker=reservation_pb2.Booker(
                given_name=given,
                family_name=family,
                email=call.email,
                phone_number=call.phone,
                language=call.language,
                identity=contact,
            ),
            remark=call.remark,
            arrival_time=time_of_day_to_proto(call.arrival_time) if call.arrival_time else None,
            source=caller.contact.channel_name or caller.contact.channel,
        )
        made = await self._stub.CreateReservation(request, timeout=self._deadlines.write)
        return events.Reserved(reservation=wire.reservation_from_proto(made.reservation, self._clock.now()))

    async def _find(self, call: effects.FindReservations | effects.GetReservation, caller: Caller) -> events.Result:
        now, seconds = self._clock.now(), self._deadlines.read
        if isinstance(call, effects.GetReservation):
            one = pb.GetReservationRequest(property_id=caller.property_id, confirmation_code=call.code)
            read = await self._stub.GetReservation(one, timeout=seconds)
            return events.ReservationsFound(reservations=(wire.reservation_from_proto(read.reservation, now),))
        request = pb.ListReservationsRequest(
            property_id=caller.property_id,
            identity=contact_to_proto(caller.contact),
            states=LIVE,
            page_size=MOST_RESERVATIONS,
        )
        found = await self._stub.ListReservations(request, timeout=seconds)
        return events.ReservationsFound(
            reservations=tuple(wire.reservation_from_proto(item, now) for item in found.reservations)
        )

    async def _change(
        self,
        call: effects.PreviewCancellation | effects.Cancel | effects.PreviewModification | effects.Modify,
        caller: Caller,
    ) -> events.Result:
        now, read, write = self._clock.now(), self._deadlines.read, self._deadlines.write
        match call:
            case effects.PreviewCancellation():
                ask = pb.PreviewCancellationRequest(reservation_id=call.reservation_id)
                cost = await self._stub.PreviewCancellation(ask, timeout=read)
                return events.CancellationPreviewed(preview=wire.cancellation_from_proto(cost.preview, now))
            case effects.Cancel():
                cancel = pb.CancelReservationRequest(request_id=caller.request_id, cancellation_token=call.token)
                canceled = await self._stub.CancelReservation(cancel, timeout=write)
                return events.Canceled(reservation=wire.reservation_from_proto(canceled.reservation, now))
            case effects.PreviewModification():
                change = await self._stub.PreviewModification(_preview(call), timeout=read)
                return events.ModificationPreviewed(preview=wire.modification_from_proto(change.preview, now))
            case effects.Modify():
                modify = pb.ModifyReservationRequest(request_id=caller.request_id, modification_token=call.token)
                modified = await self._stub.ModifyReservation(modify, timeout=write)
                return events.Modified(reservation=wire.reservation_from_proto(modified.reservation, now))


def _preview(call: effects.PreviewModification) -> pb.PreviewModificationRequest:
    return pb.PreviewModificationRequest(
        reservation_id=call.reservation.id,
        stay=stay_to_proto(call.stay) if call.stay else None,
        room_type_id=call.room_type,
        rooms=rooms_to_proto(call.rooms),
        arrival_time=time_of_day_to_proto(call.arrival_time) if call.arrival_time else None,
    )
