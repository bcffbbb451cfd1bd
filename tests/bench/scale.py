"""What replicas add: how evenly client-side balancing spreads calls, and how inbox workers share one inbox.

The machine has two cores for everything, so more replicas do not mean more turns here; the spread and the absence of
contention are what is shown.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from mesh.store.migrations import migrate
from mesh.store.postgres import connect_pool
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.postgres import Postgres
from deploy.local.terminal import say
from services.gateway.adapters.postgres_inbox import PostgresInbox
from services.gateway.domain.inbox import InboxPolicy
from services.gateway.domain.message import Channel, Delivery, Identity, OutboundMessage
from tests.bench import cpu, subjects, turns
from tests.bench.phones import Switchboard
from tests.bench.report import Options, Outcome, show
from tests.support.gateway import MIGRATIONS
from tests.support.gateway_stores import new_sealing, said
from tests.support.local_mesh import LocalMesh, local_mesh

REPLICAS = (1, 2, 3)
BALANCED = ("orchestrator", "nlp", "session", "pms")
GUESTS = 12
WORKERS = (1, 2, 4, 8, 16, 32)
CONVERSATIONS = 1_500
_STEP_BETWEEN_REPLICAS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Calls that each replica of each service answered, under one load."""

    replicas: int
    turns_per_second: float
    calls: Mapping[str, list[int]]

    def worst(self, service: str) -> float:
        """How far the busiest or idlest replica is from an even share, as a part of that share."""
        calls = self.calls[service]
        even = sum(calls) / len(calls)
        return max(abs(number - even) for number in calls) / even if even else 0.0


def section(options: Options) -> Outcome:
    """Balancing first, then claims."""
    spreads = [asyncio.run(_spread(options, count)) for count in REPLICAS]
    show(
        f"Balancing, {GUESTS} guests who write again when answered",
        ["replicas of each", "turns/s", *(f"{service}: calls" for service in BALANCED), "furthest from even"],
        [
            [
                str(spread.replicas),
                f"{spread.turns_per_second:.0f}",
                *(" + ".join(map(str, spread.calls[service])) for service in BALANCED),
                f"{max(map(spread.worst, BALANCED)) * 100:.1f} %",
            ]
            for spread in spreads
        ],
    )
    claims = _claims(options.scratch / "claims")
    show(
        "Inbox workers: claim a turn, settle it with a reply",
        ["workers", "turns/s", "against one", "PostgreSQL cpu ms a turn", "taken twice"],
        [
            [str(workers), f"{rate:.0f}", f"{rate / claims[0][1]:.1f} ×", f"{spent:.2f}", str(twice)]
            for workers, rate, spent, twice in claims
        ],
    )
    figures: dict[str, object] = {
        "balancing": {
            str(spread.replicas): {"turns_per_second": spread.turns_per_second, "calls": dict(spread.calls)}
            for spread in spreads
        },
        "claims_per_second": {str(workers): rate for workers, rate, _, _ in claims},
    }
    ratios = {
        "calls of three replicas: furthest from even": max(map(spreads[-1].worst, BALANCED)),
        "claims/s of 8 workers over one": {workers: rate for workers, rate, _, _ in claims}[8] / claims[0][1],
    }
    return Outcome(figures=figures, ratios=ratios, failed=any(twice for *_, twice in claims))


async def _spread(options: Options, count: int) -> Spread:
    say(f"\nstarting a mesh with {count} of each …")
    async with Switchboard.open(secret=subjects.APP_SECRET) as board:
        wanted = [option for service in BALANCED for option in ("--replicas", f"{service}={count}")]
        environment = {**subjects.KNOBS, **board.told()}
        with local_mesh(options.scratch / f"replicas-{count}", *(wanted if count > 1 else ()), **environment) as mesh:
            board.connect(mesh.http_url)
            await turns.closed(board, guests=4, seconds=3.0)
            before = await _calls(mesh, count)
            load = await turns.closed(board, guests=GUESTS, seconds=options.seconds)
            after = await _calls(mesh, count)
    calls = {
        service: [now - then for now, then in zip(after[service], before[service], strict=True)] for service in BALANCED
    }
    return Spread(replicas=count, turns_per_second=load.turns_per_second, calls=calls)


async def _calls(mesh: LocalMesh, count: int) -> dict[str, list[int]]:
    """Answered so far by each replica; health checks are not among them."""
    found: dict[str, list[int]] = {}
    async with httpx.AsyncClient(timeout=10.0) as http:
        for service in BALANCED:
            first = int(mesh.told[f"{service.upper()}_METRICS_PORT"])
            found[service] = [
                _answered((await http.get(f"http://127.0.0.1:{first + number * _STEP_BETWEEN_REPLICAS}/metrics")).text)
                for number in range(count)
            ]
    return found


def _answered(metrics: str) -> int:
    return sum(
        int(sample.value)
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
        if sample.name == "rpc_server_requests_total"
    )


def _claims(folder: Path) -> list[tuple[int, float, float, int]]:
    """By number of workers: turns a second, PostgreSQL's processor ms a turn, turns that two workers had."""
    found = []
    with Postgres(folder / "postgres") as server:
        migrate(server.url, schema="gateway", directory=MIGRATIONS)
        for workers in WORKERS:
            say(f"{workers} workers …")
            assert server.pid is not None
            found.append((workers, *asyncio.run(_work_off(server.url, server.pid, workers))))
    return found


async def _work_off(url: str, server: int, workers: int) -> tuple[float, float, int]:
    """One message in each of many conversations, worked off by so many workers with a connection each: turns a second,
    PostgreSQL's processor ms a turn (storing the messages is not of it), turns that two workers had."""
    pool = await connect_pool(url, application_name="bench", schema="gateway", size=workers, overflow=0)
    inbox = PostgresInbox(pool=pool, policy=InboxPolicy(quiet_period=timedelta(0)), sealing=new_sealing())
    now = datetime.now(UTC)
    try:
        for number in range(CONVERSATIONS):
            guest = Identity(channel=Channel.WHATSAPP, address=f"5255{workers:02d}{number:06d}")
            message = said("hola", f"{workers}-{number}", sender=guest)
            await inbox.store(Delivery(messages=(message,)), now=now)
        done: list[str] = []

        async def work(name: str) -> None:
            while (turn := await inbox.claim(holder=name, now=now + timedelta(seconds=1))) is not None:
                await inbox.complete(turn, [OutboundMessage(text="hola")], now=now, traceparent="")
                done.append(turn.turn_id)

        before, begun = cpu.seconds(cpu.family(server)), time.perf_counter()
        await asyncio.gather(*(work(f"worker {number}") for number in range(workers)))
        seconds = time.perf_counter() - begun
        spent = cpu.seconds(cpu.family(server)) - before
    finally:
        await pool.close()
    return len(done) / seconds, spent * 1000 / len(done), len(done) - len(set(done))
