"""Calling a stay off: what it costs, then a clear yes. What gives no money back goes to a person, with no promise."""

from __future__ import annotations

from dataclasses import replace

from mesh.values import derived_id

from services.orchestrator.domain.desk import hand_over, opening, reservations
from services.orchestrator.domain.effects import Cancel, Choice, PreviewCancellation
from services.orchestrator.domain.events import (
    CallFailed,
    CallRefused,
    Canceled,
    CancellationPreviewed,
    Confirmed,
    Denied,
    Missed,
    Resumed,
    TimePassed,
    Told,
)
from services.orchestrator.domain.flow import END, Done, Flow, Transition, at_once
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.domain.phrases import tells_of_hardship
from services.orchestrator.domain.reservation import CancellationPreview, Reservation
from services.orchestrator.domain.state import Summary
from services.orchestrator.flows.identifying import WAITING, Next, identify
from services.orchestrator.flows.missing import missing
from services.orchestrator.flows.offering import hotel_system_down
from services.orchestrator.flows.speaking import answered_within, done, fact, room_name, say, stay_put, stay_values


def _rule(moment: Moment) -> str:
    booked = moment.state.reservation
    if tells_of_hardship(moment.state.turn.text):
        return "for_staff"
    return "for_staff" if booked is not None and booked.terms.non_refundable else "for_guest"


RULE = Question(name="rule", answers=("for_staff", "for_guest"), ask=_rule)
STANDS = Question(
    name="preview_stands",
    answers=("yes", "no"),
    ask=lambda moment: "yes" if moment.state.summary and moment.now < moment.state.summary.expires else "no",
)


def preview(moment: Moment) -> Done:
    return done(replace(moment.state, summary=None), PreviewCancellation(reservation_id=_booked(moment).id))


def preview_again(moment: Moment) -> Done:
    """The yes came too late: the fee is asked for afresh."""
    state, effects = preview(moment)
    return done(state, say("cancellation.lapsed"), *effects)


def _booked(moment: Moment) -> Reservation:
    assert moment.state.reservation is not None
    return moment.state.reservation


def _previewed(moment: Moment) -> CancellationPreview:
    found = moment.event.preview if isinstance(moment.event, CancellationPreviewed) else moment.state.cancellation
    assert found is not None
    return found


def ask_yes(moment: Moment) -> Done:
    """The fee, in figures even when it is nothing, and the question."""
    booked, found = _booked(moment), _previewed(moment)
    source = f"reservation:{booked.code}"
    summary = Summary(
        id=derived_id("sum", booked.code, found.token),
        kind="cancellation",
        reference=booked.code,
        expires=found.expires,
    )
    reply = say(
        "cancellation.ask_yes",
        asks=("confirm",),
        code=fact(booked.code, source, booked.read_time),
        room=room_name(moment, booked.room_type),
        fee=fact(found.fee, f"cancellation:{booked.code}", found.read_time),
        free=not found.fee.amount,
        **stay_values(booked.stay, source, booked.read_time),
    )
    choices = (Choice(id=f"yes:{summary.id}", title="yes_cancel"), Choice(id=f"no:{summary.id}", title="no_keep"))
    return done(replace(moment.state, cancellation=found, summary=summary), replace(reply, choices=choices))


def cancel(moment: Moment) -> Done:
    """The one place where a stay is called off: after a clear yes to the fee."""
    return done(moment.state, Cancel(token=_previewed(moment).token, code=_booked(moment).code))


def say_canceled(moment: Moment) -> Done:
    assert isinstance(moment.event, Canceled)
    booked = moment.event.reservation
    reply = say("cancellation.done", code=fact(booked.code, f"reservation:{booked.code}", booked.read_time))
    state = replace(moment.state, cancellation=None, summary=None, reservation=booked, asked=())
    return done(state.without_slots("reservation"), reply)


def to_staff(moment: Moment) -> Done:
    """The rule, and a person who decides; nothing is promised and nothing canceled."""
    booked = _booked(moment)
    case = reservations("cancellation")
    state = hand_over(moment.state, case, moment.now)
    source = f"reservation:{booked.code}"
    reply = say(
        "cancellation.for_staff",
        code=fact(booked.code, source, booked.read_time),
        hardship=tells_of_hardship(moment.state.turn.text),
        non_refundable=booked.terms.non_refundable,
        total=fact(booked.total, source, booked.read_time),
        minutes=answered_within(case),
    )
    return done(state, reply, opening(case))


def not_possible(moment: Moment) -> Done:
    """The hotel's system refuses: a person looks at it."""
    case = reservations("cancellation")
    state = hand_over(moment.state, case, moment.now)
    reply = say("cancellation.not_possible", minutes=answered_within(case))
    return done(state, reply, opening(case))


def kept(moment: Moment) -> Done:
    booked = _booked(moment)
    state = replace(moment.state, cancellation=None, summary=None)
    return done(state, say("cancellation.kept", code=fact(booked.code, f"reservation:{booked.code}", booked.read_time)))


def answer_plea(moment: Moment) -> Done:
    """The fee is the hotel's rule; whether it is let off is for people to say."""
    return done(moment.state, say("cancellation.plea"))


PLEA = at_once("plea", answer_plea)
FLOW = Flow(
    name="cancellation",
    start="begin",
    waiting=(*WAITING, "confirming"),
    transitions=(
        *identify((Next(do=preview, to="previewing"),)),
        Transition(
            state="previewing", on=CancellationPreviewed, when=(RULE("for_guest"),), do=ask_yes, to="confirming"
        ),
        Transition(state="previewing", on=CancellationPreviewed, when=(RULE("for_staff"),), do=to_staff, to=END),
        Transition(state="previewing", on=CallRefused, do=not_possible, to=END),
        Transition(state="previewing", on=CallFailed, do=hotel_system_down, to=END),
        Transition(state="confirming", on=Confirmed, when=(STANDS("yes"),), do=cancel, to="canceling"),
        Transition(state="confirming", on=Confirmed, when=(STANDS("no"),), do=preview_again, to="previewing"),
        Transition(state="confirming", on=Told, do=preview, to="previewing"),
        Transition(state="confirming", on=Resumed, do=ask_yes, to="confirming"),
        *missing((Transition(state="confirming", on=Missed, do=ask_yes, to="confirming"),)),
        Transition(state="confirming", on=Denied, do=kept, to=END),
        Transition(state="confirming", on=TimePassed, do=stay_put, to="confirming"),
        Transition(state="canceling", on=Canceled, do=say_canceled, to=END),
        Transition(state="canceling", on=CallRefused, do=not_possible, to=END),
        Transition(state="canceling", on=CallFailed, do=not_possible, to=END),
    ),
)
