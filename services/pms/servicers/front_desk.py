"""RPCs about reservations that exist, arrivals and departures, folios and guests."""

from __future__ import annotations

from hotel.pms.v1 import pms_pb2
from mesh import wire
from mesh.errors import Invalid

from services.pms.adapters.wire import requests
from services.pms.adapters.wire import reservation as reservation_wire
from services.pms.desk.front_desk import FrontDesk
from services.pms.domain.forgetting import Forgetting
from services.pms.domain.guest import GuestProfile

MAX_DESCRIPTION = 200


class FrontDeskRpcs:
    """GetReservation, ListReservations, CheckIn, CheckOut, PostCharge, GetGuestProfile, UpdateGuestProfile,
    ForgetGuest."""

    _front_desk: FrontDesk

    async def GetReservation(
        self, request: pms_pb2.GetReservationRequest, _context: object
    ) -> pms_pb2.GetReservationResponse:
        requests.require(request)
        if request.reservation_id:
            found = await self._front_desk.reservation(request.reservation_id, request.property_id)
        else:
            requests.require(request, "property_id", "confirmation_code")
            found = await self._front_desk.reservation_by_code(request.property_id, request.confirmation_code)
        return pms_pb2.GetReservationResponse(reservation=reservation_wire.reservation_message(found))

    async def ListReservations(
        self, request: pms_pb2.ListReservationsRequest, _context: object
    ) -> pms_pb2.ListReservationsResponse:
        query = requests.query_of(request)
        found = await self._front_desk.reservations(query)
        page, last = found[: query.limit - 1], ""
        if len(found) == query.limit:
            end = page[-1]
            last = requests.page_token([end.stay.check_in.isoformat(), end.confirmation_code], request)
        return pms_pb2.ListReservationsResponse(
            reservations=[reservation_wire.reservation_message(each) for each in page], next_page_token=last
        )

    async def CheckIn(self, request: pms_pb2.CheckInRequest, _context: object) -> pms_pb2.CheckInResponse:
        requests.require(request, "request_id", "reservation_id", "etag")
        arrived = await self._front_desk.check_in(
            requests.write_of(request, "reservation.check_in"),
            request.reservation_id,
            version=requests.version_of(request.etag),
            room_number=request.room_number,
        )
        return pms_pb2.CheckInResponse(reservation=reservation_wire.reservation_message(arrived))

    async def CheckOut(self, request: pms_pb2.CheckOutRequest, _context: object) -> pms_pb2.CheckOutResponse:
        requests.require(request, "request_id", "reservation_id", "etag")
        departed = await self._front_desk.check_out(
            requests.write_of(request, "reservation.check_out"),
            request.reservation_id,
            version=requests.version_of(request.etag),
        )
        return pms_pb2.CheckOutResponse(reservation=reservation_wire.reservation_message(departed))

    async def PostCharge(self, request: pms_pb2.PostChargeRequest, _context: object) -> pms_pb2.PostChargeResponse:
        requests.require(request, "request_id", "reservation_id", "description", "amount")
        posted = await self._front_desk.post_charge(
            requests.write_of(request, "folio.charge"),
            request.reservation_id,
            description=requests.text_of(request.description, "description", MAX_DESCRIPTION),
            amount=wire.money_from_proto(request.amount, "amount"),
        )
        return pms_pb2.PostChargeResponse(charge=reservation_wire.charge_message(posted))

    async def GetGuestProfile(
        self, request: pms_pb2.GetGuestProfileRequest, _context: object
    ) -> pms_pb2.GetGuestProfileResponse:
        requests.require(request, "property_id")
        if not (request.phone_number or request.email):
            raise Invalid("whose profile?", fields={"lookup": "a phone number or an e-mail is required"})
        profile = await self._front_desk.guest(
            request.property_id, phone_number=request.phone_number, email=request.email
        )
        return pms_pb2.GetGuestProfileResponse(profile=reservation_wire.profile_message(profile))

    async def UpdateGuestProfile(
        self, request: pms_pb2.UpdateGuestProfileRequest, _context: object
    ) -> pms_pb2.UpdateGuestProfileResponse:
        requests.require(request, "request_id", "profile")
        requests.require(request.profile, "profile_id", "property_id")
        problems = requests.contact_problems(request.profile, "profile.")
        if problems:
            raise Invalid("the profile is malformed", fields=problems)
        wanted = request.profile
        profile = await self._front_desk.update_guest(
            requests.write_of(request, "guest.update"),
            GuestProfile(
                profile_id=wanted.profile_id,
                property_id=wanted.property_id,
                given_name=wanted.given_name.strip(),
                family_name=wanted.family_name.strip(),
                email=wanted.email.strip(),
                phone_number=wanted.phone_number,
                language=wanted.language,
            ),
        )
        return pms_pb2.UpdateGuestProfileResponse(profile=reservation_wire.profile_message(profile))

    async def ForgetGuest(self, request: pms_pb2.ForgetGuestRequest, _context: object) -> pms_pb2.ForgetGuestResponse:
        requests.require(request, "request_id", "identities", "erase_time")
        time = wire.time_from_proto(request.erase_time, "erase_time")
        assert time is not None, "it is required"
        identities = tuple(
            requests.identity_of(identity, f"identities[{number}]")
            for number, identity in enumerate(request.identities)
        )
        done = await self._front_desk.forget_guest(Forgetting(identities=identities, time=time))
        return pms_pb2.ForgetGuestResponse(
            erased_reservations=done.erased,
            kept=[
                pms_pb2.KeptGuest(
                    property_id=each.property_id,
                    confirmation_code=each.confirmation_code,
                    until_date=wire.date_to_proto(each.until),
                )
                for each in done.kept
            ],
            properties_elsewhere=done.elsewhere,
        )
