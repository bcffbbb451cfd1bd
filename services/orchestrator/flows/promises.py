"""Promises whose time has passed: the manager is told, and the guest before having to ask."""

from __future__ import annotations

from services.orchestrator.domain.deadlines import break_promises
from services.orchestrator.domain.desk import hand_over, opening, overdue
from services.orchestrator.domain.events import TimePassed
from services.orchestrator.domain.flow import END, Done, Flow, Transition
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.flows.speaking import done, fact, say


def _overdue(moment: Moment) -> str:
    handoff = moment.state.awaiting
    if handoff is None or moment.now < handoff.due:
        return "no"
    # The manager is the last rung: telling the guest again would be no news.
    return "again" if handoff.desk == "manager" else "yes"


OVERDUE = Question(name="overdue", answers=("yes", "again", "no"), ask=_overdue)


def escalate(moment: Moment) -> Done:
    assert moment.state.handoff is not None
    case = overdue(moment.state.handoff)
    state = hand_over(break_promises(moment.state, moment.now), case, moment.now)
    reply = say("handoff.overdue", minutes=fact(case.minutes, "handoff:overdue"))
    return done(state, reply, opening(case))


def record(moment: Moment) -> Done:
    """Broken promises are on record even when there is nobody left to tell."""
    return done(break_promises(moment.state, moment.now))


FLOW = Flow(
    name="promises",
    start="begin",
    side=True,
    returns=False,
    transitions=(
        Transition(state="begin", on=TimePassed, when=(OVERDUE("yes"),), do=escalate, to=END),
        Transition(state="begin", on=TimePassed, when=(OVERDUE("again", "no"),), do=record, to=END),
    ),
)
