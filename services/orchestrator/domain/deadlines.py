"""What time alone changes in a conversation: holds and prices that ran out, promises that were not kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.orchestrator.domain.effects import ReleaseHold
from services.orchestrator.domain.state import DialogueState


def due(state: DialogueState, now: datetime) -> bool:
    """True when something is to be done about the conversation because of the time, or to be sent."""
    waiting = state.awaiting
    # Nobody stands above the manager: telling the guest again would be no news.
    overdue = waiting is not None and waiting.due <= now and waiting.desk != "manager"
    return overdue or bool(state.unsent) or _lapsed(state, now) or bool(_broken(state, now))


def _lapsed(state: DialogueState, now: datetime) -> bool:
    return any(item is not None and item.expires <= now for item in (state.hold, state.quote, state.summary))


def _broken(state: DialogueState, now: datetime) -> tuple[str, ...]:
    return tuple(item.id for item in state.promises if not item.kept and not item.broken and item.due <= now)


def break_promises(state: DialogueState, now: datetime) -> DialogueState:
    """The state with every promise whose time has passed marked as broken."""
    broken = _broken(state, now)
    return replace(
        state,
        promises=tuple(replace(item, broken=now) if item.id in broken else item for item in state.promises),
    )


def let_lapse(state: DialogueState, now: datetime) -> tuple[DialogueState, tuple[ReleaseHold, ...]]:
    """The state without what ran out, and the call that gives the rooms back. A flow that waits on it says so later."""
    released: tuple[ReleaseHold, ...] = ()
    if state.hold is not None and state.hold.expires <= now:
        released = (ReleaseHold(hold_id=state.hold.id),)
        state = replace(state, hold=None, quote=None)
    if state.quote is not None and state.quote.expires <= now:
        state = replace(state, quote=None)
    if state.summary is not None and state.summary.expires <= now:
        state = replace(state, summary=None)
    return state, released
