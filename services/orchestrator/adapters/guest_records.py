"""What is kept of guests, over the session service: a copy of it, or forgetting it."""

from __future__ import annotations

from hotel.session.v1 import session_pb2 as pb
from hotel.session.v1 import session_pb2_grpc
from mesh.client import Channel
from mesh.values import derived_id

from services.orchestrator.domain.effects import EraseGuest, RecordsCall
from services.orchestrator.domain.events import GuestErased, GuestExported, Result
from services.orchestrator.ports import Caller


class GuestRecordsClient:
    """`GuestRecords` on a channel to the service. `seconds` is the deadline of one call."""

    def __init__(self, *, channel: Channel, seconds: float) -> None:
        self._stub = session_pb2_grpc.SessionServiceStub(channel)
        self._seconds = seconds

    async def perform(self, call: RecordsCall, caller: Caller) -> Result:
        if isinstance(call, EraseGuest):
            erasing = pb.EraseGuestRequest(
                request_id=caller.request_id, guest_id=caller.guest_id, turn_id=caller.turn_id
            )
            answer = await self._stub.EraseGuest(erasing, timeout=self._seconds)
            return GuestErased(receipt=answer.receipt_id)
        await self._stub.ExportGuest(pb.ExportGuestRequest(guest_id=caller.guest_id), timeout=self._seconds)
        # The copy is made afresh when it is handed over: that it can be made is what is known now.
        return GuestExported(reference=derived_id("exp", caller.request_id))
