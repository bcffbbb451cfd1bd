"""`python -m tests.bench.soak --minutes 30`: half of what the mesh can take, for long; what has grown at the end?

Memory, open files, threads, asyncio tasks and connections of each process, and dead rows and size of tables, at the
start, at the middle and at the end. Rows may grow, since guests write; what stands for each of them may not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.addresses import SERVICES
from deploy.local.terminal import say
from tests.bench import cpu, subjects, turns
from tests.bench.phones import Switchboard
from tests.bench.report import PERCENTILES, in_ms, show
from tests.bench.subjects import Subject
from tests.bench.turns import Load

SATURATION_GUESTS = 24
SATURATION_SECONDS = 15.0
WARM_UP_SECONDS = 30.0
_TABLES = """
    SELECT schemaname || '.' || relname AS name, n_live_tup AS live, n_dead_tup AS dead,
        pg_total_relation_size(relid) AS bytes, n_tup_upd AS updates, n_tup_hot_upd AS hot
    FROM pg_stat_user_tables WHERE n_tup_upd + n_tup_ins > 0 ORDER BY bytes DESC
"""
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How everything stood at one moment."""

    minute: float
    resident_mb: Mapping[str, float]
    files: Mapping[str, int]
    threads: Mapping[str, int]
    tasks: Mapping[str, int]
    connections: int
    tables: Mapping[str, Mapping[str, int]]


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when messages were refused or never answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long (30)")
    parser.add_argument("--rate", type=float, default=0.0, help="turns a second (half of what saturation was)")
    parser.add_argument("--out", type=Path, default=Path(".run/soak.json"), help="where the JSON goes")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        # PostgreSQL may have to run as another user, who must be able to enter.
        Path(scratch).chmod(0o755)
        looks, load = asyncio.run(_soak(Path(scratch), options.minutes, options.rate))
    _tell(looks, load)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([_plain(look) for look in looks], indent=2) + "\n")
    say(f"\nwritten to {options.out}")
    return int(bool(load.failed or load.unanswered))


async def _soak(folder: Path, minutes: float, rate: float) -> tuple[list[Look], Load]:
    async with Switchboard.open(secret=subjects.APP_SECRET) as board:
        with subjects.mesh(folder / "mesh", **board.told()) as mesh:
            board.connect(mesh.url)
            if not rate:
                say(f"saturation, {SATURATION_SECONDS:g} s …")
                load = await turns.closed(board, guests=SATURATION_GUESTS, seconds=SATURATION_SECONDS)
                rate = load.turns_per_second / 2
            say(f"{rate:.0f} turns/s for {minutes:g} minutes …")
            await turns.opened(board, rate=rate, seconds=WARM_UP_SECONDS)
            looks = [await _look(mesh, 0.0)]
            whole = Load(rate=rate)
            for half in (1, 2):
                load = await turns.opened(board, rate=rate, seconds=minutes * 30)
                whole.replied_ms += load.replied_ms
                whole.failed += load.failed
                whole.unanswered += load.unanswered
                whole.seconds += load.seconds
                looks.append(await _look(mesh, half * minutes / 2))
    return looks, whole


async def _look(mesh: Subject, minute: float) -> Look:
    processes = mesh.processes()
    connection = await asyncpg.connect(mesh.told["POSTGRES_URL"])
    try:
        tables = {row["name"]: dict(row) for row in await connection.fetch(_TABLES)}
        connections = await connection.fetchval(_CONNECTIONS)
    finally:
        await connection.close()
    return Look(
        minute=minute,
        resident_mb={name: cpu.resident_mb(pids) for name, pids in processes.items()},
        files={name: cpu.open_files(pids) for name, pids in processes.items()},
        threads={name: cpu.threads(pids) for name, pids in processes.items()},
        tasks=await _tasks(mesh.told),
        connections=connections,
        tables=tables,
    )


async def _tasks(told: Mapping[str, str]) -> dict[str, int]:
    """Of each service."""
    ports = {name: told["HTTP_PORT" if name == "gateway" else f"{name.upper()}_METRICS_PORT"] for name in SERVICES}
    async with httpx.AsyncClient(timeout=10.0) as http:
        texts = {name: (await http.get(f"http://127.0.0.1:{port}/metrics")).text for name, port in ports.items()}
    return {
        name: int(sample.value)
        for name, text in texts.items()
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "mesh_tasks"
    }


def _tell(looks: Sequence[Look], load: Load) -> None:
    first, middle, last = looks
    show(
        f"Soak, {load.rate:.0f} turns/s over {last.minute:g} minutes",
        ["turns", *(f"{name} ms" for name in PERCENTILES), "failed", "unanswered"],
        [[str(len(load.replied_ms)), *in_ms(load.replied_ms), str(load.failed), str(load.unanswered)]],
    )
    show(
        f"Processes at minutes {first.minute:g}, {middle.minute:g}, {last.minute:g}",
        ["process", "resident MB", "open files", "threads", "asyncio tasks"],
        [
            [
                name,
                " → ".join(f"{look.resident_mb[name]:.0f}" for look in looks),
                " → ".join(str(look.files[name]) for look in looks),
                " → ".join(str(look.threads[name]) for look in looks),
                " → ".join(str(look.tasks.get(name, "-")) for look in looks),
            ]
            for name in first.resident_mb
        ],
    )
    say(f"\nconnections at PostgreSQL: {' → '.join(str(look.connections) for look in looks)}")
    show(
        "Tables, the largest",
        ["table", "rows", "dead", "bytes a row", "updates in place"],
        [
            [
                name,
                " → ".join(str(look.tables[name]["live"]) for look in looks),
                " → ".join(str(look.tables[name]["dead"]) for look in looks),
                " → ".join(f"{look.tables[name]['bytes'] / max(1, look.tables[name]['live']):.0f}" for look in looks),
                f"{last.tables[name]['hot'] / max(1, last.tables[name]['updates']) * 100:.0f} %",
            ]
            for name in list(last.tables)[:10]
            if name in first.tables and name in middle.tables
        ],
    )


def _plain(look: Look) -> dict[str, object]:
    return {name: getattr(look, name) for name in look.__slots__}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
