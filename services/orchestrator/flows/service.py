"""Something a person must do or decide (late check-out, towels): the rule if there is one, and reception is told."""

from __future__ import annotations

from services.orchestrator.domain.desk import hand_over, service
from services.orchestrator.domain.effects import FindReservations, OpenHandoff
from services.orchestrator.domain.events import CallFailed, CallRefused, Opened, ReservationsFound
from services.orchestrator.domain.flow import END, Done, Flow, Transition
from services.orchestrator.domain.guard import Moment
from services.orchestrator.domain.state import Slot
from services.orchestrator.flows.complaint import in_house
from services.orchestrator.flows.inquiry import fact_text
from services.orchestrator.flows.speaking import done, fact, say


def look(moment: Moment) -> Done:
    contact, state = moment.state.contact, moment.state
    if isinstance(moment.event, Opened) and moment.event.subject == "upsell":
        state = state.with_turn(topic=state.upsold)
    return done(state, FindReservations(phone=contact.phone, email=contact.email))


def answer(moment: Moment) -> Done:
    state, topic = moment.state, moment.state.turn.topic
    booked = in_house(moment)
    if booked is not None:
        state = state.with_slots(reservation=Slot(value=booked.code))
        if booked.room_numbers:
            state = state.with_slots(room=Slot(value=booked.room_numbers[0]))
    if topic:
        state = state.with_slots(topic=Slot(value=topic))
    case = service(moment.hotel, moment.now)
    state = hand_over(state, case, moment.now)
    minutes = fact(state.handoff.sla_minutes if state.handoff else case.minutes, "handoff:service_request")
    reply = say("service.passed_on", rule=fact_text(moment, topic), minutes=minutes)
    return done(state, reply, OpenHandoff(desk=case.desk, priority=case.priority, reason=case.reason))


FLOW = Flow(
    name="service",
    start="begin",
    side=True,
    returns=False,
    transitions=(
        Transition(state="begin", on=Opened, do=look, to="looking"),
        Transition(state="looking", on=ReservationsFound, do=answer, to=END),
        Transition(state="looking", on=CallRefused, do=answer, to=END),
        Transition(state="looking", on=CallFailed, do=answer, to=END),
    ),
)
