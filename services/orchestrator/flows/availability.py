"""Is there a room, and for how much? Ends in the booking flow as soon as the guest has chosen."""

from __future__ import annotations

from services.orchestrator.domain.events import (
    CallFailed,
    CallRefused,
    Confirmed,
    Denied,
    Missed,
    OffersFound,
    Resumed,
    TimePassed,
    Told,
)
from services.orchestrator.domain.flow import END, Done, Flow, Transition
from services.orchestrator.domain.guard import Moment
from services.orchestrator.flows import collecting, offering
from services.orchestrator.flows.collecting import BIG_PARTY, NEED, say_too_far
from services.orchestrator.flows.missing import missing
from services.orchestrator.flows.offering import FOUND
from services.orchestrator.flows.pricing import NEWS, SHOWN, SINGLE, STILL_OPEN, choose_single, quote
from services.orchestrator.flows.speaking import done, say, stay_put


def not_now(moment: Moment) -> Done:
    state, released = offering.let_go(moment.state)
    return done(state, say("stay.not_now"), *released)


def asking(state: str, on: type) -> tuple[Transition, ...]:
    """In a state that waits for the guest: the next question, as long as one is needed."""
    return (
        Transition(state=state, on=on, when=(NEED("better_dates"),), do=collecting.ask_better_dates, to="collecting"),
        Transition(state=state, on=on, when=(NEED("arrival"),), do=collecting.ask_check_in, to="collecting"),
        Transition(state=state, on=on, when=(NEED("departure"),), do=collecting.ask_check_out, to="collecting"),
        Transition(state=state, on=on, when=(NEED("adults"),), do=collecting.ask_adults, to="collecting"),
        Transition(state=state, on=on, when=(NEED("child_ages"),), do=collecting.ask_child_ages, to="collecting"),
        Transition(state=state, on=on, when=(NEED("staff"),), do=collecting.give_group_to_staff, to=END),
    )


def found(*, to: str = "choosing") -> tuple[Transition, ...]:
    """What a search can bring."""
    return (
        Transition(state="searching", on=OffersFound, when=(FOUND("wanted"),), do=offering.show_offers, to=to),
        Transition(
            state="searching", on=OffersFound, when=(FOUND("too_short"),), do=offering.say_too_short, to="collecting"
        ),
        Transition(state="searching", on=OffersFound, when=(FOUND("too_far"),), do=say_too_far, to="collecting"),
        Transition(
            state="searching", on=OffersFound, when=(FOUND("other_types"),), do=offering.show_other_types, to=to
        ),
        Transition(
            state="searching",
            on=OffersFound,
            when=(FOUND("more_rooms"),),
            do=offering.search_more_rooms,
            to="searching",
        ),
        Transition(
            state="searching", on=OffersFound, when=(FOUND("as_told"),), do=offering.search_as_told, to="searching"
        ),
        Transition(
            state="searching",
            on=OffersFound,
            when=(FOUND("other_dates"),),
            do=offering.show_other_dates,
            to="collecting",
        ),
        Transition(
            state="searching",
            on=OffersFound,
            when=(FOUND("nothing"), BIG_PARTY("no")),
            do=offering.say_nothing_left,
            to="collecting",
        ),
        Transition(
            state="searching",
            on=OffersFound,
            when=(FOUND("nothing"), BIG_PARTY("yes")),
            do=collecting.give_party_to_staff,
            to=END,
        ),
        Transition(state="searching", on=CallRefused, do=offering.say_nothing_left, to="collecting"),
        Transition(state="searching", on=CallFailed, do=offering.hotel_system_down, to=END),
    )


UNDECIDED = (NEED("nothing"), STILL_OPEN("yes"))

FLOW = Flow(
    name="availability",
    start="collecting",
    waiting=("collecting", "choosing"),
    transitions=(
        *asking("collecting", Told),
        Transition(state="collecting", on=Told, when=(NEED("nothing"),), do=offering.search, to="searching"),
        *asking("collecting", Resumed),
        Transition(state="collecting", on=Resumed, when=(NEED("nothing"),), do=offering.search, to="searching"),
        *asking("collecting", Confirmed),
        Transition(state="collecting", on=Confirmed, when=(NEED("nothing"),), do=offering.search, to="searching"),
        Transition(state="collecting", on=Denied, do=not_now, to=END),
        *missing(asking("collecting", Missed)),
        Transition(state="collecting", on=Missed, when=(NEED("nothing"),), do=offering.search, to="searching"),
        Transition(state="collecting", on=TimePassed, do=stay_put, to="collecting"),
        *found(),
        *asking("choosing", Told),
        Transition(state="choosing", on=Told, when=(NEED("nothing"), STILL_OPEN("no")), do=quote, to="booking:quoting"),
        Transition(state="choosing", on=Told, when=(*UNDECIDED, NEWS("yes")), do=offering.search, to="searching"),
        Transition(state="choosing", on=Told, when=(*UNDECIDED, NEWS("no")), do=offering.remind, to="choosing"),
        Transition(state="choosing", on=Resumed, when=(SHOWN("yes"),), do=offering.remind, to="choosing"),
        Transition(state="choosing", on=Resumed, when=(SHOWN("no"),), do=offering.search, to="searching"),
        Transition(state="choosing", on=Confirmed, when=(SINGLE("yes"),), do=choose_single, to="booking:quoting"),
        Transition(
            state="choosing", on=Confirmed, when=(SINGLE("no"), SHOWN("yes")), do=offering.remind, to="choosing"
        ),
        Transition(
            state="choosing", on=Confirmed, when=(SINGLE("no"), SHOWN("no")), do=offering.search, to="searching"
        ),
        Transition(state="choosing", on=Denied, do=not_now, to="choosing"),
        *missing(
            (
                Transition(state="choosing", on=Missed, when=(SHOWN("yes"),), do=offering.remind, to="choosing"),
                Transition(state="choosing", on=Missed, when=(SHOWN("no"),), do=offering.search, to="searching"),
            )
        ),
        Transition(state="choosing", on=TimePassed, do=stay_put, to="choosing"),
    ),
)
