"""Writes the measured figures into docs/model-card.md, between two marks; the words around them stay as written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from services.nlp.training.report import Report

_MARKS = ("<!-- figures: written by `make eval` -->", "<!-- end of figures -->")


# What the service is built for: figure to (good, goal); per language where they differ.
_OF_THE_MODEL = (
    "intent micro-F1", "intent macro-F1", "all intents of a message right", "expected calibration error",
    "complaint and compliment micro-F1", "out-of-scope false positives at 95% recall", "analyse p50 ms",
    "analyse p95 ms",
)  # fmt: skip
_AIMS: dict[str, tuple[str, str]] = {
    "intent micro-F1": ("80 / 82", "86 / 88"),
    "expected calibration error": ("≤ 6", "≤ 4"),
    "complaint and compliment micro-F1": ("86", "91"),
    "out-of-scope false positives at 95% recall": ("≤ 10", "≤ 4"),
    "dates found": ("95 / 96", "98"),
    "stays with both ends right": ("92", "97"),
    "false-alarm dates": ("≤ 3", "≤ 1.5"),
    "role of the dates found": ("90", "96"),
    "adults, children, rooms F1": ("88", "94"),
    "guest name F1": ("70", "85"),
    "language, 1-2 words": ("96", "98"),
    "language, 3-6 words": ("99", "99.7"),
    "analyse p50 ms": ("10", "6"),
    "analyse p95 ms": ("30", "15"),
}


def write_card(  # noqa: PLR0917
    path: Path,
    version: str,
    reports: Sequence[Report],
    unseen: Sequence[Report],
    held_out: Sequence[Report],
    second: Sequence[Report],
) -> None:
    """Replaces everything between the marks. Raises ValueError when the file has no marks."""
    text = path.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(_MARKS[0])}.*{re.escape(_MARKS[1])}", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"{path} has no marks for the figures")
    block = "\n".join(
        [
            *(_MARKS[0], "", f"Model `{version}`.", ""),
            *("### Held-out messages", "", *_against_aims(held_out), "", *_labels(held_out), ""),
            *("### Held-out messages, with the second opinion", "", *compared(held_out, second), ""),
            *("### The project's own messages", "", *_headlines(reports, unseen), _MARKS[1]),
        ]
    )
    path.write_text(pattern.sub(lambda _: block, text), encoding="utf-8")


def _against_aims(held_out: Sequence[Report]) -> list[str]:
    columns = [(f"{r.language}, {len(r.milliseconds)} messages", r.figures()) for r in held_out]
    lines = ["| figure | " + " | ".join(name for name, _ in columns) + " | good (es / en) | goal |"]
    lines.append("|---|" + "---:|" * (len(columns) + 2))
    for name in columns[0][1]:
        cells = [_cell(name, figures) for _, figures in columns]
        lines.append(f"| {name} | " + " | ".join([*cells, *_AIMS.get(name, ("", ""))]) + " |")
    return lines


def _cell(name: str, figures: dict[str, float]) -> str:
    return f"{figures[name]:.1f}" if name.endswith(" ms") else f"{100 * figures[name]:.1f} %"


def _headlines(reports: Sequence[Report], unseen: Sequence[Report]) -> list[str]:
    columns = [(f"{r.language}, {len(r.milliseconds)} messages", r.figures()) for r in reports]
    columns += [(f"{r.language}, {len(r.milliseconds)} unseen", r.figures()) for r in unseen]
    lines = ["| figure | " + " | ".join(name for name, _ in columns) + " |", "|---|" + "---:|" * len(columns)]
    for name in columns[0][1]:
        lines.append(f"| {name} | " + " | ".join(_cell(name, figures) for _, figures in columns) + " |")
    return lines


def compared(alone: Sequence[Report], second: Sequence[Report]) -> list[str]:
    """What the second opinion changes: figures of intents and time, without it and with it."""
    if not second:
        return ["Not measured: the extra `nlp-advanced` was not installed."]
    columns = [(f"{r.language}, {how}", r.figures()) for pair in zip(alone, second, strict=True)
               for r, how in zip(pair, ("without", "with"), strict=True)]  # fmt: skip
    lines = ["| figure | " + " | ".join(name for name, _ in columns) + " |", "|---|" + "---:|" * len(columns)]
    for name in _OF_THE_MODEL:
        lines.append(f"| {name} | " + " | ".join(_cell(name, figures) for _, figures in columns) + " |")
    return lines


def _labels(reports: Sequence[Report]) -> list[str]:
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
