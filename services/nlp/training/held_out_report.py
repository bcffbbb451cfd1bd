"""Figures over the held-out messages. Never a sentence: who tunes the service must not see them."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.nlp.domain.analysis import Analyser
from services.nlp.domain.language import detect
from services.nlp.domain.types import Analysis
from services.nlp.training.figures import (
    Tally,
    expected_calibration_error,
    false_positive_rate_at_recall,
    percentile,
    reliability,
)
from services.nlp.training.held_out import STAY, HeldOutCase, mentioned_dates, values_of

THRESHOLD = 0.5
_PEOPLE = ("adults", "children", "rooms")


@dataclass(slots=True)
class HeldOutReport:
    """Everything measured on one language."""

    language: str
    intents: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    entities: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    problems: Tally = field(default_factory=Tally)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    top: list[tuple[float, bool]] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    two_intents: list[bool] = field(default_factory=list)
    dates_found: list[bool] = field(default_factory=list)
    roles_right: list[bool] = field(default_factory=list)
    stays_right: list[bool] = field(default_factory=list)
    false_alarms: list[bool] = field(default_factory=list)
    topics: list[bool] = field(default_factory=list)
    urgent: list[bool] = field(default_factory=list)
    out_scores: list[float] = field(default_factory=list)
    in_scores: list[float] = field(default_factory=list)
    languages: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    milliseconds: list[float] = field(default_factory=list)

    @property
    def people(self) -> Tally:
        return _sum(self.entities[name] for name in _PEOPLE)

    def figures(self) -> dict[str, float]:
        """The headline figures by name."""
        return {
            "intent micro-F1": _sum(self.intents.values()).f1,
            "intent macro-F1": sum(t.f1 for t in self.intents.values()) / len(self.intents),
            "all intents of a message right": _share(self.exact),
            "both of two intents": _share(self.two_intents),
            "expected calibration error": expected_calibration_error(self.top),
            "complaint and compliment micro-F1": _sum(self.intents[n] for n in ("complaint", "compliment")).f1,
            "out-of-scope false positives at 95% recall": false_positive_rate_at_recall(
                self.out_scores, self.in_scores, 0.95
            ),
            "topic of the question or complaint": _share(self.topics),
            "urgent told as urgent": _share(self.urgent),
            "dates found": _share(self.dates_found),
            "role of the dates found": _share(self.roles_right),
            "stays with both ends right": _share(self.stays_right),
            "false-alarm dates": _share(self.false_alarms, of_none=0.0),
            "problems of dates F1": self.problems.f1,
            "adults, children, rooms F1": self.people.f1,
            "guest name F1": self.entities["guest_name"].f1,
            **{f"language, {length}": _share(results) for length, results in sorted(self.languages.items())},
            "analyse p50 ms": percentile(self.milliseconds, 0.5),
            "analyse p95 ms": percentile(self.milliseconds, 0.95),
        }


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.add(right=tally.right, extra=tally.extra, missed=tally.missed)
    return total


def _share(results: list[bool], *, of_none: float = 1.0) -> float:
    return sum(results) / len(results) if results else of_none


def measure(analyser: Analyser, language: str, cases: list[HeldOutCase]) -> HeldOutReport:
    """Runs every case once."""
    report = HeldOutReport(language)
    for case in cases:
        started = time.perf_counter()
        analysis = analyser.analyse(case.text, case.context)
        report.milliseconds.append((time.perf_counter() - started) * 1000)
        _intents(report, case, analysis)
        _values(report, case, analysis)
        _dates(report, case, analysis)
        _language(report, case, analyser)
    return report


def _intents(report: HeldOutReport, case: HeldOutCase, analysis: Analysis) -> None:
    told = {intent.name for intent in analysis.intents if intent.confidence >= THRESHOLD}
    for name in told | case.intents:
        report.intents[name].add(
            right=int(name in told and name in case.intents),
            extra=int(name not in case.intents),
            missed=int(name not in told),
        )
    for missed in case.intents - told or ({"nothing"} if told - case.intents else set()):
        for extra in told - case.intents or {"nothing"}:
            report.confusions[missed, extra] += 1
    report.exact.append(told == case.intents)
    if len(case.intents) > 1:
        report.two_intents.append(case.intents <= told)
    if analysis.intents:
        report.top.append((analysis.intents[0].confidence, analysis.intents[0].name in case.intents))
    scores = report.out_scores if "out_of_scope" in case.intents else report.in_scores
    scores.append(analysis.out_of_scope)
    if case.topic:
        report.topics.append(any(intent.topic == case.topic for intent in analysis.intents))
    if case.urgency == "high":
        report.urgent.append(any(intent.urgency >= 0.6 for intent in analysis.intents))


def _values(report: HeldOutReport, case: HeldOutCase, analysis: Analysis) -> None:
    found, problems = values_of(analysis)
    for name in found.keys() | case.values.keys():
        if name == "rooms" and name not in case.values and found[name] == ("1",):
            continue  # "a room" may be read as one or not at all
        if name == "arrival_time" and name not in case.values and "general_inquiry" in case.intents:
            continue  # a time asked about
        right = bool(set(found.get(name, ())) & set(case.values.get(name, ())))
        report.entities[name].add(
            right=int(right), extra=int(name in found and not right), missed=int(name in case.values and not right)
        )
    wanted, told = set(case.problems.items()), set(problems.items())
    report.problems.add(right=len(wanted & told), extra=len(told - wanted), missed=len(wanted - told))


def _dates(report: HeldOutReport, case: HeldOutCase, analysis: Analysis) -> None:
    found, _ = values_of(analysis)
    mentioned = mentioned_dates(analysis)
    for name in STAY:
        wanted = case.values.get(name)
        if wanted is None:
            continue
        report.dates_found.append(wanted[0] in mentioned)
        if wanted[0] in mentioned:
            report.roles_right.append(wanted[0] in found.get(name, ()))
    if all(name in case.values for name in STAY):
        report.stays_right.append(all(case.values[name][0] in found.get(name, ()) for name in STAY))
    if case.no_dates:
        report.false_alarms.append(any(name in found for name in (*STAY, "nights")))


def _language(report: HeldOutReport, case: HeldOutCase, analyser: Analyser) -> None:
    words = len(case.text.split())
    length = "1-2 words" if words <= 2 else "3-6 words" if words <= 6 else "7 and more words"
    opinion = analyser.model.spanish(case.text) if analyser.model else None
    report.languages[length].append(detect(case.text, model_spanish=opinion).code == case.language)


def lines_of(report: HeldOutReport) -> list[str]:
    """The tables of one language as text."""
    lines = [f"== {report.language}: {len(report.milliseconds)} held-out messages =="]
    for name, value in report.figures().items():
        lines.append(f"{name:45} {value:7.2f}" if name.endswith(" ms") else f"{name:45} {value:7.1%}")
    for kind, tallies in (("intent", report.intents), ("entity", report.entities)):
        lines += ["", f"{kind:24}    n    precision recall   F1"]
        for name, tally in sorted(tallies.items()):
            count = tally.right + tally.missed
            lines.append(f"{name:24} {count:4d}   {tally.precision:7.1%} {tally.recall:7.1%} {tally.f1:7.1%}")
    lines += ["", "confidence of the first intent against how often it is right"]
    lines += [f"  said {b.confidence:5.1%}  was {b.accuracy:6.1%}  ({b.count})" for b in reliability(report.top)]
    lines += ["", "most frequent confusions (wanted, told)"]
    lines += [f"  {count:3d}  {wanted} -> {told}" for (wanted, told), count in report.confusions.most_common(12)]
    return lines
