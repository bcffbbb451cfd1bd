"""What is done to the mesh: each fault has a name and targets, is struck, lasts, and is taken back.

A cell is a fault at a target, `kill:pms`. A seed's first blow is a cell in turn, so that as many seeds as there are
cells strike every one of them; the others are drawn.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import asyncpg
import redis.asyncio

from services.gateway.channels.whatsapp.codes import TABLE as CODES
from services.gateway.domain.outbox import Advice
from tests.chaos.channel_api import CUT, DEAF, GOOD, SILENT, Behaviour, refusing
from tests.chaos.house import LINKS, PROCESSES, STORES, House

_STEP_SECONDS = 20
Strike = Callable[[House, str, random.Random], AbstractAsyncContextManager[None]]
# Refusals that are tried again after a minute: the round takes that much longer.
PAGED = tuple(code for code, (_, advice) in CODES.items() if advice is Advice.PAGE)
_FINAL = tuple(
    code for code, (_, advice) in CODES.items() if advice in (Advice.GIVE_UP, Advice.FIX, Advice.STOP_PROACTIVE)
)
_RETRIED = tuple(code for code, (_, advice) in CODES.items() if advice in (Advice.RETRY, Advice.RETRY_PACED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`seconds`: the shortest and longest time it lasts."""

    strike: Strike
    targets: tuple[str, ...]
    seconds: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """A fault at a target, so many seconds after the round began, for so many seconds."""

    fault: str
    target: str
    at: float
    seconds: float

    def __str__(self) -> str:
        return f"{self.fault}:{self.target} at {self.at:.1f} s for {self.seconds:.1f} s"


def _signal(house: House, target: str, number: signal.Signals) -> None:
    """One that is just being started again has no process to hit."""
    with contextlib.suppress(OSError, ValueError):
        house.signal(target, number)


@asynccontextmanager
async def _kill(house: House, target: str, _: random.Random) -> AsyncIterator[None]:
    """SIGKILL. A service is started again by its supervisor, a store when the fault ends."""
    if target in STORES:
        await asyncio.to_thread(house.store(target).kill)
    else:
        _signal(house, target, signal.SIGKILL)
    yield
    await asyncio.to_thread(house.revive)


@asynccontextmanager
async def _stop(house: House, target: str, _: random.Random) -> AsyncIterator[None]:
    """SIGSTOP: it holds its connections and leases and does nothing, then goes on as if no time had passed."""
    pids: list[int] = []
    with contextlib.suppress(OSError, ValueError):
        pids = house.pids(target)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def _restart(house: House, target: str, _: random.Random) -> AsyncIterator[None]:
    """Asked to stop, as a rollout does, and started again."""
    if target in STORES:
        await asyncio.to_thread(house.store(target).restart)
    else:
        _signal(house, target, signal.SIGTERM)
    yield


@asynccontextmanager
async def _latency(house: House, target: str, chance: random.Random) -> AsyncIterator[None]:
    house.links[target].latency = chance.choice((0.05, 0.2, 1.0))
    yield
    house.links[target].heal()


@asynccontextmanager
async def _reset(house: House, target: str, _: random.Random) -> AsyncIterator[None]:
    """Every connection is cut and new ones are refused."""
    house.links[target].refusing = True
    house.links[target].reset()
    yield
    house.links[target].heal()


@asynccontextmanager
async def _half_open(house: House, target: str, _: random.Random) -> AsyncIterator[None]:
    """Connections that exist carry nothing any more, and nobody says so."""
    house.links[target].kill_silently()
    yield


@asynccontextmanager
async def _held(house: House, target: str, _: random.Random) -> AsyncIterator[None]:
    """Nothing passes, then all of it: a partition that heals."""
    house.links[target].held = True
    yield
    house.links[target].heal()


@asynccontextmanager
async def _narrow(house: House, target: str, _: random.Random) -> AsyncIterator[None]:
    house.links[target].bytes_per_second = 20_000
    yield
    house.links[target].heal()


@asynccontextmanager
async def _flush(house: House, _: str, __: random.Random) -> AsyncIterator[None]:
    """FLUSHALL, at both ends of the fault."""
    for last in (False, True):
        with contextlib.suppress(redis.RedisError):
            async with redis.asyncio.Redis.from_url(house.valkey.url) as client:
                await client.flushall()
        if not last:
            yield


@asynccontextmanager
async def _slow_pms(house: House, _: str, __: random.Random) -> AsyncIterator[None]:
    """A transaction of somebody else holds the nights: every search and booking waits for it."""
    with contextlib.suppress(OSError, asyncpg.PostgresError):
        connection = await asyncpg.connect(house.postgres.url)
        try:
            async with connection.transaction():
                await connection.execute("LOCK TABLE pms.inventory_night, pms.reservation IN ACCESS EXCLUSIVE MODE")
                yield
        finally:
            await connection.close()
        return
    yield


_MOODS: Mapping[str, tuple[Behaviour, ...]] = {
    "refuses-for-now": tuple(map(refusing, _RETRIED)),
    "refuses-for-good": tuple(map(refusing, _FINAL)),
    "refuses-until-paid": tuple(map(refusing, PAGED)),
    "takes-and-is-silent": (SILENT,),
    "is-silent": (DEAF,),
    "takes-and-hangs-up": (CUT,),
    "is-slow": (Behaviour(after=1.5),),
}


@asynccontextmanager
async def _channel(house: House, target: str, chance: random.Random) -> AsyncIterator[None]:
    """Two of three calls, so that some get through."""
    ways = _MOODS[target]
    house.api.behave = lambda: chance.choice(ways) if chance.random() < 2 / 3 else GOOD
    yield
    house.api.behave = lambda: GOOD


@asynccontextmanager
async def _disk_full(house: House, _: str, __: random.Random) -> AsyncIterator[None]:
    """PostgreSQL's disk has no byte left."""
    assert house.disk is not None
    ballast = house.disk / "ballast"

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(1 << 16)):
                pass

    await asyncio.to_thread(fill)
    yield
    ballast.unlink()
    await asyncio.to_thread(house.revive)


@asynccontextmanager
async def _clock(house: House, target: str, _: random.Random) -> AsyncIterator[None]:
    """The wall clock of every service steps; that of PostgreSQL and the guests does not."""
    assert house.clock_file is not None
    house.clock_file.write_text(f"{'+' if target == 'forward' else '-'}{_STEP_SECONDS}\n")
    yield
    house.clock_file.write_text("+0\n")


FAULTS: Mapping[str, Fault] = {
    "kill": Fault(strike=_kill, targets=PROCESSES, seconds=(0.5, 3)),
    "stop": Fault(strike=_stop, targets=PROCESSES, seconds=(2, 8)),
    "restart": Fault(strike=_restart, targets=PROCESSES, seconds=(1, 3)),
    "latency": Fault(strike=_latency, targets=LINKS, seconds=(3, 8)),
    "reset": Fault(strike=_reset, targets=LINKS, seconds=(0.1, 4)),
    "half-open": Fault(strike=_half_open, targets=LINKS, seconds=(1, 2)),
    "partition": Fault(strike=_held, targets=LINKS, seconds=(2, 8)),
    "narrow": Fault(strike=_narrow, targets=LINKS, seconds=(3, 8)),
    "flush": Fault(strike=_flush, targets=("valkey",), seconds=(1, 4)),
    "slow": Fault(strike=_slow_pms, targets=("pms",), seconds=(3, 9)),
    "channel": Fault(strike=_channel, targets=tuple(_MOODS), seconds=(4, 9)),
    "disk-full": Fault(strike=_disk_full, targets=("postgres",), seconds=(3, 7)),
    "clock": Fault(strike=_clock, targets=("forward", "back"), seconds=(3, 6)),
}
CELLS = tuple((fault, target) for fault, found in FAULTS.items() for target in found.targets)


def draw(seed: int, *, only: str = "", within: float = 7.0, skipped: frozenset[str] = frozenset()) -> list[Blow]:
    """The blows of a seed, two or three. `only` is a fault or a cell; faults in `skipped` are not drawn."""
    chance = random.Random(f"blows {seed}")
    fault, _, target = only.partition(":")
    cells = [cell for cell in CELLS if fault in ("", cell[0]) and target in ("", cell[1]) and cell[0] not in skipped]
    if not cells:
        raise ValueError(f"no fault {only!r}; there are {', '.join(FAULTS)}, each alone or as fault:target")
    chosen = [cells[seed % len(cells)], *(chance.choice(cells) for _ in range(chance.choice((1, 2))))]
    return [
        Blow(
            fault=name,
            target=target,
            at=chance.uniform(0.5, within),
            seconds=chance.uniform(*FAULTS[name].seconds),
        )
        for name, target in chosen[: 1 if only else None]
    ]
