"""A whole hotel for one dialogue: nlp, session, pms and orchestrator in one process, on real stores.

Plays dialogues of tests/data/dialogues: turns through the orchestrator's own contract, checked against their `want`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from hotel.common.v1 import channel_pb2, message_pb2
from hotel.nlp.v1 import nlp_pb2_grpc
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from hotel.orchestrator.v1 import orchestrator_pb2_grpc
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from hotel.session.v1 import session_pb2, session_pb2_grpc
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
from services.orchestrator.settings import Settings as OrchestratorSettings
from services.pms import app as pms
from services.pms.settings import Settings as PmsSettings
from services.session import app as session
from services.session.settings import Settings as SessionSettings
from tests.service.orchestrator_checks import Seen, check

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
    transcript: list[str] = field(default_factory=list)

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
                seen.outcome = response.outcome
        self.session_id = seen.outcome.session_id or self.session_id
        return seen

    async def say(self, text: str, *, times: int = 1) -> Seen:
        self.transcript.append(f"  guest: {text}")
        return await self.send(text=message_pb2.TextContent(text=text), times=times)

    async def open_for(self, code: str) -> None:
        """The conversation of a reservation's guest, as the scheduler opens it."""
        asked = pms_pb2.GetReservationRequest(property_id="alameda", confirmation_code=code)
        stub = pms_pb2_grpc.PmsServiceStub(self.mesh.channel("pms"))
        booker = (await stub.GetReservation(asked, timeout=SECONDS)).reservation.booker
        identity = channel_pb2.ChannelIdentity(
            channel=channel_pb2.CHANNEL_WHATSAPP, address=booker.phone_number.removeprefix("+")
        )
        opening = session_pb2.GetOrCreateSessionRequest(property_id="alameda", identity=identity)
        sessions = session_pb2_grpc.SessionServiceStub(self.mesh.channel("session"))
        self.session_id = (await sessions.GetOrCreateSession(opening, timeout=SECONDS)).session.session_id

    async def event(self, **event: Any) -> Seen:
        if not self.session_id:
            return Seen()
        self.number += 1
        request = pb.HandleEventRequest(request_id=f"turn-{self.number}", session_id=self.session_id, **event)
        response = await self.stub.HandleEvent(request, timeout=SECONDS)
        return Seen(
            replies=[reply.text for reply in response.replies],
            outcome=response.outcome,
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


async def play(guest: House, dialogue: Mapping[str, Any]) -> list[str]:
    """Plays a dialogue; what was wanted and did not come."""
    problems: list[str] = []
    written: list[str] = []
    for service, fault in dialogue.get("faults", {}).items():
        assert fault == "unavailable"
        await guest.mesh.stop(service)
    for number, turn in enumerate(dialogue["turns"], start=1):
        seen = await _turn(guest, turn)
        guest.transcript += [f"  hotel: {line}" for line in seen.replies]
        written += seen.written
        problems += [f"turn {number}: {problem}" for problem in check(seen, turn.get("want", {}))]
    problems += [f"{name} must never happen" for name in dialogue.get("never_pms", ()) if name in written]
    return problems


async def _turn(guest: House, turn: Mapping[str, Any]) -> Seen:
    match turn:
        case {"g": text}:
            new_words = re.split(r"\n+On .* wrote:\n|\n+El .* escribió:\n", text)[0]
            return await guest.say(new_words, times=turn.get("deliver_times", 1))
        case {"voice": transcript}:
            voice = message_pb2.VoiceContent(transcript=transcript, confidence=turn.get("confidence", 1.0))
            return await guest.send(voice=voice)
        case {"image": caption}:
            media = message_pb2.MediaContent(kind=message_pb2.MediaContent.KIND_IMAGE, caption=caption or "")
            return await guest.send(media=media)
        case {"event": event}:
            return await _event(guest, event)
    return await guest.send(**_tap(turn))


def _tap(turn: Mapping[str, Any]) -> dict[str, Any]:
    match turn:
        case {"button": choice}:
            return {"button": message_pb2.ButtonContent(button_id=choice)}
        case {"reaction": emoji}:
            return {"reaction": message_pb2.ReactionContent(target_message_id="out", emoji=emoji)}
        case {"location": [latitude, longitude]}:
            return {"location": message_pb2.LocationContent(latitude=latitude, longitude=longitude)}
    raise AssertionError(f"no such turn: {turn}")


async def _event(guest: House, event: Mapping[str, Any]) -> Seen:
    seen = Seen()
    if "advance_minutes" in event:
        guest.clock.advance(timedelta(minutes=event["advance_minutes"]))
        now = pb.DeadlinePassed(now=time_to_proto(guest.clock.now()))
        seen = await guest.event(deadline_passed=now)
    if event.get("staff_claims"):
        seen = await guest.event(staff_claimed=pb.StaffClaimed(agent="desk"))
    if "staff_says" in event:
        seen = await guest.event(staff_said=pb.StaffSaid(agent="desk", text=event["staff_says"]))
    if event.get("staff_releases"):
        released = await guest.event(staff_released=pb.StaffReleased(agent="desk"))
        seen.replies += released.replies
        seen.outcome = released.outcome
    if "scheduled" in event:
        await guest.open_for(event["for"])
        due = pb.ScheduledMessageDue(kind=event["scheduled"].removesuffix("_message"), reservation_code=event["for"])
        seen = await guest.event(scheduled_message_due=due)
    return seen
