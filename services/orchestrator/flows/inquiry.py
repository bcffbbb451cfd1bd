"""Questions about the hotel, answered from its facts; what is not among them is said to be unknown, never invented."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from services.orchestrator.domain.events import Asked, CallFailed, CallRefused, ReservationsFound
from services.orchestrator.domain.fact_names import fact_of, fact_speaking_of, facts_named, names_of, usual_name
from services.orchestrator.domain.fact_words import fact_named, has_words_of
from services.orchestrator.domain.flow import END, Done, Flow, Transition
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.domain.hotel import Fact, RatePlan, RoomType
from services.orchestrator.domain.phrases import diet_of, leaves_open, means_of_transport
from services.orchestrator.domain.proof import Sourced, Value
from services.orchestrator.domain.reservation import Reservation
from services.orchestrator.domain.room_phrases import asks_about_beds, compares, wants_advice
from services.orchestrator.flows.collecting import party_of
from services.orchestrator.flows.identifying import find
from services.orchestrator.flows.speaking import (
    done,
    fact,
    of_property,
    offering_person,
    plan_name,
    say,
    stay_values,
    terms_values,
)

# Topics of so much that another fact may be meant.
_BROAD = ("children", "kids", "family", "amenities", "services", "tourism", "restaurant", "policy")
WHOLE = 100
_MEALS = ("breakfast", "restaurant")
# What may be asked of one room.
_OF_A_ROOM = ("", "room_details", "room_types", "rooms", "children", "accessibility", "amenities", "smoking", "pets")
_OF_PROPERTY = (
    "check_in_time", "check_out_time", "cancellation_policy", "room_types", "reception_hours", "taxes", "currency",
)  # fmt: skip


def _topic(moment: Moment, topic: str) -> str:
    """The name under which the hotel keeps the topic."""
    facts, text = moment.hotel.facts, _without_rooms(moment)
    other = usual_name(topic)
    known = fact_of(topic, facts)
    if known in _BROAD and not has_words_of(text, facts[known]):
        # "Is there a cot?" is about the cot where the hotel says something of it, and of children something else.
        return fact_named(text, facts, among_others=True) or known
    if known or other in _OF_PROPERTY:
        return known or other
    answered = {name for item in moment.state.turn.topics for name in names_of(item)}
    named = (name for name in facts_named(text, facts) if name not in answered)
    return next(named, "") or fact_speaking_of(text, facts) or fact_named(text, facts) or other


def _without_rooms(moment: Moment) -> str:
    """What was said, without the names of rooms: "what's in the suite?" is not about dogs, which stay out of it."""
    text = moment.state.turn.text
    for name in (name for kind in moment.hotel.room_types for name in kind.names.values()):
        text = re.sub(rf"\b{re.escape(name)}\b", " ", text, flags=re.IGNORECASE)
    return text


def fact_text(moment: Moment, topic: str) -> Sourced | None:
    """The hotel's words on a topic, or None."""
    item = moment.hotel.facts.get(_topic(moment, topic))
    if item is None or not item.texts or _is_silent(moment, topic, item):
        item = _on_diet(moment, topic)
    if item is None:
        return None
    words = item.texts.get(moment.state.language) or next(iter(item.texts.values()))
    return fact(words, f"fact:{item.topic}@{item.version}", moment.hotel.read_time)


def _on_diet(moment: Moment, topic: str) -> Fact | None:
    """Where another fact speaks of what somebody may not eat."""
    diet = diet_of(moment.state.turn.text) if topic in _MEALS else frozenset()
    told = (item for item in moment.hotel.facts.values() if item.texts)
    return next((item for item in told if any(stem in _all_words(item) for stem in diet)), None)


def _all_words(item: Fact) -> str:
    return f"{item.topic} {' '.join(item.texts.values())}".casefold()


def _is_silent(moment: Moment, topic: str, item: Fact) -> bool:
    """ "Is there a vegan breakfast?" is not answered by when breakfast is, nor "is there a metro?" by how far the
    airport is."""
    text = moment.state.turn.text
    asked = diet_of(text) if topic in _MEALS else means_of_transport(text) if topic == "transport" else frozenset()
    return bool(asked) and not any(word in _all_words(item) for word in asked)


def _known(moment: Moment) -> str:
    topic = moment.event.topic if isinstance(moment.event, Asked) else ""
    if fact_text(moment, topic):
        return "fact"
    name = _topic(moment, topic)
    if name == "reception_hours" and moment.hotel.staff_start is None:
        return "unknown"
    if name == "cancellation_policy" and moment.state.flow not in ("booking", "availability"):
        return "own"
    if name in _OF_PROPERTY and (name != "room_types" or asks_about_beds(moment.state.turn.text)):
        return "property"
    return "room" if topic in _OF_A_ROOM and _room_meant(moment) else "unknown"


def _room_meant(moment: Moment) -> RoomType | None:
    """The room that the question names."""
    named = "room_type" in moment.state.turn.changed
    return moment.hotel.room_type(moment.state.value("room_type")) if named else None


KNOWN = Question(name="known", answers=("fact", "own", "property", "room", "unknown"), ask=_known)


def _own(moment: Moment) -> Reservation | None:
    """The one stay to come of whoever asks: the one in hand, else that of the channel."""
    found = moment.found
    held = moment.state.reservation
    if held is not None and held.code in moment.state.proven:
        found = (held,)
    coming = [item for item in found if item.live and not item.in_house]
    return coming[0] if len(coming) == 1 else None


OWN = Question(name="own", answers=("yes", "no"), ask=lambda moment: "yes" if _own(moment) else "no")


def tell_own_terms(moment: Moment) -> Done:
    """Until when the guest's own stay can be called off, and what it costs then; who compares asks for the rules."""
    booked = _own(moment)
    assert booked is not None
    source = f"reservation:{booked.code}"
    reply = say(
        "cancellation.own_terms",
        asks=(),
        code=fact(booked.code, source, booked.read_time),
        **stay_values(booked.stay, source, booked.read_time),
        **terms_values(moment, booked.terms, booked.rate_plan),
    )
    return done(moment.state, reply)


def tell_policy(moment: Moment) -> Done:
    """The rules of the rates, as they are for everybody."""
    arrive_from = of_property(moment, "check_in_time", moment.hotel.check_in_time)
    rows = tuple(
        {"plan": plan_name(moment, plan.id), "arrive_from": arrive_from, **_rule(moment, plan)}
        for plan in _plans(moment)
    )
    return done(moment.state, say("inquiry.cancellation_policy", asks=(), rows=rows))


def tell(moment: Moment) -> Done:
    assert isinstance(moment.event, Asked)
    words = fact_text(moment, moment.event.topic)
    state = replace(moment.state, told_topic=moment.event.topic)
    if words and leaves_open(moment.state.turn.text, str(words.content)):
        return done(state, say("inquiry.fact_of_others", words=words))
    return done(state, say("inquiry.fact", words=words))


def tell_property(moment: Moment) -> Done:
    assert isinstance(moment.event, Asked)
    hotel, topic = moment.hotel, _topic(moment, moment.event.topic)
    values: dict[str, Value]
    match topic:
        case "check_in_time":
            values = {"from_time": of_property(moment, topic, hotel.check_in_time)}
        case "check_out_time":
            values = {"until_time": of_property(moment, topic, hotel.check_out_time)}
        case "reception_hours":
            assert hotel.staff_start is not None
            assert hotel.staff_end is not None
            values = {
                "from_time": of_property(moment, "staff_start", hotel.staff_start),
                "until_time": of_property(moment, "staff_end", hotel.staff_end),
            }
        case "taxes":
            values = {}
        case "currency":
            values = {"currency": of_property(moment, topic, hotel.currency)}
        case "room_types":
            values = {"rows": tuple(_room_values(moment, kind) for kind in _rooms_to_show(moment))}
        case _:
            return tell_policy(moment)
    return done(moment.state, say(f"inquiry.{topic}", asks=(), **values))


def _plans(moment: Moment) -> tuple[RatePlan, ...]:
    """The plan that was chosen, else all; all, too, when they are compared."""
    chosen = moment.hotel.rate_plan(moment.state.value("rate_plan"))
    return (chosen,) if chosen and not compares(moment.state.turn.text) else moment.hotel.rate_plans


def _rule(moment: Moment, plan: RatePlan) -> dict[str, Value]:
    """Until when canceling is free and what it costs from then on."""
    source, read_time = f"policy:{plan.id}", moment.hotel.read_time

    def figure(number: int | None) -> Sourced | None:
        return fact(number, source, read_time) if number else None

    steps = plan.penalties
    return {
        "dates_fixed": not plan.date_change_allowed,
        "hours": figure(plan.free_until_hours),
        "non_refundable": not plan.free_until_hours and (not steps or (len(steps) == 1 and steps[0].percent == WHOLE)),
        "steps": tuple(
            {
                "hours": figure(step.hours),
                "nights": figure(step.nights),
                "percent": figure(step.percent),
                "everything": step.percent == WHOLE,
                "amount": fact(step.amount, source, read_time) if step.amount else None,
            }
            for step in steps
        ),
    }


def _rooms_to_show(moment: Moment) -> Sequence[RoomType]:
    """All of them; who asks which to take, and has said who comes, is shown those that take them all."""
    kinds = moment.hotel.room_types
    party = party_of(moment.state) if wants_advice(moment.state.turn.text) else 0
    return [kind for kind in kinds if kind.max_occupancy >= party] or kinds


def _room_values(moment: Moment, kind: RoomType) -> dict[str, Value]:
    source = f"room_type/{kind.id}"
    return {
        "name": of_property(moment, source, _words(moment, kind.names)),
        "beds": of_property(moment, source, _words(moment, kind.beds)) if kind.beds else None,
        "people": of_property(moment, source, kind.max_occupancy),
    }


def tell_room(moment: Moment) -> Done:
    """What is known of the one room that was asked about, and a person for the rest."""
    kind = _room_meant(moment)
    assert kind is not None
    return done(moment.state, say("inquiry.room", asks=(), **_room_values(moment, kind)))


def _words(moment: Moment, names: object) -> str:
    texts = dict(names)  # type: ignore[call-overload]
    return str(texts.get(moment.state.language) or next(iter(texts.values()), ""))


def _unknown_too(moment: Moment, event: Asked) -> bool:
    return _known(replace(moment, event=event)) == "unknown"


def unknown(moment: Moment) -> Done:
    """Said as it is, with the offer of a person; in the middle of something else the offer is not a question."""
    if any(move.flow == "service" for move in moment.state.turn.agenda):
        # A person is told of it anyway.
        return moment.state, ()
    if any(isinstance(move.event, Asked) and _unknown_too(moment, move.event) for move in moment.state.turn.agenda):
        # Of several things that are not known it is said once, after the last of them.
        return moment.state, ()
    if moment.state.flow or moment.state.turn.agenda:
        return done(moment.state, say("inquiry.unknown_aside"))
    return done(moment.state, offering_person("inquiry.unknown"))


FLOW = Flow(
    name="inquiry",
    start="begin",
    side=True,
    transitions=(
        Transition(state="begin", on=Asked, when=(KNOWN("fact"),), do=tell, to=END),
        Transition(state="begin", on=Asked, when=(KNOWN("own"),), do=find, to="looking"),
        Transition(state="looking", on=ReservationsFound, when=(OWN("yes"),), do=tell_own_terms, to=END),
        Transition(state="looking", on=ReservationsFound, when=(OWN("no"),), do=tell_policy, to=END),
        Transition(state="looking", on=CallRefused, do=tell_policy, to=END),
        Transition(state="looking", on=CallFailed, do=tell_policy, to=END),
        Transition(state="begin", on=Asked, when=(KNOWN("property"),), do=tell_property, to=END),
        Transition(state="begin", on=Asked, when=(KNOWN("room"),), do=tell_room, to=END),
        Transition(state="begin", on=Asked, when=(KNOWN("unknown"),), do=unknown, to=END),
    ),
)
