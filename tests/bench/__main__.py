"""`make bench`: starts a mesh of its own, loads it, prints a table and writes JSON. Figures, not verdicts."""

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.terminal import say, table
from tests.bench import nlp, pms, whole_path
from tests.support.local_mesh import local_mesh

SECTIONS = ("path", "pms", "nlp")


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when messages were refused or never answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=[*SECTIONS, "all"], default="all", help="one section instead of all")
    parser.add_argument("--rate", type=float, nargs="+", default=[20.0], help="messages a second (20)")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each run (20)")
    parser.add_argument("--out", type=Path, default=Path(".run/bench.json"), help="where the JSON goes")
    options = parser.parse_args(arguments)
    figures: dict[str, object] = {}
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        # PostgreSQL may have to run as another user, who must be able to enter.
        Path(scratch).chmod(0o755)
        if options.only in {"path", "all"}:
            results = _whole_path(Path(scratch), rates=options.rate, seconds=options.seconds)
            figures["whole_path"] = [_path_figures(result) for result in results]
            failed = any(result.failed or result.unanswered for result in results)
        if options.only in {"pms", "all"}:
            figures["pms"] = _pms(Path(scratch), seconds=options.seconds)
        if options.only in {"nlp", "all"}:
            figures["nlp"] = _nlp(Path(scratch), seconds=options.seconds)
    _write(options.out, figures)
    return int(failed)


def _whole_path(scratch: Path, *, rates: Sequence[float], seconds: float) -> list[whole_path.Result]:
    results: list[whole_path.Result] = []
    for rate in rates:
        # A fresh mesh for each rate: rooms that one run sold are not missing in the next.
        say(f"starting a mesh for {rate:g} messages/s …")
        with local_mesh(scratch / f"rate-{rate:g}") as mesh:
            asyncio.run(whole_path.run(mesh.told, rate=5.0, seconds=2.0))  # warms caches and connections
            results.append(asyncio.run(whole_path.run(mesh.told, rate=rate, seconds=seconds)))
    say(f"\nWhole path, quiet period 0, {_machine()}\n")
    header = ["rate /s", "messages", "measure", "p50 ms", "p95 ms", "p99 ms", "max ms", "failed", "unanswered"]
    say(table([header, *(row for result in results for row in _rows(result))]))
    return results


def _pms(scratch: Path, *, seconds: float) -> dict[str, object]:
    say("\nstarting PostgreSQL and the pms service …")
    result = pms.run(scratch / "pms", seconds=seconds / 4)
    times = {
        "availability, remembered": result.cached_ms,
        "availability, from the books": result.uncached_ms,
        "create quote": result.quote_ms,
        "place hold": result.hold_ms,
        "create reservation": result.booking_ms,
    }
    rates = {
        "availability, remembered": result.cached_per_second,
        "availability, from the books": result.uncached_per_second,
    }
    say(f"\npms over gRPC, built-in books, {_machine()}\n")
    header = ["call", "calls", "p50 ms", "p95 ms", "p99 ms", "max ms", f"calls/s with {pms.CALLERS} callers"]
    rows = [
        [
            name,
            str(len(values)),
            *(f"{value:.1f}" for value in _percentiles(values)),
            f"{rates[name]:.0f}" if name in rates else "-",
        ]
        for name, values in times.items()
    ]
    say(table([header, *rows]))
    return {
        "times_ms": {name: _named(values) for name, values in times.items()},
        "calls_per_second": rates,
    }


def _nlp(scratch: Path, *, seconds: float) -> dict[str, object]:
    say("\nstarting the nlp service …")
    result = nlp.run(scratch / "nlp", seconds=seconds / 2)
    say(f"\nnlp over gRPC, {_machine()}\n")
    header = ["call", "calls", "p50 ms", "p95 ms", "p99 ms", "max ms", "processor ms a message", "calls/s"]
    measures = (
        ("Analyze, one caller", result.alone_ms, result.alone_cpu_ms, 0.0),
        (f"Analyze, {nlp.CALLERS} callers", result.together_ms, result.together_cpu_ms, result.together_per_second),
        (f"AnalyzeBatch of {nlp.BATCH}", result.batch_ms, result.batch_cpu_ms, 0.0),
    )
    rows = [
        [
            name,
            str(len(values)),
            *(f"{value:.1f}" for value in _percentiles(values)),
            f"{cpu:.2f}",
            f"{rate:.0f}" if rate else "-",
        ]
        for name, values, cpu, rate in measures
    ]
    say(table([header, *rows]))
    say(f"\nresident {result.resident_mib:.0f} MiB; {result.cores:.2f} cores in use with {nlp.CALLERS} callers")
    return {
        "times_ms": {name: _named(values) for name, values, _, _ in measures},
        "calls_per_second": result.together_per_second,
        "processor_ms": {name: cpu for name, _, cpu, _ in measures},
        "cores": result.cores,
        "resident_mib": result.resident_mib,
    }


def _machine() -> str:
    return f"{os.cpu_count()} cores shared with the load, {platform.python_version()}"


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


def _path_figures(result: whole_path.Result) -> dict[str, object]:
    return {
        "rate": result.rate,
        "seconds": result.seconds,
        "failed": result.failed,
        "unanswered": result.unanswered,
        "webhook_to_200_ms": _named(result.accepted_ms),
        "webhook_to_reply_ms": _named(result.replied_ms),
    }


def _write(path: Path, figures: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"time": datetime.now(UTC).isoformat(), **figures}, indent=2))
    say(f"\nwritten to {path}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
