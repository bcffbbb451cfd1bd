"""Under whose name a booking is made: names alone, names that are completed, and words that hold none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.orchestrator.domain.analysis import INTENT_FLOOR, Analysis, Entity, Intent
from services.orchestrator.domain.phrases import mends_surname
from services.orchestrator.domain.slots import CHOICE_SLOTS
from services.orchestrator.domain.state import DialogueState

MOST_NAME_WORDS = 4
_BOOKING_FLOWS = ("booking", "availability")
_BOOKING_INTENTS = ("reservation_request", "availability_check")


def takes_name(state: DialogueState, text: str, intents: Sequence[Intent]) -> bool:
    """A question holds no answer: nobody is called "What's" because that was said when a name was asked for."""
    wanting = any(intent.name in _BOOKING_INTENTS for intent in intents)
    telling = "?" not in text and ("guest_name" in state.asked or state.flow in _BOOKING_FLOWS)
    return "verification" not in state.asked and (wanting or telling)


def bare_name(state: DialogueState, text: str, analysis: Analysis) -> Analysis:
    """A few capitalised words and nothing else, when a name was asked for, are the name, whatever they also mean."""
    words = text.strip().rstrip(".!").split()
    alone = all(intent.name == "provide_info" for intent in analysis.intents if intent.confidence >= INTENT_FLOOR)
    named = 2 <= len(words) <= MOST_NAME_WORDS and all(
        word[0].isupper() and word.replace("-", "").replace("'", "").isalpha() for word in words
    )
    # Instead of a yes to the only room on show: the next question is known.
    instead = "confirm_choice" in state.asked and not analysis.entities
    alone = alone or (instead and all(item.name in ("provide_info", "out_of_scope") for item in analysis.intents))
    else_said = any(entity.type not in ("guest_name", *CHOICE_SLOTS) for entity in analysis.entities)
    found = any(entity.type == "guest_name" and " " in entity.value for entity in analysis.entities)
    known = set(state.value("guest_name").split()) if state.flow in _BOOKING_FLOWS else set()
    if len(known) == 1 and "confirm" in state.asked and alone and _is_surname(text, analysis):
        return replace(analysis, entities=(Entity(type="guest_name", value=f"{state.value('guest_name')} {words[0]}"),))
    fuller = bool(known) and known < set(words)  # "Ramírez", and later "Gustavo Ramírez"
    if not ("guest_name" in state.asked or instead or fuller) or else_said or found or not (alone and named):
        return analysis
    return replace(analysis, entities=(Entity(type="guest_name", value=" ".join(words)),))


def _is_surname(text: str, analysis: Analysis) -> bool:
    """One capitalised word and nothing else: "Gómez", after the booking was put in the name of "Ana"."""
    word = text.strip().rstrip(".")
    return word.isalpha() and word[0].isupper() and not word.isupper() and not analysis.entities


def whole_name(state: DialogueState, text: str, analysis: Analysis) -> Analysis:
    """Who mends the surname keeps the given name that was told before."""
    before = state.value("guest_name").split()
    if not before or not mends_surname(text):
        return analysis
    return replace(
        analysis,
        entities=tuple(
            replace(item, value=f"{before[0]} {item.value}")
            if item.type == "guest_name" and item.value.split()[0] != before[0]
            else item
            for item in analysis.entities
        ),
    )
