"""Something a person must do or decide (late check-out, towels): the rule if there is one, and reception is told."""

from __future__ import annotations

from dataclasses import replace

from services.orchestrator.domain.desk import hand_over, opening, service
from services.orchestrator.domain.effects import FindReservations
from services.orchestrator.domain.events import CallFailed, CallRefused, Opened, ReservationsFound
from services.orchestrator.domain.flow import END, Done, Flow, Transition
from services.orchestrator.domain.foremost import BEFORE_BOOKING, awaits_person
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.domain.remarks import names_airport
from services.orchestrator.domain.state import DialogueState, Slot
from services.orchestrator.domain.wishes import with_wish
from services.orchestrator.flows.complaint import in_house, placed
from services.orchestrator.flows.inquiry import fact_text
from services.orchestrator.flows.speaking import done, fact, offering_person, say, subject_of


def look(moment: Moment) -> Done:
    contact, state = moment.state.contact, moment.state
    if subject := subject_of(moment):
        state = state.with_turn(topic=state.upsold if subject == "upsell" else subject)
    return done(state, FindReservations(phone=contact.phone, email=contact.email))


def _guest(moment: Moment) -> str:
    state = moment.state
    if state.turn.wish and _is_booking(state) and not any(item.in_house for item in moment.found):
        return "booking"
    left_behind = state.turn.topic == "lost_property"  # somebody looks for it, whoever asks
    known = left_behind or any(item.live for item in moment.found) or state.reservation or state.value("room")
    return "ours" if known else "unknown"


def _is_booking(state: DialogueState) -> bool:
    return state.flow in BEFORE_BOOKING or any(move.flow in BEFORE_BOOKING for move in state.turn.agenda)


# Whether there is a stay that something could be done for, or one that is put together now.
GUEST = Question(name="guest", answers=("ours", "booking", "unknown"), ask=_guest)


def answer(moment: Moment) -> Done:
    state, topic = placed(moment.state, in_house(moment)), moment.state.turn.topic
    if topic:
        state = state.with_slots(topic=Slot(value=topic))
    case = service(moment.hotel, moment.now)
    state = hand_over(state, case, moment.now)
    minutes = fact(state.handoff.sla_minutes if state.handoff else case.minutes, "handoff:service_request")
    known = fact_text(moment, topic)
    rule = None if _goes_elsewhere(moment) or _was_told(moment) else known
    booked = state.reservation
    room = fact(booked.room_numbers[0], f"reservation:{booked.code}") if booked and booked.room_numbers else None
    reply = say("service.passed_on", rule=rule, room=room, minutes=minutes)
    return done(replace(state, told_topic=topic if known else ""), reply, opening(case))


def _goes_elsewhere(moment: Moment) -> bool:
    """Whether a taxi is wanted that goes, for all that was said, to no airport."""
    return moment.state.turn.topic == "taxi" and not names_airport(moment.state.turn.text)


def _was_told(moment: Moment) -> bool:
    """Whether the rule was just told as the answer to a question."""
    rule, told = fact_text(moment, moment.state.turn.topic), moment.state.told_topic
    return bool(rule and told) and fact_text(moment, told) == rule


def note(moment: Moment) -> Done:
    """A wish for the stay that is put together: kept for its reservation, with the rule if there is one."""
    state, topic = moment.state, moment.state.turn.topic
    rule = fact_text(moment, topic)
    state = replace(state, wishes=with_wish(state.wishes, state.turn.wish), told_topic=topic if rule else "")
    return done(state, say("service.noted", rule=rule))


def offer_person(moment: Moment) -> Done:
    """Who has no stay here only asks: the rule if there is one, and a person if wanted; no work for anybody yet."""
    topic = moment.state.turn.topic
    rule = fact_text(moment, topic)
    state = replace(moment.state, told_topic=topic if rule else "")
    if _was_told(moment):
        return done(state)
    if awaits_person(state) and not rule:
        return done(state, say("courtesy.noted", room=None))  # the person who was promised reads it, too
    if state.flow:
        # In the middle of something else the offer is not a question.
        return done(state, say("inquiry.fact", words=rule) if rule else say("service.aside"))
    return done(state, offering_person("service.offer_person", rule=rule))


FLOW = Flow(
    name="service",
    start="begin",
    side=True,
    transitions=(
        Transition(state="begin", on=Opened, do=look, to="looking"),
        Transition(state="looking", on=ReservationsFound, when=(GUEST("ours"),), do=answer, to=END),
        Transition(state="looking", on=ReservationsFound, when=(GUEST("booking"),), do=note, to=END),
        Transition(state="looking", on=ReservationsFound, when=(GUEST("unknown"),), do=offer_person, to=END),
        Transition(state="looking", on=CallRefused, do=answer, to=END),
        Transition(state="looking", on=CallFailed, do=answer, to=END),
    ),
)
