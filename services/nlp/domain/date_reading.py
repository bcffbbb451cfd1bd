"""What a written date turns out to mean, and what else is known where it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.nlp.domain.types import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a written date means. `until` is the morning after, for weekends and periods; `month` is YYYY-MM."""

    value: str
    on: date | None = None
    until: date | None = None
    problem: Problem = Problem.NONE
    alternatives: tuple[str, ...] = ()
    month: str = ""
    holiday: str = ""
    one_night: bool = False

    @property
    def ambiguous(self) -> bool:
        return bool(self.alternatives)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What else is known: today, a date talked about, the arrival, a month named, the order of day and month."""

    today: date
    near: date | None = None
    after: date | None = None
    month: tuple[int, int] | None = None
    week: date | None = None  # first day of a week named beside the weekdays
    feast: date | None = None  # from when on the weekdays beside the name of a feast count
    month_first: bool = False
    order_is_known: bool = True
    known_check_in: date | None = None
    known_check_out: date | None = None
    region: str = ""  # of the hotel
    spoken_of: date | None = None  # the last day of the stay that is talked about, or that is booked
    leaving: bool = False  # the departure of the stay that is known
