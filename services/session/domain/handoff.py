"""A conversation given to a person: open, claimed, released."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from mesh.errors import NotFound, Refused


class Desk(IntEnum):
    """Which desk. Numbers are stored: never renumber."""

    RECEPTION = 1
    RESERVATIONS = 2
    ON_CALL = 3
    MANAGER = 4


class Priority(IntEnum):
    """How soon a person must answer. Numbers are stored: never renumber."""

    LOW = 1
    NORMAL = 2
    URGENT = 3


class HandoffState(IntEnum):
    """Where a hand-off stands. Numbers are stored: never renumber."""

    OPEN = 1
    CLAIMED = 2
    RELEASED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A hand-off. `due_time` is when a person must have answered; `sla_minutes` is what the guest was promised."""

    state: HandoffState
    desk: Desk
    priority: Priority
    sla_minutes: int = 0
    reason: str = ""
    summary: str = ""
    agent: str = ""
    open_time: datetime | None = None
    due_time: datetime | None = None

    @property
    def waits_until(self) -> datetime | None:
        """By when somebody must take it; None once somebody has."""
        return self.due_time if self.state is HandoffState.OPEN else None


def claimed(handoff: Handoff | None, agent: str) -> Handoff:
    """Taken by a member of staff; harmless for the one who has it already.

    Raises NotFound when none is open, Refused when somebody else has it.
    """
    match handoff:
        case Handoff(state=HandoffState.OPEN):
            return replace(handoff, state=HandoffState.CLAIMED, agent=agent)
        case Handoff(state=HandoffState.CLAIMED, agent=holder) if holder == agent:
            return handoff
        case Handoff(state=HandoffState.CLAIMED):
            raise _claimed_by(handoff.agent)
    raise no_handoff()


def released(handoff: Handoff | None, agent: str) -> Handoff:
    """Given back to the bot by the one who has it.

    Raises NotFound when nobody has it, Refused when somebody else has.
    """
    if handoff is None or handoff.state is not HandoffState.CLAIMED:
        raise no_handoff()
    if handoff.agent != agent:
        raise _claimed_by(handoff.agent)
    return replace(handoff, state=HandoffState.RELEASED)


def no_handoff() -> NotFound:
    """There is no hand-off in the state that the call needs."""
    return NotFound("HANDOFF_NOT_FOUND", "the conversation has no hand-off in the state that this needs")


def _claimed_by(agent: str) -> Refused:
    return Refused("HANDOFF_CLAIMED", "another member of staff has the conversation", agent=agent)
