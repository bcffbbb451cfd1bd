"""The RPCs of SessionService about guests: reading, telling, linking, exporting, forgetting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hotel.session.v1 import session_pb2 as pb
from hotel.session.v1 import session_pb2_grpc
from mesh.clock import Clock
from mesh.errors import Conflict, Invalid
from mesh.values import derived_id
from mesh.wire import require, time_to_proto

from services.session.adapters.protobuf import reading
from services.session.adapters.protobuf.writing import erasure_message, guest_message, receipt_message
from services.session.domain.document import identity_document
from services.session.domain.dossier import export
from services.session.domain.limits import check_guest, check_id
from services.session.metrics import ERASURES, VERSION_MISMATCHES, counting, timed
from services.session.ports import EraseWrite, Guests, GuestWrite, LinkWrite, request_of

_ERASURES_AT_ONCE = 20
Context = Any  # grpc.aio.ServicerContext; no call here needs it


class GuestCalls(session_pb2_grpc.SessionServiceServicer):
    """The part of the servicer that speaks of guests."""

    def __init__(self, *, guests: Guests, clock: Clock, erasure_retention: timedelta) -> None:
        self._guests = guests
        self._clock = clock
        self._erasure_retention = erasure_retention

    @timed
    async def GetGuest(self, request: pb.GetGuestRequest, _context: Context) -> pb.GetGuestResponse:
        match request.WhichOneof("lookup"):
            case "guest_id":
                check_id(request.guest_id, field="guest_id")
                guest = await self._guests.get(reading.text(request.guest_id))
            case "identity":
                guest = await self._guests.find(reading.identity(request.identity))
            case _:
                raise Invalid("whom?", fields={"lookup": "guest_id or identity is required"})
        return pb.GetGuestResponse(guest=guest_message(guest))

    @timed
    async def UpdateGuest(self, request: pb.UpdateGuestRequest, _context: Context) -> pb.UpdateGuestResponse:
        require(request, "request_id", "guest")
        check_id(request.guest.guest_id, field="guest.guest_id")
        details = reading.guest_details(request)
        check_guest(details)
        guest_id = reading.text(request.guest.guest_id)
        write = GuestWrite(
            request=request_of("UpdateGuest", request.request_id, guest_id, details.known()),
            guest_id=guest_id,
            version=request.guest.version,
            details=details,
            now=self._clock.now(),
        )
        with counting(VERSION_MISMATCHES, Conflict):
            return pb.UpdateGuestResponse(guest=guest_message(await self._guests.update(write)))

    @timed
    async def LinkIdentity(self, request: pb.LinkIdentityRequest, _context: Context) -> pb.LinkIdentityResponse:
        require(request, "request_id", "guest_id", "identity")
        identity, guest_id = reading.identity(request.identity), reading.text(request.guest_id)
        write = LinkWrite(
            request=request_of("LinkIdentity", request.request_id, guest_id, identity_document(identity)),
            guest_id=guest_id,
            identity=identity,
            now=self._clock.now(),
        )
        linked = await self._guests.link(write)
        return pb.LinkIdentityResponse(guest=guest_message(linked.guest))

    @timed
    async def ExportGuest(self, request: pb.ExportGuestRequest, _context: Context) -> pb.ExportGuestResponse:
        check_id(request.guest_id, field="guest_id")
        now = self._clock.now()
        dossier = await self._guests.export(reading.text(request.guest_id))
        return pb.ExportGuestResponse(
            document=export(dossier, now), mime_type="application/json", create_time=time_to_proto(now)
        )

    @timed
    async def EraseGuest(self, request: pb.EraseGuestRequest, _context: Context) -> pb.EraseGuestResponse:
        require(request, "request_id", "guest_id")
        write = EraseWrite(
            request=request_of("EraseGuest", request.request_id, request.guest_id),
            guest_id=reading.text(request.guest_id),
            receipt_id=derived_id("era", request.request_id, request.guest_id),
            now=self._clock.now(),
            retention=self._erasure_retention,
            turn_id=reading.text(request.turn_id),
        )
        receipt = (await self._guests.erase(write)).receipt
        ERASURES.inc()
        return receipt_message(receipt)

    @timed
    async def ListErasures(self, _request: pb.ListErasuresRequest, _context: Context) -> pb.ListErasuresResponse:
        pending = await self._guests.pending_erasures(limit=_ERASURES_AT_ONCE)
        return pb.ListErasuresResponse(erasures=map(erasure_message, pending))

    @timed
    async def AcknowledgeErasure(
        self, request: pb.AcknowledgeErasureRequest, _context: Context
    ) -> pb.AcknowledgeErasureResponse:
        check_id(request.receipt_id, field="receipt_id")
        await self._guests.settle_erasure(reading.text(request.receipt_id))
        return pb.AcknowledgeErasureResponse()
