"""Greeting, thanks, goodbye, and what is said when there is nothing else to say."""

from __future__ import annotations

from dataclasses import replace

from services.orchestrator.domain.desk import with_what_was_added
from services.orchestrator.domain.events import Opened
from services.orchestrator.domain.flow import END, Action, Done, Flow, Transition, at_once
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.flows.lookup import tell
from services.orchestrator.flows.missing import MISSES_BEFORE_PERSON
from services.orchestrator.flows.speaking import (
    done,
    fact,
    hotel_name,
    offering_person,
    room_name,
    say,
    subject_of,
    told,
)

_SUBJECTS = ("introduce", "hello", "who", "missed", "stale", "hardship")
SUBJECT = Question(
    name="subject",
    answers=(*_SUBJECTS, "other"),
    ask=lambda moment: subject_of(moment) if subject_of(moment) in _SUBJECTS else "other",
)
MET = Question(name="met", answers=("yes", "no"), ask=lambda moment: "yes" if moment.state.introduced else "no")


def introduce(moment: Moment) -> Done:
    """Who is speaking: an AI, with a person at hand. Before the answer to a first message."""
    return done(moment.state, say("greeting.introduce", hotel=hotel_name(moment)))


def first_hello(moment: Moment) -> Done:
    return done(moment.state, say("greeting.first_hello", hotel=hotel_name(moment)))


def hello_again(moment: Moment) -> Done:
    return done(moment.state, say("greeting.hello_again", open=bool(moment.state.flow)))


def missed(moment: Moment) -> Done:
    """After the second miss in a row a person is offered."""
    if moment.state.misses < MISSES_BEFORE_PERSON:
        return done(moment.state, say("fallback.what"))
    return offer_person(moment)


def offer_person(moment: Moment) -> Done:
    template = "fallback.hardship" if subject_of(moment) == "hardship" else "fallback.person"
    return done(moment.state, offering_person(template))


def stale(moment: Moment) -> Done:
    return done(moment.state, say("fallback.stale", open=bool(moment.state.flow)))


def take_your_time(moment: Moment) -> Done:
    """Neither a yes nor a no: what was asked stays asked, and the rooms stay held for as long as they were."""
    hold = moment.state.hold
    kept = hold if hold is not None and moment.now < hold.expires else None
    until = fact(moment.hotel.local(kept.expires), f"hold:{kept.id}") if kept else None
    return done(moment.state, say("courtesy.take_your_time", until=until))


def note_down(moment: Moment) -> Done:
    """Who waits for a person goes on telling: it is for that person, and no misunderstanding."""
    room = moment.state.value("room") if "room" in moment.state.turn.changed else ""
    reply = say("courtesy.noted", room=told(moment, "room", room) if room else None)
    return done(replace(with_what_was_added(moment.state), misses=0), reply)


def _standing(moment: Moment) -> str:
    state = moment.state
    if state.awaiting is not None:
        return "unclear" if state.awaiting.reason == "pms_unavailable" else "waiting"
    if state.flow:
        return "pending"
    return "made" if state.reservation is not None and state.reservation.live else "canceled"


# How far what somebody asks after has come.
STANDING = Question(name="standing", answers=("pending", "unclear", "waiting", "made", "canceled"), ask=_standing)


def still_called_off(moment: Moment) -> Done:
    booked = moment.state.reservation
    assert booked is not None
    code = fact(booked.code, f"reservation:{booked.code}", booked.read_time)
    return done(moment.state, say("cancellation.done", code=code))


def say_nothing_of_others(moment: Moment) -> Done:
    """Neither yes nor no: whether somebody stays here is for nobody else to know."""
    if moment.state.flow:
        return done(moment.state, say("courtesy.somebody_else", offer=False))
    return done(moment.state, offering_person("courtesy.somebody_else", offer=True))


def cannot_undo(moment: Moment) -> Done:
    """What is done is done: a person may mend it, and a stay that was called off can be booked again."""
    booked = moment.state.reservation
    assert booked is not None
    code = fact(booked.code, f"reservation:{booked.code}", booked.read_time)
    return done(moment.state, offering_person("courtesy.cannot_undo", code=code, live=booked.live))


def say_no_such_room(moment: Moment) -> Done:
    """The kind of room somebody wants is none of ours: which we have."""
    rows = tuple({"name": room_name(moment, kind.id)} for kind in moment.hotel.room_types)
    if not rows:
        return moment.state, ()  # what there is is not known now
    wanted = fact(subject_of(moment), "guest:this turn")
    return done(moment.state, say("courtesy.no_such_room", wanted=wanted, rows=rows))


def _saying(template: str) -> Action:
    def do(moment: Moment) -> Done:
        return done(moment.state, say(template))

    return do


FLOWS = (
    Flow(
        name="greeting",
        start="begin",
        side=True,
        transitions=(
            Transition(state="begin", on=Opened, when=(SUBJECT("introduce", "who"),), do=introduce, to=END),
            Transition(
                state="begin",
                on=Opened,
                when=(SUBJECT("hello", "missed", "stale", "hardship", "other"), MET("no")),
                do=first_hello,
                to=END,
            ),
            Transition(
                state="begin",
                on=Opened,
                when=(SUBJECT("hello", "missed", "stale", "hardship", "other"), MET("yes")),
                do=hello_again,
                to=END,
            ),
        ),
    ),
    Flow(
        name="fallback",
        start="begin",
        side=True,
        transitions=(
            Transition(state="begin", on=Opened, when=(SUBJECT("stale"),), do=stale, to=END),
            Transition(state="begin", on=Opened, when=(SUBJECT("hardship"),), do=offer_person, to=END),
            Transition(
                state="begin",
                on=Opened,
                when=(SUBJECT("introduce", "hello", "who", "missed", "other"),),
                do=missed,
                to=END,
            ),
        ),
    ),
    at_once("goodbye", _saying("courtesy.goodbye"), returns=False),
    at_once("compliment", _saying("courtesy.thanks")),
    at_once("acknowledgement", _saying("courtesy.all_right")),
    at_once("nothing_open", _saying("courtesy.nothing_open")),
    at_once("patience", _saying("courtesy.patience")),
    at_once("noted", note_down),
    at_once("language", _saying("courtesy.language")),
    at_once("somebody_else", say_nothing_of_others),
    at_once("no_such_room", say_no_such_room),
    at_once("undone", cannot_undo),
    Flow(
        name="whether_done",
        start="begin",
        side=True,
        transitions=tuple(
            Transition(state="begin", on=Opened, when=(STANDING(standing),), do=action, to=END)
            for standing, action in (
                ("pending", _saying("courtesy.not_yet")),
                ("unclear", _saying("courtesy.being_checked")),
                ("waiting", _saying("courtesy.patience")),
                ("made", tell),
                ("canceled", still_called_off),
            )
        ),
    ),
    at_once("card", _saying("courtesy.no_cards")),
    at_once("sympathy", _saying("courtesy.sympathy")),
    at_once("thinking_over", take_your_time, returns=False),
    at_once("small_talk", _saying("courtesy.only_hotel")),
)
