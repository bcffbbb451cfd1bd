"""Charts as SVG: bars and one line over time. Geometry only; colours are the style sheet's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 640, 160
_TOP, _BOTTOM, _SIDE = 12, 22, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its name, its count, and its width as a percentage of the longest."""

    name: str
    count: int
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line with the area under it, as SVG paths, and where each point stands."""

    path: str
    area: str
    points: Sequence[tuple[float, float, datetime, int]]
    most: int


def bars(counts: Sequence[tuple[str, int]]) -> list[Bar]:
    """The longest bar is whole."""
    most = max((count for _, count in counts), default=0)
    return [Bar(name=name, count=count, percent=round(100 * count / most, 1)) for name, count in counts if most]


def line(series: Sequence[tuple[datetime, int]]) -> Line:
    """Counts over time; the axis ends at the highest, or at 1 so that nothing lies on the floor."""
    most = max([1, *(count for _, count in series)])
    step = (WIDTH - 2 * _SIDE) / max(1, len(series) - 1)
    depth = HEIGHT - _TOP - _BOTTOM
    points = [
        (round(_SIDE + index * step, 1), round(_TOP + depth * (1 - count / most), 1), time, count)
        for index, (time, count) in enumerate(series)
    ]
    path = "M" + " L".join(f"{x} {y}" for x, y, _, _ in points) if points else ""
    floor = HEIGHT - _BOTTOM
    area = f"{path} L{points[-1][0]} {floor} L{points[0][0]} {floor} Z" if points else ""
    return Line(path=path, area=area, points=points, most=most)
