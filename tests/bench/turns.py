"""Turns of guests through the whole path, webhook → reply handed to the channel, at a fixed rate or as fast as they go.

Open loop: a message goes out when its time has come, whatever became of those before it, and latencies count from that
moment, so that a stall is charged to everything that waited behind it. Closed loop: each guest writes again when
answered.
"""

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.bench.conversations import lines_of
from tests.bench.phones import Switchboard

ANSWER_SECONDS = 30.0
_GUESTS = itertools.count()


@dataclass(slots=True)
class Load:
    """What a run saw. Milliseconds; `seconds` is how long it took."""

    rate: float = 0.0
    seconds: float = 0.0
    accepted_ms: list[float] = field(default_factory=list)
    replied_ms: list[float] = field(default_factory=list)
    failed: int = 0
    unanswered: int = 0

    @property
    def turns_per_second(self) -> float:
        return len(self.replied_ms) / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class _Guest:
    """A phone and what is still to be said; a new one when that is through."""

    wa_id: str
    lines: Iterator[str]


def _new_guest() -> _Guest:
    number = next(_GUESTS)
    return _Guest(f"5255{70_000_000 + number}", iter(lines_of(number, datetime.now(UTC).date())))


async def closed(board: Switchboard, *, guests: int, seconds: float, replies: bool = True) -> Load:
    """`guests` at once, each waiting for the answer before the next line; without `replies` the 200 is the answer."""
    load = Load()
    start = time.perf_counter()

    async def talk() -> None:
        guest = _new_guest()
        while time.perf_counter() - start < seconds:
            line = next(guest.lines, None)
            if line is None:
                guest = _new_guest()
                continue
            await _one(board, guest.wa_id, line, load, due=time.perf_counter(), replies=replies)

    await asyncio.gather(*(talk() for _ in range(guests)))
    load.seconds = time.perf_counter() - start
    return load


async def opened(board: Switchboard, *, rate: float, seconds: float) -> Load:
    """`rate` messages a second from so many guests that nobody is due again before having an answer."""
    load = Load(rate=rate)
    idle: list[_Guest] = []
    start = time.perf_counter()

    async def write(guest: _Guest, line: str, due: float) -> None:
        await _one(board, guest.wa_id, line, load, due=due)
        idle.append(guest)

    async with asyncio.TaskGroup() as group:
        for number in range(round(rate * seconds)):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(write(*_next_line(idle), due))
    load.seconds = time.perf_counter() - start
    return load


def _next_line(idle: list[_Guest]) -> tuple[_Guest, str]:
    while idle:
        guest = idle.pop(0)
        line = next(guest.lines, None)
        if line is not None:
            return guest, line
    guest = _new_guest()
    return guest, next(guest.lines)


async def _one(board: Switchboard, wa_id: str, line: str, load: Load, *, due: float, replies: bool = True) -> None:
    answered = board.expect(wa_id)
    try:
        await board.say(wa_id, line)
    except ConnectionError:
        load.failed += 1
        return
    load.accepted_ms.append((time.perf_counter() - due) * 1000)
    if not replies:
        load.replied_ms.append(load.accepted_ms[-1])
        return
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            load.replied_ms.append((await answered - due) * 1000)
    except TimeoutError:
        load.unanswered += 1
