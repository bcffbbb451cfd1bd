"""HandleTurn by itself: turns of real conversations straight to the orchestrator, its services and stores behind it."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import grpc.aio
from hotel.common.v1 import channel_pb2, message_pb2
from hotel.orchestrator.v1 import orchestrator_pb2
from hotel.orchestrator.v1.orchestrator_pb2_grpc import OrchestratorServiceStub
from mesh.values import new_id

from deploy.local.demo import PROPERTY
from deploy.local.terminal import say
from tests.bench.conversations import lines_of
from tests.bench.report import PERCENTILES, Options, Outcome, in_ms, named, show
from tests.bench.subjects import KNOBS
from tests.support.local_mesh import local_mesh

WARM_UP = 40
TIMEOUT = 10.0


@dataclass(slots=True)
class _Guests:
    """Guests who wait for an answer before they write again; new ones come as they are needed."""

    idle: list[tuple[str, Iterator[str]]] = field(default_factory=list)
    came: int = 0

    def next_line(self) -> tuple[str, Iterator[str], str]:
        while self.idle:
            address, lines = self.idle.pop(0)
            if line := next(lines, ""):
                return address, lines, line
        self.came += 1
        lines = iter(lines_of(self.came, datetime.now(UTC).date()))
        return f"5255{60_000_000 + self.came}", lines, next(lines)


def section(options: Options) -> Outcome:
    """Open loop at each rate: a call is due when its time has come, and its time counts from then."""
    say("\nstarting the mesh for HandleTurn …")
    with local_mesh(options.scratch / "orchestrator", **KNOBS) as mesh:
        address = f"127.0.0.1:{mesh.told['ORCHESTRATOR_GRPC_PORT']}"
        times = asyncio.run(_at_each(address, options))
    show(
        "HandleTurn over real services, from when it was due",
        ["turns/s", "calls", *(f"{name} ms" for name in PERCENTILES)],
        [[f"{rate:g}", str(len(values)), *in_ms(values)] for rate, values in times.items()],
    )
    return Outcome(figures={f"{rate:g} a second": named(values) for rate, values in times.items()})


async def _at_each(address: str, options: Options) -> dict[float, list[float]]:
    guests = _Guests()
    async with grpc.aio.insecure_channel(address) as channel:
        orchestrator = OrchestratorServiceStub(channel)
        for _ in range(WARM_UP):
            await _turn(orchestrator, guests, due=0.0)
        return {rate: await _opened(orchestrator, guests, rate, options.seconds) for rate in options.rates}


async def _opened(orchestrator: OrchestratorServiceStub, guests: _Guests, rate: float, seconds: float) -> list[float]:
    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        calls = []
        for number in range(round(rate * seconds)):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            calls.append(group.create_task(_turn(orchestrator, guests, due=due)))
    return [call.result() for call in calls]


async def _turn(orchestrator: OrchestratorServiceStub, guests: _Guests, *, due: float) -> float:
    address, lines, line = guests.next_line()
    message = message_pb2.InboundMessage(
        message_id=new_id("msg"),
        sender=channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address=address),
        text=message_pb2.TextContent(text=line),
    )
    request = orchestrator_pb2.HandleTurnRequest(turn_id=new_id("trn"), property_id=PROPERTY, messages=[message])
    await orchestrator.HandleTurn(request, timeout=TIMEOUT)
    guests.idle.append((address, lines))
    return (time.perf_counter() - due) * 1000
