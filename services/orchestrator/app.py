"""Puts the service together: clients of nlp, session and pms, the flows, their wording, the RPCs."""

from __future__ import annotations

from hotel.orchestrator.v1 import orchestrator_pb2_grpc
from mesh.runtime import Runtime

from services.orchestrator.adapters.nlp import NlpClient
from services.orchestrator.adapters.pms import Deadlines, PmsClient
from services.orchestrator.adapters.session import SessionClient
from services.orchestrator.domain.machine import Machine
from services.orchestrator.executor import Executor
from services.orchestrator.flows import ALL
from services.orchestrator.servicer import OrchestratorServicer
from services.orchestrator.settings import Settings
from services.orchestrator.turns import Turns
from services.orchestrator.wording import Wording

# Who may call, method by method; ALLOWED_CALLERS adds other systems.
CALLERS = {"*": frozenset({"gateway"})}


async def build(runtime: Runtime, settings: Settings) -> None:
    """Checks flows and wording whole before anything starts, and registers the servicer with the runtime."""
    pms = PmsClient(
        channel=runtime.channel("pms"),
        clock=runtime.clock,
        keep_seconds=settings.hotel_information_seconds,
        deadlines=Deadlines(read=settings.pms_read_seconds, write=settings.pms_write_seconds),
        fallback_time_zone=settings.fallback_time_zone,
    )
    turns = Turns(
        nlp=NlpClient(channel=runtime.channel("nlp"), seconds=settings.nlp_seconds),
        pms=pms,
        sessions=SessionClient(channel=runtime.channel("session"), seconds=settings.session_seconds),
        executor=Executor(machine=Machine(ALL), pms=pms),
        wording=Wording(),
        clock=runtime.clock,
        attempts=settings.turn_attempts,
    )
    servicer = OrchestratorServicer(turns=turns, doubtful_below=settings.doubtful_transcript_below)
    runtime.serve(orchestrator_pb2_grpc.add_OrchestratorServiceServicer_to_server, servicer, allow=CALLERS)
