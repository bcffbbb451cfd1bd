"""Puts the tables of docs/slo.md right, from the figures in it: `python docs/generate_capacity.py`, by `make gen`."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from mesh.settings import MeshSettings

DOCUMENT = Path(__file__).parent / "slo.md"
BASE = DOCUMENT.parent.parent / "deploy/k8s/base"
SERVICES = ("gateway", "nlp", "session", "pms", "orchestrator")
# Where the autoscaler stands, and how full the nodes may be.
SCALES_AT, FULL = 0.7, 0.6
# Messages a second → PostgreSQL, Redis.
STORES = {
    5: ("1 core, 1 GB", "256 MB"),
    20: ("2 cores, 4 GB", "256 MB"),
    50: ("2 cores, 4 GB", "512 MB"),
    100: ("4 cores, 8 GB", "1 GB"),
    500: ("8 cores, 32 GB", "4 GB"),
}
HOTELS, ROOMS, OCCUPIED, NIGHTS, WRITING, MESSAGES = 10_000, 40, 0.65, 2.2, 0.4, 12
BUSIEST = 8
ROWS = {"inbox": 1.0, "turn": 1.0, "outbox": 1.3, "statuses": 2.0, "session": 2.0}
ROW_KB, KEPT_DAYS, SESSION_KB, COMMITS = 0.6, 75, 4, 4
ROOM_TYPES, BOOKABLE_NIGHTS, INVENTORY_BYTES = 4, 540, 100


def measured(text: str) -> dict[str, float]:
    """Milliseconds of CPU a turn by service, as the document's first table tells."""
    found = {name: float(cpu) for name, cpu in re.findall(r"^\| (\w+) \| ([\d.]+) ms \|", text, re.MULTILINE)}
    if set(found) != set(SERVICES):
        raise ValueError(f"{DOCUMENT.name}: the table of measured figures has {sorted(found)}")
    return found


def scaling_table(cpu: dict[str, float]) -> Iterator[str]:
    """Replicas and stores by messages a second."""
    yield f"| messages/s (busiest minute) | cores | {' | '.join(SERVICES)} | connections | PostgreSQL | Redis |"
    yield "| --- " * (len(SERVICES) + 5) + "|"
    for rate, stores in STORES.items():
        yield _row(str(rate), rate, cpu, {service: _cpu_request(service) for service in SERVICES}, stores)
    rate, stores = max(STORES.items())
    yield _row(f"{rate}, whole cores requested", rate, cpu, dict.fromkeys(SERVICES, 1.0), stores)


def _row(title: str, rate: int, cpu: dict[str, float], requests: dict[str, float], stores: tuple[str, str]) -> str:
    replicas = {name: max(2, math.ceil(rate * cpu[name] / 1000 / (requests[name] * SCALES_AT))) for name in SERVICES}
    fields = MeshSettings.model_fields
    pool = fields["postgres_pool_size"].default + fields["postgres_pool_overflow"].default
    connections = sum(replicas[name] for name in ("gateway", "session", "pms")) * pool
    cores = f"{rate * sum(cpu.values()) / 1000 / FULL:.1f}"
    return f"| {' | '.join([title, cores, *map(str, replicas.values()), str(connections), *stores])} |"


def _cpu_request(service: str) -> float:
    deployment = yaml.safe_load((BASE / service / "deployment.yaml").read_text())
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    return int(container["resources"]["requests"]["cpu"].removesuffix("m")) / 1000


def plan_table(cpu: dict[str, float]) -> Iterator[str]:
    """The way from hotels to what they take."""
    rooms = HOTELS * ROOMS
    guests = rooms * OCCUPIED / NIGHTS * WRITING
    messages = guests * MESSAGES
    mean, rows = messages / 86_400, sum(ROWS.values())
    busiest, turn = mean * BUSIEST, sum(cpu.values())
    daily = messages * rows * ROW_KB / 1e6
    nights = HOTELS * ROOM_TYPES * BOOKABLE_NIGHTS
    each = " + ".join(f"{count:g} {name}" for name, count in ROWS.items())
    writers = f"{rooms:,} rooms × {OCCUPIED:.0%} occupied ÷ {NIGHTS} nights a stay × {WRITING:.0%} who write"
    yield "| step | arithmetic | result |"
    yield "| --- | --- | --- |"
    for step in (
        ("rooms", f"{HOTELS:,} hotels × {ROOMS} rooms", f"{rooms:,} rooms"),
        ("guests who write, a day", writers, f"{guests:,.0f} guests"),
        ("messages in, a day", f"{guests:,.0f} × {MESSAGES} messages", f"{messages:,.0f} messages"),
        ("messages in a second, mean", f"{messages:,.0f} ÷ 86,400", f"{mean:.1f}/s"),
        ("busiest minute", f"× {BUSIEST} (evenings; half of the hotels share two time zones)", f"{busiest:.0f}/s"),
        ("CPU for turns", f"{busiest:.0f}/s × {turn:.1f} ms ÷ {FULL:.0%}", f"{busiest * turn / 1e3 / FULL:.1f} cores"),
        ("rows a day in PostgreSQL", f"{messages:,.0f} × ({each})", f"{messages * rows / 1e6:.1f} million rows"),
        ("size a day", f"{messages * rows / 1e6:.1f} million × {ROW_KB} KB with indexes", f"{daily:.1f} GB"),
        (
            "size kept",
            f"30 days inbox, 90 days outbox and statuses, 180 days sessions: {daily:.1f} GB × about {KEPT_DAYS} days",
            f"{daily * KEPT_DAYS:.0f} GB",
        ),
        (
            "writes a second, busiest",
            f"{busiest:.0f}/s × {rows:g} rows, in about {COMMITS} commits",
            f"{busiest * COMMITS:.0f} commits/s, of 1,400 measured with one caller",
        ),
        (
            "sessions in the cache",
            f"{guests:,.0f} a day × 24 h × {SESSION_KB} KB",
            f"{guests * SESSION_KB / 1e3:.0f} MB",
        ),
        (
            "inventory rows",
            f"{HOTELS:,} hotels × {ROOM_TYPES} room types × {BOOKABLE_NIGHTS} nights",
            f"{nights / 1e6:.1f} million rows, {nights * INVENTORY_BYTES / 1e9:.1f} GB",
        ),
    ):
        yield f"| {' | '.join(step)} |"


def filled(text: str) -> str:
    """The document with its tables computed. Raises ValueError without a place for one of them."""
    cpu = measured(text)
    for name, table in (("scaling", scaling_table(cpu)), ("plan", plan_table(cpu))):
        lines = "\n".join(table)
        text, places = re.subn(
            rf"(<!-- {name} -->\n).*?(\n<!-- end -->)",
            lambda found, lines=lines: found.group(1) + lines + found.group(2),
            text,
            flags=re.DOTALL,
        )
        if places != 1:
            raise ValueError(f"{DOCUMENT.name} has no place for {name}")
    return text


if __name__ == "__main__":
    told = DOCUMENT.read_text()
    if "--check" in sys.argv and filled(told) != told:
        sys.exit(f"{DOCUMENT.name} is not what its figures say: run make gen")
    DOCUMENT.write_text(filled(told))
