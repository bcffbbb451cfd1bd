"""Guests whom the session service has forgotten, over gRPC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import grpc.aio
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.telemetry import get_logger
from mesh.wire import time_from_proto, time_to_proto

from services.gateway.adapters.guests import identities_of
from services.gateway.adapters.wire import identity_to_proto
from services.gateway.channels.phones import match_key
from services.gateway.domain.erasure import Erasure
from services.gateway.domain.message import Channel, Identity

_SECONDS = 2.0
_BOOKS_SECONDS = 10.0
log = get_logger(__name__)


class GrpcErasures:
    """`Erasures` on a channel to the session service."""

    def __init__(self, *, channel: grpc.aio.Channel) -> None:
        self._stub = session_pb2_grpc.SessionServiceStub(channel)

    async def pending(self) -> Sequence[Erasure]:
        answer = await self._stub.ListErasures(session_pb2.ListErasuresRequest(), timeout=_SECONDS)
        return list(_read(answer.erasures))

    async def settle(self, erasure: Erasure) -> None:
        request = session_pb2.AcknowledgeErasureRequest(receipt_id=erasure.receipt_id)
        await self._stub.AcknowledgeErasure(request, timeout=_SECONDS)


class PmsEraser:
    """`Eraser` of the pms's books, on a channel to it. What still needs its guest, the pms forgets by itself later."""

    def __init__(self, *, channel: grpc.aio.Channel) -> None:
        self._stub = pms_pb2_grpc.PmsServiceStub(channel)

    async def erase(self, erasure: Erasure, *, now: datetime) -> bool:
        del now
        request = pms_pb2.ForgetGuestRequest(
            request_id=erasure.receipt_id,
            identities=map(identity_to_proto, erasure.people),
            erase_time=time_to_proto(erasure.erase_time),
        )
        done = await self._stub.ForgetGuest(request, timeout=_BOOKS_SECONDS)
        if done.properties_elsewhere:
            # The hotel has to do it where its rooms are kept: named in the log, without the guest.
            log.warning("guest_kept_elsewhere", receipt_id=erasure.receipt_id, properties=[*done.properties_elsewhere])
        return True


def _read(erasures: Sequence[Any]) -> Iterator[Erasure]:
    for erasure in erasures:
        time = time_from_proto(erasure.erase_time, "erase_time")
        assert time is not None, "an erasure has a time"
        yield Erasure(
            receipt_id=erasure.receipt_id,
            erase_time=time,
            people=tuple(map(_with_spellings, identities_of(erasure.identities))),
            session_ids=tuple(erasure.session_ids),
        )


def _with_spellings(person: Identity) -> Identity:
    """A phone by which the conversation may have begun under another spelling."""
    if person.channel is not Channel.WHATSAPP:
        return person
    address = person.address.removeprefix("+")
    return replace(person, address=address, aliases=tuple(key for key in (match_key(address),) if key))
