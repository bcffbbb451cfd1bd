"""Conversations over the session service: the state is its opaque memory, mirrored in fields others read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

from hotel.session.v1 import session_pb2 as pb
from hotel.session.v1 import session_pb2_grpc
from mesh.client import Channel
from mesh.errors import Conflict, Invalid
from mesh.telemetry import get_logger
from mesh.values import derived_id
from mesh.wire import time_from_proto, time_to_proto

from services.orchestrator.adapters.wire import (
    contact_from_proto,
    contact_to_proto,
    handoff_from_proto,
    handoff_to_proto,
)
from services.orchestrator.domain.codec import from_json, to_json
from services.orchestrator.domain.state import Contact, DialogueState, Promise, StaffWords, dump, load
from services.orchestrator.ports import Conversation, Journal, Stored, TurnRecord

log = get_logger(__name__)

DUE_PAGE = 50
_AUTHORS = {"guest": pb.Turn.AUTHOR_GUEST, "staff": pb.Turn.AUTHOR_STAFF, "bot": pb.Turn.AUTHOR_BOT}


class SessionClient:
    """`Sessions` on a channel to the service. `seconds` is the deadline of one call."""

    def __init__(self, *, channel: Channel, seconds: float) -> None:
        self._stub = session_pb2_grpc.SessionServiceStub(channel)
        self._seconds = seconds

    async def open(self, property_id: str, contact: Contact, turn_id: str = "") -> Conversation:
        request = pb.GetOrCreateSessionRequest(
            property_id=property_id,
            identity=contact_to_proto(contact),
            display_name=contact.display_name,
            turn_id=turn_id,
        )
        answer = await self._stub.GetOrCreateSession(request, timeout=self._seconds)
        turns = list(answer.recent_turns)
        conversation = _conversation(answer.session, answer.guest, contact)
        state = _with_staff_words(conversation.state, turns)
        return replace(
            conversation,
            state=state,
            stored=next((turn.outcome for turn in turns if turn.turn_id == turn_id), None),
            receipt=answer.erasure.receipt_id,
        )

    async def get(self, session_id: str) -> Conversation:
        answer = await self._stub.GetSession(pb.GetSessionRequest(session_id=session_id), timeout=self._seconds)
        contact = contact_from_proto(answer.session.identity)
        return _conversation(answer.session, answer.guest, contact)

    async def stored_turn(self, session_id: str, turn_id: str) -> bytes | None:
        request = pb.GetTurnRequest(session_id=session_id, turn_id=turn_id)
        answer = await self._stub.GetTurn(request, timeout=self._seconds)
        return answer.turn.outcome if answer.HasField("turn") else None

    async def checkpoint(self, conversation: Conversation, journal: Journal) -> Conversation:
        request = pb.UpdateSessionRequest(
            # The same journal is kept once; another one is another request.
            request_id=derived_id("jrn", journal.turn_id, *sorted(quote.id for quote in journal.quotes.values())),
            session=_session(conversation, conversation.state, journal),
        )
        answer = await self._stub.UpdateSession(request, timeout=self._seconds)
        return replace(conversation, version=answer.session.version, journal=journal)

    async def commit(self, conversation: Conversation, state: DialogueState, turn: TurnRecord) -> Stored:
        request = pb.CommitTurnRequest(
            request_id=turn.turn_id,
            session=_session(conversation, state, Journal()),
            turn=pb.Turn(
                turn_id=turn.turn_id,
                author=_AUTHORS[turn.author],
                inbound_texts=turn.inbound_texts,
                inbound_message_ids=turn.inbound_ids,
                outbound_texts=turn.outbound_texts,
                agent=turn.agent,
                outcome=turn.outcome,
            ),
        )
        try:
            answer = await self._stub.CommitTurn(request, timeout=self._seconds)
        except Invalid as error:
            if error.reason != "REQUEST_ID_REUSED":
                raise
            # Somebody handled the same turn at the same time: the first outcome is the outcome.
            stored = await self.stored_turn(conversation.session_id, turn.turn_id)
            if stored is None:
                raise Conflict("VERSION_MISMATCH", "the turn was stored by another") from None
            return Stored(stored, replayed=True)
        return Stored(answer.turn.outcome, replayed=answer.replayed)

    async def save(self, conversation: Conversation, state: DialogueState, request_id: str) -> None:
        session = _session(conversation, state, conversation.journal)
        await self._stub.UpdateSession(
            pb.UpdateSessionRequest(request_id=request_id, session=session), timeout=self._seconds
        )

    async def due(self, now: datetime) -> AsyncIterator[Conversation]:
        request = pb.ListSessionsRequest(active_only=True, page_size=DUE_PAGE, due_before=time_to_proto(now))
        while True:
            page = await self._stub.ListSessions(request, timeout=self._seconds * 2)
            for session in page.sessions:
                yield _conversation(session, pb.Guest(), contact_from_proto(session.identity))
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def set_opt_out(self, conversation: Conversation, opted_out: bool, request_id: str) -> None:
        read = await self._stub.GetGuest(pb.GetGuestRequest(guest_id=conversation.guest_id), timeout=self._seconds)
        request = pb.UpdateGuestRequest(
            request_id=derived_id("opt", request_id),
            guest=pb.Guest(guest_id=conversation.guest_id, version=read.guest.version),
            opted_out=opted_out,
        )
        await self._stub.UpdateGuest(request, timeout=self._seconds)


def _conversation(session: pb.Session, guest: pb.Guest, contact: Contact) -> Conversation:
    state, journal = _memory(session.memory_json)
    # Hand-off, promises and consent are changed by others too: the session's own fields are the truth for them.
    state = replace(
        state,
        contact=contact,
        handoff=handoff_from_proto(session.handoff) if session.HasField("handoff") else None,
        promises=tuple(_promise(item) for item in session.promises),
        opted_out=guest.opted_out,
        language=state.language or guest.language,
    )
    return Conversation(
        session_id=session.session_id,
        property_id=session.property_id,
        guest_id=session.guest_id,
        version=session.version,
        state=state,
        journal=journal,
    )


def _memory(text: str) -> tuple[DialogueState, Journal]:
    """State and journal; a memory that cannot be read is a conversation that begins anew, never a dead one."""
    if not text:
        return DialogueState(), Journal()
    try:
        memory = json.loads(text)
        return load(json.dumps(memory.get("state", {}))), from_json(Journal, memory.get("journal", {}))
    except (ValueError, TypeError, KeyError, AttributeError):
        log.error("dialogue_memory_not_readable")
        return DialogueState(), Journal()


def _session(conversation: Conversation, state: DialogueState, journal: Journal) -> pb.Session:
    memory = f'{{"state":{dump(state)},"journal":{json.dumps(to_json(journal), ensure_ascii=False)}}}'
    return pb.Session(
        session_id=conversation.session_id,
        property_id=conversation.property_id,
        guest_id=conversation.guest_id,
        language=state.language,
        flow=state.flow,
        state=state.state,
        current_intent=state.current_intent,
        asked_slots=state.asked,
        slots={
            name: pb.SlotValue(value=slot.value, source_message_id=slot.source, confidence=slot.confidence)
            for name, slot in state.slots.items()
        },
        pending_actions=_pending(state),
        handoff=handoff_to_proto(state.handoff) if state.handoff else None,
        promises=[_promise_to_proto(item) for item in state.promises],
        memory_json=memory,
        version=conversation.version,
    )


def _pending(state: DialogueState) -> list[pb.PendingAction]:
    """What was begun and not ended, for staff and the scheduler. Tokens stay in the memory."""
    pending: list[pb.PendingAction] = []
    if state.quote is not None:
        details = {"total": str(state.quote.total.amount), "currency": state.quote.total.currency}
        pending.append(_action("quote", state.quote.id, details))
        pending[-1].expire_time.CopyFrom(time_to_proto(state.quote.expires))
    if state.hold is not None:
        pending.append(_action("hold", state.hold.id, {"quote_id": state.hold.quote_id}))
        pending[-1].expire_time.CopyFrom(time_to_proto(state.hold.expires))
    if state.summary is not None and state.summary.kind != "booking":
        pending.append(_action(state.summary.kind, state.summary.reference, {}))
        pending[-1].expire_time.CopyFrom(time_to_proto(state.summary.expires))
    for turn_id in state.unsent:
        pending.append(_action("message", turn_id, {}))
        # Due at once: whoever looks next sends it.
        pending[-1].expire_time.FromSeconds(0)
    return pending


def _action(kind: str, reference: str, details: dict[str, str]) -> pb.PendingAction:
    return pb.PendingAction(type=kind, reference=reference, details=details)


def _promise(message: pb.Promise) -> Promise:
    due = time_from_proto(message.due_time)
    assert due is not None
    return Promise(
        id=message.promise_id,
        text=message.text,
        owner=message.owner,
        due=due,
        kept=time_from_proto(message.keep_time) if message.HasField("keep_time") else None,
        broken=time_from_proto(message.break_time) if message.HasField("break_time") else None,
    )


def _promise_to_proto(promise: Promise) -> pb.Promise:
    return pb.Promise(
        promise_id=promise.id,
        text=promise.text,
        owner=promise.owner,
        due_time=time_to_proto(promise.due),
        keep_time=time_to_proto(promise.kept) if promise.kept else None,
        break_time=time_to_proto(promise.broken) if promise.broken else None,
    )


def _with_staff_words(state: DialogueState, turns: list[pb.Turn]) -> DialogueState:
    """What staff wrote through other doors is known too."""
    last = state.staff_words[-1].at if state.staff_words else None
    words = []
    for turn in turns:
        at = time_from_proto(turn.create_time)
        if turn.author != pb.Turn.AUTHOR_STAFF or at is None or turn.outcome or (last is not None and at <= last):
            continue
        words += [StaffWords(agent=turn.agent, text=text, at=at) for text in turn.outbound_texts]
    return replace(state, staff_words=(*state.staff_words, *words)[-10:]) if words else state
