"""Giving the conversation to a person: which desk, how soon, and the promise that goes with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mesh.errors import Refused
from mesh.values import derived_id

from services.orchestrator.domain.effects import OpenHandoff
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.state import DialogueState, Handoff, Promise

URGENT_MINUTES = 15
NORMAL_MINUTES = 60
# A guest who asks for a person while reception is there waits no longer than an urgent case does.
HUMAN_MINUTES = 15
# Who answers from the channel's own app, such as the hotel's phone. It is nobody's account: colleagues may take the
# conversation from it, and it gives nothing back by itself.
APP = "app"
APP_KEEPS = timedelta(hours=12)
_RANK = {"low": 0, "normal": 1, "urgent": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is handed over, to whom and how soon."""

    desk: str
    priority: str
    minutes: int
    reason: str


def human_request(hotel: Hotel, now: datetime) -> Case:
    """Somebody at reception; before opening the promise counts from the opening."""
    minutes = HUMAN_MINUTES + hotel.minutes_until_staffed(now)
    return Case(desk="reception", priority="normal", minutes=minutes, reason="human_request")


def complaint(hotel: Hotel, now: datetime, *, urgent: bool) -> Case:
    """Urgent ones never wait for the morning: at night they go to the person on call."""
    if urgent:
        desk = "reception" if hotel.staffed(now) else "on_call"
        return Case(desk=desk, priority="urgent", minutes=URGENT_MINUTES, reason="complaint")
    minutes = NORMAL_MINUTES + hotel.minutes_until_staffed(now)
    return Case(desk="reception", priority="normal", minutes=minutes, reason="complaint")


def reservations(reason: str) -> Case:
    """What only the reservations office may do, or what we could not."""
    return Case(desk="reservations", priority="normal", minutes=NORMAL_MINUTES, reason=reason)


def service(hotel: Hotel, now: datetime) -> Case:
    """Something reception must do or decide."""
    minutes = NORMAL_MINUTES + hotel.minutes_until_staffed(now)
    return Case(desk="reception", priority="normal", minutes=minutes, reason="service_request")


def emergency(hotel: Hotel, now: datetime) -> Case:
    """Somebody in danger."""
    desk = "reception" if hotel.staffed(now) else "on_call"
    return Case(desk=desk, priority="urgent", minutes=URGENT_MINUTES, reason="emergency")


def overdue(before: Handoff) -> Case:
    """A promise that was broken goes to the manager."""
    return Case(desk="manager", priority="urgent", minutes=URGENT_MINUTES, reason=before.reason)


def hand_over(state: DialogueState, case: Case, now: datetime, *, summary: str = "") -> DialogueState:
    """The state with the hand-off open and promised. One that is open already is only ever made more urgent."""
    current = state.handoff
    open_now = current is not None and current.state in ("open", "claimed")
    if open_now and current is not None and case.desk != "manager" and _RANK[current.priority] >= _RANK[case.priority]:
        return state
    due = now + timedelta(minutes=case.minutes)
    handoff = Handoff(
        desk=case.desk,
        priority=case.priority,
        sla_minutes=case.minutes,
        reason=case.reason,
        summary=summary or describe(state, case.reason),
        opened=now,
        due=due,
    )
    promise = Promise(
        id=derived_id("prm", state.turn.id, case.reason, case.desk), text=case.reason, owner=case.desk, due=due
    )
    kept = tuple(item for item in state.promises if item.id != promise.id)
    return replace(state, handoff=handoff, promises=(*kept[-19:], promise))


def opening(handoff: Case | Handoff) -> OpenHandoff:
    """The effect that puts a hand-off on record."""
    return OpenHandoff(desk=handoff.desk, priority=handoff.priority, reason=handoff.reason)


def take_over(state: DialogueState, agent: str, now: datetime) -> DialogueState:
    """The state with the conversation in the hands of `agent`, whether a person was waited for or not.

    Raises Refused(HANDOFF_CLAIMED) when a colleague has it.
    """
    current = state.handoff
    if current is not None and current.state == "claimed" and current.agent not in (agent, APP):
        raise Refused("HANDOFF_CLAIMED", "another member of staff has the conversation", agent=current.agent)
    if current is None or current.state == "released":
        current = Handoff(
            desk="reception",
            priority="normal",
            sla_minutes=0,
            reason="taken_over",
            summary=describe(state, "taken_over"),
            opened=now,
            due=now,
        )
    return replace(keep_promises(state, now), handoff=replace(current, state="claimed", agent=agent))


def answered_from_app(state: DialogueState, now: datetime) -> DialogueState:
    """The state with the conversation in the hands of the app, unless a colleague has it."""
    return keep_promises(state, now) if state.person_has_it else take_over(state, APP, now)


def returned_by_app(state: DialogueState, now: datetime) -> DialogueState:
    """The state with the conversation back when nothing came from the app that has it for a while."""
    if state.handoff is None or state.handoff.state != "claimed" or state.handoff.agent != APP:
        return state
    last = max((words.at for words in state.staff_words), default=state.handoff.opened)
    return state if now < last + APP_KEEPS else replace(state, handoff=replace(state.handoff, state="released"))


def keep_promises(state: DialogueState, now: datetime) -> DialogueState:
    """The state with every promise kept that was not broken: somebody is there now."""
    kept = tuple(item if item.kept or item.broken else replace(item, kept=now) for item in state.promises)
    return replace(state, promises=kept)


def with_what_was_added(state: DialogueState) -> DialogueState:
    """The state with what the guest told since then in the note of a hand-off that nobody has taken yet."""
    if (waiting := state.awaiting) is None:
        return state
    return replace(state, handoff=replace(waiting, summary=describe(state, waiting.reason)))


def describe(state: DialogueState, reason: str) -> str:
    """What the person needs to know: the reason and what the guest told, without contact data."""
    hidden = {"phone", "email"}
    known = ", ".join(f"{name}={slot.value}" for name, slot in state.slots.items() if name not in hidden)
    return f"{reason}: {known}" if known else reason
