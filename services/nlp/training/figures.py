"""Arithmetic of the evaluation: F1, calibration error, false alarms, percentiles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """Right, wrongly claimed and missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, *, right: int, extra: int, missed: int) -> None:
        self.right += right
        self.extra += extra
        self.missed += missed

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra) if self.right + self.extra else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        total = 2 * self.right + self.extra + self.missed
        return 2 * self.right / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence lies in one tenth: how sure they were, and how often they were right."""

    count: int
    confidence: float
    accuracy: float


def reliability(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """One Bin for each tenth that has answers."""
    found: list[Bin] = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [(c, ok) for c, ok in pairs if low <= c < high or (number == bins - 1 and c == 1.0)]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            found.append(Bin(len(inside), mean, sum(ok for _, ok in inside) / len(inside)))
    return found


def expected_calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Mean distance between confidence and accuracy, weighted by the number of answers."""
    total = len(pairs)
    return sum(b.count * abs(b.confidence - b.accuracy) for b in reliability(pairs)) / total if total else 0.0


def false_positive_rate_at_recall(positives: Sequence[float], negatives: Sequence[float], recall: float) -> float:
    """Share of negatives at or above the score that still finds `recall` of the positives."""
    ranked = sorted(positives, reverse=True)
    threshold = ranked[min(len(ranked) - 1, max(0, round(recall * len(ranked)) - 1))]
    return sum(score >= threshold for score in negatives) / len(negatives)


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
