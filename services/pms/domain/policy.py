"""What canceling costs: steps relative to the arrival, worked out to instants and sums for one stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mesh.values import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """Exactly one of: the first `nights` nights, `percent` of the total, a fixed `amount`. Raises ValueError."""

    nights: int | None = None
    percent: int | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        if sum(value is not None for value in (self.nights, self.percent, self.amount)) != 1:
            raise ValueError("a penalty is nights, percent or amount, and only one of them")


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationStep:
    """From `before_arrival` before the check-in time of the arrival day on; None: from the moment of booking."""

    penalty: Penalty
    before_arrival: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationPolicy:
    """Steps, earliest first. The last one whose instant has passed applies; before the first, nothing."""

    steps: tuple[CancellationStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """From this instant on, canceling costs this."""

    from_time: datetime
    penalty: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A policy worked out for one stay. `free_until` is None when canceling is never free."""

    deadlines: tuple[Deadline, ...]
    free_until: datetime | None
    penalty: Money
    non_refundable: bool
    date_change_allowed: bool

    def fee_at(self, instant: datetime) -> Money:
        """What canceling costs at an instant."""
        fee = self.penalty * 0
        for deadline in self.deadlines:
            if deadline.from_time <= instant:
                fee = deadline.penalty
        return fee

    def free_until_after(self, instant: datetime) -> datetime | None:
        """Until when canceling is free, if at `instant` it still is."""
        return self.free_until if self.free_until is not None and self.free_until > instant else None


def work_out(
    policy: CancellationPolicy,
    *,
    arrival: datetime,
    booked: datetime,
    total: Money,
    first_nights: Callable[[int], Money],
    date_change_allowed: bool,
) -> Terms:
    """The terms of one stay booked at an instant.

    `arrival` is the check-in time of the arrival day; `first_nights(n)` the price of the first n nights with
    taxes. A step that had begun when the stay was booked applies from the booking on. No penalty exceeds `total`.
    """
    deadlines: list[Deadline] = []
    for step in policy.steps:
        begins = booked if step.before_arrival is None else arrival.astimezone(UTC) - step.before_arrival
        deadline = Deadline(from_time=max(begins, booked), penalty=_sum(step.penalty, total, first_nights))
        if deadlines and deadlines[-1].from_time == deadline.from_time:
            deadlines.pop()
        deadlines.append(deadline)
    costly = [deadline for deadline in deadlines if deadline.penalty.amount > 0]
    first = costly[0] if costly else None
    free_until = None if first is not None and first.from_time <= booked else (first.from_time if first else arrival)
    return Terms(
        deadlines=tuple(deadlines),
        free_until=free_until,
        penalty=first.penalty if first else total * 0,
        non_refundable=_is_final(policy),
        date_change_allowed=date_change_allowed,
    )


def carried_over(terms: Terms, *, old: Terms, now: datetime) -> Terms:
    """Terms after a change made when the old ones had begun to cost: moving a stay does not free it again."""
    owed = old.fee_at(now)
    if owed.amount <= 0:
        return terms
    begun = Deadline(from_time=now, penalty=max(owed, terms.fee_at(now)))
    later = tuple(
        Deadline(from_time=deadline.from_time, penalty=max(deadline.penalty, begun.penalty))
        for deadline in terms.deadlines
        if deadline.from_time > now
    )
    return Terms(
        deadlines=(begun, *later),
        free_until=None,
        penalty=begun.penalty,
        non_refundable=terms.non_refundable,
        date_change_allowed=terms.date_change_allowed,
    )


def _sum(penalty: Penalty, total: Money, first_nights: Callable[[int], Money]) -> Money:
    if penalty.nights is not None:
        cost = first_nights(penalty.nights)
    elif penalty.percent is not None:
        cost = (total * penalty.percent * Decimal("0.01")).rounded()
    else:
        cost = Money.of(penalty.amount or 0, total.currency)
    return min(cost, total)


def _is_final(policy: CancellationPolicy) -> bool:
    """True when the policy costs everything from the booking on, whatever the dates."""
    return bool(policy.steps) and policy.steps[0].before_arrival is None and policy.steps[0].penalty.percent == 100
