"""Conversations that were held, as the session service keeps them: from its store, or from exports of guests."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError
from hotel.common.v1 import channel_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.process import Build
from mesh.runtime import Runtime, Switchboard
from mesh.settings import MeshSettings, load
from mesh.telemetry import SERVICE

from services import single

# Who may read sessions in the session service.
_CALLER = "orchestrator"
_PAGE = 200
_SECONDS = 30.0


class Unreadable(Exception):
    """An export cannot be read. `problem` says which and why."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One turn. `author`: `guest`, `staff`, `bot`, `note`; `outcome` is empty where none was stored."""

    turn_id: str
    author: str
    at: datetime
    said: tuple[str, ...]
    answered: tuple[str, ...]
    agent: str
    outcome: pb.Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One session from its first turn."""

    session_id: str
    property_id: str
    identity: channel_pb2.ChannelIdentity
    exchanges: tuple[Exchange, ...]


def from_export(path: Path) -> list[Story]:
    """The sessions of an `ExportGuest` document. Raises Unreadable."""
    try:
        sessions = json.loads(path.read_text(encoding="utf-8"))["sessions"]
        return [story for session in sessions if (story := _story_of(session)).exchanges]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, DecodeError) as error:
        raise Unreadable(f"{path}: is no export of a guest: {type(error).__name__} {error}") from None


async def from_store(**told: Any) -> list[Story]:
    """Every session in the store that POSTGRES_URL names, oldest first. Nothing is written. Raises Down."""
    _, settings_class, build = next(part for part in single.PARTS if part[0] == "session")
    settings = load(settings_class, **{"session_cache_seconds": 0, "drain_seconds": 0.0, **told})
    async with _reading(settings, build) as stub:
        return [story async for story in _stories(stub) if story.exchanges][::-1]


class _ReadOnly(Runtime):
    """The session service without its sweeper: reading a store ends no conversation in it."""

    def background(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        del name, work


@asynccontextmanager
async def _reading(settings: MeshSettings, build: Build) -> AsyncIterator[session_pb2_grpc.SessionServiceAsyncStub]:
    switchboard = Switchboard()
    service = _ReadOnly("session", settings, switchboard=switchboard)
    reader = Runtime(_CALLER, MeshSettings(), switchboard=switchboard)
    SERVICE.set("session")
    try:
        await build(service, settings)
        await service.start()
        yield session_pb2_grpc.SessionServiceStub(reader.channel("session"))
    finally:
        await reader.close()
        await service.drain()


async def _stories(stub: session_pb2_grpc.SessionServiceAsyncStub) -> AsyncIterator[Story]:
    asked = session_pb2.ListSessionsRequest(page_size=_PAGE)
    while True:
        page = await stub.ListSessions(asked, timeout=_SECONDS)
        for session in page.sessions:
            exchanges = tuple([_exchange(turn) async for turn in _turns(stub, session.session_id)])
            yield Story(
                session_id=session.session_id,
                property_id=session.property_id,
                identity=session.identity,
                exchanges=exchanges,
            )
        if not page.next_page_token:
            return
        asked.page_token = page.next_page_token


async def _turns(stub: session_pb2_grpc.SessionServiceAsyncStub, session_id: str) -> AsyncIterator[session_pb2.Turn]:
    asked = session_pb2.ListTurnsRequest(session_id=session_id, page_size=_PAGE)
    while True:
        page = await stub.ListTurns(asked, timeout=_SECONDS)
        for turn in page.turns:
            yield turn
        if not page.next_page_token:
            return
        asked.page_token = page.next_page_token


def _exchange(turn: session_pb2.Turn) -> Exchange:
    author = session_pb2.Turn.Author.Name(turn.author).removeprefix("AUTHOR_").lower()
    return Exchange(
        turn_id=turn.turn_id,
        author=author,
        at=turn.create_time.ToDatetime(tzinfo=UTC),
        said=tuple(turn.inbound_texts),
        answered=tuple(turn.outbound_texts),
        agent=turn.agent,
        outcome=_outcome(author, turn.outcome),
    )


def _story_of(session: Mapping[str, Any]) -> Story:
    told = session["identity"]
    identity = channel_pb2.ChannelIdentity(
        channel=f"CHANNEL_{told['channel'].upper()}",
        address=told["address"],
        phone_number=told.get("phone_number", ""),
        channel_name=told.get("channel_name", ""),
    )
    return Story(
        session_id=session["session_id"],
        property_id=session["property_id"],
        identity=identity,
        exchanges=tuple(_exchanges_of(session.get("turns", ()))),
    )


def _exchanges_of(turns: list[Mapping[str, Any]]) -> Iterator[Exchange]:
    for turn in turns:
        yield Exchange(
            turn_id=turn["turn_id"],
            author=turn["author"],
            at=datetime.fromisoformat(turn["create_time"]),
            said=tuple(turn.get("inbound_texts", ())),
            answered=tuple(turn.get("outbound_texts", ())),
            agent=turn.get("agent", ""),
            outcome=_outcome(turn["author"], b64decode(turn.get("outcome", ""))),
        )


def _outcome(author: str, stored: bytes) -> pb.Outcome:
    kind = pb.HandleTurnResponse if author == "guest" else pb.HandleEventResponse
    return kind.FromString(stored).outcome
