"""Quiet hours of a property: what we start then waits for their end; answers do not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_HOURS = re.compile(r"([^=,\s]+)=(\d{2}:\d{2})-(\d{2}:\d{2}) ([A-Za-z0-9_+/-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From `start` to `end` by the wall clock of the property: over midnight when `end` is the smaller, never when they
    are the same."""

    start: time
    end: time
    zone: ZoneInfo

    def end_after(self, moment: datetime) -> datetime | None:
        """When the quiet hours that `moment` falls into are over; None outside them."""
        if self.start == self.end:
            return None
        local = moment.astimezone(self.zone)
        clock = local.timetz().replace(tzinfo=None)
        over_midnight = self.end < self.start
        begun, not_over = clock >= self.start, clock < self.end
        if not (begun or not_over if over_midnight else begun and not_over):
            return None
        day = local.date() + timedelta(days=1 if over_midnight and begun else 0)
        return datetime.combine(day, self.end, self.zone).astimezone(moment.tzinfo)


def read_quiet_hours(text: str) -> Mapping[str, QuietHours]:
    """`alameda=22:00-08:00 America/Mexico_City, …` by property. Raises ValueError naming the first that is none."""
    hours = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _HOURS.fullmatch(part)
        try:
            if found is None:
                raise ValueError(part)
            hours[found[1]] = QuietHours(
                start=time.fromisoformat(found[2]), end=time.fromisoformat(found[3]), zone=ZoneInfo(found[4])
            )
        except (ValueError, OSError, KeyError):
            raise ValueError(f"{part!r} is not like `alameda=22:00-08:00 America/Mexico_City`") from None
    return hours
