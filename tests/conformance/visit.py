"""The ground that checks stand on: a property, room types that can be had, and everything made, to be taken back."""

import itertools
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import grpc
import grpc.aio
from google.type.date_pb2 import Date
from hotel.common.v1.stay_pb2 import Occupancy, Stay
from hotel.pms.v1 import offer_pb2, pms_pb2, property_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub

READ_SECONDS, WRITE_SECONDS = 10.0, 30.0
# Where free rooms are looked for, so that nobody who arrives soon is troubled.
FIRST_OFFSET, STEP, LOOKS = timedelta(days=35), timedelta(days=7), 40
ONE_ADULT = Occupancy(adults=1)


class NothingToCheckError(Exception):
    """The service is away, or has nothing that could be booked."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the service sells."""

    channel: grpc.aio.Channel
    pms: Any
    hotel: property_pb2.Property
    room_types: list[property_pb2.RoomType]
    rate_plans: list[property_pb2.RatePlan]

    @classmethod
    async def survey(cls, channel: grpc.aio.Channel, property_id: str) -> "Ground":
        """Reads the property. Raises NothingToCheckError."""
        pms = PmsServiceStub(channel)
        try:
            listed = await pms.ListProperties(pms_pb2.ListPropertiesRequest(), timeout=READ_SECONDS)
            known = [each for each in listed.properties if property_id in {"", each.property_id}]
            if not known:
                raise NothingToCheckError(f"no property {property_id!r}" if property_id else "no property at all")
            own = known[0].property_id
            types = await pms.ListRoomTypes(pms_pb2.ListRoomTypesRequest(property_id=own), timeout=READ_SECONDS)
            plans = await pms.ListRatePlans(pms_pb2.ListRatePlansRequest(property_id=own), timeout=READ_SECONDS)
        except grpc.aio.AioRpcError as error:
            raise NothingToCheckError(f"{error.code().name}: {error.details()}") from None
        if not types.room_types or not plans.rate_plans:
            raise NothingToCheckError(f"{own} sells nothing")
        return cls(channel, pms, known[0], list(types.room_types), list(plans.rate_plans))

    @property
    def property_id(self) -> str:
        return self.hotel.property_id

    @property
    def today(self) -> date:
        """Today on the property's calendar."""
        return datetime.now(ZoneInfo(self.hotel.time_zone)).date()

    @property
    def movable_plan(self) -> property_pb2.RatePlan:
        """A plan under which dates may be changed and canceling may be free, if there is one."""
        plans = [plan for plan in self.rate_plans if plan.date_change_allowed]
        return next(iter(plans), self.rate_plans[0])


class Visit:
    """What one check does. Holds and reservations made through it are taken back at its end."""

    _searches = itertools.count()

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.pms = ground.pms
        self.property_id = ground.property_id
        self._holds: list[str] = []
        self._reservations: list[str] = []
        number = secrets.randbelow(10**7)
        self.booker = reservation_pb2.Booker(
            given_name="Conformance",
            family_name="Check",
            phone_number=f"+1202{number:07d}",
            email=f"conformance-{secrets.token_hex(6)}@example.com",
            language="en",
        )

    def request_id(self) -> str:
        """One that was never used."""
        return f"conformance-{secrets.token_hex(12)}"

    async def offer(
        self, *, nights: int = 2, rooms: int = 1, least_left: int = 1, plan: str = "", after: int = 1
    ) -> offer_pb2.Offer:
        """Something that can be had for one adult a room, with free dates around it. Raises NothingToCheckError.

        `after`: so many nights behind the stay are free too.
        """
        plan = plan or self.ground.movable_plan.rate_plan_id
        # Another place for every search: checks that cannot take everything back do not disturb the next.
        first = self.ground.today + FIRST_OFFSET + timedelta(days=next(self._searches) % 7)
        for look in range(LOOKS):
            check_in = first + STEP * look
            if (check_in - self.ground.today).days + nights + after > self.ground.hotel.booking_horizon_days:
                break
            wide = await self.search(stay_of(check_in, nights + after), rate_plan_id=plan)
            fit = {offer.room_type_id for offer in wide.offers if offer.units_left >= max(rooms, least_left)}
            answer = await self.search(stay_of(check_in, nights), rooms=rooms, rate_plan_id=plan)
            for offer in answer.offers:
                if offer.room_type_id in fit:
                    return offer
        raise NothingToCheckError(f"nothing free for {nights} nights and {rooms} rooms")

    async def search(self, stay: Stay, *, rooms: int = 1, **filters: Any) -> pms_pb2.SearchAvailabilityResponse:
        """What can be had for one adult a room."""
        request = pms_pb2.SearchAvailabilityRequest(
            property_id=self.property_id, stay=stay, rooms=[ONE_ADULT] * rooms, **filters
        )
        return await self.pms.SearchAvailability(request, timeout=READ_SECONDS)

    async def quote(self, offer: offer_pb2.Offer, *, rooms: int = 1) -> offer_pb2.Quote:
        """A quote of an offer for one adult a room."""
        return (await self.pms.CreateQuote(self.quote_request(offer, rooms=rooms), timeout=READ_SECONDS)).quote

    def quote_request(self, offer: offer_pb2.Offer, *, rooms: int = 1) -> pms_pb2.CreateQuoteRequest:
        return pms_pb2.CreateQuoteRequest(
            property_id=self.property_id,
            stay=offer.stay,
            rooms=[ONE_ADULT] * rooms,
            room_type_id=offer.room_type_id,
            rate_plan_id=offer.rate_plan_id,
        )

    async def hold(self, quote: offer_pb2.Quote, request_id: str = "") -> offer_pb2.Hold:
        """A hold of a quote's rooms."""
        request = pms_pb2.PlaceHoldRequest(request_id=request_id or self.request_id(), quote_token=quote.quote_token)
        hold = (await self.pms.PlaceHold(request, timeout=WRITE_SECONDS)).hold
        self._holds.append(hold.hold_id)
        return hold

    def booking(self, quote: offer_pb2.Quote, hold_id: str = "", **fields: Any) -> pms_pb2.CreateReservationRequest:
        """A request to book a quote."""
        return pms_pb2.CreateReservationRequest(
            **{
                "request_id": self.request_id(),
                "quote_token": quote.quote_token,
                "hold_id": hold_id,
                "booker": self.booker,
                "source": "conformance",
            }
            | fields
        )

    async def send(self, booking: pms_pb2.CreateReservationRequest) -> reservation_pb2.Reservation:
        """Books."""
        made = (await self.pms.CreateReservation(booking, timeout=WRITE_SECONDS)).reservation
        self._reservations.append(made.reservation_id)
        return made

    async def book(self, offer: offer_pb2.Offer) -> reservation_pb2.Reservation:
        """Books an offer."""
        return await self.send(self.booking(await self.quote(offer)))

    async def reservation(self, reservation_id: str) -> reservation_pb2.Reservation:
        request = pms_pb2.GetReservationRequest(reservation_id=reservation_id)
        return (await self.pms.GetReservation(request, timeout=READ_SECONDS)).reservation

    async def cancel(self, reservation_id: str, request_id: str = "") -> reservation_pb2.Reservation:
        """Cancels whatever it costs."""
        ask = pms_pb2.PreviewCancellationRequest(reservation_id=reservation_id)
        preview = (await self.pms.PreviewCancellation(ask, timeout=READ_SECONDS)).preview
        request = pms_pb2.CancelReservationRequest(
            request_id=request_id or self.request_id(), cancellation_token=preview.cancellation_token, reason="check"
        )
        return (await self.pms.CancelReservation(request, timeout=WRITE_SECONDS)).reservation

    async def nights(self, offer: offer_pb2.Offer, *, around: int = 1) -> dict[date, property_pb2.InventoryNight]:
        """The books of an offer's room type, so many nights around its stay too."""
        check_in, check_out = dates_of(offer.stay)
        wide = stay_of(check_in - timedelta(days=around), (check_out - check_in).days + 2 * around)
        request = pms_pb2.ListInventoryRequest(
            property_id=self.property_id, nights=wide, room_type_id=offer.room_type_id
        )
        answer = await self.pms.ListInventory(request, timeout=READ_SECONDS)
        return {date_of(night.date): night for night in answer.nights}

    async def take_back(self) -> list[str]:
        """Releases and cancels what was made; returns what could not be."""
        left = []
        for hold_id in self._holds:
            request = pms_pb2.ReleaseHoldRequest(request_id=self.request_id(), hold_id=hold_id)
            try:
                await self.pms.ReleaseHold(request, timeout=WRITE_SECONDS)
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:  # it became a reservation
                    left.append(f"hold {hold_id}: {error.code().name}")
        for reservation_id in dict.fromkeys(self._reservations):
            try:
                state = (await self.reservation(reservation_id)).state
                if state in {reservation_pb2.RESERVATION_STATE_PENDING, reservation_pb2.RESERVATION_STATE_CONFIRMED}:
                    await self.cancel(reservation_id)
            except grpc.aio.AioRpcError as error:
                left.append(f"reservation {reservation_id}: {error.code().name}")
        return left


def stay_of(check_in: date, nights: int) -> Stay:
    """A half-open stay."""
    return Stay(check_in_date=date_message(check_in), check_out_date=date_message(check_in + timedelta(days=nights)))


def dates_of(stay: Stay) -> tuple[date, date]:
    """Check-in and check-out."""
    return date_of(stay.check_in_date), date_of(stay.check_out_date)


def date_message(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)


def date_of(message: Date) -> date:
    return date(message.year, message.month, message.day)


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)
