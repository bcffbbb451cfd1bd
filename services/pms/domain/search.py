"""Answers a wish: every offer, every refusal, and when nothing can be had the nearest alternatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .availability import Calendar, Offer, Reason, Refusal, Wish, offer, refusal
from .property import Property, RatePlan, RoomType
from .stay import Stay

MAX_ALTERNATIVES = 3
ALTERNATIVE_REACH = timedelta(days=14)
# Other dates or types do not mend these: a person has to.
_NO_ALTERNATIVE = {Reason.PAST, Reason.BEYOND_HORIZON, Reason.GROUP_TOO_LARGE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """The answer. `alternatives` is filled only when `offers` is empty, with other types first, then other dates."""

    offers: tuple[Offer, ...]
    unavailable: tuple[Refusal, ...]
    alternatives: tuple[Offer, ...]


def window(stay: Stay) -> Stay:
    """The nights a search looks at: the stay, the day of departure, and where alternatives may lie."""
    return Stay(stay.check_in - ALTERNATIVE_REACH, stay.check_out + ALTERNATIVE_REACH + timedelta(days=1))


def search(hotel: Property, calendar: Calendar, wish: Wish, now: datetime) -> Availability:
    """Everything that can be had for a wish. Raises NotFound for an unknown room type or rate plan."""
    types = (hotel.room_type(wish.room_type_id),) if wish.room_type_id else hotel.room_types
    plans = (hotel.rate_plan(wish.rate_plan_id),) if wish.rate_plan_id else hotel.rate_plans
    offers: list[Offer] = []
    refusals: list[Refusal] = []
    for room_type in types:
        why_not = refusal(hotel, calendar, wish, room_type=room_type, now=now)
        if why_not is not None:
            refusals.append(why_not)
            continue
        offers.extend(offer(hotel, calendar, wish, room_type=room_type, plan=plan, now=now) for plan in plans)
    alternatives = () if offers else _alternatives(hotel, calendar, wish, plan=plans[0], refusals=refusals, now=now)
    return Availability(offers=tuple(offers), unavailable=tuple(refusals), alternatives=alternatives)


def _alternatives(
    hotel: Property, calendar: Calendar, wish: Wish, *, plan: RatePlan, refusals: Sequence[Refusal], now: datetime
) -> tuple[Offer, ...]:
    if any(why_not.reason in _NO_ALTERNATIVE for why_not in refusals):
        return ()
    found: list[Offer] = []

    def try_(stay: Stay, types: Sequence[RoomType], most: int = MAX_ALTERNATIVES) -> None:
        for room_type in types:
            other = replace(wish, stay=stay, room_type_id=room_type.room_type_id)
            if len(found) < most and refusal(hotel, calendar, other, room_type=room_type, now=now) is None:
                found.append(offer(hotel, calendar, other, room_type=room_type, plan=plan, now=now))
                if stay != wish.stay:
                    return

    if wish.room_type_id:
        # A stay of a wrong length is best mended by its length: one place is kept for that.
        mendable = any(why_not.reason in {Reason.MIN_STAY, Reason.MAX_STAY} for why_not in refusals)
        others = MAX_ALTERNATIVES - mendable
        try_(wish.stay, [other for other in hotel.room_types if other.room_type_id != wish.room_type_id], others)
    types = _types_for_other_dates(hotel, wish)
    for stay in _other_dates(wish.stay, refusals):
        if len(found) >= MAX_ALTERNATIVES:
            break
        try_(stay, types)
    return tuple(found)


def _types_for_other_dates(hotel: Property, wish: Wish) -> list[RoomType]:
    """The type asked for if it sleeps these people, else every type that does."""
    fitting = [
        room_type for room_type in hotel.room_types if all(room_type.sleeps(occupancy) for occupancy in wish.rooms)
    ]
    wanted = [room_type for room_type in fitting if room_type.room_type_id == wish.room_type_id]
    return wanted or fitting


def _other_dates(stay: Stay, refusals: Sequence[Refusal]) -> Iterator[Stay]:
    """Stays nearby, nearest first: the length the rules ask for around the same nights, then the same length moved."""
    seen = {stay}
    for candidate in (*_other_lengths(stay, refusals), *_other_arrivals(stay)):
        if candidate not in seen:
            seen.add(candidate)
            yield candidate


def _other_lengths(stay: Stay, refusals: Sequence[Refusal]) -> Iterator[Stay]:
    for why_not in refusals:
        if why_not.reason is Reason.MIN_STAY:
            for earlier in range(why_not.limit - len(stay) + 1):
                yield Stay.of(stay.check_in - timedelta(days=earlier), why_not.limit)
        if why_not.reason is Reason.MAX_STAY:
            yield Stay.of(stay.check_in, why_not.limit)


def _other_arrivals(stay: Stay) -> Iterator[Stay]:
    for days in range(1, ALTERNATIVE_REACH.days + 1):
        yield stay.shifted(days)
        yield stay.shifted(-days)
