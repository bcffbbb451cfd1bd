"""The whole path at fixed rates: webhook → 200, and webhook → reply handed to the channel."""

import asyncio
from pathlib import Path

from deploy.local.terminal import say
from tests.bench import subjects, turns
from tests.bench.collector import Collector
from tests.bench.phones import Switchboard
from tests.bench.report import PERCENTILES, Options, Outcome, in_ms, named, show
from tests.bench.turns import Load


def section(options: Options) -> Outcome:
    """A fresh mesh for each rate: rooms that one run sold are not missing in the next."""
    loads = [asyncio.run(_at(options.scratch / f"rate-{rate:g}", rate, options.seconds)) for rate in options.rates]
    show(
        "Whole path, quiet period 0, tracing 10 %",
        ["turns/s", "turns", "measure", *(f"{name} ms" for name in PERCENTILES), "failed", "unanswered"],
        [row for load in loads for row in _rows(load)],
    )
    figures: dict[str, object] = {f"{load.rate:g}": _figures(load) for load in loads}
    return Outcome(figures=figures, failed=any(load.failed or load.unanswered for load in loads))


async def _at(folder: Path, rate: float, seconds: float) -> Load:
    say(f"\nstarting a mesh for {rate:g} turns/s …")
    async with Switchboard.open(secret=subjects.APP_SECRET) as board, Collector.open() as collector:
        with subjects.mesh(folder, **board.told(), **collector.told()) as mesh:
            board.connect(mesh.url)
            await turns.opened(board, rate=5.0, seconds=2.0)  # warms caches and connections
            return await turns.opened(board, rate=rate, seconds=seconds)


def _rows(load: Load) -> list[list[str]]:
    measures = (("webhook → 200", load.accepted_ms), ("webhook → reply", load.replied_ms))
    return [
        [f"{load.rate:g}", str(len(values)), name, *in_ms(values), str(load.failed), str(load.unanswered)]
        for name, values in measures
    ]


def _figures(load: Load) -> dict[str, object]:
    return {
        "seconds": load.seconds,
        "failed": load.failed,
        "unanswered": load.unanswered,
        "webhook_to_200_ms": named(load.accepted_ms),
        "webhook_to_reply_ms": named(load.replied_ms),
    }
