"""Changing a stay: what it would cost first, then a clear yes. What the rate forbids goes to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from mesh.values import derived_id

from services.orchestrator.domain.desk import hand_over, opening, reservations
from services.orchestrator.domain.effects import Choice, Modify, PreviewModification
from services.orchestrator.domain.events import (
    CallFailed,
    CallRefused,
    Confirmed,
    Denied,
    Missed,
    ModificationPreviewed,
    Modified,
    Resumed,
    TimePassed,
    Told,
)
from services.orchestrator.domain.flow import END, Action, Done, Flow, Transition
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.domain.hotel import RoomType
from services.orchestrator.domain.phrases import is_about_name
from services.orchestrator.domain.proof import Sourced, Value
from services.orchestrator.domain.remarks import added_people
from services.orchestrator.domain.reservation import ModificationPreview, Reservation
from services.orchestrator.domain.slots import BOOKING_SLOTS
from services.orchestrator.domain.state import Slot, Summary
from services.orchestrator.flows.cancellation import STANDS
from services.orchestrator.flows.collecting import ask_better_dates
from services.orchestrator.flows.identifying import WAITING, Next, identify
from services.orchestrator.flows.missing import missing
from services.orchestrator.flows.new_stay import new_rooms, new_stay, with_days_meant
from services.orchestrator.flows.offering import MOST_ALTERNATIVES, hotel_system_down
from services.orchestrator.flows.speaking import (
    answered_within,
    done,
    fact,
    of_property,
    room_choices,
    room_name,
    say,
    stay_put,
    stay_values,
)

_CHANGES = ("check_in", "check_out", "nights", "adults", "children", "room_type", "arrival_time")
_NO_ROOM = (
    "SOLD_OUT",
    "MIN_STAY",
    "MAX_STAY",
    "CLOSED_TO_ARRIVAL",
    "CLOSED_TO_DEPARTURE",
    "OCCUPANCY",
    "PAST",
    "BEYOND_HORIZON",
)


def _change(moment: Moment) -> str:
    if moment.state.turn.troubles or "room_kinds" in moment.state.turn.changed & set(moment.state.slots):
        return "unclear"
    if moment.state.shift or added_people(moment.state.turn.text) or any(moment.state.value(name) for name in _CHANGES):
        return "told"
    return "name" if is_about_name(moment.state.turn.text) else "untold"


# Whose name a booking is under only a person changes.
CHANGE = Question(name="change", answers=("told", "untold", "unclear", "name"), ask=_change)


def _refusal(moment: Moment) -> str:
    if not isinstance(moment.event, CallRefused) or moment.event.reason not in _NO_ROOM or _has_begun(moment):
        return "forbidden"
    larger = _larger(moment) if _is_too_small(moment) else ()
    return ("no_room", "one_larger")[len(larger)] if len(larger) < 2 else "too_many"


def _has_begun(moment: Moment) -> bool:
    """A stay under way of which the hotel's system does not know that the guest has arrived: a person sees to it."""
    refused = isinstance(moment.event, CallRefused) and moment.event.reason == "PAST"
    return refused and _booked(moment).stay.check_in < moment.hotel.today(moment.now)


REFUSAL = Question(name="change_refusal", answers=("no_room", "one_larger", "too_many", "forbidden"), ask=_refusal)


def fresh(action: Action) -> Action:
    """The action, after forgetting what an earlier, other stay needed; what is told while the guest proves whose the
    booking is stays known."""

    def do(moment: Moment) -> Done:
        told = moment.state.turn.changed
        kept = moment.state.without_slots(*(name for name in BOOKING_SLOTS if name not in told))
        return action(replace(moment, state=replace(kept, offers=(), quote=None)))

    return do


def ask_what(moment: Moment) -> Done:
    booked = _booked(moment)
    source = f"reservation:{booked.code}"
    reply = say(
        "modification.ask_what",
        asks=("change",),
        code=fact(booked.code, source, booked.read_time),
        room=room_name(moment, booked.room_type),
        dates_fixed=not booked.terms.date_change_allowed,
        month=fact(date.fromisoformat(f"{moment.state.turn.month}-01"), "guest:month")
        if moment.state.turn.month
        else None,
        **stay_values(booked.stay, source, booked.read_time),
    )
    return done(moment.state, reply)


def ask_clearer(moment: Moment) -> Done:
    """Which days, or which of the rooms that are called so."""
    if moment.state.turn.troubles:
        return ask_better_dates(moment)
    kinds = moment.state.value("room_kinds").split(",")
    reply = say("modification.which_room", asks=("room_type",), rows=_named(moment, kinds))
    return done(moment.state, replace(reply, choices=room_choices(moment, kinds)))


def _named(moment: Moment, kinds: Sequence[str]) -> tuple[dict[str, Value], ...]:
    return tuple({"name": room_name(moment, kind)} for kind in kinds)


def _booked(moment: Moment) -> Reservation:
    assert moment.state.reservation is not None
    return moment.state.reservation


def _largest_share(moment: Moment) -> int:
    """People in the fullest room after the change."""
    booked = _booked(moment)
    return max(room.people for room in new_rooms(moment.state, booked.rooms) or booked.rooms)


def _room_wanted(moment: Moment) -> RoomType | None:
    return moment.hotel.room_type(moment.state.value("room_type") or _booked(moment).room_type)


def _is_too_small(moment: Moment) -> bool:
    kind = _room_wanted(moment)
    return kind is not None and kind.max_occupancy < _largest_share(moment)


def _larger(moment: Moment) -> tuple[RoomType, ...]:
    """Rooms that sleep all who would come."""
    return tuple(kind for kind in moment.hotel.room_types if kind.max_occupancy >= _largest_share(moment))


def preview(moment: Moment) -> Done:
    booked = _booked(moment)
    state = with_days_meant(moment, booked)
    arrival = state.value("arrival_time")
    call = PreviewModification(
        reservation=booked,
        stay=new_stay(state, booked.stay),
        room_type=state.value("room_type") if state.value("room_type") != booked.room_type else "",
        rooms=new_rooms(state, booked.rooms),
        arrival_time=time.fromisoformat(arrival) if arrival else None,
    )
    return done(replace(state, summary=None), call)


def preview_again(moment: Moment) -> Done:
    """The yes came too late: what it would cost is asked for afresh."""
    state, effects = preview(moment)
    return done(state, say("modification.lapsed"), *effects)


def _differs(moment: Moment) -> str:
    booked, after = _booked(moment), _previewed(moment).reservation
    same = (after.stay, after.room_type, after.rooms, after.arrival_time) == (
        booked.stay,
        booked.room_type,
        booked.rooms,
        booked.arrival_time,
    )
    return "no" if same else "yes"


# Whether the booking would be another one: a yes to what it is already changes nothing.
DIFFERS = Question(name="differs", answers=("yes", "no"), ask=_differs)


def _previewed(moment: Moment) -> ModificationPreview:
    found = moment.event.preview if isinstance(moment.event, ModificationPreviewed) else moment.state.modification
    assert found is not None
    return found


def ask_yes(moment: Moment) -> Done:
    """The stay as it would be, the new total and the difference, and the question."""
    booked, found = _booked(moment), _previewed(moment)
    source = f"modification:{booked.code}"
    summary = Summary(
        id=derived_id("sum", booked.code, found.token),
        kind="modification",
        reference=booked.code,
        total=found.new_total,
        expires=found.expires,
    )
    arrival = found.reservation.arrival_time
    same_price = not found.difference.amount and not (found.fee and found.fee.amount)
    values: dict[str, Value] = {
        "code": fact(booked.code, f"reservation:{booked.code}", booked.read_time),
        "room": room_name(moment, found.reservation.room_type),
        "arrival_only": found.reservation.stay == booked.stay
        and found.reservation.room_type == booked.room_type
        and same_price,
        "arrival": fact(arrival, source, found.read_time) if arrival else None,
        "arrive_from": fact(moment.hotel.check_in_time, "property:check_in_time", moment.hotel.read_time),
        "closed": _closed(moment, arrival),
        "early": bool(arrival and moment.hotel.before_check_in(arrival)),
        "total": fact(found.new_total, source, found.read_time),
        "difference": fact(found.difference, source, found.read_time),
        "same_price": same_price,
        "people": _people_after(moment, source) if found.reservation.rooms != booked.rooms else None,
        "cheaper": found.difference.amount < 0,
        "fee": fact(found.fee, source, found.read_time) if found.fee and found.fee.amount else None,
        **stay_values(found.reservation.stay, source, found.read_time),
    }
    choices = (Choice(id=f"yes:{summary.id}", title="yes_change"), Choice(id=f"no:{summary.id}", title="no_leave"))
    reply = replace(say("modification.ask_yes", asks=("confirm",), **values), choices=choices)
    return done(replace(moment.state, modification=found, summary=summary), reply)


def _people_after(moment: Moment, source: str) -> Sourced:
    found = _previewed(moment)
    return fact(sum(room.people for room in found.reservation.rooms), source, found.read_time)


def _closed(moment: Moment, arrival: time | None) -> Sourced | None:
    closed = moment.hotel.closed_at(arrival) if arrival else None
    return of_property(moment, "staff_end", closed) if closed else None


def modify(moment: Moment) -> Done:
    """The one place where a stay is changed: after a clear yes to the preview."""
    return done(moment.state, Modify(token=_previewed(moment).token, code=_booked(moment).code))


def say_modified(moment: Moment) -> Done:
    assert isinstance(moment.event, Modified)
    booked = moment.event.reservation
    source = f"reservation:{booked.code}"
    reply = say(
        "modification.done",
        asks=(),
        code=fact(booked.code, source, booked.read_time),
        total=fact(booked.total, source, booked.read_time),
        room=room_name(moment, booked.room_type),
        arrival=fact(booked.arrival_time, source, booked.read_time) if booked.arrival_time else None,
        **stay_values(booked.stay, source, booked.read_time),
    )
    state = replace(moment.state, modification=None, summary=None, reservation=booked, settled=True, asked=())
    state = state.without_slots("arrival_time")
    return done(state, reply)


def no_room(moment: Moment) -> Done:
    state = moment.state.without_slots(*BOOKING_SLOTS)
    return done(state, say("modification.no_room", asks=("dates",)))


def too_many(moment: Moment) -> Done:
    """The room is too small for who would come: how many it sleeps, and the rooms that are larger."""
    larger = _larger(moment)[:MOST_ALTERNATIVES]
    reply = say("modification.too_many", asks=("room_type",), **_too_small_values(moment, larger))
    return done(moment.state, replace(reply, choices=room_choices(moment, [kind.id for kind in larger])))


def try_larger(moment: Moment) -> Done:
    """The only room that sleeps them all is priced at once."""
    larger = _larger(moment)
    state, effects = preview(replace(moment, state=moment.state.with_slots(room_type=Slot(value=larger[0].id))))
    return done(state, say("modification.too_many", asks=(), **_too_small_values(moment, larger)), *effects)


def _too_small_values(moment: Moment, larger: Sequence[RoomType]) -> dict[str, Value]:
    kind = _room_wanted(moment)
    assert kind is not None
    return {
        "room": room_name(moment, kind.id),
        "sleeps": of_property(moment, f"room_type/{kind.id}", kind.max_occupancy),
        "several": len(larger) > 1,
        "rows": _named(moment, [item.id for item in larger]),
    }


def to_staff(moment: Moment) -> Done:
    """What the rate does not allow, or the system cannot do, a person decides; nothing is promised."""
    booked = _booked(moment)
    case = reservations("modification")
    state = hand_over(moment.state, case, moment.now)
    reply = say(
        "modification.for_staff",
        code=fact(booked.code, f"reservation:{booked.code}", booked.read_time),
        non_refundable=booked.terms.non_refundable,
        minutes=answered_within(case),
    )
    return done(state, reply, opening(case))


def kept(moment: Moment) -> Done:
    booked = _booked(moment)
    state = replace(moment.state, modification=None, summary=None).without_slots(*_CHANGES)
    return done(state, say("modification.kept", code=fact(booked.code, f"reservation:{booked.code}", booked.read_time)))


_NEXTS = (
    Next(when=(CHANGE("told"),), do=preview, to="previewing"),
    Next(when=(CHANGE("untold"),), do=ask_what, to="asking_what"),
    Next(when=(CHANGE("unclear"),), do=ask_clearer, to="asking_what"),
    Next(when=(CHANGE("name"),), do=to_staff, to=END),
)

FLOW = Flow(
    name="modification",
    start="begin",
    waiting=(*WAITING, "asking_what", "confirming"),
    transitions=(
        *identify(_NEXTS, first=fresh),
        Transition(state="asking_what", on=Told, when=(CHANGE("told"),), do=preview, to="previewing"),
        Transition(state="asking_what", on=Told, when=(CHANGE("untold"),), do=ask_what, to="asking_what"),
        Transition(state="asking_what", on=Told, when=(CHANGE("unclear"),), do=ask_clearer, to="asking_what"),
        Transition(state="asking_what", on=Told, when=(CHANGE("name"),), do=to_staff, to=END),
        # A yes to "which of these rooms?" leaves the question as it was.
        Transition(state="asking_what", on=Confirmed, when=(CHANGE("told"),), do=preview, to="previewing"),
        Transition(
            state="asking_what",
            on=Confirmed,
            when=(CHANGE("untold", "unclear", "name"),),
            do=ask_what,
            to="asking_what",
        ),
        Transition(state="asking_what", on=Resumed, do=ask_what, to="asking_what"),
        *missing((Transition(state="asking_what", on=Missed, do=ask_what, to="asking_what"),)),
        Transition(state="asking_what", on=Denied, do=kept, to=END),
        Transition(state="asking_what", on=TimePassed, do=stay_put, to="asking_what"),
        Transition(state="previewing", on=ModificationPreviewed, when=(DIFFERS("yes"),), do=ask_yes, to="confirming"),
        Transition(state="previewing", on=ModificationPreviewed, when=(DIFFERS("no"),), do=ask_what, to="asking_what"),
        Transition(state="previewing", on=CallRefused, when=(REFUSAL("no_room"),), do=no_room, to="asking_what"),
        Transition(state="previewing", on=CallRefused, when=(REFUSAL("one_larger"),), do=try_larger, to="previewing"),
        Transition(state="previewing", on=CallRefused, when=(REFUSAL("too_many"),), do=too_many, to="asking_what"),
        Transition(state="previewing", on=CallRefused, when=(REFUSAL("forbidden"),), do=to_staff, to=END),
        Transition(state="previewing", on=CallFailed, do=hotel_system_down, to=END),
        Transition(state="confirming", on=Confirmed, when=(STANDS("yes"),), do=modify, to="modifying"),
        Transition(state="confirming", on=Confirmed, when=(STANDS("no"),), do=preview_again, to="previewing"),
        Transition(state="confirming", on=Told, when=(CHANGE("told", "untold", "name"),), do=preview, to="previewing"),
        Transition(state="confirming", on=Told, when=(CHANGE("unclear"),), do=ask_clearer, to="asking_what"),
        Transition(state="confirming", on=Resumed, do=ask_yes, to="confirming"),
        *missing((Transition(state="confirming", on=Missed, do=ask_yes, to="confirming"),)),
        Transition(state="confirming", on=Denied, do=kept, to=END),
        Transition(state="confirming", on=TimePassed, do=stay_put, to="confirming"),
        Transition(state="modifying", on=Modified, do=say_modified, to=END),
        Transition(state="modifying", on=CallRefused, do=to_staff, to=END),
        Transition(state="modifying", on=CallFailed, do=to_staff, to=END),
    ),
)
