"""What was not understood is said, and then the open question is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.orchestrator.domain.flow import Action, Done, Transition
from services.orchestrator.domain.guard import Moment
from services.orchestrator.flows.speaking import say

# After as many misses in a row a person is offered.
MISSES_BEFORE_PERSON = 2


def missed_and(action: Action) -> Action:
    """The action, after saying that the message was not understood."""

    def do(moment: Moment) -> Done:
        state, effects = action(moment)
        return state, (say("fallback.missed", again=moment.state.misses >= MISSES_BEFORE_PERSON), *effects)

    return do


def missing(transitions: Sequence[Transition]) -> tuple[Transition, ...]:
    """The transitions, each after saying that the message was not understood."""
    return tuple(replace(transition, do=missed_and(transition.do)) for transition in transitions)
