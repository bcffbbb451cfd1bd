"""What becomes of latencies as a hotel chain's years go by: sessions, reservations and properties in numbers.

Each is expected flat, or to grow with the logarithm. PostgreSQL's own processor time a turn is told beside the times,
since it does not depend on who else uses the machine.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.local.terminal import say
from tests.bench import growth_of_pms, subjects, turns, volume
from tests.bench.phones import Switchboard
from tests.bench.report import Options, Outcome, percentiles, show

SESSIONS = (1_000, 100_000, 1_000_000)
GUESTS = 2
_BAR = 40
# By table: which row is the pattern, and what differs from row to row.
_ROWS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "session.guests": ("true", {"guest_id": "'gst_g' || n"}),
    "session.guest_identities": ("true", {"guest_id": "'gst_g' || n", "match_hash": "md5(n::text) || md5((-n)::text)"}),
    "session.data_keys": ("true", {"guest_id": "'gst_g' || n", "key_id": "decode(md5(n::text), 'hex')"}),
    "session.sessions": (
        "due_time IS NULL AND handoff IS NULL",
        {
            "session_id": "'ses_g' || n",
            "guest_id": "'gst_g' || n",
            "live": "n % 50 = 0",
            "last_activity_time": "t.last_activity_time - n * interval '15 seconds'",
            "expire_time": "t.expire_time - CASE n % 50 WHEN 0 THEN interval '0' ELSE n * interval '1 second' END",
        },
    ),
    "gateway.conversations": (
        "due_time IS NULL AND lease_holder IS NULL",
        {"conversation_id": "'con_g' || n", "key_id": "decode(md5(n::text), 'hex')"},
    ),
    "gateway.conversation_addresses": ("true", {"conversation_id": "'con_g' || n", "address": "'g' || n"}),
    "gateway.inbound_messages": ("state = 'done'", {"conversation_id": "'con_g' || n", "external_id": "'g' || n"}),
    "gateway.turns": ("state = 'done'", {"conversation_id": "'con_g' || n", "turn_id": "'trn_g' || n"}),
    "gateway.outbox": (
        "state = 'sent'",
        {"conversation_id": "'con_g' || n", "message_id": "'out_g' || n", "channel_message_id": "'g' || n"},
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What was seen at one size."""

    what: str
    rows: int
    ms: Sequence[float]
    postgres_cpu_ms: float


def section(options: Options) -> Outcome:
    """Turns of the whole mesh over sessions, then calls of the pms over reservations and properties."""
    sizes = asyncio.run(_sessions(options))
    measured = {"turns, by sessions": sizes}
    for name, found in growth_of_pms.measure(options.scratch / "pms").items():
        measured[name] = [Size(what=name, rows=rows, ms=ms, postgres_cpu_ms=cpu) for rows, ms, cpu in found]
    show(
        "Growth",
        ["what", "rows", "p50 ms", "p95 ms", "PostgreSQL cpu ms"],
        [
            [name, f"{size.rows:,}", f"{p50:.1f}", f"{p95:.1f}", f"{size.postgres_cpu_ms:.2f}"]
            for name, found in measured.items()
            for size in found
            for p50, p95, *_ in [percentiles(size.ms)]
        ],
    )
    _plot(measured)
    figures: dict[str, object] = {
        name: {str(size.rows): {"p50_ms": statistics.median(size.ms), "cpu_ms": size.postgres_cpu_ms} for size in found}
        for name, found in measured.items()
    }
    ratios = {
        f"{name}: PostgreSQL cpu at {found[-1].rows:,} over {found[0].rows:,}": found[-1].postgres_cpu_ms
        / found[0].postgres_cpu_ms
        for name, found in measured.items()
        if found[0].postgres_cpu_ms
    }
    return Outcome(figures=figures, ratios=ratios)


async def _sessions(options: Options) -> list[Size]:
    found = []
    async with Switchboard.open(secret=subjects.APP_SECRET) as board:
        with subjects.mesh(options.scratch / "growth", **board.told()) as mesh:
            board.connect(mesh.url)
            url = mesh.told["POSTGRES_URL"]
            await turns.closed(board, guests=GUESTS, seconds=3.0)
            filled = 0
            for rows in SESSIONS:
                say(f"\nfilling up to {rows:,} sessions …")
                await volume.fill(url, _ROWS, first=filled + 1, last=rows)
                filled = rows
                await turns.closed(board, guests=GUESTS, seconds=3.0)
                before = mesh.cpu_seconds()["postgres"]
                load = await turns.closed(board, guests=GUESTS, seconds=options.seconds)
                spent = mesh.cpu_seconds()["postgres"] - before
                count = max(1, len(load.replied_ms))
                found.append(Size(what="turn", rows=rows, ms=load.replied_ms, postgres_cpu_ms=spent * 1000 / count))
    return found


def _plot(measured: Mapping[str, Sequence[Size]]) -> None:
    """Medians as bars, each group to its own scale."""
    for name, found in measured.items():
        most = max(statistics.median(size.ms) for size in found)
        say(f"\n{name} (p50)")
        for size in found:
            p50 = statistics.median(size.ms)
            say(f"  {size.rows:>9,} {'█' * max(1, round(_BAR * p50 / most))} {p50:.1f} ms")
