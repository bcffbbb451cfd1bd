"""What the hotel wrote down of its conversations: the outcomes of turns, read from the session service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotel.common.v1 import channel_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.errors import DomainError
from mesh.wire import time_from_proto

from services.orchestrator.rehearse.house import House

_SECONDS = 30.0
_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One turn. `event` is true for what no guest wrote; `send_after` when its messages wait."""

    address: str
    outcome: pb.Outcome
    texts: tuple[str, ...]
    event: bool
    send_after: datetime | None = None


class Records:
    """Reads each turn once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._read: dict[str, int] = {}

    async def news(self) -> list[Recorded]:
        """Turns since the last look, conversation by conversation; none while the session service is away."""
        stub = session_pb2_grpc.SessionServiceStub(self._house.behind("session"))
        found: list[Recorded] = []
        try:
            asked = session_pb2.ListSessionsRequest(property_id=self._house.property_id, page_size=_PAGE)
            for session in (await stub.ListSessions(asked, timeout=_SECONDS)).sessions:
                page = session_pb2.ListTurnsRequest(session_id=session.session_id, page_size=_PAGE)
                for turn in (await stub.ListTurns(page, timeout=_SECONDS)).turns:
                    if turn.sequence > self._read.get(session.session_id, 0) and turn.outcome:
                        self._read[session.session_id] = turn.sequence
                        found.append(_recorded(session.identity, turn))
        except DomainError:
            return found
        return found


def _recorded(identity: channel_pb2.ChannelIdentity, turn: session_pb2.Turn) -> Recorded:
    if turn.author == session_pb2.Turn.AUTHOR_GUEST:
        answer = pb.HandleTurnResponse.FromString(turn.outcome)
        texts = tuple(reply.text for reply in answer.replies)
        return Recorded(address=identity.address, outcome=answer.outcome, texts=texts, event=False)
    told = pb.HandleEventResponse.FromString(turn.outcome)
    return Recorded(
        address=identity.address,
        outcome=told.outcome,
        texts=tuple(reply.text for reply in told.replies),
        event=True,
        send_after=time_from_proto(told.send_after_time) if told.HasField("send_after_time") else None,
    )
