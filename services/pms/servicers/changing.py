"""RPCs that preview and make changes and cancellations."""

from __future__ import annotations

from hotel.pms.v1 import pms_pb2
from mesh import wire

from services.pms.adapters.wire import requests
from services.pms.adapters.wire import reservation as reservation_wire
from services.pms.desk.changes import Changes
from services.pms.domain.change import Wanted


class ChangingRpcs:
    """PreviewModification, ModifyReservation, PreviewCancellation, CancelReservation."""

    _changes: Changes

    async def PreviewModification(
        self, request: pms_pb2.PreviewModificationRequest, _context: object
    ) -> pms_pb2.PreviewModificationResponse:
        requests.require(request, "reservation_id")
        preview, reservation, token = await self._changes.preview_modification(request.reservation_id, _wanted(request))
        message = reservation_wire.modification_message(preview, reservation, token)
        return pms_pb2.PreviewModificationResponse(preview=message)

    async def ModifyReservation(
        self, request: pms_pb2.ModifyReservationRequest, _context: object
    ) -> pms_pb2.ModifyReservationResponse:
        requests.require(request, "request_id", "modification_token")
        write = requests.write_of(request, "reservation.update")
        changed = await self._changes.modify(write, request.modification_token)
        return pms_pb2.ModifyReservationResponse(reservation=reservation_wire.reservation_message(changed))

    async def PreviewCancellation(
        self, request: pms_pb2.PreviewCancellationRequest, _context: object
    ) -> pms_pb2.PreviewCancellationResponse:
        requests.require(request, "reservation_id")
        preview, token = await self._changes.preview_cancellation(request.reservation_id)
        return pms_pb2.PreviewCancellationResponse(preview=reservation_wire.cancellation_message(preview, token))

    async def CancelReservation(
        self, request: pms_pb2.CancelReservationRequest, _context: object
    ) -> pms_pb2.CancelReservationResponse:
        requests.require(request, "request_id", "cancellation_token")
        write = requests.write_of(request, "reservation.cancel")
        reason = requests.text_of(request.reason, "reason")
        canceled = await self._changes.cancel(write, request.cancellation_token, reason)
        return pms_pb2.CancelReservationResponse(reservation=reservation_wire.reservation_message(canceled))


def _wanted(request: pms_pb2.PreviewModificationRequest) -> Wanted:
    return Wanted(
        stay=requests.stay_of(request.stay) if request.HasField("stay") else None,
        room_type_id=request.room_type_id or None,
        rate_plan_id=request.rate_plan_id or None,
        rooms=requests.rooms_of(request.rooms) or None,
        arrival_time=wire.time_of_day_from_proto(request.arrival_time, "arrival_time")
        if request.HasField("arrival_time")
        else None,
        remark=requests.text_of(request.remark, "remark") if request.HasField("remark") else None,
    )
