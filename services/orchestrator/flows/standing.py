"""What stands above every conversation: emergencies, consent, doubtful voice notes, what staff said."""

from __future__ import annotations

from dataclasses import replace

from services.orchestrator.domain.desk import emergency, hand_over, human_request, opening
from services.orchestrator.domain.effects import Choice, GetReservation, SetOptOut
from services.orchestrator.domain.events import CallFailed, CallRefused, Opened, ReservationsFound
from services.orchestrator.domain.first_language import first_language
from services.orchestrator.domain.flow import END, Done, Flow, Transition, at_once
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.domain.state import Heard
from services.orchestrator.flows.complaint import in_house, look, placed
from services.orchestrator.flows.speaking import (
    answered_within,
    done,
    fact,
    of_property,
    room_name,
    say,
    stay_put,
    stay_values,
    subject_of,
    told,
)

_MESSAGES = ("pre_arrival", "in_stay", "post_stay")


def raise_alarm(moment: Moment) -> Done:
    """The number to call first of all, and somebody at once, sent to the room if we know it."""
    case = emergency(moment.hotel, moment.now)
    state = hand_over(placed(moment.state, in_house(moment)), case, moment.now)
    number, room = moment.hotel.emergency_number, state.value("room")
    reply = say(
        "emergency.call",
        asks=() if room else ("room",),
        number=of_property(moment, "emergency_number", number) if number else None,
        room=told(moment, "room", room) if room else None,
    )
    return done(state, reply, opening(case))


def opt_out(moment: Moment) -> Done:
    state = replace(moment.state, opted_out=True)
    return done(state, say("consent.out"), SetOptOut(opted_out=True))


def opt_in(moment: Moment) -> Done:
    state = replace(moment.state, opted_out=False)
    return done(state, say("consent.in"), SetOptOut(opted_out=False))


def read_back(moment: Moment) -> Done:
    """What was heard, as it was heard, and whether that is right. Nothing is done on it."""
    doubtful = moment.state.turn.doubtful
    if doubtful is None or not doubtful.text.strip():
        return done(moment.state, say("hearing.not_at_all"))
    heard = Heard(message_id=doubtful.message_id, text=doubtful.text, analysis=doubtful.analysis)
    reply = say(
        "hearing.read_back", asks=("confirm_understanding",), words=fact(doubtful.text, f"guest:{doubtful.message_id}")
    )
    choices = (Choice(id="heard:yes", title="yes"), Choice(id="heard:no", title="no"))
    return done(replace(moment.state, heard=heard), replace(reply, choices=choices))


def cannot_read(moment: Moment) -> Done:
    """Answered once in a row: the guest knows after the first."""
    if moment.state.unsupported_told:
        return moment.state, ()
    state = replace(moment.state, unsupported_told=True)
    return done(state, say("unreadable.forwarded" if subject_of(moment) == "forwarded" else "unreadable.sorry"))


def hold_the_line(moment: Moment) -> Done:
    """We cannot understand anybody just now: a person will."""
    case = replace(human_request(moment.hotel, moment.now), reason="nlp_unavailable")
    state = hand_over(moment.state, case, moment.now)
    if not state.language:
        state = replace(state, language=first_language(state.contact, moment.hotel))
    reply = say("handoff.holding", minutes=answered_within(case))
    return done(state, reply, opening(case))


def recall(moment: Moment) -> Done:
    """What was agreed with a person, in that person's words."""
    words = moment.state.staff_words[-1]
    return done(moment.state, say("handoff.recall", words=fact(words.text, f"staff:{words.agent}", words.at)))


MAY_WRITE = Question(
    name="may_write", answers=("yes", "no"), ask=lambda moment: "no" if moment.state.opted_out else "yes"
)
CONSENT = Question(
    name="consent",
    answers=("opt_out", "opt_in"),
    ask=lambda moment: "opt_in" if subject_of(moment) == "opt_in" else "opt_out",
)


def read_stay(moment: Moment) -> Done:
    code = moment.state.value("reservation")
    return done(moment.state.with_turn(topic=subject_of(moment)), GetReservation(code=code))


def write_first(moment: Moment) -> Done:
    """A message of ours about a stay that is still on."""
    found = moment.found
    kind = moment.state.turn.topic
    if not found or not (found[0].live or kind == "post_stay") or kind not in _MESSAGES:
        return moment.state, ()
    booked = found[0]
    if not moment.state.language:
        moment = replace(moment, state=replace(moment.state, language=booked.language or moment.hotel.languages[0]))
    source = f"reservation:{booked.code}"
    reply = say(
        f"proactive.{kind}",
        asks=("arrival_time",) if kind == "pre_arrival" else (),
        hotel=of_property(moment, "name", moment.hotel.name),
        code=fact(booked.code, source, booked.read_time),
        room=room_name(moment, booked.room_type),
        arrive_from=of_property(moment, "check_in_time", moment.hotel.check_in_time),
        leave_until=of_property(moment, "check_out_time", moment.hotel.check_out_time),
        **stay_values(booked.stay, source, booked.read_time),
    )
    return done(moment.state, replace(reply, subject=f"subject.{kind}"))


FLOWS = (
    Flow(
        name="emergency",
        start="begin",
        side=True,
        returns=False,
        transitions=(
            Transition(state="begin", on=Opened, do=look, to="looking"),
            Transition(state="looking", on=ReservationsFound, do=raise_alarm, to=END),
            Transition(state="looking", on=CallRefused, do=raise_alarm, to=END),
            Transition(state="looking", on=CallFailed, do=raise_alarm, to=END),
        ),
    ),
    at_once("hearing", read_back, returns=False),
    at_once("unreadable", cannot_read),
    at_once("holding_answer", hold_the_line, returns=False),
    at_once("recall", recall),
    Flow(
        name="consent",
        start="begin",
        side=True,
        returns=False,
        transitions=(
            Transition(state="begin", on=Opened, when=(CONSENT("opt_out"),), do=opt_out, to=END),
            Transition(state="begin", on=Opened, when=(CONSENT("opt_in"),), do=opt_in, to=END),
        ),
    ),
    Flow(
        name="proactive",
        start="begin",
        side=True,
        returns=False,
        transitions=(
            Transition(state="begin", on=Opened, when=(MAY_WRITE("yes"),), do=read_stay, to="reading"),
            Transition(state="begin", on=Opened, when=(MAY_WRITE("no"),), do=stay_put, to=END),
            Transition(state="reading", on=ReservationsFound, do=write_first, to=END),
            Transition(state="reading", on=CallRefused, do=stay_put, to=END),
            Transition(state="reading", on=CallFailed, do=stay_put, to=END),
        ),
    ),
)
