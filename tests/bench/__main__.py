"""`make bench`: starts a mesh of its own, loads it, prints a table and writes JSON. Figures, not verdicts."""

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.terminal import say, table
from tests.bench import whole_path
from tests.support.local_mesh import local_mesh


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when messages were refused or never answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rate", type=float, nargs="+", default=[20.0], help="messages a second (20)")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each run (20)")
    parser.add_argument("--out", type=Path, default=Path(".run/bench.json"), help="where the JSON goes")
    options = parser.parse_args(arguments)
    results: list[whole_path.Result] = []
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        for rate in options.rate:
            # A fresh mesh for each rate: rooms that one run sold are not missing in the next.
            say(f"starting a mesh for {rate:g} messages/s …")
            with local_mesh(Path(scratch) / f"rate-{rate:g}") as mesh:
                asyncio.run(whole_path.run(mesh.told, rate=5.0, seconds=2.0))  # warms caches and connections
                results.append(asyncio.run(whole_path.run(mesh.told, rate=rate, seconds=options.seconds)))
    say(f"\nWhole path, quiet period 0, {os.cpu_count()} cores shared with the load, {platform.python_version()}\n")
    header = ["rate /s", "messages", "measure", "p50 ms", "p95 ms", "p99 ms", "max ms", "failed", "unanswered"]
    say(table([header, *(row for result in results for row in _rows(result))]))
    _write(options.out, results)
    return int(any(result.failed or result.unanswered for result in results))


def _rows(result: whole_path.Result) -> list[list[str]]:
    measures = (("webhook → 200", result.accepted_ms), ("webhook → reply", result.replied_ms))
    return [
        [
            f"{result.rate:g}",
            str(len(values)),
            name,
            *(f"{value:.1f}" for value in _percentiles(values)),
            str(result.failed),
            str(result.unanswered),
        ]
        for name, values in measures
    ]


def _percentiles(values: Sequence[float]) -> tuple[float, float, float, float]:
    """p50, p95, p99 and the maximum; zeros when there is nothing to tell."""
    if len(values) < 2:
        return (0.0, 0.0, 0.0, 0.0)
    cuts = statistics.quantiles(values, n=100)
    return cuts[49], cuts[94], cuts[98], max(values)


def _named(values: Sequence[float]) -> dict[str, float]:
    return dict(zip(("p50", "p95", "p99", "max"), _percentiles(values), strict=True))


def _write(path: Path, results: Sequence[whole_path.Result]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {
            "rate": result.rate,
            "seconds": result.seconds,
            "failed": result.failed,
            "unanswered": result.unanswered,
            "webhook_to_200_ms": _named(result.accepted_ms),
            "webhook_to_reply_ms": _named(result.replied_ms),
        }
        for result in results
    ]
    path.write_text(json.dumps({"time": datetime.now(UTC).isoformat(), "whole_path": rows}, indent=2))
    say(f"\nwritten to {path}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
