"""The orchestrator between its real peers, in one process on real stores: turns and events through its own contract."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from hotel.common.v1 import channel_pb2, message_pb2
from hotel.nlp.v1 import nlp_pb2_grpc
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from hotel.orchestrator.v1 import orchestrator_pb2_grpc
from mesh.clock import ManualClock
from mesh.runtime import Runtime
from mesh.testing.mesh import RunningMesh, running
from mesh.wire import time_from_proto, time_to_proto
from pydantic import SecretStr

from services.nlp.adapters.composition import load_analyser
from services.nlp.adapters.engine import Engine
from services.nlp.servicer import NlpServicer
from services.nlp.settings import Settings as NlpSettings
from services.orchestrator import app as orchestrator
from services.orchestrator.rehearse.checks import Seen
from services.orchestrator.settings import Settings as OrchestratorSettings
from services.pms import app as pms
from services.pms.settings import Settings as PmsSettings
from services.session import app as session
from services.session.settings import Settings as SessionSettings

SECONDS = 30.0
_CHANNELS = {"whatsapp": "WHATSAPP", "sms": "SMS", "gmail": "EMAIL", "email": "EMAIL", "webchat": "WEBCHAT"}


@dataclass(slots=True)
class House:
    """One guest, one hotel, one clock."""

    mesh: RunningMesh
    clock: ManualClock
    identity: channel_pb2.ChannelIdentity
    session_id: str = ""
    number: int = 0

    @property
    def stub(self) -> orchestrator_pb2_grpc.OrchestratorServiceAsyncStub:
        return orchestrator_pb2_grpc.OrchestratorServiceStub(self.mesh.channel("orchestrator"))  # type: ignore[return-value]

    async def send(self, *, times: int = 1, **content: Any) -> Seen:
        """One message, delivered `times` times under one turn id; only the first answer is sent to the guest."""
        self.number += 1
        message = message_pb2.InboundMessage(
            message_id=f"m{self.number}",
            sender=self.identity,
            receive_time=time_to_proto(self.clock.now()),
            **content,
        )
        seen = Seen()
        for _ in range(times):
            request = pb.HandleTurnRequest(turn_id=f"turn-{self.number}", property_id="alameda", messages=[message])
            response = await self.stub.HandleTurn(request, timeout=SECONDS)
            if not response.replayed:
                seen.replies += [reply.text for reply in response.replies]
                seen.outcomes.append(response.outcome)
        self.session_id = seen.outcome.session_id or self.session_id
        return seen

    async def say(self, text: str, *, times: int = 1) -> Seen:
        return await self.send(text=message_pb2.TextContent(text=text), times=times)

    async def event(self, **event: Any) -> Seen:
        if not self.session_id:
            return Seen()
        self.number += 1
        request = pb.HandleEventRequest(request_id=f"turn-{self.number}", session_id=self.session_id, **event)
        response = await self.stub.HandleEvent(request, timeout=SECONDS)
        return Seen(
            replies=[reply.text for reply in response.replies],
            outcomes=[response.outcome],
            send_after=time_from_proto(response.send_after_time) if response.HasField("send_after_time") else None,
        )


@cache
def _analyser() -> Any:
    return load_analyser(model=True)


async def _build_nlp(runtime: Runtime, settings: NlpSettings) -> None:
    """The nlp service as its app builds it, with the model loaded once for all dialogues of a test run."""
    engine = Engine(_analyser, threads=settings.nlp_threads)
    runtime.on_close(engine.close)
    await engine.warm_up()
    runtime.serve(
        nlp_pb2_grpc.add_NlpServiceServicer_to_server,
        NlpServicer(reader=engine, default_region=settings.nlp_default_region),
    )


@asynccontextmanager
async def house(
    stores: Mapping[str, str], *, start: datetime, channel: str = "whatsapp", address: str = "525500000001"
) -> AsyncIterator[House]:
    """The four services with the demo hotel. `stores`: `postgres` and `redis` URLs, the first migrated for session."""
    clock = ManualClock(start)
    identity = channel_pb2.ChannelIdentity(
        channel=f"CHANNEL_{_CHANNELS[channel]}",  # type: ignore[arg-type]
        address=address.removeprefix("+") if channel == "whatsapp" else address,
    )
    told = {
        "postgres_url": SecretStr(stores["postgres"]),
        "redis_url": SecretStr(stores["redis"]),
        "postgres_pool_size": 2,
        "postgres_pool_overflow": 2,
    }
    services = {
        "nlp": (_build_nlp, NlpSettings()),
        "session": (session.build, SessionSettings(**told)),
        "pms": (pms.build, PmsSettings(pms_backend="memory")),
        "orchestrator": (orchestrator.build, OrchestratorSettings(hotel_information_seconds=0)),
    }
    async with running(services, clock=clock) as mesh:
        yield House(mesh=mesh, clock=clock, identity=identity)
