"""Writes the measured figures into docs/model-card.md, between two marks; the words around them stay as written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from services.nlp.training.figures import Tally

_MARKS = ("<!-- figures: written by `make eval` -->", "<!-- end of figures -->")


class Measured(Protocol):
    """What the card needs of a report."""

    language: str
    milliseconds: list[float]
    intents: dict[str, Tally]
    entities: dict[str, Tally]

    def figures(self) -> dict[str, float]:
        """Headline figures by name."""
        ...


def write_card(path: Path, version: str, reports: Sequence[Measured], unseen: Sequence[Measured]) -> None:
    """Replaces everything between the marks. Raises ValueError when the file has no marks."""
    text = path.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(_MARKS[0])}.*{re.escape(_MARKS[1])}", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"{path} has no marks for the figures")
    block = "\n".join(
        [_MARKS[0], "", f"Model `{version}`.", "", *_headlines(reports, unseen), "", *_labels(reports), _MARKS[1]]
    )
    path.write_text(pattern.sub(lambda _: block, text), encoding="utf-8")


def _headlines(reports: Sequence[Measured], unseen: Sequence[Measured]) -> list[str]:
    columns = [(f"{r.language}, {len(r.milliseconds)} messages", r.figures()) for r in reports]
    columns += [(f"{r.language}, {len(r.milliseconds)} unseen", r.figures()) for r in unseen]
    lines = ["| figure | " + " | ".join(name for name, _ in columns) + " |", "|---|" + "---:|" * len(columns)]
    for name in columns[0][1]:
        cells = [f"{f[name]:.1f}" if name.endswith(" ms") else f"{100 * f[name]:.1f} %" for _, f in columns]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _labels(reports: Sequence[Measured]) -> list[str]:
    lines = ["| F1 | " + " | ".join(r.language for r in reports) + " |", "|---|" + "---:|" * len(reports)]
    for kind in ("intents", "entities"):
        names = sorted({name for r in reports for name in getattr(r, kind)})
        for name in names:
            cells = []
            for report in reports:
                tally = getattr(report, kind).get(name)
                count = tally.right + tally.missed if tally else 0
                cells.append(f"{100 * tally.f1:.0f} % of {count}" if tally and count else "–")
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        if kind == "intents":
            lines += ["", "| F1 | " + " | ".join(r.language for r in reports) + " |", "|---|" + "---:|" * len(reports)]
    return lines
