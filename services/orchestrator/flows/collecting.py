"""What a stay still needs before it can be priced, and the one question that asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import ceil

from services.orchestrator.domain.desk import hand_over, opening, reservations
from services.orchestrator.domain.events import Told
from services.orchestrator.domain.flow import Done
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.domain.offers import Occupancy, Stay, rooms_for
from services.orchestrator.domain.phrases import does_not_know
from services.orchestrator.domain.proof import Value
from services.orchestrator.domain.slots import CHOICE_SLOTS, STAY_SLOTS
from services.orchestrator.domain.state import DateReading, DialogueState, Slot, Trouble
from services.orchestrator.flows.noting import noted, tells_stay
from services.orchestrator.flows.speaking import answered_within, done, fact, of_property, say, stay_values, told

# From so many rooms on a party is a group to a person, though not yet to the system.
BIG_PARTY_ROOMS = 3


def stay_of(state: DialogueState) -> Stay:
    """The stay that the slots hold; only asked for when both dates are there."""
    return Stay(
        check_in=date.fromisoformat(state.value("check_in")), check_out=date.fromisoformat(state.value("check_out"))
    )


def ages_of(state: DialogueState) -> tuple[int, ...]:
    value = state.value("child_ages")
    return tuple(int(age) for age in value.split(",")) if value else ()


def party_of(state: DialogueState) -> int:
    return (state.number("adults") or 0) + max(state.number("children") or 0, len(ages_of(state)))


def room_count(moment: Moment) -> int:
    """Rooms asked for, and never fewer than the party needs in the largest rooms."""
    needed = ceil(party_of(moment.state) / moment.hotel.most_in_a_room)
    return max(moment.state.number("rooms") or 1, needed)


def rooms_of(moment: Moment) -> tuple[Occupancy, ...]:
    state = moment.state
    return rooms_for(adults=state.number("adults") or 1, child_ages=ages_of(state), rooms=room_count(moment))


def _need(moment: Moment) -> str:
    state = moment.state
    most = moment.hotel.max_rooms_self_service
    rules = (
        (room_count(moment) > most or state.turn.mixed, "staff"),
        (bool(state.turn.troubles), "better_dates"),
        (not state.value("check_in"), "arrival"),
        (not state.value("check_out"), "departure"),
        (not state.number("adults"), "adults"),
        ((state.number("children") or 0) > len(ages_of(state)), "child_ages"),
    )
    return next((need for fits, need in rules if fits), "nothing")


NEED = Question(
    name="need",
    answers=("better_dates", "arrival", "departure", "adults", "child_ages", "staff", "nothing"),
    ask=_need,
)


def _choice(moment: Moment) -> str:
    state = moment.state
    room = state.value("room_type")
    known = moment.hotel.room_type(room) and moment.hotel.rate_plan(state.value("rate_plan"))
    compared = state.turn.wondering and state.turn.changed & set(CHOICE_SLOTS)
    return "made" if known and not compared and not _gone(state) else "open"


def _gone(state: DialogueState) -> bool:
    """What was wanted cannot be had, and other rooms for the same stay are on the guest's screen."""
    on_show = {offer.room_type for offer in state.offers}
    same = bool(state.offers) and state.offers[0].stay == stay_of(state)
    return same and state.value("room_type") not in on_show and not state.turn.changed & set(STAY_SLOTS)


CHOICE = Question(name="choice", answers=("made", "open"), ask=_choice)


def ask_better_dates(moment: Moment) -> Done:
    """Says what is wrong with the dates as they were said; nothing is corrected in silence."""
    trouble = moment.state.turn.troubles[0]
    if trouble.kind == "nights":
        return _ask_how_many_nights(moment, trouble)
    values: dict[str, Value] = {"day": None, "last": None, "readings": None}
    days = [day for day in map(_day, (trouble.value, *trouble.value.split("/"))) if day]
    if days:
        values["day"] = fact(days[0], "guest:this turn")
        values["last"] = fact(days[-1], "guest:this turn")
    readings = _readings(moment.state)
    if trouble.kind == "ambiguous" and readings:
        values["readings"] = _ways(readings)
    kind = trouble.kind if trouble.kind in ("past", "impossible", "reversed", "ambiguous") else "unclear"
    if (kind == "ambiguous" and not readings) or (kind == "past" and not days):
        kind = "unclear"
    state = replace(moment.state, readings=readings)
    return done(state, say(f"stay.dates_{kind}", asks=("dates",), **values))


def _ask_how_many_nights(moment: Moment, trouble: Trouble) -> Done:
    """ "3 or 4 nights": the stay is priced for the one or the other."""
    values: dict[str, Value] = {
        "check_in": told(moment, "check_in", date.fromisoformat(moment.state.value("check_in"))),
        "least": fact(int(trouble.alternatives[0]), "guest:this turn"),
        "most": fact(int(trouble.alternatives[-1]), "guest:this turn"),
    }
    return done(moment.state, *noted(moment, party=True), say("stay.nights_either", asks=("check_out",), **values))


def _ways(readings: tuple[DateReading, ...]) -> tuple[dict[str, Value], ...]:
    return tuple(
        {
            "day": fact(item.check_in, "guest:this turn"),
            "last": fact(item.check_out, "guest:this turn") if item.check_out else None,
        }
        for item in readings
    )


def _readings(state: DialogueState) -> tuple[DateReading, ...]:
    """The ways to read the dates of this turn: the first way of one goes with the first way of the other.

    Days that are over are kept as they were said: the guest may only have to name another month.
    """
    past = [day for item in state.turn.troubles if item.kind == "past" and (day := _day(item.value))]
    if past:
        return (DateReading(check_in=past[0], check_out=past[1] if len(past) > 1 and past[1] > past[0] else None),)
    ways = [item.alternatives for item in state.turn.troubles if item.kind == "ambiguous" and item.alternatives]
    if not ways:
        return ()
    lasts = ways[1] if len(ways) > 1 else ("",) * len(ways[0])
    readings = []
    for first, last in zip(ways[0], lasts, strict=False):
        check_in, check_out = _day(first), _day(last)
        if check_in and (check_out is None or check_out > check_in):
            readings.append(DateReading(check_in=check_in, check_out=check_out))
    return tuple(readings[:3])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def ask_check_in(moment: Moment) -> Done:
    """The arrival; while it is open which of two days was meant, that is still the question."""
    if len(moment.state.readings) > 1:
        ways = _ways(moment.state.readings)
        return done(moment.state, say("stay.dates_ambiguous", asks=("dates",), day=None, last=None, readings=ways))
    unsure = isinstance(moment.event, Told) and does_not_know(moment.state.turn.text)
    month, nights = moment.state.month, moment.state.number("nights")
    if month and _is_not_on_sale(moment, month):
        return say_too_far(moment)
    question = say(
        "stay.ask_dates",
        asks=("check_in",),
        unsure=unsure,
        month=fact(date.fromisoformat(f"{month}-01"), "guest:month") if month else None,
        nights_known=bool(nights),
    )
    return done(moment.state, *noted(moment, party=True), question)


def _is_not_on_sale(moment: Moment, month: str) -> bool:
    last = moment.hotel.today(moment.now) + timedelta(days=moment.hotel.horizon_days)
    return date.fromisoformat(f"{month}-01") > last


def say_too_far(moment: Moment) -> Done:
    """Days, or a month, that nobody can book yet."""
    days = fact(moment.hotel.horizon_days, "property:booking_horizon_days", moment.hotel.read_time)
    return done(replace(moment.state, month="", offers=()), say("stay.too_far", asks=("dates",), days=days))


def ask_check_out(moment: Moment) -> Done:
    day = told(moment, "check_in", date.fromisoformat(moment.state.value("check_in")))
    reply = say("stay.ask_departure", asks=("check_out",), check_in=day, again=not tells_stay(moment))
    return done(moment.state, *noted(moment, party=True), reply)


def ask_adults(moment: Moment) -> Done:
    stay = stay_of(moment.state)
    values: dict[str, Value] = {
        "check_in": told(moment, "check_in", stay.check_in),
        "check_out": told(moment, "check_out", stay.check_out),
        "nights": told(moment, "nights", stay.nights),
        "again": not tells_stay(moment),
    }
    return done(moment.state, *noted(moment), say("stay.ask_adults", asks=("adults",), **values))


def ask_child_ages(moment: Moment) -> Done:
    children = moment.state.number("children") or 1
    reply = say("stay.ask_child_ages", asks=("child_ages",), children=told(moment, "children", children))
    return done(moment.state, *noted(moment), reply)


def give_group_to_staff(moment: Moment) -> Done:
    """More rooms than are sold without a person, or several kinds at once: nothing more is asked by a machine."""
    if (waiting := moment.state.awaiting) is not None and waiting.reason == "group":
        # People have it, and what is told now is theirs to read.
        return done(moment.state, say("courtesy.noted", room=None))
    case = reservations("group")
    state = hand_over(moment.state, case, moment.now)
    most, minutes = moment.hotel.max_rooms_self_service, answered_within(case)
    many = room_count(moment) > most
    reply = (
        say("stay.group", most=of_property(moment, "max_rooms_self_service", most), minutes=minutes)
        if many
        else say("stay.kinds", minutes=minutes)
    )
    return done(state, reply, opening(case))


def _big(moment: Moment) -> str:
    return "yes" if room_count(moment) >= BIG_PARTY_ROOMS else "no"


# Whether so many come together that a person finds room for them where the system finds none.
BIG_PARTY = Question(name="big_party", answers=("yes", "no"), ask=_big)


def give_party_to_staff(moment: Moment) -> Done:
    """No room for all of a big party: people can split it, waive a rule or ask next door."""
    case = reservations("group")
    stay, people = stay_of(moment.state), party_of(moment.state)
    state = hand_over(moment.state, case, moment.now)
    reply = say(
        "stay.party",
        asks=(),
        people=told(moment, "adults", people),
        minutes=answered_within(case),
        **stay_values(stay, "search"),
    )
    return done(state, reply, opening(case))


def with_rooms(moment: Moment) -> DialogueState:
    """The state with the number of rooms the party needs, so that the guest and the session see it."""
    count = room_count(moment)
    state = moment.state
    if count > 1 and state.number("rooms") != count:
        return state.with_slots(rooms=Slot(value=str(count)))
    return state


def drop_prices(state: DialogueState) -> DialogueState:
    """Forgets every price: what it stood for has changed."""
    return replace(state, offers=(), quote=None, summary=None)
