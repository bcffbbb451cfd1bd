"""Promises whose time has passed: the manager is told, and the guest before having to ask."""

from __future__ import annotations

from dataclasses import replace

from services.orchestrator.domain.desk import hand_over, overdue
from services.orchestrator.domain.effects import OpenHandoff
from services.orchestrator.domain.events import TimePassed
from services.orchestrator.domain.flow import END, Done, Flow, Transition
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.flows.speaking import done, fact, say, stay_put


def _overdue(moment: Moment) -> str:
    handoff = moment.state.handoff
    if handoff is None or handoff.state != "open" or moment.now < handoff.due:
        return "no"
    # The manager is the last rung: telling the guest again would be no news.
    return "again" if handoff.desk == "manager" else "yes"


OVERDUE = Question(name="overdue", answers=("yes", "again", "no"), ask=_overdue)


def escalate(moment: Moment) -> Done:
    assert moment.state.handoff is not None
    broken = tuple(
        replace(item, broken=moment.now) if not item.kept and not item.broken and item.due <= moment.now else item
        for item in moment.state.promises
    )
    case = overdue(moment.state.handoff)
    state = hand_over(replace(moment.state, promises=broken), case, moment.now)
    reply = say("handoff.overdue", minutes=fact(case.minutes, "handoff:overdue"))
    return done(state, reply, OpenHandoff(desk=case.desk, priority=case.priority, reason=case.reason))


FLOW = Flow(
    name="promises",
    start="begin",
    side=True,
    returns=False,
    transitions=(
        Transition(state="begin", on=TimePassed, when=(OVERDUE("yes"),), do=escalate, to=END),
        Transition(state="begin", on=TimePassed, when=(OVERDUE("again", "no"),), do=stay_put, to=END),
    ),
)
