"""An arrival time: with a reservation it is offered as a change of it, without one the hotel's hours are the answer."""

from __future__ import annotations

from datetime import time

from services.orchestrator.domain.events import CallFailed, CallRefused, Opened, ReservationsFound, Told
from services.orchestrator.domain.flow import END, Done, Flow, Transition
from services.orchestrator.domain.guard import Moment
from services.orchestrator.flows.identifying import WHICH, find, identified
from services.orchestrator.flows.modification import fresh, preview
from services.orchestrator.flows.speaking import done, of_property, say, told


def tell_hours(moment: Moment) -> Done:
    hotel = moment.hotel
    at = time.fromisoformat(moment.state.value("arrival_time"))
    closed = hotel.closed_at(at)
    reply = say(
        "arrival.hours",
        closed=of_property(moment, "staff_end", closed) if closed else None,
        at=told(moment, "arrival_time", at),
        early=hotel.before_check_in(at),
        arrive_from=of_property(moment, "check_in_time", hotel.check_in_time),
    )
    return done(moment.state, reply)


HOURS = Flow(
    name="arrival_hours",
    start="begin",
    side=True,
    transitions=(Transition(state="begin", on=Opened, do=tell_hours, to=END),),
)

FLOW = Flow(
    name="arrival",
    start="begin",
    transitions=(
        Transition(state="begin", on=Told, do=find, to="finding"),
        Transition(
            state="finding",
            on=ReservationsFound,
            when=(WHICH("one"),),
            do=identified(fresh(preview)),
            to="modification:previewing",
        ),
        Transition(
            state="finding",
            on=ReservationsFound,
            when=(WHICH("many", "none", "lost", "unproven"),),
            do=tell_hours,
            to=END,
        ),
        Transition(state="finding", on=CallRefused, do=tell_hours, to=END),
        Transition(state="finding", on=CallFailed, do=tell_hours, to=END),
    ),
)
