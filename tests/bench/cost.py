"""What a turn costs at saturation: of the mesh, of the same code in one process, and of a skeleton that does nothing.

All three in one run, with the same telemetry: the ratios hold where absolute figures move with the neighbours.
"""

import asyncio
from contextlib import AbstractContextManager
from dataclasses import dataclass

from deploy.local.terminal import say
from tests.bench import cpu, subjects, turns
from tests.bench.collector import Collector
from tests.bench.phones import Switchboard
from tests.bench.report import PERCENTILES, Options, Outcome, in_ms, named, show
from tests.bench.subjects import Subject
from tests.bench.turns import Load

GUESTS = 24
STORES = ("postgres", "valkey")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one subject: the load it took, processor milliseconds of a turn and memory, by process."""

    name: str
    load: Load
    cpu_ms: dict[str, float]
    resident_mb: dict[str, float]

    @property
    def services_ms(self) -> float:
        """Of the services, without stores and load: what the skeleton has as well."""
        return sum(ms for name, ms in self.cpu_ms.items() if name not in (*STORES, "load"))

    @property
    def services_mb(self) -> float:
        return sum(mb for name, mb in self.resident_mb.items() if name not in STORES)


def section(options: Options) -> Outcome:
    """Closed loop, one subject after the other."""
    costs = asyncio.run(_all(options))
    floor, mesh, single = costs
    show(
        f"Saturation, {GUESTS} guests who write again when answered, tracing 10 %",
        ["subject", "turns/s", *(f"{name} ms" for name in PERCENTILES), "cpu ms/turn", "without stores", "MB"],
        [
            [
                cost.name,
                f"{cost.load.turns_per_second:.0f}",
                *in_ms(cost.load.replied_ms),
                f"{sum(cost.cpu_ms.values()):.1f}",
                f"{cost.services_ms:.1f}",
                f"{cost.services_mb:.0f}",
            ]
            for cost in costs
        ],
    )
    names = sorted({name for cost in costs for name in cost.cpu_ms})
    show(
        "Processor ms of a turn",
        ["process", *(cost.name for cost in costs)],
        [[name, *(f"{cost.cpu_ms[name]:.2f}" if name in cost.cpu_ms else "-" for cost in costs)] for name in names],
    )
    ratios = {
        "cpu of the mesh's services over the skeleton's": mesh.services_ms / floor.services_ms,
        "cpu of the mesh over one process": sum(mesh.cpu_ms.values()) / sum(single.cpu_ms.values()),
        "turns/s of one process over the mesh": single.load.turns_per_second / mesh.load.turns_per_second,
    }
    return Outcome(
        figures={cost.name: _figures(cost) for cost in costs},
        ratios=ratios,
        failed=any(cost.load.failed or cost.load.unanswered for cost in costs),
    )


async def _all(options: Options) -> list[Cost]:
    async with Switchboard.open(secret=subjects.APP_SECRET) as board, Collector.open() as collector:
        told = {**board.told(), **collector.told()}
        made = (
            subjects.skeleton(options.scratch / "skeleton", **told),
            subjects.mesh(options.scratch / "mesh", **told),
            subjects.mesh(options.scratch / "single", single=True, **told),
        )
        return [await _cost(one, board, options.seconds) for one in made]


async def _cost(made: AbstractContextManager[Subject], board: Switchboard, seconds: float) -> Cost:
    with made as subject:
        say(f"\n{subject.name}: {seconds:g} s at saturation …")
        board.connect(subject.url)
        await turns.closed(board, guests=4, seconds=3.0, replies=subject.replies)
        before, own = subject.cpu_seconds(), cpu.own_seconds()
        load = await turns.closed(board, guests=GUESTS, seconds=seconds, replies=subject.replies)
        after, own_after = subject.cpu_seconds(), cpu.own_seconds()
        each = 1000 / max(1, len(load.replied_ms))
        spent = {name: (after[name] - before[name]) * each for name in before} | {"load": (own_after - own) * each}
        return Cost(name=subject.name, load=load, cpu_ms=spent, resident_mb=subject.resident_mb())


def _figures(cost: Cost) -> dict[str, object]:
    return {
        "turns_per_second": cost.load.turns_per_second,
        "webhook_to_reply_ms": named(cost.load.replied_ms),
        "cpu_ms_per_turn": cost.cpu_ms,
        "cpu_ms_per_turn_without_stores": cost.services_ms,
        "resident_mb": cost.resident_mb,
    }
