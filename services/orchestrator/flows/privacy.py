"""A guest's own data: a copy of it, or forgetting it after a clear yes. The channel proves whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mesh.values import derived_id

from services.orchestrator.domain.desk import Case, hand_over, opening
from services.orchestrator.domain.effects import Choice, EraseGuest, ExportGuest, FindReservations, OpenHandoff
from services.orchestrator.domain.events import (
    CallFailed,
    CallRefused,
    Confirmed,
    Denied,
    GuestErased,
    GuestExported,
    Missed,
    ReservationsFound,
    Resumed,
    TimePassed,
    Told,
)
from services.orchestrator.domain.flow import END, Done, Flow, Transition
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.domain.phrases import wants_copy_of_data, wants_data_erased
from services.orchestrator.domain.state import DialogueState, Summary
from services.orchestrator.flows.cancellation import STANDS
from services.orchestrator.flows.missing import missing
from services.orchestrator.flows.offering import let_go
from services.orchestrator.flows.speaking import done, fact, say, stay_put

# A person hands the copy over, or does what could not be done here.
PRIVACY_MINUTES = 240
# As long as a price, the question whether to erase stands.
QUESTION_STANDS = timedelta(minutes=30)


def _wish(moment: Moment) -> str:
    text = moment.state.turn.text
    if wants_data_erased(text):
        return "erase"
    return "copy" if wants_copy_of_data(text) else "unclear"


WISH = Question(name="wish", answers=("copy", "erase", "unclear"), ask=_wish)


def ask_which(moment: Moment) -> Done:
    return done(moment.state, say("privacy.which", asks=("privacy_choice",)))


def export(moment: Moment) -> Done:
    return done(moment.state, ExportGuest())


def say_exported(moment: Moment) -> Done:
    """The copy can be had; a person hands it over, for a chat is no place for a file of personal data."""
    state, handoff = _to_person(moment)
    reply = say("privacy.exported", hours=fact(PRIVACY_MINUTES // 60, "handoff:privacy_request"))
    return done(state, reply, handoff)


def look(moment: Moment) -> Done:
    contact = moment.state.contact
    return done(moment.state, FindReservations(phone=contact.phone, email=contact.email))


def ask_yes(moment: Moment) -> Done:
    """What would go, what must stay, that there is no way back, and the question."""
    found = moment.found if isinstance(moment.event, ReservationsFound) else moment.state.candidates
    live = tuple(item for item in found if item.live)
    summary = Summary(
        id=derived_id("sum", moment.state.turn.id, "erasure"),
        kind="erasure",
        reference=moment.state.turn.id,
        expires=moment.now + QUESTION_STANDS,
    )
    rows = tuple({"code": fact(item.code, f"reservation:{item.code}", item.read_time)} for item in live)
    choices = (Choice(id=f"yes:{summary.id}", title="yes_erase"), Choice(id=f"no:{summary.id}", title="no_keep_data"))
    reply = replace(say("privacy.ask_yes", asks=("confirm",), rows=rows), choices=choices)
    return done(replace(moment.state, summary=summary, candidates=live), reply)


def erase(moment: Moment) -> Done:
    """The one place where a guest is forgotten: after a clear yes. Rooms that were kept are given back."""
    state, released = let_go(moment.state)
    return done(state, *released, EraseGuest())


def say_erased(moment: Moment) -> Done:
    assert isinstance(moment.event, GuestErased)
    rows = tuple(
        {"code": fact(item.code, f"reservation:{item.code}", item.read_time)} for item in moment.state.candidates
    )
    receipt = fact(moment.event.receipt, "session:erasure")
    return done(_closed(moment.state), say("privacy.erased", receipt=receipt, rows=rows))


def kept(moment: Moment) -> Done:
    return done(_closed(moment.state), say("privacy.kept"))


def to_person(moment: Moment) -> Done:
    """It could not be done here: a person does it, after making sure who asks."""
    state, handoff = _to_person(moment)
    reply = say("privacy.for_person", hours=fact(PRIVACY_MINUTES // 60, "handoff:privacy_request"))
    return done(state, reply, handoff)


def _to_person(moment: Moment) -> tuple[DialogueState, OpenHandoff]:
    case = Case(desk="manager", priority="low", minutes=PRIVACY_MINUTES, reason="privacy_request")
    return hand_over(_closed(moment.state), case, moment.now), opening(case)


def _closed(state: DialogueState) -> DialogueState:
    return replace(state, summary=None, candidates=(), asked=())


def _wishing(state: str, on: type) -> tuple[Transition, ...]:
    return (
        Transition(state=state, on=on, when=(WISH("copy"),), do=export, to="exporting"),
        Transition(state=state, on=on, when=(WISH("erase"),), do=look, to="looking"),
        Transition(state=state, on=on, when=(WISH("unclear"),), do=ask_which, to="choosing"),
    )


FLOW = Flow(
    name="privacy",
    start="choosing",
    waiting=("choosing", "confirming"),
    transitions=(
        *_wishing("choosing", Told),
        *_wishing("choosing", Missed),
        *_wishing("choosing", Confirmed),
        *_wishing("choosing", Resumed),
        Transition(state="choosing", on=Denied, do=kept, to=END),
        Transition(state="choosing", on=TimePassed, do=stay_put, to="choosing"),
        Transition(state="exporting", on=GuestExported, do=say_exported, to=END),
        Transition(state="exporting", on=CallRefused, do=to_person, to=END),
        Transition(state="exporting", on=CallFailed, do=to_person, to=END),
        Transition(state="looking", on=ReservationsFound, do=ask_yes, to="confirming"),
        Transition(state="looking", on=CallRefused, do=to_person, to=END),
        Transition(state="looking", on=CallFailed, do=to_person, to=END),
        Transition(state="confirming", on=Confirmed, when=(STANDS("yes"),), do=erase, to="erasing"),
        Transition(state="confirming", on=Confirmed, when=(STANDS("no"),), do=ask_yes, to="confirming"),
        Transition(state="confirming", on=Told, do=ask_yes, to="confirming"),
        Transition(state="confirming", on=Resumed, do=ask_yes, to="confirming"),
        *missing((Transition(state="confirming", on=Missed, do=ask_yes, to="confirming"),)),
        Transition(state="confirming", on=Denied, do=kept, to=END),
        Transition(state="confirming", on=TimePassed, do=stay_put, to="confirming"),
        Transition(state="erasing", on=GuestErased, do=say_erased, to=END),
        Transition(state="erasing", on=CallRefused, do=to_person, to=END),
        Transition(state="erasing", on=CallFailed, do=to_person, to=END),
    ),
)
