"""What the hotel is, sells and tells guests. Read from the pms service, never changed here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mesh.values import Money

MOST_PEOPLE = 1000


# Until then a night is still the one that began the day before.
SMALL_HOURS_END = time(5)


_BED = re.compile(r"^(?:bed|bunk|cama|litera)\b|\b(?:dorm\w*|compartid[oa]|shared)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomType:
    """Rooms of one kind. `names` and `beds` are by language."""

    id: str
    names: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    beds: Mapping[str, str] = field(default_factory=dict)
    max_occupancy: int = 2
    units: int = 0

    @property
    def is_bed(self) -> bool:
        """Sold by the bed, in a room with others."""
        names = " ".join(self.names.values())
        return self.max_occupancy == 1 and _BED.search(names) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """What canceling costs from `hours` before arrival on (None: from the booking): one of the rest."""

    hours: int | None = None
    nights: int = 0
    percent: int = 0
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePlan:
    """Conditions of sale. `free_until_hours` is how long before arrival canceling is free; None: never.

    `penalties` are what it costs from then on, earliest first.
    """

    id: str
    names: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    free_until_hours: int | None = None
    penalties: tuple[Penalty, ...] = ()
    date_change_allowed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something the hotel tells guests, by language."""

    topic: str
    texts: Mapping[str, str]
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotel:
    """One property. Times are wall-clock times in `time_zone`."""

    property_id: str
    name: str
    time_zone: str
    currency: str
    region: str = ""
    languages: tuple[str, ...] = ("es", "en")
    check_in_time: time = time(15)
    check_out_time: time = time(12)
    quiet_start: time | None = None
    quiet_end: time | None = None
    staff_start: time | None = None
    staff_end: time | None = None
    emergency_number: str = ""
    max_rooms_self_service: int = 4
    horizon_days: int = 365
    facts: Mapping[str, Fact] = field(default_factory=dict)
    room_types: tuple[RoomType, ...] = ()
    rate_plans: tuple[RatePlan, ...] = ()
    read_time: datetime

    def local(self, instant: datetime) -> datetime:
        """An instant on the hotel's own clock."""
        return instant.astimezone(ZoneInfo(self.time_zone))

    def today(self, now: datetime) -> date:
        """The hotel's calendar date."""
        return self.local(now).date()

    def room_type(self, room_type_id: str) -> RoomType | None:
        return next((item for item in self.room_types if item.id == room_type_id), None)

    def rate_plan(self, rate_plan_id: str) -> RatePlan | None:
        return next((item for item in self.rate_plans if item.id == rate_plan_id), None)

    @property
    def most_in_a_room(self) -> int:
        """People that the largest room sleeps. With nothing known of the rooms no party is too large for one."""
        return max((item.max_occupancy for item in self.room_types), default=MOST_PEOPLE)

    def before_check_in(self, at: time) -> bool:
        """True for an arrival before the room is sure to be ready; who comes in the small hours comes late."""
        return SMALL_HOURS_END <= at < self.check_in_time

    def staffed(self, now: datetime) -> bool:
        """True while reception is staffed; a hotel without hours is always staffed."""
        return within(self.local(now).time(), self.staff_start, self.staff_end, unset=True)

    def closed_at(self, arrival: time) -> time | None:
        """When reception has closed for somebody who comes at that time; None while it is open."""
        return None if within(arrival, self.staff_start, self.staff_end, unset=True) else self.staff_end

    def minutes_until_staffed(self, now: datetime) -> int:
        """Whole minutes until reception opens; 0 while it is open."""
        if self.staffed(now) or self.staff_start is None:
            return 0
        return _minutes_until(self.local(now), self.staff_start)

    def quiet(self, now: datetime) -> bool:
        """True in the hours in which nothing that we start is sent."""
        return within(self.local(now).time(), self.quiet_start, self.quiet_end, unset=False)

    def end_of_quiet(self, now: datetime) -> datetime:
        """The first instant at or after `now` outside the quiet hours."""
        if not self.quiet(now) or self.quiet_end is None:
            return now
        local = self.local(now)
        return (local + timedelta(minutes=_minutes_until(local, self.quiet_end))).replace(second=0, microsecond=0)


def within(moment: time, start: time | None, end: time | None, *, unset: bool) -> bool:
    """True in the half-open span [start, end), which may cross midnight; `unset` when the span has no ends."""
    if start is None or end is None:
        return unset
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end


def _minutes_until(local: datetime, moment: time) -> int:
    target = local.replace(hour=moment.hour, minute=moment.minute, second=0, microsecond=0)
    if target <= local:
        target += timedelta(days=1)
    start = local.replace(second=0, microsecond=0)
    return int((target - start).total_seconds() // 60)
