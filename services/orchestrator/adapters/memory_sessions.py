"""Sessions in memory, with compare-and-set and stored turns: for tests and for trying flows out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from mesh.errors import Conflict, NotFound
from mesh.values import derived_id

from services.orchestrator.domain import deadlines
from services.orchestrator.domain.effects import ExportGuest, RecordsCall
from services.orchestrator.domain.events import GuestErased, GuestExported, Result
from services.orchestrator.domain.state import Contact, DialogueState, dump, load
from services.orchestrator.ports import Caller, Conversation, Journal, Stored, TurnRecord


@dataclass(slots=True, kw_only=True)
class MemorySessions:
    """Conversations by id. State is kept as text, as the session service keeps it."""

    versions: dict[str, int] = field(default_factory=dict)
    owners: dict[str, tuple[str, Contact]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    journals: dict[str, Journal] = field(default_factory=dict)
    turns: dict[str, dict[str, TurnRecord]] = field(default_factory=dict)
    opted_out: dict[str, bool] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)

    async def open(self, property_id: str, contact: Contact, turn_id: str = "") -> Conversation:
        session_id = derived_id("ses", property_id, contact.channel, contact.channel_name, contact.address)
        if session_id not in self.versions:
            self.versions[session_id] = 1
            self.owners[session_id] = (property_id, contact)
            self.states[session_id] = ""
            self.turns[session_id] = {}
        conversation = await self.get(session_id)
        stored = await self.stored_turn(session_id, turn_id)
        receipt = self.receipts.get(turn_id, "") if not self.turns[session_id] else ""
        state = replace(conversation.state, contact=contact)
        return replace(conversation, state=state, stored=stored, receipt=receipt)

    async def get(self, session_id: str) -> Conversation:
        if session_id not in self.versions:
            raise NotFound("SESSION_NOT_FOUND", "no such session")
        property_id, contact = self.owners[session_id]
        return Conversation(
            session_id=session_id,
            property_id=property_id,
            guest_id=derived_id("gst", session_id),
            version=self.versions[session_id],
            state=replace(load(self.states[session_id]), contact=contact),
            journal=self.journals.get(session_id, Journal()),
        )

    async def stored_turn(self, session_id: str, turn_id: str) -> bytes | None:
        turn = self.turns[session_id].get(turn_id)
        return turn.outcome if turn else None

    async def checkpoint(self, conversation: Conversation, journal: Journal) -> Conversation:
        self._advance(conversation)
        self.journals[conversation.session_id] = journal
        return replace(conversation, version=conversation.version + 1, journal=journal)

    async def commit(self, conversation: Conversation, state: DialogueState, turn: TurnRecord) -> Stored:
        stored = self.turns[conversation.session_id].get(turn.turn_id)
        if stored is not None:
            return Stored(stored.outcome, replayed=True)
        self._advance(conversation)
        self.states[conversation.session_id] = dump(state)
        self.journals.pop(conversation.session_id, None)
        self.turns[conversation.session_id][turn.turn_id] = turn
        return Stored(turn.outcome)

    async def save(self, conversation: Conversation, state: DialogueState, request_id: str) -> None:
        del request_id  # a repeat meets another version and is refused
        self._advance(conversation)
        self.states[conversation.session_id] = dump(state)

    async def due(self, now: datetime) -> AsyncIterator[Conversation]:
        for session_id in list(self.versions):
            conversation = await self.get(session_id)
            if deadlines.due(conversation.state, now):
                yield conversation

    async def set_opt_out(self, conversation: Conversation, opted_out: bool, request_id: str) -> None:
        del request_id  # the same answer however often it is set
        self.opted_out[conversation.guest_id] = opted_out

    async def perform(self, call: RecordsCall, caller: Caller) -> Result:
        """The guest's records, as `GuestRecords` keeps them."""
        mine = [session_id for session_id in self.versions if derived_id("gst", session_id) == caller.guest_id]
        if not mine:
            raise NotFound("GUEST_NOT_FOUND", "no such guest")
        if isinstance(call, ExportGuest):
            return GuestExported(reference=derived_id("exp", caller.request_id))
        for session_id in mine:
            for kept in (self.versions, self.owners, self.states, self.journals, self.turns):
                kept.pop(session_id, None)
        receipt = derived_id("ers", caller.request_id)
        self.receipts.setdefault(caller.turn_id, receipt)
        return GuestErased(receipt=receipt)

    def _advance(self, conversation: Conversation) -> None:
        if self.versions[conversation.session_id] != conversation.version:
            raise Conflict("VERSION_MISMATCH", "the session has changed")
        self.versions[conversation.session_id] += 1
