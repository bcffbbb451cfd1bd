"""Conversations over the session service and the orchestrator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import grpc.aio
from hotel.common.v1 import handoff_pb2
from hotel.orchestrator.v1 import orchestrator_pb2, orchestrator_pb2_grpc
from hotel.session.v1 import session_pb2 as pb
from hotel.session.v1 import session_pb2_grpc
from mesh.errors import NotFound
from mesh.values import derived_id

from services.gateway.adapters.wire import identity_to_proto
from services.gateway.domain.message import Identity
from services.gateway.staff.adapters.conversation_views import case_of, conversation_of, exchange_of, handoff_of
from services.gateway.staff.domain.conversation import Case, Conversation, Exchange, Handoff, Queue

_READ_SECONDS = 2.0
_EVENT_SECONDS = 10.0
_TURNS_PAGE = 200
_MOST_PAGES = 25
_STATES = {"open": handoff_pb2.Handoff.STATE_OPEN, "claimed": handoff_pb2.Handoff.STATE_CLAIMED}
_StaffEvent: TypeAlias = (
    orchestrator_pb2.StaffClaimed
    | orchestrator_pb2.StaffTookOver
    | orchestrator_pb2.StaffSaid
    | orchestrator_pb2.StaffReleased
)


class GrpcConversations:
    """What staff read and do in conversations. Every call raises the family of mesh.errors."""

    def __init__(self, *, session: grpc.aio.Channel, orchestrator: grpc.aio.Channel) -> None:
        self._sessions = session_pb2_grpc.SessionServiceStub(session)
        self._orchestrator = orchestrator_pb2_grpc.OrchestratorServiceStub(orchestrator)

    async def queue(self, *, state: str = "", agent: str = "", size: int = 50, token: str = "") -> Queue:
        """Hand-offs, the most urgent first; `state` is open, claimed or empty for both."""
        request = pb.ListHandoffsRequest(
            state=_STATES.get(state, handoff_pb2.Handoff.STATE_UNSPECIFIED),
            agent=agent,
            page_size=size,
            page_token=token,
        )
        answer = await self._sessions.ListHandoffs(request, timeout=_READ_SECONDS)
        return Queue(
            cases=tuple(case_of(case.session, case.guest) for case in answer.cases),
            next_token=answer.next_page_token,
            open_count=answer.open_count,
            claimed_count=answer.claimed_count,
        )

    async def read(self, session_id: str) -> Conversation:
        """Raises NotFound(SESSION_NOT_FOUND)."""
        answer = await self._sessions.GetSession(pb.GetSessionRequest(session_id=session_id), timeout=_READ_SECONDS)
        return conversation_of(answer.session, answer.guest)

    async def exchanges(self, session_id: str) -> Sequence[Exchange]:
        """The latest turns, oldest first: as many as a page can show, from the end of the history."""
        request = pb.ListTurnsRequest(session_id=session_id, page_size=_TURNS_PAGE)
        latest: list[pb.Turn] = []
        for _ in range(_MOST_PAGES):
            answer = await self._sessions.ListTurns(request, timeout=_READ_SECONDS)
            latest = [*latest, *answer.turns][-_TURNS_PAGE:]
            if not answer.next_page_token:
                break
            request.page_token = answer.next_page_token
        return [exchange_of(turn) for turn in latest]

    async def listed(self, *, property_id: str, active: bool, size: int, token: str) -> tuple[Sequence[Case], str]:
        """A page of sessions, without their guests' names, and the token of the next. Raises Invalid for its token."""
        request = pb.ListSessionsRequest(property_id=property_id, active_only=active, page_size=size, page_token=token)
        answer = await self._sessions.ListSessions(request, timeout=_READ_SECONDS)
        return [
            case_of(session, pb.Guest(guest_id=session.guest_id)) for session in answer.sessions
        ], answer.next_page_token

    async def of_guest(self, guest_id: str) -> Sequence[Case]:
        """A guest's conversations, newest activity first. Raises NotFound(GUEST_NOT_FOUND)."""
        found = await self._sessions.GetGuest(pb.GetGuestRequest(guest_id=guest_id), timeout=_READ_SECONDS)
        request = pb.ListSessionsRequest(guest_id=guest_id, page_size=20)
        answer = await self._sessions.ListSessions(request, timeout=_READ_SECONDS)
        return [case_of(session, found.guest) for session in answer.sessions]

    async def of_guest_if_known(self, guest_id: str) -> Sequence[Case]:
        """The same; none of a guest nobody knows."""
        try:
            return await self.of_guest(guest_id)
        except NotFound:
            return []

    async def guest_with(self, identity: Identity) -> str | None:
        """The id of the guest with an identity, if there is one."""
        request = pb.GetGuestRequest(identity=identity_to_proto(identity))
        try:
            return str((await self._sessions.GetGuest(request, timeout=_READ_SECONDS)).guest.guest_id)
        except NotFound:
            return None

    async def claim(self, session_id: str, agent: str, request_id: str) -> None:
        """Takes an open hand-off, and lets the dialogue know. Repeating it finishes what a crash left half done.

        Raises NotFound(HANDOFF_NOT_FOUND), Refused(HANDOFF_CLAIMED).
        """
        claim = pb.ClaimHandoffRequest(request_id=request_id, session_id=session_id, agent=agent)
        await self._sessions.ClaimHandoff(claim, timeout=_READ_SECONDS)
        await self._tell(session_id, request_id, staff_claimed=orchestrator_pb2.StaffClaimed(agent=agent))

    async def take_over(self, session_id: str, agent: str, request_id: str) -> Handoff | None:
        """Takes a conversation that nobody waits in, or an open hand-off; the hand-off after it.

        Raises NotFound(SESSION_NOT_FOUND), Refused(HANDOFF_CLAIMED).
        """
        took = orchestrator_pb2.StaffTookOver(agent=agent)
        answer = await self._tell(session_id, request_id, staff_took_over=took)
        return handoff_of(answer.outcome.handoff) if answer.outcome.HasField("handoff") else None

    async def release(self, session_id: str, agent: str, request_id: str) -> None:
        """Gives the conversation back. Raises as `claim` does."""
        release = pb.ReleaseHandoffRequest(request_id=request_id, session_id=session_id, agent=agent)
        await self._sessions.ReleaseHandoff(release, timeout=_READ_SECONDS)
        await self._tell(session_id, request_id, staff_released=orchestrator_pb2.StaffReleased(agent=agent))

    async def say(
        self, session_id: str, agent: str, text: str, request_id: str
    ) -> orchestrator_pb2.HandleEventResponse:
        """Writes staff's words into the conversation; the answer has the message to send."""
        said = orchestrator_pb2.StaffSaid(agent=agent, text=text)
        return await self._tell(session_id, request_id, staff_said=said)

    async def note(self, session_id: str, agent: str, text: str, request_id: str) -> None:
        """Adds a note that the guest never sees. It is part of the history, and goes when the guest is erased."""
        turn = pb.Turn(
            turn_id=derived_id("trn", request_id), author=pb.Turn.AUTHOR_NOTE, agent=agent, outbound_texts=[text]
        )
        request = pb.AppendTurnsRequest(request_id=request_id, session_id=session_id, turns=[turn])
        await self._sessions.AppendTurns(request, timeout=_READ_SECONDS)

    async def export(self, guest_id: str) -> bytes:
        """Everything stored about a guest, as JSON. Raises NotFound(GUEST_NOT_FOUND)."""
        answer = await self._sessions.ExportGuest(pb.ExportGuestRequest(guest_id=guest_id), timeout=_EVENT_SECONDS)
        return bytes(answer.document)

    async def erase(self, guest_id: str, request_id: str) -> pb.EraseGuestResponse:
        """Forgets a guest; the receipt. Raises NotFound(GUEST_NOT_FOUND)."""
        request = pb.EraseGuestRequest(request_id=request_id, guest_id=guest_id)
        return await self._sessions.EraseGuest(request, timeout=_EVENT_SECONDS)

    async def _tell(
        self,
        session_id: str,
        request_id: str,
        **event: _StaffEvent,
    ) -> orchestrator_pb2.HandleEventResponse:
        request = orchestrator_pb2.HandleEventRequest(request_id=request_id, session_id=session_id, **event)  # type: ignore[arg-type]
        return await self._orchestrator.HandleEvent(request, timeout=_EVENT_SECONDS)
