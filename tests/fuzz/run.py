"""A whole run: all services at once, then what their logs and their memory say about it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.attack import SERVICES, Report, attack
from tests.support.local_mesh import LocalMesh

# What a run may add to a process: caches and pools fill up to their bounds, and then it ends.
GROWTH_BYTES = 64 * 1024 * 1024
_FRAME = re.compile(r"/(\w[\w/]*\.py:\d+ \w+)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found. `memory` is bytes after the first quarter and at the end, by service."""

    report: Report
    memory: Mapping[str, tuple[int, int]]
    faults: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """For people."""
        for (method, status), count in sorted(self.report.calls.items()):
            yield f"{method:44} {status:20} {count:7}"
        for service, (before, after) in self.memory.items():
            yield f"{service:44} {before / 2**20:.0f} → {after / 2**20:.0f} MiB"
        yield from self.faults
        yield f"{self.report.total} calls, {len(self.faults)} faults"


async def run(mesh: LocalMesh, *, seed: int, seconds: float) -> Outcome:
    """Attacks every service of the mesh for so long."""
    report = Report()
    since = {service: len(mesh.log(service)) for service in SERVICES}
    async with asyncio.TaskGroup() as group:
        for service in SERVICES:
            address = mesh.told[f"{service.upper()}_ADDRESS"]
            group.create_task(attack(service, address, seed=seed, seconds=seconds, report=report))
        await asyncio.sleep(seconds / 4)
        before = _memory(mesh)
    after = _memory(mesh)
    memory = {service: (before[service], after[service]) for service in SERVICES}
    return Outcome(report, memory, (*report.faults.values(), *_grown(memory), *_told(mesh, since)))


def _memory(mesh: LocalMesh) -> dict[str, int]:
    return {service: _resident(mesh.pid(service)) for service in SERVICES}


def _resident(pid: int) -> int:
    """Bytes of a process that are in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def _grown(memory: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    for service, (before, after) in memory.items():
        if after - before > GROWTH_BYTES:
            yield f"{service}: grew by {(after - before) / 2**20:.0f} MiB"


def _told(mesh: LocalMesh, since: Mapping[str, int]) -> Iterator[str]:
    """Every exception that a service logged as an error, once by where it was raised."""
    for service in SERVICES:
        where: dict[str, str] = {}
        for line in mesh.log(service)[since[service] :].splitlines():
            entry = json.loads(line) if line.startswith("{") else {"level": "error", "exception": line}
            if entry.get("level") == "error" and (stack := entry.get("exception")):
                own = [frame for frame in _FRAME.findall(stack) if "services/" in frame or "mesh/" in frame]
                where.setdefault(own[-1] if own else stack, f"{entry.get('event')}: {stack}")
        yield from (f"{service}'s log: {told}" for told in where.values())
