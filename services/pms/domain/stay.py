"""Which nights, and who sleeps in them. Dates are of the property's calendar and never instants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mesh.errors import Invalid

MAX_CHILD_AGE = 17
MAX_PEOPLE_PER_ROOM = 50


@dataclass(frozen=True, slots=True, order=True)
class Stay:
    """The half-open range of nights `[check_in, check_out)`; at least one night. Raises Invalid otherwise."""

    check_in: date
    check_out: date

    def __post_init__(self) -> None:
        if self.check_out <= self.check_in:
            raise Invalid(
                "check-out is not after check-in", fields={"stay.check_out_date": "must be after stay.check_in_date"}
            )

    @classmethod
    def of(cls, check_in: date, nights: int) -> Stay:
        """A stay of so many nights."""
        return cls(check_in, check_in + timedelta(days=nights))

    def __len__(self) -> int:
        return (self.check_out - self.check_in).days

    def nights(self) -> Iterator[date]:
        """Every night slept, named by the date on which it begins."""
        return (self.check_in + timedelta(days=offset) for offset in range(len(self)))

    def __contains__(self, night: date) -> bool:
        return self.check_in <= night < self.check_out

    def overlaps(self, other: Stay) -> bool:
        """True when at least one night is in both; a departure and an arrival on one day do not meet."""
        return self.check_in < other.check_out and other.check_in < self.check_out

    def shifted(self, days: int) -> Stay:
        """The same number of nights, later by so many days (earlier when negative)."""
        return Stay(self.check_in + timedelta(days=days), self.check_out + timedelta(days=days))


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Who sleeps in one room: at least one adult, and each child's age in years on the check-in date."""

    adults: int
    child_ages: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        problems = {}
        if not 1 <= self.adults <= MAX_PEOPLE_PER_ROOM:
            problems["adults"] = f"must be 1-{MAX_PEOPLE_PER_ROOM}"
        if len(self.child_ages) > MAX_PEOPLE_PER_ROOM:
            problems["child_ages"] = f"at most {MAX_PEOPLE_PER_ROOM} children"
        if any(not 0 <= age <= MAX_CHILD_AGE for age in self.child_ages):
            problems["child_ages"] = f"ages are 0-{MAX_CHILD_AGE}"
        if problems:
            raise Invalid("impossible occupancy", fields=problems)

    @property
    def people(self) -> int:
        """Everybody in the room."""
        return self.adults + len(self.child_ages)
