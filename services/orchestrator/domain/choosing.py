"""A choice among the offers on show that is said without naming a slot: by its name alone, its rate, or its price."""

from __future__ import annotations

import re
from dataclasses import replace

from services.orchestrator.domain.analysis import Analysis, Entity
from services.orchestrator.domain.events import Said
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.phrases import does_not_mind, only_wonders, wants_the_other
from services.orchestrator.domain.price_phrases import wants_cheapest
from services.orchestrator.domain.state import DialogueState, Slot

_PLACES = {
    **dict.fromkeys(("first", "1", "former", "primer"), 0),
    **dict.fromkeys(("second", "2", "latter", "segund"), 1),
    **dict.fromkeys(("third", "3", "tercer"), 2),
    **dict.fromkeys(("last", "ultim", "últim"), -1),
}
_BY_PLACE = re.compile(
    r"(?:^|\b(?:the|la|el|take|want|ok|quiero|y) )\W*(?P<n>first|former|second|latter|third|last|[1-3](?=st|nd|rd|ª|º)"
    r"|primer|segund|tercer|[uú]ltim)(?:st|nd|rd|ª|º|[ao]s?)?(?: (?:one|option|choice|rate|room|opci[oó]n|tarifa"
    r"|habitaci[oó]n))?\W*(?:please|por favor|then|entonces|is fine|est[aá] bien)?\W*$"
    r"|^\W*(?:ok\W+)?(?:option|number|opci[oó]n|n[uú]mero|#)? ?(?P<m>[1-3])\W*(?:please|por favor)?\W*$",
    re.IGNORECASE,
)


_OTHER_RATE = re.compile(
    r"\b(?:the|la) other (?:rate|tariff|price)\b|\bla otra tarifa\b|\btarifa (?:a|por|con) la otra\b"
    r"|\bel otro precio\b",
    re.IGNORECASE,
)


def other_rate(state: DialogueState, analysis: Analysis, text: str, hotel: Hotel) -> Analysis:
    """The analysis with the other one of two rates, when the one that is named, or was chosen, is not wanted."""
    chosen, rates = state.value("rate_plan"), [plan.id for plan in hotel.rate_plans]
    if chosen in rates and len(rates) == 2 and _OTHER_RATE.search(text) and not only_wonders(text):
        other = Entity(type="rate_plan", value=rates[1 - rates.index(chosen)])
        return replace(analysis, entities=(*(e for e in analysis.entities if e.type != "rate_plan"), other))
    named = {entity.value for entity in analysis.entities if entity.type == "rate_plan"}
    shown = {offer.rate_plan for offer in state.offers}
    if len(named) != 1 or len(shown) != 2 or not named < shown or not wants_the_other(text):
        return analysis
    meant = (shown - named).pop()
    return replace(
        analysis,
        entities=tuple(replace(e, value=meant) if e.type == "rate_plan" else e for e in analysis.entities),
    )


def rooms_meant(state: DialogueState, analysis: Analysis) -> Analysis:
    """The analysis with the one room that a shared word can mean here: of those on show, of those named by another
    word before, and of those that a guest who changes rooms has not."""
    shown = {offer.room_type for offer in state.offers}
    named = set(filter(None, state.value("room_kinds").split(",")))
    booked = {state.reservation.room_type} if state.flow == "modification" and state.reservation else set()

    def meant(entity: Entity) -> Entity:
        if not entity.ambiguous or entity.type != "room_type":
            return entity
        kinds = [kind for kind in entity.alternatives if kind not in booked]
        for among in (named, shown):
            kinds = [kind for kind in kinds if kind in among] or kinds
        if len(kinds) == 1:
            return replace(entity, value=kinds[0], ambiguous=False, alternatives=())
        return replace(entity, alternatives=tuple(kinds))

    return replace(analysis, entities=tuple(meant(entity) for entity in analysis.entities))


def chosen_by_name(state: DialogueState, said: Said, analysis: Analysis, hotel: Hotel) -> DialogueState:
    """The one room of those on show whose name is in the words, when nothing else was understood of the choice."""
    if "room_type" not in state.asked or any(entity.type == "room_type" for entity in analysis.entities):
        return state
    text = said.text.casefold()
    named = [
        kind.id
        for kind in hotel.room_types
        if any(offer.room_type == kind.id for offer in state.offers)
        and any(re.search(rf"\b{re.escape(name.casefold())}\b", text) for name in kind.names.values())
    ]
    return state.with_slots(room_type=Slot(value=named[0], source=said.message_id)) if len(named) == 1 else state


def chosen_by_place(state: DialogueState, said: Said, changed: frozenset[str]) -> DialogueState:
    """ "The second one" of the rooms, or of the rates, in the order in which they were shown."""
    place = None if changed else _BY_PLACE.search(said.text)
    name = next((name for name in ("room_type", "rate_plan") if name in state.asked), "")
    if place is None or not name:
        return state
    shown = list(dict.fromkeys(getattr(offer, name) for offer in state.offers))
    number = _PLACES[(place["n"] or place["m"]).casefold()]
    if not -len(shown) <= number < len(shown):
        return state
    return state.with_slots(**{name: Slot(value=shown[number], source=said.message_id)})


def chosen_by_rate(state: DialogueState, said: Said, changed: frozenset[str]) -> DialogueState:
    """Who names the conditions of the only room on show has chosen that room."""
    kinds = {offer.room_type for offer in state.offers}
    if (
        "rate_plan" not in changed
        or "room_type" in changed
        or not {"rate_plan", "confirm_choice", "room_type"} & set(state.asked)
        or state.value("room_type") in kinds
        or len(kinds) != 1
    ):
        return state
    return state.with_slots(room_type=Slot(value=kinds.pop(), source=said.message_id))


def chosen_by_price(state: DialogueState, said: Said, changed: frozenset[str]) -> DialogueState:
    """ "The cheapest", or "any", of the offers that were shown is a choice: that of the least total."""
    asked = {"room_type", "rate_plan"} & set(state.asked)
    cheapest = wants_cheapest(said.text)
    if not asked or not state.offers or not (cheapest or does_not_mind(said.text)):
        return state
    if "room_type" in changed and not cheapest:
        return state
    # "The cheapest that can be canceled" is the cheapest of that rate; one that was told before is given up.
    plan = "" if cheapest and "rate_plan" not in changed else state.value("rate_plan")
    kind = state.value("room_type")
    fitting = [
        offer
        for offer in state.offers
        if (not plan or offer.rate_plan == plan) and (not kind or offer.room_type == kind)
    ]
    if not fitting:
        return state
    best = min(fitting, key=lambda offer: offer.total)
    source = said.message_id
    return state.with_slots(
        room_type=Slot(value=best.room_type, source=source), rate_plan=Slot(value=best.rate_plan, source=source)
    )
