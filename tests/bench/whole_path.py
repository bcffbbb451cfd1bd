"""The whole path at a fixed rate: webhook → 200, and webhook → reply handed to the sandbox channel.

Open loop: a message goes out when its time has come, whatever became of the ones before it. Latencies count from that
moment, so a stall is charged to everything that waited behind it.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from deploy.local.whatsapp_guest import Reply, WhatsAppGuest
from tests.bench.conversations import lines_of

# WhatsApp takes one message per guest every six seconds in the long run; more guests, not faster ones, make the rate.
SECONDS_BETWEEN_LINES = 6
SETTLE_SECONDS = 30.0


@dataclass(slots=True)
class Sent:
    """One message under load."""

    guest: int
    due: datetime
    accepted_ms: float = 0.0
    failed: bool = False


@dataclass(slots=True)
class Result:
    """What a run saw. Milliseconds."""

    rate: float
    seconds: float
    accepted_ms: list[float] = field(default_factory=list)
    replied_ms: list[float] = field(default_factory=list)
    failed: int = 0
    unanswered: int = 0


async def run(told: Mapping[str, str], *, rate: float, seconds: float) -> Result:
    """Sends `rate` messages a second for `seconds`, then waits until every one has its reply (or half a minute)."""
    guests = max(1, round(rate * SECONDS_BETWEEN_LINES))
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    base_url = f"http://127.0.0.1:{told['HTTP_PORT']}"
    async with httpx.AsyncClient(base_url=base_url, limits=limits, timeout=30.0) as http:
        phones = [
            WhatsAppGuest(http, wa_id=f"5255{70_000_000 + n}", name=f"Guest {n}", app_secret="dev-app-secret")
            for n in range(guests)
        ]
        scripts = [lines_of(n, datetime.now(UTC).date()) for n in range(guests)]
        sent = await _send(phones, scripts, rate=rate, count=round(rate * seconds))
        replies = await _settle(phones, sent)
    return _result(sent, replies, rate=rate, seconds=seconds)


async def _send(
    phones: Sequence[WhatsAppGuest], scripts: Sequence[Sequence[str]], *, rate: float, count: int
) -> list[Sent]:
    sent: list[Sent] = []
    start, begun = time.perf_counter(), datetime.now(UTC).timestamp()
    async with asyncio.TaskGroup() as group:
        for k in range(count):
            await asyncio.sleep(max(0.0, start + k / rate - time.perf_counter()))
            guest = k % len(phones)
            line = scripts[guest][k // len(phones) % len(scripts[guest])]
            message = Sent(guest, datetime.fromtimestamp(begun + k / rate, UTC))
            sent.append(message)
            group.create_task(_deliver(phones[guest], line, message, start + k / rate))
    return sent


async def _deliver(phone: WhatsAppGuest, line: str, message: Sent, due: float) -> None:
    try:
        await phone.say(line)
    except httpx.HTTPError:
        message.failed = True
    message.accepted_ms = (time.perf_counter() - due) * 1000


async def _settle(phones: Sequence[WhatsAppGuest], sent: Sequence[Sent]) -> list[list[Reply]]:
    """Reads what each phone got, until it is as much as it sent."""
    replies: list[list[Reply]] = [[] for _ in phones]
    wanted = [sum(not m.failed for m in sent if m.guest == n) for n in range(len(phones))]
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline and any(len(r) < w for r, w in zip(replies, wanted, strict=True)):
        for n, phone in enumerate(phones):
            if len(replies[n]) < wanted[n]:
                replies[n] += await phone.new_replies()
        await asyncio.sleep(0.2)
    return replies


def _result(sent: Sequence[Sent], replies: Sequence[Sequence[Reply]], *, rate: float, seconds: float) -> Result:
    """Pairs each message with the first reply after it that no earlier message took."""
    result = Result(rate=rate, seconds=seconds)
    left = [list(of_guest) for of_guest in replies]
    for message in sent:
        if message.failed:
            result.failed += 1
            continue
        result.accepted_ms.append(message.accepted_ms)
        queue = left[message.guest]
        while queue and queue[0].time < message.due:
            queue.pop(0)
        if queue:
            result.replied_ms.append((queue.pop(0).time - message.due).total_seconds() * 1000)
        else:
            result.unanswered += 1
    return result
