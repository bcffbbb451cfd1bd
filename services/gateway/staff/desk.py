"""What staff do in conversations: look, take, answer, note, give back, close. Every look and deed is written down."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mesh.clock import Clock
from mesh.errors import DomainError, Invalid, NotFound, Refused
from mesh.telemetry import get_logger
from mesh.values import derived_id

from services.gateway.domain.attachment import Attachment
from services.gateway.domain.cleaning import clean_text
from services.gateway.staff.adapters.conversations import GrpcConversations
from services.gateway.staff.adapters.figures import PostgresFigures
from services.gateway.staff.adapters.hotel import GrpcHotel
from services.gateway.staff.adapters.mail import Mail
from services.gateway.staff.domain.audit import Action
from services.gateway.staff.domain.conversation import (
    CLAIMED,
    NOTE,
    OPEN,
    Conversation,
    Exchange,
    Handoff,
    Queue,
    Reach,
    Stay,
)
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import Person
from services.gateway.staff.live import Live
from services.gateway.staff.logbook import Logbook

# Reservations stand beside a conversation; nobody waits for them longer.
_STAYS_SECONDS = 2.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A conversation with everything beside it. `stays` is None while the PMS does not answer."""

    conversation: Conversation
    exchanges: Sequence[Exchange]
    reach: Reach
    cost: str
    stays: Sequence[Stay] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """The hand-off with what the receptionist wrote down for it, and the notes of staff, oldest first."""

    handoff: Handoff | None
    notes: Sequence[Exchange]


class Desk:
    """One for the process. Every method raises NotAllowed without the right, and the family of mesh.errors."""

    def __init__(
        self,
        *,
        conversations: GrpcConversations,
        hotel: GrpcHotel,
        mail: Mail,
        figures: PostgresFigures,
        logbook: Logbook,
        live: Live,
        clock: Clock,
    ) -> None:
        self._conversations = conversations
        self._hotel = hotel
        self._mail = mail
        self._figures = figures
        self._logbook = logbook
        self._live = live
        self._clock = clock

    async def queue(self, person: Person, *, state: str, mine: bool, token: str, size: int = 50) -> Queue:
        """Who waits for a person."""
        person.must(Right.CONVERSATIONS)
        await self._logbook.saw(person, Action.SESSIONS_LISTED)
        agent = person.user.user_id if mine else ""
        return await self._conversations.queue(state=state, agent=agent, token=token, size=size)

    async def open(self, person: Person, session_id: str) -> Opened:
        """A conversation. Raises NotFound(SESSION_NOT_FOUND)."""
        person.must(Right.CONVERSATIONS)
        conversation = await self._conversations.read(session_id)
        await self._logbook.saw(person, Action.SESSION_READ, session_id, guest_id=conversation.guest.guest_id)
        case = conversation.case
        # Three services and the database, beside each other: pages keep themselves live by this.
        exchanges, reach, cost, stays = await asyncio.gather(
            self._conversations.exchanges(session_id),
            self._mail.reach(case.property_id, case.identity, now=self._clock.now()),
            self._mail.cost(case.property_id, case.identity),
            self._stays(conversation),
        )
        return Opened(conversation=conversation, exchanges=exchanges, reach=reach, cost=cost, stays=stays)

    async def claim(self, person: Person, session_id: str, request_id: str) -> None:
        """Takes a conversation. Raises Refused(HANDOFF_CLAIMED) when a colleague has it, NotFound when nobody waits."""
        person.must(Right.CONVERSATIONS)
        conversation = await self._conversations.read(session_id)
        await self._logbook.did(person, Action.SESSION_CLAIMED, session_id, request_id=request_id)
        await self._conversations.claim(session_id, person.user.user_id, request_id)
        await self._figures.handoff_moved(conversation.case, claimed=self._clock.now())
        self._live.changed(session_id)

    async def take_over(self, person: Person, session_id: str, request_id: str) -> None:
        """Takes a conversation that the receptionist has, or one that waits: from here on the receptionist is silent.

        Raises NotFound(SESSION_NOT_FOUND), Refused(HANDOFF_CLAIMED) when a colleague has it.
        """
        person.must(Right.CONVERSATIONS)
        case = (await self._conversations.read(session_id)).case
        await self._logbook.did(person, Action.SESSION_TAKEN_OVER, session_id, request_id=request_id)
        handoff = await self._conversations.take_over(session_id, person.user.user_id, request_id)
        await self._figures.handoff_moved(replace(case, handoff=handoff), claimed=self._clock.now())
        self._live.changed(session_id)

    async def answer(
        self, person: Person, session_id: str, words: str, request_id: str, *, file: Attachment | None = None
    ) -> None:
        """Sends words to the guest, and a file behind them, once however often it is asked for under this id.

        Raises Invalid for no words or what is no such file, Refused when a colleague has the conversation
        (HANDOFF_CLAIMED), nobody has (HANDOFF_NOT_FOUND), or the guest cannot be reached now (WINDOW_CLOSED,
        UNREACHABLE) or not with this file (ATTACHMENT_REFUSED): then nothing is sent.
        """
        person.must(Right.CONVERSATIONS)
        text = _words(words)
        conversation = await self._held(person, session_id)
        case = conversation.case
        reach = await self._mail.reach(case.property_id, case.identity, now=self._clock.now())
        if not reach.possible:
            reason = "WINDOW_CLOSED" if reach.conversation_id else "UNREACHABLE"
            raise Refused(reason, "the guest cannot be written to now")
        if file is not None:
            await self._mail.check(case.property_id, case.identity, file)
        await self._logbook.did(person, Action.SESSION_ANSWERED, session_id, request_id=request_id)
        told = await self._conversations.say(session_id, person.user.user_id, text, request_id)
        await self._mail.send(told, property_id=case.property_id, request_id=request_id)
        if file is not None:
            await self._mail.send_file(told, file, property_id=case.property_id, request_id=request_id)
            # What was said has words alone; colleagues see here that there was a file.
            note = derived_id("req", request_id, "file")
            await self._conversations.note(session_id, person.user.user_id, f"📎 {file.name} ({file.size})", note)
        await self._figures.handoff_moved(case, answered=self._clock.now())
        self._live.changed(session_id)

    async def note(self, person: Person, session_id: str, words: str, request_id: str) -> None:
        """Writes down something for colleagues."""
        person.must(Right.CONVERSATIONS)
        text = _words(words)
        await self._logbook.did(person, Action.SESSION_NOTED, session_id, request_id=request_id)
        await self._conversations.note(session_id, person.user.user_id, text, request_id)
        self._live.changed(session_id)

    async def notes(self, person: Person, session_id: str) -> Noted:
        """What colleagues left for each other about a conversation. Raises NotFound(SESSION_NOT_FOUND)."""
        person.must(Right.CONVERSATIONS)
        conversation = await self._conversations.read(session_id)
        await self._logbook.saw(person, Action.SESSION_READ, session_id, guest_id=conversation.guest.guest_id)
        exchanges = await self._conversations.exchanges(session_id)
        written = tuple(exchange for exchange in exchanges if exchange.author == NOTE)
        return Noted(handoff=conversation.case.handoff, notes=written)

    async def release(self, person: Person, session_id: str, request_id: str) -> None:
        """Gives the conversation back to the receptionist, which knows what was said."""
        person.must(Right.CONVERSATIONS)
        conversation = await self._conversations.read(session_id)
        await self._logbook.did(person, Action.SESSION_RELEASED, session_id, request_id=request_id)
        await self._conversations.release(session_id, person.user.user_id, request_id)
        await self._figures.handoff_moved(conversation.case, released=self._clock.now())
        self._live.changed(session_id)

    async def close(self, person: Person, session_id: str, words: str, request_id: str) -> None:
        """Ends a hand-off that was settled elsewhere: taken if need be, noted why, and given back.

        Each step may be repeated, so a close that broke off is finished by closing again.
        """
        person.must(Right.CONVERSATIONS)
        conversation = await self._conversations.read(session_id)
        handoff, agent = conversation.case.handoff, person.user.user_id
        if handoff is None or handoff.state not in (OPEN, CLAIMED):
            raise NotFound("HANDOFF_NOT_FOUND", "nothing is open here")
        await self._logbook.did(person, Action.SESSION_CLOSED, session_id, request_id=request_id)
        await self._conversations.claim(session_id, agent, derived_id("req", request_id, "claim"))
        if text := clean_text(words):
            await self._conversations.note(session_id, agent, text, derived_id("req", request_id, "note"))
        await self._conversations.release(session_id, agent, request_id)
        now = self._clock.now()
        await self._figures.handoff_moved(conversation.case, claimed=now, released=now)
        self._live.changed(session_id)

    async def _held(self, person: Person, session_id: str) -> Conversation:
        conversation = await self._conversations.read(session_id)
        handoff = conversation.case.handoff
        if handoff is None or handoff.state != CLAIMED:
            raise Refused("HANDOFF_NOT_FOUND", "take the conversation first")
        if handoff.agent != person.user.user_id:
            raise Refused("HANDOFF_CLAIMED", "a colleague has the conversation", agent=handoff.agent)
        return conversation

    async def _stays(self, conversation: Conversation) -> Sequence[Stay] | None:
        try:
            case = conversation.case
            async with asyncio.timeout(_STAYS_SECONDS):
                return await self._hotel.of_guest(case.property_id, conversation.guest, case.identity)
        except (DomainError, TimeoutError) as error:
            log.warning("stays_not_read", reason=getattr(error, "reason", "DEADLINE_EXCEEDED"))
            return None


def _words(words: str) -> str:
    text = clean_text(words)
    if not text:
        raise Invalid("nothing was written", fields={"text": "is required"})
    return text
