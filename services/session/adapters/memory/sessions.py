"""Conversations in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from mesh.values import new_id

from services.session.adapters.memory.tables import Tables
from services.session.domain.erasure import suppression_of
from services.session.domain.guest import Guest, first_contact
from services.session.domain.handoff import HandoffState
from services.session.domain.identity import lookup_keys, own_keys
from services.session.domain.recognition import KnownKey, refreshed
from services.session.domain.session import Dialogue, Session, answered_at, as_answered, begin, ended, moved_on
from services.session.domain.turn import Author, Turn, recent_of, turn_id_taken
from services.session.ports import (
    NEVER_DUE,
    Committed,
    DialogueWrite,
    HandoffPosition,
    HandoffQuery,
    Held,
    Opened,
    Opening,
    Request,
    SessionQuery,
    TurnWrite,
    WordsWrite,
)


class MemorySessions:
    """`ports.Sessions` in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def open(self, opening: Opening) -> Opened:
        guest = self._guest_of(opening)
        session, created = self._session_of(guest, opening)
        recent = recent_of(self._tables.turns[session.session_id], turn_id=opening.turn_id)
        return Opened(session=session, guest=guest, created=created, recent_turns=recent)

    async def get(self, session_id: str) -> Held:
        session = self._tables.session(session_id)
        return Held(session=session, guest=self._tables.guest(session.guest_id))

    async def commit_turn(self, write: TurnWrite) -> Committed:
        self._tables.stored(write.request)
        if before := await self.turn(write.session_id, write.turn.turn_id):
            return Committed(session=self._tables.session(write.session_id), turn=before, replayed=True)
        present = self._unmoved(write)
        spoke = write.turn.author is Author.GUEST
        session = self._put(
            replace(
                _written(present, write.dialogue, write.now),
                turn_count=present.turn_count + 1,
                last_activity_time=write.now if spoke else present.last_activity_time,
                expire_time=_later(present, write.expire_time),
            )
        )
        turn = replace(write.turn, sequence=session.turn_count, create_time=write.now)
        self._tables.turns[session.session_id].append(turn)
        self._tables.remember(write.request, subject=session.session_id, time=write.now)
        return Committed(session=session, turn=turn, replayed=False)

    async def update(self, write: DialogueWrite) -> Session:
        if before := self._tables.stored(write.request):
            return as_answered(self._tables.session(write.session_id), write.dialogue, before.version)
        session = self._put(_written(self._unmoved(write), write.dialogue, write.now))
        self._tables.remember(write.request, subject=session.session_id, time=write.now, version=session.version)
        return session

    async def append(self, write: WordsWrite) -> tuple[Turn, ...]:
        present = self._tables.session(write.session_id)
        said = self._tables.turns[write.session_id]
        ids = {turn.turn_id for turn in write.turns}
        if self._tables.stored(write.request):
            return tuple(turn for turn in said if turn.turn_id in ids)
        if ids & {turn.turn_id for turn in said}:
            raise turn_id_taken()
        turns = tuple(
            replace(turn, sequence=present.turn_count + number, create_time=write.now)
            for number, turn in enumerate(write.turns, start=1)
        )
        said.extend(turns)
        self._put(
            replace(
                _written(present, present.dialogue, write.now),
                turn_count=present.turn_count + len(turns),
                expire_time=_later(present, write.expire_time),
            )
        )
        self._tables.remember(write.request, subject=write.session_id, time=write.now)
        return turns

    async def change(
        self, request: Request, session_id: str, rule: Callable[[Dialogue], Dialogue], now: datetime
    ) -> Session:
        present = self._tables.session(session_id)
        if self._tables.stored(request):
            return present
        dialogue = rule(present.dialogue)
        session = present if dialogue == present.dialogue else self._put(_written(present, dialogue, now))
        self._tables.remember(request, subject=session_id, time=now)
        return session

    async def list(self, query: SessionQuery) -> tuple[Session, ...]:
        found = sorted(
            (session for session in self._tables.sessions.values() if _matches(session, query)),
            key=_activity,
            reverse=True,
        )
        return tuple(found[: query.limit])

    async def handoffs(self, query: HandoffQuery) -> tuple[Held, ...]:
        waiting = sorted(
            (session for session in self._tables.sessions.values() if _waits(session, query)), key=_urgency
        )
        return tuple(
            Held(
                session=replace(session, dialogue=replace(session.dialogue, memory_json="")),
                guest=self._tables.guest(session.guest_id),
            )
            for session in waiting[: query.limit]
        )

    async def count_handoffs(self, property_id: str) -> Mapping[HandoffState, int]:
        return Counter(
            session.dialogue.handoff.state
            for session in self._tables.sessions.values()
            if session.dialogue.handoff and property_id in ("", session.property_id)
        )

    async def turns(self, session_id: str, *, after: int, limit: int) -> tuple[Turn, ...]:
        self._tables.session(session_id)
        return tuple(turn for turn in self._tables.turns[session_id] if turn.sequence > after)[:limit]

    async def turn(self, session_id: str, turn_id: str) -> Turn | None:
        self._tables.session(session_id)
        return next((turn for turn in self._tables.turns[session_id] if turn.turn_id == turn_id), None)

    def _guest_of(self, opening: Opening) -> Guest:
        identity, tables = opening.identity, self._tables
        seen = tables.recognise(identity)
        if seen.guest_id is None:
            stopped = any(suppression_of(key) in tables.suppressions for key in lookup_keys(identity))
            guest = first_contact(
                guest_id=new_id("gst"),
                identity=identity,
                display_name=opening.display_name,
                opted_out=stopped,
                now=opening.now,
            )
        elif seen.complete:
            return tables.guest(seen.guest_id)
        else:
            guest = replace(tables.guest(seen.guest_id), version=tables.guest(seen.guest_id).version + 1)
        tables.put_guest(guest)
        for key in seen.new_keys:
            tables.keys[key] = KnownKey(guest_id=guest.guest_id, identity=identity)
        if seen.rewritten:
            key = own_keys(identity)[0]
            held = tables.keys[key]
            tables.keys[key] = replace(held, identity=refreshed(held.identity, identity))
        return tables.guest(guest.guest_id)

    def _session_of(self, guest: Guest, opening: Opening) -> tuple[Session, bool]:
        for session in self._tables.sessions_of(guest.guest_id):
            if session.property_id != opening.property_id or not session.live:
                continue
            if not session.is_active(opening.now):
                self._put(ended(session, opening.now))
                continue
            identity = refreshed(session.identity, opening.identity)
            if identity == session.identity:
                return session, False
            return self._put(answered_at(session, identity, opening.now)), False
        session = begin(
            session_id=new_id("ses"),
            property_id=opening.property_id,
            guest_id=guest.guest_id,
            identity=opening.identity,
            display_name=guest.display_name,
            now=opening.now,
            expire_time=opening.now + opening.silence,
        )
        self._tables.turns[session.session_id] = []
        return self._put(session), True

    def _put(self, session: Session) -> Session:
        self._tables.sessions[session.session_id] = session
        return session

    def _unmoved(self, write: DialogueWrite) -> Session:
        present = self._tables.session(write.session_id)
        if present.version != write.version:
            raise moved_on(read=write.version, present=present.version)
        return present


def _written(session: Session, dialogue: Dialogue, now: datetime) -> Session:
    return replace(session, dialogue=dialogue, version=session.version + 1, update_time=now)


def _later(session: Session, expire_time: datetime | None) -> datetime:
    if expire_time is None or not session.live:
        return session.expire_time
    return max(session.expire_time, expire_time)


def _activity(session: Session) -> tuple[datetime, str]:
    return session.last_activity_time, session.session_id


def _waits(session: Session, query: HandoffQuery) -> bool:
    handoff = session.dialogue.handoff
    if handoff is None or handoff.state not in query.states:
        return False
    if query.property_id not in ("", session.property_id) or query.agent not in ("", handoff.agent):
        return False
    return query.after is None or _urgency(session) > (-query.after[0], *query.after[1:])


def _urgency(session: Session) -> HandoffPosition:
    """Sorts the most urgent first."""
    handoff = session.dialogue.handoff
    assert handoff is not None
    return -handoff.priority, handoff.due_time or NEVER_DUE, session.session_id


def _matches(session: Session, query: SessionQuery) -> bool:
    handoff, due = session.dialogue.handoff, session.dialogue.due_time
    return (
        (not query.property_id or session.property_id == query.property_id)
        and (not query.guest_id or session.guest_id == query.guest_id)
        and (query.handoff_state is None or (handoff is not None and handoff.state is query.handoff_state))
        and (not query.active_only or session.is_active(query.now))
        and (query.due_before is None or (due is not None and due < query.due_before))
        and (query.after is None or _activity(session) < query.after)
    )
