"""Guests, as the session service knows them, over gRPC."""

from __future__ import annotations

from collections.abc import Iterable

import grpc.aio
from hotel.common.v1 import channel_pb2
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.errors import NotFound

from services.gateway.adapters.wire import channel_from_proto, identity_to_proto
from services.gateway.domain.message import Identity

_SECONDS = 1.0


class GrpcGuests:
    """`GuestDirectory` on a channel to the session service."""

    def __init__(self, *, channel: grpc.aio.Channel) -> None:
        self._stub = session_pb2_grpc.SessionServiceStub(channel)

    async def identities(self, guest_id: str) -> tuple[Identity, ...]:
        response = await self._stub.GetGuest(session_pb2.GetGuestRequest(guest_id=guest_id), timeout=_SECONDS)
        return identities_of(response.guest.identities)

    async def opted_out(self, identity: Identity) -> bool:
        request = session_pb2.GetGuestRequest(identity=identity_to_proto(identity))
        try:
            return (await self._stub.GetGuest(request, timeout=_SECONDS)).guest.opted_out
        except NotFound:
            return False


def identities_of(protos: Iterable[channel_pb2.ChannelIdentity]) -> tuple[Identity, ...]:
    """Those on channels that are known here."""
    return tuple(
        Identity(
            channel=channel,
            address=identity.address,
            phone_number=identity.phone_number,
            channel_name=identity.channel_name,
        )
        for identity in protos
        if (channel := channel_from_proto(identity.channel)) is not None
    )
