"""The RPCs of SessionService: read the message, check it, ask the store, write the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hotel.session.v1 import session_pb2 as pb
from mesh.clock import Clock
from mesh.errors import Conflict, Invalid
from mesh.masking import mask_words
from mesh.values import derived_id
from mesh.wire import require, time_from_proto

from services.session.adapters.protobuf import reading
from services.session.adapters.protobuf.writing import guest_message, receipt_message, session_message, turn_message
from services.session.domain.document import dialogue_document, instant, turn_document
from services.session.domain.lifetime import Lifetime, breaks_silence
from services.session.domain.limits import TURNS_PER_APPEND, check_dialogue, check_id, check_turn
from services.session.domain.paging import page_size, page_token, position_of
from services.session.domain.session import Dialogue
from services.session.domain.turn import Turn
from services.session.guest_calls import GuestCalls
from services.session.handoff_calls import HandoffCalls, read_part
from services.session.metrics import REPLAYED_TURNS, VERSION_MISMATCHES, counting, timed
from services.session.ports import (
    DialogueWrite,
    Guests,
    Opening,
    SessionQuery,
    Sessions,
    TurnWrite,
    WordsWrite,
    request_of,
)

Context = Any  # grpc.aio.ServicerContext; no call here needs it
_DISPLAY_NAME_CHARACTERS = 256


class SessionServicer(HandoffCalls, GuestCalls):
    """SessionService on any stores that keep the contract of `ports`."""

    def __init__(
        self, *, sessions: Sessions, guests: Guests, clock: Clock, lifetime: Lifetime, erasure_retention: timedelta
    ) -> None:
        super().__init__(guests=guests, clock=clock, erasure_retention=erasure_retention)
        self._sessions = sessions
        self._lifetime = lifetime

    @timed
    async def GetOrCreateSession(
        self, request: pb.GetOrCreateSessionRequest, _context: Context
    ) -> pb.GetOrCreateSessionResponse:
        require(request, "property_id", "identity")
        check_id(request.property_id, field="property_id")
        opened = await self._sessions.open(
            Opening(
                property_id=reading.text(request.property_id),
                identity=reading.identity(request.identity),
                display_name=mask_words(reading.text(request.display_name.strip()))[:_DISPLAY_NAME_CHARACTERS],
                now=self._clock.now(),
                silence=self._lifetime.silence,
                turn_id=reading.text(request.turn_id),
            )
        )
        # Nothing was said in it yet: perhaps since this turn erased the guest, and died before it was stored.
        begins = request.turn_id and opened.session.turn_count == 0
        receipt = await self._guests.receipt_of(reading.text(request.turn_id)) if begins else None
        return pb.GetOrCreateSessionResponse(
            session=session_message(opened.session),
            guest=guest_message(opened.guest),
            created=opened.created,
            recent_turns=[turn_message(turn) for turn in opened.recent_turns],
            erasure=receipt_message(receipt) if receipt is not None else None,
        )

    @timed
    async def GetSession(self, request: pb.GetSessionRequest, _context: Context) -> pb.GetSessionResponse:
        check_id(request.session_id, field="session_id")
        held = await self._sessions.get(reading.text(request.session_id))
        return pb.GetSessionResponse(session=session_message(held.session), guest=guest_message(held.guest))

    @timed
    async def CommitTurn(self, request: pb.CommitTurnRequest, _context: Context) -> pb.CommitTurnResponse:
        require(request, "request_id", "session", "turn")
        if request.turn.turn_id not in ("", request.request_id):
            raise Invalid("the turn has another id", fields={"turn.turn_id": "must be the request id"})
        check_id(request.session.session_id, field="session.session_id")
        dialogue = _dialogue(request.session)
        turn = _turn(request.turn, turn_id=reading.text(request.request_id), field="turn")
        session_id, now = reading.text(request.session.session_id), self._clock.now()
        content = (session_id, dialogue_document(dialogue), turn_document(turn))
        write = TurnWrite(
            request=request_of("CommitTurn", request.request_id, *content),
            session_id=session_id,
            version=request.session.version,
            dialogue=dialogue,
            turn=turn,
            now=now,
            expire_time=self._lifetime.ends_after(now) if breaks_silence(turn.author) else None,
        )
        with counting(VERSION_MISMATCHES, Conflict):
            committed = await self._sessions.commit_turn(write)
        REPLAYED_TURNS.inc(committed.replayed)
        return pb.CommitTurnResponse(
            session=session_message(committed.session), turn=turn_message(committed.turn), replayed=committed.replayed
        )

    @timed
    async def UpdateSession(self, request: pb.UpdateSessionRequest, _context: Context) -> pb.UpdateSessionResponse:
        require(request, "request_id", "session")
        check_id(request.session.session_id, field="session.session_id")
        dialogue = _dialogue(request.session)
        session_id = reading.text(request.session.session_id)
        write = DialogueWrite(
            request=request_of("UpdateSession", request.request_id, session_id, dialogue_document(dialogue)),
            session_id=session_id,
            version=request.session.version,
            dialogue=dialogue,
            now=self._clock.now(),
        )
        with counting(VERSION_MISMATCHES, Conflict):
            return pb.UpdateSessionResponse(session=session_message(await self._sessions.update(write)))

    @timed
    async def AppendTurns(self, request: pb.AppendTurnsRequest, _context: Context) -> pb.AppendTurnsResponse:
        require(request, "request_id", "session_id", "turns")
        if len(request.turns) > TURNS_PER_APPEND:
            raise Invalid("too many turns", fields={"turns": f"must have at most {TURNS_PER_APPEND} entries"})
        turns = tuple(
            _turn(
                turn,
                turn_id=reading.text(turn.turn_id) or derived_id("trn", request.request_id, str(index)),
                field=f"turns[{index}]",
            )
            for index, turn in enumerate(request.turns)
        )
        if len({turn.turn_id for turn in turns}) < len(turns):
            raise Invalid("two turns have one id", fields={"turns.turn_id": "must differ"})
        session_id, now = reading.text(request.session_id), self._clock.now()
        write = WordsWrite(
            request=request_of("AppendTurns", request.request_id, session_id, [turn_document(turn) for turn in turns]),
            session_id=session_id,
            turns=turns,
            now=now,
            expire_time=self._lifetime.ends_after(now) if any(breaks_silence(turn.author) for turn in turns) else None,
        )
        stored = await self._sessions.append(write)
        return pb.AppendTurnsResponse(turns=[turn_message(turn) for turn in stored])

    @timed
    async def ListSessions(self, request: pb.ListSessionsRequest, _context: Context) -> pb.ListSessionsResponse:
        size = page_size(request.page_size)
        due_before = time_from_proto(request.due_before, "due_before")
        query = (
            f"sessions\x1f{request.property_id}\x1f{request.guest_id}\x1f{request.handoff_state}"
            f"\x1f{request.active_only}\x1f{due_before.isoformat() if due_before else ''}"
        )
        position = position_of(request.page_token, query, parts=2)
        found = await self._sessions.list(
            SessionQuery(
                now=self._clock.now(),
                limit=size + 1,
                property_id=reading.text(request.property_id),
                guest_id=reading.text(request.guest_id),
                handoff_state=reading.handoff_state(request.handoff_state),
                active_only=request.active_only,
                due_before=due_before,
                after=(read_part(instant, position[0]), position[1]) if position else None,
            )
        )
        page = found[:size]
        more = len(found) > size
        return pb.ListSessionsResponse(
            sessions=[session_message(session) for session in page],
            next_page_token=page_token(query, page[-1].last_activity_time.isoformat(), page[-1].session_id)
            if more
            else "",
        )

    @timed
    async def ListTurns(self, request: pb.ListTurnsRequest, _context: Context) -> pb.ListTurnsResponse:
        check_id(request.session_id, field="session_id")
        size = page_size(request.page_size)
        query = f"turns\x1f{request.session_id}"
        position = position_of(request.page_token, query, parts=1)
        after = read_part(int, position[0]) if position else 0
        found = await self._sessions.turns(reading.text(request.session_id), after=after, limit=size + 1)
        page = found[:size]
        return pb.ListTurnsResponse(
            turns=[turn_message(turn) for turn in page],
            next_page_token=page_token(query, str(page[-1].sequence)) if len(found) > size else "",
        )

    @timed
    async def GetTurn(self, request: pb.GetTurnRequest, _context: Context) -> pb.GetTurnResponse:
        require(request, "session_id", "turn_id")
        turn = await self._sessions.turn(reading.text(request.session_id), reading.text(request.turn_id))
        return pb.GetTurnResponse(turn=turn_message(turn) if turn else None)


def _dialogue(message: pb.Session) -> Dialogue:
    dialogue = reading.dialogue(message)
    check_dialogue(dialogue)
    return dialogue.masked()


def _turn(message: pb.Turn, *, turn_id: str, field: str) -> Turn:
    turn = reading.turn(message, turn_id=turn_id, field=field)
    check_turn(turn, field=field)
    return turn.masked()
