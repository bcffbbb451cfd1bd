"""The gateway with real stores, real HTTP and an orchestrator whose answers a test scripts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from hotel.common.v1 import message_pb2
from hotel.orchestrator.v1 import orchestrator_pb2, orchestrator_pb2_grpc
from mesh.runtime import Runtime
from mesh.settings import MeshSettings
from mesh.store.migrations import migrate
from mesh.testing.mesh import RunningMesh, running
from opentelemetry.sdk.trace import SpanProcessor

from deploy.local.ports import free_port
from deploy.local.whatsapp_guest import WhatsAppGuest
from services.gateway.app import build
from services.gateway.settings import Settings

MIGRATIONS = Path(__file__).parents[2] / "services/gateway/migrations"
SECRET = "test-app-secret"

Turn = orchestrator_pb2.HandleTurnRequest
Replies = list[message_pb2.OutboundMessage]


def echo(turn: Turn) -> Replies:
    """Says back what was written, in one reply."""
    return [message_pb2.OutboundMessage(text=" / ".join(words_of(turn)) or "?", language="es")]


def words_of(turn: Turn) -> list[str]:
    """The words of each message, or the name of its content."""
    return [m.text.text if m.WhichOneof("content") == "text" else f"<{m.WhichOneof('content')}>" for m in turn.messages]


@dataclass
class Desk(orchestrator_pb2_grpc.OrchestratorServiceServicer):
    """An orchestrator that remembers every call; `behave` answers or raises."""

    behave: Callable[[Turn], Replies] = echo
    before: Callable[[], Awaitable[None]] | None = None
    calls: list[Turn] = field(default_factory=list)
    events: list[orchestrator_pb2.HandleEventRequest] = field(default_factory=list)

    async def HandleTurn(self, request: Turn, context: Any) -> orchestrator_pb2.HandleTurnResponse:
        del context
        self.calls.append(request)
        if self.before is not None:
            await self.before()
        return orchestrator_pb2.HandleTurnResponse(replies=self.behave(request))

    async def HandleEvent(
        self, request: orchestrator_pb2.HandleEventRequest, context: Any
    ) -> orchestrator_pb2.HandleEventResponse:
        del context
        self.events.append(request)
        return orchestrator_pb2.HandleEventResponse()

    async def build(self, runtime: Runtime, settings: MeshSettings) -> None:
        """Serves it, for `running`."""
        del settings
        runtime.serve(orchestrator_pb2_grpc.add_OrchestratorServiceServicer_to_server, self)


@dataclass
class Gateway:
    """A gateway that runs, seen from outside."""

    http: httpx.AsyncClient
    mesh: RunningMesh
    desk: Desk
    settings: Settings
    postgres_url: str

    def guest(self, wa_id: str = "5215512345678", name: str = "María López") -> WhatsAppGuest:
        return WhatsAppGuest(self.http, wa_id=wa_id, name=name, app_secret=SECRET)

    async def rows(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Looks into the gateway's tables."""
        connection = await asyncpg.connect(self.postgres_url, server_settings={"search_path": "gateway"})
        try:
            return await connection.fetch(statement, *arguments)
        finally:
            await connection.close()


async def eventually(look: Callable[[], Awaitable[Any]], *, seconds: float = 15.0, what: str = "it") -> Any:
    """What `look()` finds, asked again until it finds something. Raises TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := await look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} was not seen within {seconds} s")
        await asyncio.sleep(0.02)
    return found


def migrated(databases: Any) -> str:
    """A database of its own with the gateway's tables."""
    databases.template("gateway", lambda url: migrate(url, schema="gateway", directory=MIGRATIONS))
    return str(databases.create("gateway"))


@asynccontextmanager
async def running_gateway(
    postgres_url: str,
    redis_url: str,
    *,
    desk: Desk | None = None,
    beside: dict[str, Any] | None = None,
    span_processors: tuple[SpanProcessor, ...] = (),
    **knobs: Any,
) -> AsyncIterator[Gateway]:
    """Starts one; `beside` are other services of the mesh, `knobs` are settings."""
    desk = desk or Desk()  # type: ignore[abstract]  # the other calls are not made
    settings = Settings(
        **{
            "postgres_url": postgres_url,
            "redis_url": redis_url,
            "http_port": free_port(),
            "whatsapp_app_secret": SECRET,
            "quiet_period_seconds": 0.0,
            "inbox_poll_seconds": 0.05,
            "outbox_poll_seconds": 0.05,
            "turn_retry_base_seconds": 0.05,
            "drain_grace_seconds": 5.0,
            "whatsapp_guest_burst": 1000,
            **knobs,
        }
    )
    services = {**(beside or {}), "orchestrator": (desk.build, MeshSettings()), "gateway": (build, settings)}
    async with (
        running(services, span_processors=span_processors) as mesh,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.http_port}", timeout=10.0) as http,
    ):
        yield Gateway(http=http, mesh=mesh, desk=desk, settings=settings, postgres_url=postgres_url)
