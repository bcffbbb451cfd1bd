"""Flows as data: states and typed transitions, with the checks that are made when they are loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.orchestrator.domain.effects import Effect
from services.orchestrator.domain.events import (
    Asked,
    CallFailed,
    CallRefused,
    Confirmed,
    Denied,
    Missed,
    Opened,
    Resumed,
    TimePassed,
    Told,
)
from services.orchestrator.domain.guard import Guard, Moment, covers, overlap
from services.orchestrator.domain.state import DialogueState

# The flow is over.
END = "end"

Done = tuple[DialogueState, tuple[Effect, ...]]
Action = Callable[[Moment], Done]

# What every state that waits for the guest must have an answer to, and every state that waits for the hotel.
GUEST_EVENTS: tuple[type, ...] = (Told, Confirmed, Denied, Missed, Resumed, TimePassed)
CALL_EVENTS: tuple[type, ...] = (CallRefused, CallFailed)
OPENING_EVENTS: tuple[type, ...] = (Asked, Opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """In `state`, `on` an event, `when` the guard holds: `do`, and go `to` a state, another `flow:state`, or END."""

    state: str
    on: type
    when: Guard = ()
    do: Action
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A conversation about one thing.

    A `side` flow answers and is over within the turn, leaving the conversation where it was; with `returns` the open
    question is asked again after it. `waiting` states wait for the guest; the others wait for the hotel's answer.
    """

    name: str
    start: str
    transitions: tuple[Transition, ...]
    waiting: tuple[str, ...] = ()
    side: bool = False
    returns: bool = True

    def states(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(transition.state for transition in self.transitions))


def at_once(name: str, action: Action, *, returns: bool = True) -> Flow:
    """The side flow that answers by one action, whatever its subject."""
    transition = Transition(state="begin", on=Opened, do=action, to=END)
    return Flow(name=name, start="begin", side=True, returns=returns, transitions=(transition,))


class BrokenFlows(Exception):
    """The flows cannot be run. `problems` names every fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def check(flows: Sequence[Flow]) -> None:
    """Raises BrokenFlows when a state is unreachable, has no way out, or two transitions could fire at once."""
    known = {flow.name: flow for flow in flows}
    problems = [f"flow {flow.name} is there twice" for flow in flows if sum(f.name == flow.name for f in flows) > 1]
    for flow in flows:
        problems += _unknown_targets(flow, known)
        problems += _unreachable(flow, flows)
        problems += _overlaps(flow)
        problems += _dead_ends(flow)
        if flow.side and flow.waiting:
            problems.append(f"{flow.name}: a side flow cannot wait for the guest")
    if problems:
        raise BrokenFlows(problems)


def target(flow: str, to: str) -> tuple[str, str]:
    """The flow and state that `to` names, seen from `flow`."""
    name, _, state = to.rpartition(":")
    return (name or flow), state


def _unknown_targets(flow: Flow, known: dict[str, Flow]) -> list[str]:
    problems = []
    for transition in flow.transitions:
        name, state = target(flow.name, transition.to)
        if name not in known:
            problems.append(f"{flow.name}.{transition.state}: no flow {name}")
        elif state != END and state not in known[name].states():
            problems.append(f"{flow.name}.{transition.state}: no state {name}:{state}")
    if flow.start not in flow.states():
        problems.append(f"{flow.name}: no state {flow.start} to start in")
    return problems + [f"{flow.name}: no state {state}" for state in flow.waiting if state not in flow.states()]


def _unreachable(flow: Flow, flows: Sequence[Flow]) -> list[str]:
    reached = {flow.start}
    for other in flows:
        if other.name != flow.name:
            targets = [target(other.name, transition.to) for transition in other.transitions]
            reached |= {state for name, state in targets if name == flow.name}
    while True:
        further = {
            target(flow.name, transition.to)[1]
            for transition in flow.transitions
            if transition.state in reached and target(flow.name, transition.to)[0] == flow.name
        } - {END}
        if further <= reached:
            break
        reached |= further
    return [f"{flow.name}.{state} is never reached" for state in flow.states() if state not in reached]


def _overlaps(flow: Flow) -> list[str]:
    problems = []
    for index, one in enumerate(flow.transitions):
        for other in flow.transitions[index + 1 :]:
            if one.state == other.state and one.on is other.on and overlap(one.when, other.when):
                problems.append(f"{flow.name}.{one.state} on {one.on.__name__}: two transitions overlap")
    return problems


def _dead_ends(flow: Flow) -> list[str]:
    """Every answer to every event that must be handled leads somewhere."""
    problems = []
    for state in flow.states():
        handled = {t.on for t in flow.transitions if t.state == state}
        needed = set(GUEST_EVENTS) if state in flow.waiting else set()
        if handled - set(GUEST_EVENTS) - set(OPENING_EVENTS):
            needed |= set(CALL_EVENTS)
        for event in sorted(needed | handled, key=lambda kind: kind.__name__):
            guards = [t.when for t in flow.transitions if t.state == state and t.on is event]
            if not covers(guards):
                problems.append(f"{flow.name}.{state} on {event.__name__}: no way out")
    return problems
