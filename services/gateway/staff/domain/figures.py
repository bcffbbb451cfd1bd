"""The manager's figures: how much is asked, how well it is answered, what is owed and what is sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

Counts = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of a span of time. A share is 0–1, None where there is nothing to share; times are in seconds.

    `contained` is the share of conversations in which no person was needed. `wrong` is the share of answers that staff
    marked as wrong among the answers in conversations that staff looked at: only those could be marked.
    """

    since: datetime
    until: datetime
    turns: int
    conversations: int
    by_channel: Counts
    by_intent: Counts
    by_time: Sequence[tuple[datetime, int]]
    contained: float | None
    wrong: float | None
    looked_at: int
    degraded: int
    answer_median: float | None
    answer_95: float | None
    handoffs: int
    by_reason: Counts
    claim_median: float | None
    broken: int
    waiting: int
    bookings: int
    unvalued: int
    value: Sequence[tuple[str, Decimal]]


def share(part: int, whole: int) -> float | None:
    """Part of a whole; None of nothing."""
    return part / whole if whole else None
