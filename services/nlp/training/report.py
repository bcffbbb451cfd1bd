"""Figures over messages of one language: intents, entities, dates, language, time.

Mistakes are kept beside them; who measures messages that nobody may read does not show them.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.nlp.domain.analysis import Analyser
from services.nlp.domain.language import detect
from services.nlp.domain.types import Analysis
from services.nlp.training.cases import STAY, Case, mentioned_dates, values_of
from services.nlp.training.figures import (
    Tally,
    expected_calibration_error,
    false_positive_rate_at_recall,
    percentile,
)

THRESHOLD = 0.5
_URGENT = 0.6
_PEOPLE = ("adults", "children", "rooms")


@dataclass(slots=True)
class Report:
    """Everything measured on one language. `by_style` has the intents of each author's style."""

    language: str
    intents: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    entities: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_style: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
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
    in_conversation: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    milliseconds: list[float] = field(default_factory=list)
    mistakes: list[tuple[str, str, str]] = field(default_factory=list)  # (message, what about it, wanted and told)

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
            "adults, children, rooms F1": _sum(self.entities[name] for name in _PEOPLE).f1,
            "guest name F1": self.entities["guest_name"].f1,
            **{f"language, {length}": _share(results) for length, results in sorted(self.languages.items())},
            **{
                f"language, {length}, as asked": _share(results)
                for length, results in sorted(self.in_conversation.items())
            },
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


def measure(analyser: Analyser, language: str, cases: list[Case], *, careful: bool = False) -> Report:
    """Runs every case once. `careful`: with the second opinion where the model is unsure."""
    report = Report(language)
    for case in cases:
        started = time.perf_counter()
        analysis = analyser.analyse(case.text, case.context, careful=careful)
        report.milliseconds.append((time.perf_counter() - started) * 1000)
        _intents(report, case, analysis)
        _topics(report, case, analysis)
        _values(report, case, analysis)
        _dates(report, case, analysis)
        _language(report, case, analyser)
    return report


def _intents(report: Report, case: Case, analysis: Analysis) -> None:
    told = {intent.name for intent in analysis.intents if intent.confidence >= THRESHOLD}
    wanted = case.wanted(told)
    for name in told | wanted:
        score = {"right": int(name in told & wanted), "extra": int(name not in wanted), "missed": int(name not in told)}
        report.intents[name].add(**score)
        report.by_style[case.style].add(**score)
    for missed in wanted - told or ({"nothing"} if told - wanted else set()):
        for extra in told - wanted or {"nothing"}:
            report.confusions[missed, extra] += 1
    report.exact.append(told == wanted)
    if len(wanted) > 1:
        report.two_intents.append(wanted <= told)
    if told != wanted:
        seen = " ".join(f"{i.name}:{i.confidence:.2f}" for i in analysis.intents)
        report.mistakes.append((case.text, "intents", f"wants {' '.join(sorted(wanted))} got {seen}"))
    if analysis.intents:
        report.top.append((analysis.intents[0].confidence, analysis.intents[0].name in wanted))
    scores = report.out_scores if "out_of_scope" in wanted else report.in_scores
    scores.append(analysis.out_of_scope)


def _topics(report: Report, case: Case, analysis: Analysis) -> None:
    if case.topics:
        told = {intent.topic for intent in analysis.intents}
        report.topics.append(bool(told & set(case.topics)))
        if not report.topics[-1]:
            report.mistakes.append((case.text, "topic", f"wants {'|'.join(case.topics)} got {' '.join(sorted(told))}"))
    if case.urgency == "high":
        report.urgent.append(any(intent.urgency >= _URGENT for intent in analysis.intents))


def _values(report: Report, case: Case, analysis: Analysis) -> None:
    found, problems = values_of(analysis)
    for name in sorted(found.keys() | case.values.keys()):
        if name == "rooms" and name not in case.values and found[name] == ("1",):
            continue  # "a room" may be read as one or not at all
        if name == "arrival_time" and name not in case.values and ("general_inquiry",) in case.intents:
            continue  # a time asked about
        right = bool(set(found.get(name, ())) & set(case.values.get(name, ())))
        report.entities[name].add(
            right=int(right), extra=int(name in found and not right), missed=int(name in case.values and not right)
        )
        if not right:
            wanted, told = "|".join(case.values.get(name, ("-",))), "|".join(found.get(name, ("-",)))
            report.mistakes.append((case.text, name, f"wants {wanted} got {told}"))
    wanted_problems, told_problems = set(case.problems.items()), set(problems.items())
    report.problems.add(
        right=len(wanted_problems & told_problems),
        extra=len(told_problems - wanted_problems),
        missed=len(wanted_problems - told_problems),
    )


def _dates(report: Report, case: Case, analysis: Analysis) -> None:
    found, _ = values_of(analysis)
    mentioned = mentioned_dates(analysis)
    report.dates_found += [day in mentioned for day in case.dates]
    for name in STAY:
        wanted = set(case.values.get(name, ()))
        if not wanted:
            continue
        report.dates_found.append(bool(wanted & mentioned))
        if wanted & mentioned:
            report.roles_right.append(bool(wanted & set(found.get(name, ()))))
    if all(name in case.values for name in STAY):
        report.stays_right.append(all(set(case.values[name]) & set(found.get(name, ())) for name in STAY))
    if case.no_dates:
        report.false_alarms.append(any(name in found for name in (*STAY, "nights")))


def _language(report: Report, case: Case, analyser: Analyser) -> None:
    words = len(case.text.split())
    length = "1-2 words" if words <= 2 else "3-6 words" if words <= 6 else "7 and more words"
    opinion = analyser.model.spanish(case.text) if analyser.model else None
    told = detect(case.text, model_spanish=opinion).code
    report.languages[length].append(told == case.language)
    prior = case.context.language_prior
    inside = detect(case.text, prior=prior, model_spanish=opinion).code if prior else told
    report.in_conversation[length].append(inside == case.language)
    if told != case.language:
        report.mistakes.append((case.text, "language", f"wants {case.language} got {told}"))
