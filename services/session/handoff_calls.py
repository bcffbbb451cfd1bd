"""The RPCs of SessionService about hand-offs: listing, taking, giving back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from hotel.session.v1 import session_pb2 as pb
from hotel.session.v1 import session_pb2_grpc
from mesh.clock import Clock
from mesh.errors import NotFound
from mesh.wire import require

from services.session.adapters.protobuf import reading
from services.session.adapters.protobuf.writing import guest_message, session_message
from services.session.domain.document import instant
from services.session.domain.handoff import HandoffState, no_handoff
from services.session.domain.limits import check_id
from services.session.domain.paging import invalid_token, page_size, page_token, position_of
from services.session.domain.session import Dialogue, Session, claim_handoff, release_handoff
from services.session.metrics import timed
from services.session.ports import NEVER_DUE, HandoffPosition, HandoffQuery, Sessions, request_of

Context = Any  # grpc.aio.ServicerContext; no call here needs it
Part = TypeVar("Part")


class HandoffCalls(session_pb2_grpc.SessionServiceServicer):
    """The part of the servicer that speaks of hand-offs."""

    _sessions: Sessions
    _clock: Clock

    @timed
    async def ListHandoffs(self, request: pb.ListHandoffsRequest, _context: Context) -> pb.ListHandoffsResponse:
        size = page_size(request.page_size)
        state = reading.handoff_state(request.state)
        query = f"handoffs\x1f{request.property_id}\x1f{request.state}\x1f{request.agent}"
        position = position_of(request.page_token, query, parts=3)
        found = await self._sessions.handoffs(
            HandoffQuery(
                limit=size + 1,
                states=(state,) if state is not None else (HandoffState.OPEN, HandoffState.CLAIMED),
                property_id=reading.text(request.property_id),
                agent=reading.text(request.agent),
                after=_position(position) if position else None,
            )
        )
        counts = await self._sessions.count_handoffs(reading.text(request.property_id))
        page = found[:size]
        return pb.ListHandoffsResponse(
            cases=[
                pb.HandoffCase(session=session_message(held.session), guest=guest_message(held.guest)) for held in page
            ],
            next_page_token=page_token(query, *_position_after(page[-1].session)) if len(found) > size else "",
            open_count=counts.get(HandoffState.OPEN, 0),
            claimed_count=counts.get(HandoffState.CLAIMED, 0),
        )

    @timed
    async def ClaimHandoff(self, request: pb.ClaimHandoffRequest, _context: Context) -> pb.ClaimHandoffResponse:
        session = await self._change_handoff("ClaimHandoff", request, claim_handoff)
        return pb.ClaimHandoffResponse(session=session)

    @timed
    async def ReleaseHandoff(self, request: pb.ReleaseHandoffRequest, _context: Context) -> pb.ReleaseHandoffResponse:
        session = await self._change_handoff("ReleaseHandoff", request, release_handoff)
        return pb.ReleaseHandoffResponse(session=session)

    async def _change_handoff(
        self,
        method: str,
        request: pb.ClaimHandoffRequest | pb.ReleaseHandoffRequest,
        rule: Callable[[Dialogue, str], Dialogue],
    ) -> pb.Session:
        require(request, "request_id", "session_id", "agent")
        check_id(request.agent, field="agent")
        session_id, agent = reading.text(request.session_id), reading.text(request.agent)
        try:
            session = await self._sessions.change(
                request_of(method, request.request_id, session_id, agent),
                session_id,
                lambda dialogue: rule(dialogue, agent),
                self._clock.now(),
            )
        except NotFound:
            raise no_handoff() from None
        return session_message(session)


def read_part(parse: Callable[[str], Part], text: str) -> Part:
    """A part of a page token. Raises Invalid when somebody made the token up."""
    try:
        return parse(text)
    except ValueError:
        raise invalid_token() from None


def _position(parts: tuple[str, ...]) -> HandoffPosition:
    priority, due, session_id = parts
    due_time: datetime = read_part(instant, due)
    return read_part(int, priority), due_time, session_id


def _position_after(session: Session) -> tuple[str, str, str]:
    handoff = session.dialogue.handoff
    assert handoff is not None
    return str(int(handoff.priority)), (handoff.due_time or NEVER_DUE).isoformat(), session.session_id
