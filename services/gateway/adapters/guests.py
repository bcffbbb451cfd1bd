"""Guests, as the session service knows them, over gRPC."""

from __future__ import annotations

import grpc.aio
from hotel.session.v1 import session_pb2, session_pb2_grpc

from services.gateway.adapters.wire import channel_from_proto
from services.gateway.domain.message import Identity
from services.gateway.ports import GuestReach

_SECONDS = 1.0


class GrpcGuests:
    """`GuestDirectory` on a channel to the session service."""

    def __init__(self, *, channel: grpc.aio.Channel) -> None:
        self._stub = session_pb2_grpc.SessionServiceStub(channel)

    async def reach(self, guest_id: str) -> GuestReach:
        response = await self._stub.GetGuest(session_pb2.GetGuestRequest(guest_id=guest_id), timeout=_SECONDS)
        identities = [
            Identity(
                channel=channel,
                address=identity.address,
                phone_number=identity.phone_number,
                channel_name=identity.channel_name,
            )
            for identity in response.guest.identities
            if (channel := channel_from_proto(identity.channel)) is not None
        ]
        return GuestReach(identities=tuple(identities), opted_out=response.guest.opted_out)
