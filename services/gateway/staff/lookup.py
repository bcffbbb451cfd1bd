"""Finding a guest or a reservation, and the day's comings and goings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.gateway.domain.message import Channel, Identity
from services.gateway.staff.adapters.conversations import GrpcConversations
from services.gateway.staff.adapters.hotel import GrpcHotel
from services.gateway.staff.adapters.written import PostgresWritten
from services.gateway.staff.domain.audit import Action
from services.gateway.staff.domain.conversation import Case, Stay
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import Person
from services.gateway.staff.logbook import Logbook

_SESSION = re.compile(r"ses_[0-9a-f]{20}")
_CODE = re.compile(r"[A-Za-z0-9-]{4,16}")
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{6,20}")
# Fewer letters are in nearly every message.
_SHORTEST = 3
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Who comes and who goes."""

    day: date
    arrivals: Sequence[Stay]
    departures: Sequence[Stay]


class Lookup:
    """One for the process. Every method raises NotAllowed without the right, and the family of mesh.errors."""

    def __init__(
        self, *, conversations: GrpcConversations, hotel: GrpcHotel, written: PostgresWritten, logbook: Logbook
    ) -> None:
        self._conversations = conversations
        self._hotel = hotel
        self._written = written
        self._logbook = logbook

    async def search(self, person: Person, words: str, property_ids: Sequence[str]) -> Sequence[Case]:
        """Conversations of the guest with this phone number, e-mail address, confirmation code or session id; where it
        is none of these, of the guests who wrote these words or write under this name.

        What was looked for is not written down, since it is a guest's; what was found is.
        """
        person.must(Right.CONVERSATIONS)
        words = words.strip()
        if _SESSION.fullmatch(words):
            await self._logbook.saw(person, Action.SEARCHED, words, by="session")
            return [(await self._conversations.read(words)).case]
        kind, identities = await self._identities(words, property_ids)
        found: dict[str, Case] = {}
        for identity in identities:
            guest_id = await self._conversations.guest_with(identity)
            if guest_id is not None:
                found |= {case.session_id: case for case in await self._conversations.of_guest(guest_id)}
        guests = sorted({case.guest_id for case in found.values()})
        await self._logbook.did(person, Action.SEARCHED, ",".join(guests), by=kind)
        return sorted(found.values(), key=lambda case: case.last_activity, reverse=True)

    async def sessions(
        self, person: Person, *, property_id: str, active: bool, size: int, token: str
    ) -> tuple[Sequence[Case], str]:
        """A page of conversations, newest activity first, and the token of the next."""
        person.must(Right.CONVERSATIONS)
        await self._logbook.saw(person, Action.SESSIONS_LISTED)
        return await self._conversations.listed(property_id=property_id, active=active, size=size, token=token)

    async def _identities(self, words: str, property_ids: Sequence[str]) -> tuple[str, list[Identity]]:
        if _EMAIL.fullmatch(words):
            return "email", [Identity(channel=Channel.EMAIL, address=words)]
        digits = re.sub(r"\D", "", words)
        if _PHONE.fullmatch(words) and len(digits) >= 7:
            return "phone", [
                Identity(channel=Channel.WHATSAPP, address=digits),
                Identity(channel=Channel.SMS, address=f"+{digits}"),
            ]
        if _CODE.fullmatch(words):
            booked = [await self._hotel.booker(property_id, words) for property_id in property_ids]
            if any(booked):
                return "code", [identity for identity in booked if identity is not None]
        return ("words", list(await self._written.by(words))) if len(words) >= _SHORTEST else ("nothing", [])

    async def day(self, person: Person, property_id: str, day: date) -> Day:
        """The arrivals and departures of a day."""
        person.must(Right.CONVERSATIONS)
        await self._logbook.saw(person, Action.STAYS_READ, f"{property_id} {day.isoformat()}")
        return Day(
            day=day,
            arrivals=await self._hotel.arrivals(property_id, day),
            departures=await self._hotel.departures(property_id, day),
        )
