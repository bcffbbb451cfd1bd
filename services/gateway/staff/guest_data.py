"""Everything kept about a guest, for the guest to read and take along: what was talked about, and what was booked."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict

from services.gateway.staff.adapters.conversations import GrpcConversations
from services.gateway.staff.adapters.hotel import GrpcHotel


class GuestData:
    """The session service's document with the reservations of the books beside it: all of it or none."""

    def __init__(self, *, conversations: GrpcConversations, hotel: GrpcHotel) -> None:
        self._conversations = conversations
        self._hotel = hotel

    async def document(self, guest_id: str) -> bytes:
        """JSON in UTF-8. `reservations` are those of the guest's addresses, by property written to, latest first.
        Raises NotFound(GUEST_NOT_FOUND), Unavailable."""
        content = json.loads(await self._conversations.export(guest_id))
        content["reservations"] = await self._reservations(guest_id)
        return json.dumps(content, ensure_ascii=False, indent=1).encode()

    async def _reservations(self, guest_id: str) -> dict[str, list[dict[str, object]]]:
        cases = await self._conversations.of_guest(guest_id)
        if not cases:
            return {}
        guest = (await self._conversations.read(cases[0].session_id)).guest
        places = sorted({(case.property_id, case.identity) for case in cases}, key=str)
        found = await asyncio.gather(*(self._hotel.of_guest(place, guest, identity) for place, identity in places))
        booked: dict[str, dict[str, dict[str, object]]] = {}
        for (place, _), stays in zip(places, found, strict=True):
            booked.setdefault(place, {}).update({stay.code: asdict(stay) for stay in stays})
        return {
            place: sorted(stays.values(), key=lambda stay: str(stay["check_in"]), reverse=True)
            for place, stays in booked.items()
        }
