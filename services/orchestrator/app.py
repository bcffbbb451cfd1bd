"""Puts the service together: clients of nlp, session and pms, the flows, their wording, the RPCs."""

from __future__ import annotations

from hotel.orchestrator.v1 import orchestrator_pb2_grpc
from mesh.runtime import Runtime

from services.orchestrator.adapters.gateway import GatewayClient
from services.orchestrator.adapters.guest_records import GuestRecordsClient
from services.orchestrator.adapters.nlp import NlpClient
from services.orchestrator.adapters.outcome import encode_event
from services.orchestrator.adapters.pms import Deadlines, PmsClient
from services.orchestrator.adapters.session import SessionClient
from services.orchestrator.adapters.stays import PmsStays
from services.orchestrator.domain.features import SAFE
from services.orchestrator.domain.machine import Machine
from services.orchestrator.executor import Executor
from services.orchestrator.flows import ALL
from services.orchestrator.scheduler import Scheduler
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
    sessions = SessionClient(channel=runtime.channel("session"), seconds=settings.session_seconds)
    turns = Turns(
        nlp=NlpClient(channel=runtime.channel("nlp"), seconds=settings.nlp_seconds),
        pms=pms,
        sessions=sessions,
        executor=Executor(
            machine=Machine(ALL),
            pms=pms,
            records=GuestRecordsClient(channel=runtime.channel("session"), seconds=settings.records_seconds),
        ),
        wording=Wording(),
        clock=runtime.clock,
        features=runtime.flags(SAFE),
        attempts=settings.turn_attempts,
    )
    scheduler = Scheduler(
        turns=turns,
        sessions=sessions,
        pms=pms,
        stays=PmsStays(channel=runtime.channel("pms"), seconds=settings.pms_read_seconds),
        messenger=GatewayClient(channel=runtime.channel("gateway"), seconds=settings.message_seconds),
        clock=runtime.clock,
        encode=encode_event,
        pause_seconds=settings.scheduler_seconds,
        stay_messages=settings.stay_message_hours,
    )
    runtime.background("scheduler", scheduler.run)
    servicer = OrchestratorServicer(turns=turns, doubtful_below=settings.doubtful_transcript_below)
    runtime.serve(orchestrator_pb2_grpc.add_OrchestratorServiceServicer_to_server, servicer, allow=CALLERS)
