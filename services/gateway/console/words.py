"""Values as people read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from services.gateway.console.charts import bars, line


def clock(time: datetime | None, zone: tzinfo) -> str:
    """Time of day."""
    return time.astimezone(zone).strftime("%H:%M") if time is not None else ""


def day_and_clock(time: datetime | None, zone: tzinfo) -> str:
    """Day and time of day."""
    return time.astimezone(zone).strftime("%d-%m-%Y %H:%M") if time is not None else ""


def stamp(time: datetime, zone: tzinfo, now: datetime) -> str:
    """Time of day, with the day where it is not today."""
    today = time.astimezone(zone).date() == now.astimezone(zone).date()
    return clock(time, zone) if today else day_and_clock(time, zone)


def percent(share: float | None) -> str:
    """A share of 0–1; a dash where there is nothing to share."""
    return "–" if share is None else f"{share * 100:.0f} %"


def seconds(value: float | None) -> str:
    """A span in the unit people would say."""
    if value is None:
        return "–"
    if value < 90:
        return f"{value:.1f} s"
    return f"{value / 60:.0f} min" if value < 5400 else f"{value / 3600:.1f} h"


def initials(name: str) -> str:
    """At most two letters."""
    return "".join(part[0] for part in name.split()[:2] if part).upper() or "?"


def details(summary: str) -> list[tuple[str, str]]:
    """The details in a summary of the form `reason: name=value, …`; empty for one in other words."""
    _, found, rest = summary.partition(": ")
    pairs = [part.partition("=") for part in rest.split(", ")] if found else []
    return [(name, value) for name, _, value in pairs] if all(sign for _, sign, _ in pairs) else []


FILTERS: dict[str, Callable[..., object]] = {
    "details": details,
    "bars": bars,
    "line": line,
    "clock": clock,
    "day_and_clock": day_and_clock,
    "stamp": stamp,
    "percent": percent,
    "seconds": seconds,
    "initials": initials,
}
