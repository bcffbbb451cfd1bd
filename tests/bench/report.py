"""What every section of the bench is asked and gives, and how figures are shown."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.terminal import say, table

PERCENTILES = ("p50", "p95", "p99", "max")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where to work, how fast and how long."""

    scratch: Path
    rates: tuple[float, ...]
    seconds: float


@dataclass(slots=True, kw_only=True)
class Outcome:
    """`figures` go into the JSON; `ratios` hold on any machine and are compared with the baseline; `failed` is why the
    figures are worth nothing (messages refused or never answered)."""

    figures: dict[str, object] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    failed: bool = False


def percentiles(values: Sequence[float]) -> tuple[float, float, float, float]:
    """p50, p95, p99 and the maximum; zeros when there is nothing to tell."""
    if len(values) < 2:
        return (0.0, 0.0, 0.0, 0.0)
    cuts = statistics.quantiles(values, n=100)
    return cuts[49], cuts[94], cuts[98], max(values)


def named(values: Sequence[float]) -> dict[str, float]:
    """The same by name."""
    return dict(zip(PERCENTILES, percentiles(values), strict=True))


def in_ms(values: Sequence[float]) -> list[str]:
    """The same as cells of a table."""
    return [f"{value:.1f}" for value in percentiles(values)]


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table under its title, with the machine it was measured on."""
    say(f"\n{title} ({os.cpu_count()} cores shared with the load, Python {platform.python_version()})\n")
    say(table([header, *rows]))
