"""Values of replies, each with its source: names, stays, prices and rules as the hotel's system told them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from mesh.values import Money

from services.orchestrator.domain.desk import Case
from services.orchestrator.domain.effects import Choice, Effect, Reply
from services.orchestrator.domain.events import Opened
from services.orchestrator.domain.flow import Done
from services.orchestrator.domain.guard import Moment
from services.orchestrator.domain.offers import Stay, Terms
from services.orchestrator.domain.price_phrases import asks_per_night, asks_per_person, asks_per_room
from services.orchestrator.domain.proof import Content, Sourced, Value
from services.orchestrator.domain.state import DialogueState

YES_OR_NO = (Choice(id="yes:", title="yes"), Choice(id="no:", title="no"))
_PERSON_OR_NO = (Choice(id="human", title="person"), Choice(id="no:", title="no"))


def done(state: DialogueState, *effects: Effect) -> Done:
    return state, effects


def stay_put(moment: Moment) -> Done:
    """Nothing to do."""
    return moment.state, ()


def say(template: str, *, asks: tuple[str, ...] = (), **values: Value) -> Reply:
    return Reply(template=template, values=values, asks=asks)


def offering_person(template: str, **values: Value) -> Reply:
    """Said, and a person offered with it."""
    return Reply(template=template, values=values, choices=_PERSON_OR_NO, asks=("human",))


def subject_of(moment: Moment) -> str:
    """Which of its cases a flow that was just opened is to speak of."""
    return moment.event.subject if isinstance(moment.event, Opened) else ""


def fact(content: Content, source: str, read_time: datetime | None = None) -> Sourced:
    return Sourced(content=content, source=source, read_time=read_time)


def told(moment: Moment, slot: str, content: Content) -> Sourced:
    """What the guest said, in the form in which it was understood."""
    held = moment.state.slots.get(slot)
    return Sourced(content=content, source=f"guest:{held.source}" if held and held.source else f"slot:{slot}")


def answered_within(case: Case) -> Sourced:
    """The minutes within which a person answers."""
    return fact(case.minutes, f"handoff:{case.reason}")


def of_property(moment: Moment, field: str, content: Content) -> Sourced:
    return Sourced(content=content, source=f"property:{field}", read_time=moment.hotel.read_time)


def hotel_name(moment: Moment) -> Sourced:
    return of_property(moment, "name", moment.hotel.name)


def room_name(moment: Moment, room_type: str) -> Sourced:
    item = moment.hotel.room_type(room_type)
    return of_property(moment, f"room_type/{room_type}", _named(moment, item.names) if item else room_type)


def room_choices(moment: Moment, kinds: Iterable[str]) -> tuple[Choice, ...]:
    """One choice a kind of room, by its name."""
    return tuple(Choice(id=f"type:{kind}", title="named", values={"name": room_name(moment, kind)}) for kind in kinds)


def plan_name(moment: Moment, rate_plan: str) -> Sourced:
    item = moment.hotel.rate_plan(rate_plan)
    return of_property(moment, f"rate_plan/{rate_plan}", _named(moment, item.names) if item else rate_plan)


def _named(moment: Moment, names: Mapping[str, str]) -> str:
    return names.get(moment.state.language) or next(iter(names.values()), "")


def stay_values(stay: Stay, source: str, read_time: datetime | None = None) -> dict[str, Value]:
    """`check_in`, `check_out` and `nights` of a stay."""
    return {
        "check_in": Sourced(content=stay.check_in, source=source, read_time=read_time),
        "check_out": Sourced(content=stay.check_out, source=source, read_time=read_time),
        "nights": Sourced(content=stay.nights, source=source, read_time=read_time),
    }


def night_of(moment: Moment, total: Sourced, stay: Stay) -> Sourced | None:
    """What one night of a stay costs on average, when the guest asks for it; None for a single night."""
    if stay.nights == 1 or not asks_per_night(moment.state.turn.text):
        return None
    return _part(total, stay.nights)


def room_of(moment: Moment, total: Sourced, rooms: int) -> Sourced | None:
    """What one of several rooms costs, when the guest asks for it; None for a single room."""
    return _part(total, rooms) if rooms > 1 and asks_per_room(moment.state.turn.text) else None


def share_of(moment: Moment, total: Sourced, people: int) -> Sourced | None:
    """What each of several people pays, when the guest asks for it; None where every room is asked for."""
    text = moment.state.turn.text
    return _part(total, people) if people > 1 and asks_per_person(text) else None


def _part(total: Sourced, count: int) -> Sourced:
    assert isinstance(total.content, Money)
    return replace(total, content=Money.of(total.content.amount / count, total.content.currency))


def terms_values(moment: Moment, terms: Terms, rate_plan: str) -> dict[str, Value]:
    """The cancellation rule: `non_refundable`, or free until `free_until` (`free_hours` before), then `penalty`."""
    plan = moment.hotel.rate_plan(rate_plan)
    source = f"policy:{rate_plan}"
    hours = plan.free_until_hours if plan else None
    local = moment.hotel.local(terms.free_until) if terms.free_until else None
    return {
        "non_refundable": terms.non_refundable,
        "dates_fixed": not terms.date_change_allowed,
        "free_hours": fact(hours, source, moment.hotel.read_time) if hours and local else None,
        "free_until": fact(local, source) if local else None,
        "still_free": bool(local and local > moment.now),
        "penalty": fact(terms.penalty, source) if terms.penalty else None,
    }
