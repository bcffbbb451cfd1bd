"""What a booked stay would be after the change that a guest tells: its days, and who comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from services.orchestrator.domain.guard import Moment
from services.orchestrator.domain.hotel import SMALL_HOURS_END
from services.orchestrator.domain.offers import Occupancy, Stay, rooms_for
from services.orchestrator.domain.remarks import added_people, only_moves_arrival, says_only
from services.orchestrator.domain.reservation import Reservation
from services.orchestrator.domain.shifts import beyond_booked, of_its_week
from services.orchestrator.domain.state import DialogueState, Shift
from services.orchestrator.flows.collecting import ages_of


def with_days_meant(moment: Moment, booked: Reservation) -> DialogueState:
    """The state with the days of a change where a guest means them, now that the booking is known."""
    state = moment.state if moment.state.modification else _in_the_week_of_the_stay(moment, booked)
    return beyond_booked(state, booked.stay)


def _in_the_week_of_the_stay(moment: Moment, booked: Reservation) -> DialogueState:
    state = moment.state
    told = state.turn.changed & {"check_in", "check_out"}
    if len(told) != 1 or booked.in_house:
        return state
    (name,) = told
    end = booked.stay.check_in if name == "check_in" else booked.stay.check_out
    if not state.value(name):
        return state
    day = date.fromisoformat(state.value(name))
    moved = of_its_week(state.turn.text, day, end, moment.hotel.today(moment.now))
    return state.with_slots(**{name: replace(state.slots[name], value=moved.isoformat())}) if moved != day else state


def new_stay(state: DialogueState, booked: Stay) -> Stay | None:
    """The stay after what was told; None when the dates are left as they are."""
    first, last, nights = state.value("check_in"), state.value("check_out"), state.number("nights")
    if "arrival_time" in state.turn.changed and first in _nights_of_arrival(state, booked):
        # "On the 10th at 11 at night" is an hour of the day that is booked, and no other stay.
        return None
    shift = state.shift
    if first and last and not state.modification:
        told = Stay(check_in=date.fromisoformat(first), check_out=date.fromisoformat(last))
        # "Push it back by a week" beside the days of the booking moves it; beside other days those are meant.
        shift = shift if told == booked else Shift()
    if shift or not (first or last or nights):
        # One night more of the change that is talked over, else of the stay as it is booked.
        # "Just one more", after two were priced, is one more than are booked.
        talked_over = state.modification if not says_only(state.turn.text) else None
        begun = talked_over.reservation.stay if talked_over else booked
        moved = Stay(
            check_in=begun.check_in + timedelta(days=shift.arrival),
            check_out=begun.check_out + timedelta(days=shift.departure),
        )
        return moved if moved != booked and moved.nights > 0 else None
    # "And until Friday", after an earlier arrival was priced, leaves that arrival as it is.
    begun = state.modification.reservation.stay if state.modification else booked
    check_in = date.fromisoformat(first) if first else begun.check_in
    if first and not (last or nights) and only_moves_arrival(state.turn.text) and check_in < booked.check_out:
        last = booked.check_out.isoformat()
    check_out = date.fromisoformat(last) if last else check_in + timedelta(days=nights or booked.nights)
    if check_out <= check_in or Stay(check_in=check_in, check_out=check_out) == booked:
        return None
    return Stay(check_in=check_in, check_out=check_out)


def _nights_of_arrival(state: DialogueState, booked: Stay) -> tuple[str, ...]:
    """Days on which who is booked may come for the first night: in the small hours it is already the next one."""
    days = [booked.check_in]
    if time.fromisoformat(state.value("arrival_time")) < SMALL_HOURS_END and "check_out" not in state.turn.changed:
        days.append(booked.check_in + timedelta(days=1))
    return tuple(day.isoformat() for day in days)


def new_rooms(state: DialogueState, booked: tuple[Occupancy, ...]) -> tuple[Occupancy, ...]:
    """Who sleeps in which room after what was told; none when the party is left as it is."""
    more = added_people(state.turn.text)
    if not (more or state.value("adults") or state.value("children")):
        return ()
    adults = state.number("adults") or sum(room.adults for room in booked) + more
    ages = ages_of(state) or tuple(age for room in booked for age in room.child_ages)
    return rooms_for(adults=adults, child_ages=ages, rooms=len(booked))
