"""The floor: the five services with nothing in them. Same processes, same calls for a turn, same telemetry, no work.

`python -m tests.bench.skeleton NAME` serves one of them. A webhook of the skeleton is answered when its turn is over.
"""

import asyncio
import sys
from typing import Any

from hotel.nlp.v1 import nlp_pb2, nlp_pb2_grpc
from hotel.orchestrator.v1 import orchestrator_pb2, orchestrator_pb2_grpc
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.process import main
from mesh.runtime import Runtime
from mesh.settings import MeshSettings
from mesh.tracing import span
from pydantic import Field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TIMEOUT = 10.0


class Settings(MeshSettings):
    """Those of every service, and where HTTP is."""

    http_port: int = Field(8000, description="Port of the gateway.")


class Nlp(nlp_pb2_grpc.NlpServiceServicer):
    """Understands nothing."""

    async def Analyze(self, request: nlp_pb2.AnalyzeRequest, context: Any) -> nlp_pb2.AnalyzeResponse:
        return nlp_pb2.AnalyzeResponse()


class Session(session_pb2_grpc.SessionServiceServicer):
    """Remembers nothing."""

    async def GetOrCreateSession(
        self, request: session_pb2.GetOrCreateSessionRequest, context: Any
    ) -> session_pb2.GetOrCreateSessionResponse:
        return session_pb2.GetOrCreateSessionResponse()

    async def CommitTurn(self, request: session_pb2.CommitTurnRequest, context: Any) -> session_pb2.CommitTurnResponse:
        return session_pb2.CommitTurnResponse()


class Pms(pms_pb2_grpc.PmsServiceServicer):
    """Has no rooms."""

    async def SearchAvailability(
        self, request: pms_pb2.SearchAvailabilityRequest, context: Any
    ) -> pms_pb2.SearchAvailabilityResponse:
        return pms_pb2.SearchAvailabilityResponse()


class Orchestrator(orchestrator_pb2_grpc.OrchestratorServiceServicer):
    """Asks everyone what it would ask for a turn, and says nothing."""

    def __init__(self, runtime: Runtime) -> None:
        self._nlp = nlp_pb2_grpc.NlpServiceStub(runtime.channel("nlp"))
        self._session = session_pb2_grpc.SessionServiceStub(runtime.channel("session"))
        self._pms = pms_pb2_grpc.PmsServiceStub(runtime.channel("pms"))

    async def HandleTurn(
        self, request: orchestrator_pb2.HandleTurnRequest, context: Any
    ) -> orchestrator_pb2.HandleTurnResponse:
        await asyncio.gather(
            self._nlp.Analyze(nlp_pb2.AnalyzeRequest(text="hola"), timeout=TIMEOUT),
            self._session.GetOrCreateSession(session_pb2.GetOrCreateSessionRequest(), timeout=TIMEOUT),
        )
        await self._pms.SearchAvailability(pms_pb2.SearchAvailabilityRequest(), timeout=TIMEOUT)
        await self._session.CommitTurn(session_pb2.CommitTurnRequest(), timeout=TIMEOUT)
        return orchestrator_pb2.HandleTurnResponse()


async def build(runtime: Runtime, settings: Settings) -> None:
    """One of the five, by the runtime's name."""
    match runtime.name:
        case "nlp":
            runtime.serve(nlp_pb2_grpc.add_NlpServiceServicer_to_server, Nlp())
        case "session":
            runtime.serve(session_pb2_grpc.add_SessionServiceServicer_to_server, Session())
        case "pms":
            runtime.serve(pms_pb2_grpc.add_PmsServiceServicer_to_server, Pms())
        case "orchestrator":
            runtime.serve(orchestrator_pb2_grpc.add_OrchestratorServiceServicer_to_server, Orchestrator(runtime))
        case _:
            runtime.http(_http(runtime), host="127.0.0.1", port=settings.http_port)


def _http(runtime: Runtime) -> Starlette:
    orchestrator = orchestrator_pb2_grpc.OrchestratorServiceStub(runtime.channel("orchestrator"))

    async def receive(request: Request) -> Response:
        await request.body()
        with span("webhook.receive"):
            await orchestrator.HandleTurn(orchestrator_pb2.HandleTurnRequest(turn_id="t"), timeout=TIMEOUT)
        return JSONResponse({"status": "handled"})

    return Starlette(routes=[Route("/webhooks/whatsapp", receive, methods=["POST"])])


if __name__ == "__main__":
    name = sys.argv.pop(1)
    main(name=name, settings_class=Settings, build=build)
