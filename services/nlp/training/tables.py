"""A report as tables of text."""

from __future__ import annotations

from services.nlp.training.figures import Tally, reliability
from services.nlp.training.report import Report


def lines_of(report: Report, title: str) -> list[str]:
    """All tables of one language. No message is shown."""
    lines = [f"== {report.language}: {len(report.milliseconds)} {title} messages =="]
    for name, value in report.figures().items():
        lines.append(f"{name:45} {value:7.2f}" if name.endswith(" ms") else f"{name:45} {value:7.1%}")
    tables = {"intent": report.intents, "entity": report.entities, "intents by style": report.by_style}
    for kind, tallies in tables.items():
        lines += ["", f"{kind:24}    n    precision recall   F1", *_tallies(tallies)]
    lines += ["", "confidence of the first intent against how often it is right"]
    lines += [f"  said {b.confidence:5.1%}  was {b.accuracy:6.1%}  ({b.count})" for b in reliability(report.top)]
    lines += ["", "most frequent confusions (wanted, told)"]
    lines += [f"  {count:3d}  {wanted} -> {told}" for (wanted, told), count in report.confusions.most_common(12)]
    return lines


def _tallies(tallies: dict[str, Tally]) -> list[str]:
    return [
        f"{name:24} {t.right + t.missed:4d}   {t.precision:7.1%} {t.recall:7.1%} {t.f1:7.1%}"
        for name, t in sorted(tallies.items())
    ]


def mistakes_of(report: Report) -> list[str]:
    """One line for each thing that was not understood as wanted, by what it is about."""
    return [f"{about:16} {text!r} {how}" for text, about, how in sorted(report.mistakes, key=lambda m: m[1])]
