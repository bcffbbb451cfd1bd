"""One round: guests talk, blows fall, everything is healed, the mesh comes to rest, the books are read and checked."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.chaos import books
from tests.chaos.checker import violations
from tests.chaos.faults import FAULTS, PAGED, Blow
from tests.chaos.guests import Line, Phones, Plan, plans
from tests.chaos.history import History
from tests.chaos.house import House, faketime_library

GUESTS = 9
BEGIN_WITHIN_SECONDS = 5.0
TALK_SECONDS = 14.0
# Of leases, retries and a half-dead connection noticed; PAGE_SECONDS more where the channel wants to be paid first.
RECOVERY_SECONDS = 45.0
PAGE_SECONDS = 75.0
_LOOK_SECONDS = 0.25


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What a round did and what came of it."""

    seed: int
    blows: list[Blow]
    history: History
    problems: list[str]
    unclear_posts: int
    seconds: float
    notes: list[str] = field(default_factory=list)

    @property
    def bookings(self) -> int:
        """Live ones of these guests."""
        guests = {said.guest for said in self.history.said}
        return sum(booked.live for booked in self.history.reservations if booked.guest in guests)


def skipped(house: House | None = None) -> dict[str, str]:
    """Faults that cannot be made on this machine, with the reason."""
    reasons = {}
    if faketime_library() is None:
        reasons["clock"] = "libfaketime is not installed (apt-get install faketime, or set FAKETIME_LIBRARY)"
    if house is not None and house.disk is None:
        reasons["disk-full"] = "mounting a tmpfs is not allowed here (it takes root)"
    return reasons


async def play(house: House, seed: int, blows: Sequence[Blow], *, talk_seconds: float = TALK_SECONDS) -> Verdict:
    """Guests begin no line after `talk_seconds`.

    Raises OSError or asyncpg.PostgresError when the books cannot be read at the end."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    chance = random.Random(f"strikes {seed}")
    house.api.calls.clear()
    everyone = plans(seed, today=datetime.now(UTC).date(), guests=GUESTS, within=BEGIN_WITHIN_SECONDS)
    async with Phones(house.gateways, house.api, seed=seed) as phones:
        async with asyncio.TaskGroup() as group:
            for plan in everyone:
                group.create_task(phones.play(plan, until=began + talk_seconds))
            for blow in blows:
                group.create_task(_strike(house, blow, chance, began))
        healed = loop.time()
        patience = RECOVERY_SECONDS + (PAGE_SECONDS if _is_paged(house) else 0)
        recovery = await _recover(house, phones, seed, patience)
        history = await books.read(
            house.postgres.url,
            f"127.0.0.1:{house.mesh.told['SESSION_GRPC_PORT']}",
            said=phones.said,
            calls=tuple(house.api.calls),
            recovery=recovery,
        )
    return Verdict(
        seed=seed,
        blows=list(blows),
        history=history,
        problems=violations(history),
        unclear_posts=phones.unclear,
        seconds=loop.time() - began,
        notes=[f"{name} after {seconds:.1f} s" for name, seconds in recovery.items() if seconds is not None]
        + [f"healed at {healed - began:.1f} s"],
    )


async def _strike(house: House, blow: Blow, chance: random.Random, began: float) -> None:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(began + blow.at - loop.time())
    async with FAULTS[blow.fault].strike(house, blow.target, chance):
        await asyncio.sleep(blow.seconds)


def _is_paged(house: House) -> bool:
    return any(call.code in PAGED for call in house.api.calls)


async def _recover(house: House, phones: Phones, seed: int, patience: float) -> dict[str, float | None]:
    """Seconds until everything is ready, a new guest is answered, and nothing is left to do."""
    house.revive()
    newcomer = Plan(wa_id=f"5255{seed % 10_000:04d}9999", lines=(Line(messages=("hola",)),))

    async def ready() -> bool:
        return not await house.unready()

    async def answered() -> bool:
        return any(call.guest == newcomer.wa_id and call.taken for call in house.api.calls)

    async def rested() -> bool:
        return await books.at_rest(house.postgres.url, {said.guest for said in phones.said})

    loop = asyncio.get_running_loop()
    began = loop.time()
    looks = {"readiness": ready, "an answer to a new guest": answered, "rest": rested}
    async with asyncio.TaskGroup() as group:
        group.create_task(phones.play(newcomer, until=began + patience))
        return {name: await _seconds_until(look, began, began + patience) for name, look in looks.items()}


async def _seconds_until(look: Callable[[], Awaitable[bool]], began: float, end: float) -> float | None:
    loop = asyncio.get_running_loop()
    while True:
        with contextlib.suppress(OSError):
            if await look():
                return loop.time() - began
        if loop.time() > end:
            return None
        await asyncio.sleep(_LOOK_SECONDS)
