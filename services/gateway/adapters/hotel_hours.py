"""A hotel's own quiet hours, from the pms service, which has them from the hotel's file."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import grpc.aio
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc, property_pb2
from mesh.clock import Clock
from mesh.errors import DomainError, Invalid
from mesh.telemetry import get_logger
from mesh.wire import time_of_day_from_proto

from services.gateway.domain.quiet import QuietHours

_SECONDS = 1.0
_FRESH_SECONDS, _AGAIN_SECONDS = 600.0, 30.0
log = get_logger(__name__)


class GrpcHotelHours:
    """`HotelHours` on a channel to the pms, remembered for ten minutes and beyond while it is away."""

    def __init__(self, *, channel: grpc.aio.Channel, clock: Clock) -> None:
        self._stub = pms_pb2_grpc.PmsServiceStub(channel)
        self._clock = clock
        self._known: dict[str, tuple[QuietHours | None, float]] = {}

    async def quiet(self, property_id: str) -> QuietHours | None:
        known, until = self._known.get(property_id, (None, 0.0))
        if property_id in self._known and self._clock.monotonic() < until:
            return known
        try:
            request = pms_pb2.GetPropertyRequest(property_id=property_id)
            found = _hours_of((await self._stub.GetProperty(request, timeout=_SECONDS)).property)
        except DomainError as error:
            log.warning("quiet_hours_not_read", property_id=property_id, reason=error.reason)
            # Only hotels are remembered, or callers could fill the memory with names of none.
            if property_id in self._known:
                self._known[property_id] = (known, self._clock.monotonic() + _AGAIN_SECONDS)
            return known
        self._known[property_id] = (found, self._clock.monotonic() + _FRESH_SECONDS)
        return found


def _hours_of(hotel: property_pb2.Property) -> QuietHours | None:
    """None where they are not told. Raises Invalid for what is no time or no zone."""
    if not (hotel.HasField("quiet_start") and hotel.HasField("quiet_end") and hotel.time_zone):
        return None
    try:
        zone = ZoneInfo(hotel.time_zone)
    except (ValueError, OSError, KeyError):
        raise Invalid("not a time zone", fields={"time_zone": hotel.time_zone[:64]}) from None
    return QuietHours(
        start=time_of_day_from_proto(hotel.quiet_start), end=time_of_day_from_proto(hotel.quiet_end), zone=zone
    )
