"""Webhook → 200 at one gateway process on a real PostgreSQL: a steady rate, a batch, and as fast as it takes them.

What is received is answered behind it, as always, by an orchestrator that only echoes, and the answers go to a stand-in
for the Graph API; this process makes the load and is both. (The gateway's own sandbox would be measured with it.)
The CPU time of the gateway for each webhook says more than the clock where other work shares the machine.
"""

import asyncio
import itertools
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mesh import telemetry
from mesh.settings import MeshSettings
from mesh.store.migrations import migrate
from mesh.testing.mesh import running

from deploy.local.ports import free_port
from deploy.local.stores import Postgres, Valkey
from services.gateway.channels.whatsapp.signature import sign
from tests.bench.phones import Switchboard
from tests.support.gateway import MIGRATIONS, Desk
from tests.support.service_process import ServiceProcess

SECRET = "bench-app-secret"
GUESTS = 1000
BATCH = 100
BATCHES = 20
CONNECTIONS = 32
WARM_UP = 200
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Result:
    """What was seen; milliseconds, webhooks a second."""

    rate: float = 0.0
    steady_ms: list[float] = field(default_factory=list)
    steady_cpu_ms: float = 0.0
    batch_ms: list[float] = field(default_factory=list)
    saturated_per_second: float = 0.0
    saturated_cpu_ms: float = 0.0
    refused: int = 0


def run(folder: Path, *, rate: float, seconds: float) -> Result:
    """Measures in a fresh database under `folder`."""
    with Postgres(folder / "postgres") as postgres, Valkey(folder / "valkey") as valkey:
        migrate(postgres.url, schema="gateway", directory=MIGRATIONS)
        return asyncio.run(_measure(postgres.url, valkey.url, folder / "gateway.log", rate=rate, seconds=seconds))


async def _measure(postgres_url: str, redis_url: str, log: Path, *, rate: float, seconds: float) -> Result:
    telemetry.configure(level="WARNING")
    desk = Desk()  # type: ignore[abstract]  # the other calls are not made
    result = Result(rate=rate)
    async with (
        Switchboard.open(secret=SECRET) as board,
        running({"orchestrator": (desk.build, MeshSettings())}, transport="grpc") as mesh,
    ):
        http_port = free_port()
        gateway = ServiceProcess(
            "gateway",
            log=log,
            POSTGRES_URL=postgres_url,
            REDIS_URL=redis_url,
            HTTP_PORT=str(http_port),
            ORCHESTRATOR_ADDRESS=f"127.0.0.1:{mesh.runtimes['orchestrator'].port}",
            **board.told(),
            RATE_LIMIT_GUEST="",  # more messages from each guest than people write
        )
        gateway.launch()
        try:
            await asyncio.to_thread(gateway.wait)
            await _load(gateway, http_port, result, rate=rate, seconds=seconds)
        finally:
            await asyncio.to_thread(gateway.stop)
    return result


async def _load(gateway: ServiceProcess, port: int, result: Result, *, rate: float, seconds: float) -> None:
    numbers = itertools.count()
    connections = [await Connection.open(port) for _ in range(CONNECTIONS)]
    single = (_request([number]) for number in numbers)
    for _, request in zip(range(WARM_UP), single, strict=False):
        await connections[0].post(request)

    before = _cpu_ms(gateway.pid)
    await _steadily(connections, single, result, rate=rate, count=round(rate * seconds))
    result.steady_cpu_ms = (_cpu_ms(gateway.pid) - before) / len(result.steady_ms)

    for _ in range(BATCHES):
        request = _request([next(numbers) for _ in range(BATCH)])
        began = time.perf_counter()
        result.refused += await connections[0].post(request) != 200
        result.batch_ms.append((time.perf_counter() - began) * 1000)

    before, began = _cpu_ms(gateway.pid), time.perf_counter()
    counts = await asyncio.gather(*(_as_fast_as_it_goes(c, single, result, began + seconds) for c in connections))
    result.saturated_per_second = sum(counts) / (time.perf_counter() - began)
    result.saturated_cpu_ms = (_cpu_ms(gateway.pid) - before) / sum(counts)


async def _steadily(
    connections: "list[Connection]", requests: Iterator[bytes], result: Result, *, rate: float, count: int
) -> None:
    """Open loop: a request goes out when its time has come, and counts from then."""
    free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
    for connection in connections:
        free.put_nowait(connection)
    start = time.perf_counter()

    async def one(due: float, request: bytes) -> None:
        connection = await free.get()
        result.refused += await connection.post(request) != 200
        free.put_nowait(connection)
        result.steady_ms.append((time.perf_counter() - due) * 1000)

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            due = start + number / rate
            request = next(requests)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due, request))


async def _as_fast_as_it_goes(connection: "Connection", requests: Iterator[bytes], result: Result, end: float) -> int:
    count = 0
    while time.perf_counter() < end:
        result.refused += await connection.post(next(requests)) != 200
        count += 1
    return count


class Connection:
    """HTTP/1.1 kept alive, written by hand: a client library would cost more CPU than the gateway it measures."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, request: bytes) -> int:
        """The status of the answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        await self._reader.readexactly(int(length))
        return int(head.split(b" ", 2)[1])


def _request(numbers: list[int]) -> bytes:
    """A signed webhook with a message for each number, of as many guests, ready for the wire."""
    people = [f"5255{60_000_000 + number % GUESTS}" for number in numbers]
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "+52 55 0000 0000", "phone_number_id": "100000000000001"},
        "contacts": [{"profile": {"name": "María López"}, "wa_id": person} for person in people],
        "messages": [
            {
                "from": person,
                "id": f"wamid.HBgNNTIxNTUxMjM0NTY3OBUCABIYFjNFQjBB.{number}",
                "timestamp": str(int(time.time())),
                "text": {"body": f"¿Tienen una habitación para dos del 3 al 5? ({number})"},
                "type": "text",
            }
            for number, person in zip(numbers, people, strict=True)
        ],
    }
    entry = {"id": "100000000000002", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    head = (
        "POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: {sign(body, SECRET.encode())}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _cpu_ms(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS
