"""What guests are spared when we write first: messages at night, and all of them once they asked for that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from mesh.errors import Refused

from services.gateway.domain.conversation import Conversation
from services.gateway.domain.quiet import QuietHours
from services.gateway.ports import GuestDirectory, HotelHours

# A guest who wrote within this time is in conversation with us, on whatever channel.
_GOING_ON = timedelta(hours=24)


class Courtesy:
    """`hours` are the hotel's own; `otherwise` those of properties that tell none, or whose PMS nobody has reached."""

    def __init__(self, *, guests: GuestDirectory, hours: HotelHours, otherwise: Mapping[str, QuietHours]) -> None:
        self._guests = guests
        self._hours = hours
        self._otherwise = otherwise

    async def time_for(self, conversation: Conversation, *, promotional: bool, wanted: datetime) -> datetime:
        """When a message may go. Answers in a conversation that is going on go as wanted; what we start waits for the
        end of the quiet hours. Raises Refused(OPTED_OUT) for who asked us not to write first, Down when nobody can say.
        """
        if not promotional and conversation.window_is_open(wanted, _GOING_ON):
            return wanted
        if conversation.stops(promotional=promotional) or await self._guests.opted_out(conversation.identity):
            raise Refused("OPTED_OUT", "the guest asked us not to write first")
        property_id = conversation.property_id
        quiet = await self._hours.quiet(property_id) or self._otherwise.get(property_id)
        return (quiet.end_after(wanted) if quiet is not None else None) or wanted
