"""The RPC that streams what happens."""

from __future__ import annotations

from collections.abc import AsyncIterator

from hotel.pms.v1 import pms_pb2

from services.pms.adapters.wire import requests
from services.pms.adapters.wire.reservation import event_message
from services.pms.desk.watching import Watching


class WatchingRpcs:
    """WatchReservations."""

    _watching: Watching

    async def WatchReservations(
        self, request: pms_pb2.WatchReservationsRequest, _context: object
    ) -> AsyncIterator[pms_pb2.WatchReservationsResponse]:
        requests.require(request, "property_id")
        after = _sequence(requests.open_page_token(request.resume_token, request)) if request.resume_token else None
        async for event in self._watching.events(request.property_id, after):
            token = requests.page_token([str(event.sequence)], request)
            yield pms_pb2.WatchReservationsResponse(event=event_message(event, token))


def _sequence(place: list[str]) -> int:
    if len(place) != 1 or not place[0].isdecimal():
        raise requests.invalid_page_token()
    return int(place[0])
