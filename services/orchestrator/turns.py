"""One turn from beginning to end: read, understand, step, write; all again when the session has changed meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from jinja2 import UndefinedError
from mesh.clock import Clock
from mesh.errors import Conflict
from mesh.telemetry import get_logger
from mesh.values import derived_id

from services.orchestrator.answers import Answer, Encode, Outcome, distinct, record_of
from services.orchestrator.domain.analysis import Intent
from services.orchestrator.domain.desk import APP
from services.orchestrator.domain.effects import FindReservations, Reply
from services.orchestrator.domain.events import (
    DeadlinePassed,
    Event,
    External,
    GuestErased,
    GuestTurn,
    Input,
    MessageDue,
    NotUnderstandable,
    ReservationsFound,
    StaffSaid,
    StaffWrote,
)
from services.orchestrator.domain.first_language import first_language
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.machine import NoWayOn
from services.orchestrator.domain.proof import Unproven
from services.orchestrator.domain.state import Contact, DialogueState, Slot
from services.orchestrator.executor import Checkpoint, Executor, Ran
from services.orchestrator.listening import Listener, Words
from services.orchestrator.metrics import CONFLICTS, UNPROVEN
from services.orchestrator.ports import Caller, Conversation, Features, Journal, Nlp, Pms, Sessions, TurnRecord
from services.orchestrator.wording import Spoken, Wording

log = get_logger(__name__)
Result = TypeVar("Result")

# A message that waited longer than this is taken to be said now.
OLDEST_MESSAGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Happening:
    """An event of a conversation with everything that was read for it."""

    conversation: Conversation
    event: External | GuestErased
    hotel: Hotel
    now: datetime
    record: TurnRecord
    encode: Encode
    intents: tuple[Intent, ...] = ()
    send_after: datetime | None = None
    variants: Mapping[str, str] = field(default_factory=dict)
    # The messages are sent by us later on: until then they are on record as unsent.
    unsent: bool = False


@dataclass(frozen=True, slots=True)
class Addressee:
    """A guest of a property whose session is not known."""

    property_id: str
    contact: Contact


class Turns:
    """Handles turns and events of conversations."""

    def __init__(
        self,
        *,
        nlp: Nlp,
        pms: Pms,
        sessions: Sessions,
        executor: Executor,
        wording: Wording,
        clock: Clock,
        features: Features | None = None,
        attempts: int = 4,
    ) -> None:
        self._listener = Listener(nlp)
        self._pms = pms
        self._sessions = sessions
        self._executor = executor
        self._wording = wording
        self._clock = clock
        self._features = features
        self._attempts = attempts

    async def guest_turn(
        self,
        *,
        turn_id: str,
        property_id: str,
        contact: Contact,
        inputs: Sequence[Words | Input],
        received: datetime | None,
        encode: Encode,
    ) -> Answer:
        """The guest's messages. Idempotent by `turn_id`. Raises Conflict after too many lost races, Down."""
        now = self._time_of(received)

        async def attempt() -> Answer:
            hotel, conversation = await asyncio.gather(
                self._pms.hotel(property_id), self._sessions.open(property_id, contact, turn_id)
            )
            if conversation.stored is not None:
                return Answer(stored=conversation.stored, replayed=True)
            if contact.unproven:
                conversation = replace(conversation, state=conversation.state.distrusted())
            conversation, variants = self._featured(conversation)
            understood = await self._listener.listen(conversation, inputs, now, hotel)
            event: External | GuestErased = GuestTurn(turn_id=turn_id, inputs=understood.inputs)
            if understood.failed and not conversation.state.person_has_it:
                event = NotUnderstandable(turn_id=turn_id)
            record = record_of(turn_id, inputs)
            if conversation.receipt:
                conversation, event = await self._erased_before(conversation, hotel, turn_id)
                record = TurnRecord(turn_id=turn_id)
            return await self._handle(
                _Happening(
                    conversation=conversation,
                    event=event,
                    hotel=hotel,
                    now=now,
                    record=record,
                    encode=encode,
                    intents=understood.intents,
                    variants=variants,
                )
            )

        return await self._again_if_lost(attempt)

    async def event(
        self,
        *,
        request_id: str,
        session_id: str,
        event: External,
        encode: Encode,
        unsent: bool = False,
        guest: Addressee | None = None,
    ) -> Answer:
        """Something no guest wrote. Idempotent by `request_id`. Raises NotFound, Conflict, Down.

        With a `guest` that guest's session is found or begun, and `session_id` is not looked at.

        With `unsent` the conversation remembers that the messages are to be sent, until `sent` is called.
        """
        now = self._clock.now()

        async def attempt() -> Answer:
            if guest is not None:
                conversation = await self._sessions.open(guest.property_id, guest.contact)
            else:
                conversation = await self._sessions.get(session_id)
            hotel, stored = await asyncio.gather(
                self._pms.hotel(conversation.property_id),
                self._sessions.stored_turn(conversation.session_id, request_id),
            )
            if stored is not None:
                return Answer(stored=stored, replayed=True)
            conversation, variants = self._featured(conversation)
            if isinstance(event, MessageDue):
                slot = Slot(value=event.reservation_code)
                conversation = replace(conversation, state=conversation.state.with_slots(reservation=slot))
            record = _record_of(request_id, event)
            # What we start ourselves waits for the end of the quiet hours; an answer that is owed does not.
            send_after = hotel.end_of_quiet(now) if isinstance(event, MessageDue) and hotel.quiet(now) else None
            return await self._handle(
                _Happening(
                    conversation=conversation,
                    event=event,
                    hotel=hotel,
                    now=now,
                    record=record,
                    encode=encode,
                    send_after=send_after,
                    variants=variants,
                    unsent=unsent,
                )
            )

        return await self._again_if_lost(attempt)

    async def sent(self, *, request_id: str, session_id: str) -> None:
        """The messages of an event are with the gateway. Raises NotFound, Conflict, Down."""

        async def attempt() -> None:
            conversation = await self._sessions.get(session_id)
            state = conversation.state
            if request_id in state.unsent:
                rest = tuple(item for item in state.unsent if item != request_id)
                await self._sessions.save(conversation, replace(state, unsent=rest), derived_id("snt", request_id))

        await self._again_if_lost(attempt)

    # -- the parts of a turn

    def _featured(self, conversation: Conversation) -> tuple[Conversation, Mapping[str, str]]:
        """The conversation with the features that are on for its guest, and the variants for the record."""
        if self._features is None:
            return conversation, {}
        state = conversation.state
        decisions = self._features.decide_all(
            guest=conversation.guest_id, property_id=conversation.property_id, channel=state.contact.channel
        )
        on = frozenset(name for name, decision in decisions.items() if decision.enabled)
        variants = {name: decision.variant for name, decision in decisions.items()}
        return replace(conversation, state=state.with_turn(flags=on)), variants

    async def _erased_before(
        self, conversation: Conversation, hotel: Hotel, turn_id: str
    ) -> tuple[Conversation, GuestErased]:
        """This turn forgot the guest and was lost before it said so: what is left is to say it, to a stranger."""
        contact = conversation.state.contact
        caller = Caller(property_id=conversation.property_id, contact=contact, request_id=turn_id)
        found = await self._pms.perform(FindReservations(phone=contact.phone, email=contact.email), caller)
        live = tuple(item for item in found.reservations if item.live) if isinstance(found, ReservationsFound) else ()
        state = replace(
            conversation.state,
            flow="privacy",
            state="erasing",
            candidates=live,
            language=conversation.state.language or first_language(contact, hotel),
            introduced=True,
        )
        return replace(conversation, state=state), GuestErased(receipt=conversation.receipt)

    def _time_of(self, received: datetime | None) -> datetime:
        """When the turn happened: a repeat of it after a crash must see the same time and do the same things."""
        now = self._clock.now()
        if received is None or received > now or now - received > OLDEST_MESSAGE:
            return now
        return received

    async def _again_if_lost(self, attempt: Callable[[], Awaitable[Result]]) -> Result:
        for number in range(1, self._attempts + 1):
            try:
                return await attempt()
            except Conflict as error:
                if error.reason != "VERSION_MISMATCH" or number == self._attempts:
                    raise
                CONFLICTS.inc()
        raise AssertionError("unreachable")

    async def _handle(self, happening: _Happening) -> Answer:
        """Runs the event, says what is to be said, and writes it all in one commit."""
        current = happening.conversation

        async def checkpoint(journal: Journal) -> None:
            nonlocal current
            current = await self._sessions.checkpoint(current, journal)

        ran = await self._run(happening, checkpoint)
        ran, spoken = self._speak(ran, happening.now, happening.hotel)
        texts = (*ran.staff_words, *((spoken.text,) if spoken.text else ()))
        state = ran.state
        if happening.unsent and texts:
            state = replace(state, unsent=(*state.unsent, happening.record.turn_id))
        outcome = Outcome(
            session_id=current.session_id,
            state=state,
            texts=texts,
            choices=spoken.choices,
            claims=spoken.claims,
            intents=distinct(happening.intents),
            operations=tuple(ran.operations),
            reasons=tuple(ran.reasons),
            degraded=ran.degraded or isinstance(happening.event, NotUnderstandable),
            send_after=happening.send_after if texts else None,
            kind=_kind(happening.event),
            subject=spoken.subject,
            variants=happening.variants,
        )
        record = happening.record
        if ran.erased:
            # Nothing of before is written again: the answer, and that it was given, begin a new conversation.
            current = await self._sessions.open(current.property_id, state.contact, record.turn_id)
            state = replace(current.state, language=state.language, introduced=True)
            record = replace(record, inbound_texts=(), inbound_ids=())
        if ran.opt_out is not None:
            await self._sessions.set_opt_out(current, ran.opt_out, record.turn_id)
        stored = happening.encode(outcome)
        kept = await self._sessions.commit(
            current, state, replace(record, outbound_texts=(*record.outbound_texts, *texts), outcome=stored)
        )
        return Answer(stored=kept.outcome, replayed=kept.replayed, outcome=outcome)

    async def _run(self, happening: _Happening, checkpoint: Checkpoint) -> Ran:
        """The run of the event; a fault of ours in it ends with a person, never with silence."""
        try:
            return await self._execute(happening, checkpoint)
        except NoWayOn as fault:
            log.error("dialogue_has_no_way_on", where=fault.where)
            if not isinstance(happening.event, GuestTurn):
                return Ran(state=happening.conversation.state, reasons=[f"no way on: {fault.where}"], degraded=True)
            cleared = replace(happening.conversation.state, flow="", state="", summary=None)
            safe = replace(
                happening,
                conversation=replace(happening.conversation, state=cleared),
                event=NotUnderstandable(turn_id=happening.event.turn_id),
            )
            ran = await self._execute(safe, checkpoint)
            ran.reasons.append(f"no way on: {fault.where}")
            ran.degraded = True
            return ran

    async def _execute(self, happening: _Happening, checkpoint: Checkpoint) -> Ran:
        conversation, turn_id = happening.conversation, happening.record.turn_id
        return await self._executor.run(
            conversation.state,
            happening.event,
            now=happening.now,
            hotel=happening.hotel,
            caller=Caller(
                property_id=conversation.property_id,
                contact=conversation.state.contact,
                request_id=turn_id,
                guest_id=conversation.guest_id,
            ),
            journal=conversation.journal if conversation.journal.turn_id == turn_id else Journal(),
            checkpoint=checkpoint,
        )

    def _speak(self, ran: Ran, now: datetime, hotel: Hotel) -> tuple[Ran, Spoken]:
        try:
            return ran, self._words(ran.replies, ran.state, now, hotel)
        except (Unproven, UndefinedError, TypeError, KeyError) as fault:
            # A reply that cannot be proven is not sent; the guest hears that a person will answer.
            templates = ",".join(reply.template for reply in ran.replies)
            UNPROVEN.labels(template=templates[:80]).inc()
            log.error("reply_not_sent", templates=templates, fault=type(fault).__name__)
            ran.degraded = True
            ran.reasons.append(f"reply held back: {templates}")
            safe = Reply(template="fallback.held_back")
            return ran, self._words([safe], ran.state, now, hotel)

    def _words(self, replies: Sequence[Reply], state: DialogueState, now: datetime, hotel: Hotel) -> Spoken:
        language = state.language or next(iter(hotel.languages), "")
        return self._wording.speak(replies, language=language, region=hotel.region, today=hotel.today(now))


def _record_of(request_id: str, event: External) -> TurnRecord:
    """An event in the history; what is said because of it comes later, what the guest has already stands in it."""
    match event:
        case StaffSaid(agent=agent):
            return TurnRecord(turn_id=request_id, author="staff", agent=agent)
        case StaffWrote(text=text):
            return TurnRecord(turn_id=request_id, author="staff", agent=APP, outbound_texts=(text,))
        case _:
            return TurnRecord(turn_id=request_id, author="bot")


def _kind(event: Event) -> str:
    """What a message of ours is about that answers none; its template on a channel where the guest has been silent."""
    match event:
        case MessageDue(kind=kind):
            return kind
        case DeadlinePassed():
            return "overdue"
        case _:
            return ""
