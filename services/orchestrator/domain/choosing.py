"""A choice among the offers on show that is said without naming a slot: by its name alone, its rate, or its price."""

from __future__ import annotations

import re
from dataclasses import replace

from services.orchestrator.domain.analysis import Analysis
from services.orchestrator.domain.events import Said
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.phrases import does_not_mind, wants_cheapest, wants_the_other
from services.orchestrator.domain.state import DialogueState, Slot


def other_rate(state: DialogueState, analysis: Analysis, text: str) -> Analysis:
    """The analysis with the other one of two rates on show, when the one that is named is not wanted."""
    named = {entity.value for entity in analysis.entities if entity.type == "rate_plan"}
    shown = {offer.rate_plan for offer in state.offers}
    if len(named) != 1 or len(shown) != 2 or not named < shown or not wants_the_other(text):
        return analysis
    meant = (shown - named).pop()
    return replace(
        analysis,
        entities=tuple(replace(e, value=meant) if e.type == "rate_plan" else e for e in analysis.entities),
    )


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


def chosen_by_rate(state: DialogueState, said: Said, changed: frozenset[str]) -> DialogueState:
    """Who names the conditions of the only room on show has chosen that room."""
    kinds = {offer.room_type for offer in state.offers}
    if (
        "rate_plan" not in changed
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
    plan = "" if cheapest else state.value("rate_plan")
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
