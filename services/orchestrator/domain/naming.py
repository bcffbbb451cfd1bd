"""Under whose name a booking is made: names alone, names that are completed, and words that hold none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from services.orchestrator.domain.analysis import INTENT_FLOOR, Analysis, Entity, Intent
from services.orchestrator.domain.phrases import mends_surname
from services.orchestrator.domain.slots import CHOICE_SLOTS
from services.orchestrator.domain.state import DialogueState

MOST_NAME_WORDS = 4
# The dot of an initial ends nothing.
_SENTENCE_END = re.compile(r"(?<!\b[^\W\d_])[.!?\n]")
_BOOKING_FLOWS = ("booking", "availability")
_BOOKING_INTENTS = ("reservation_request", "availability_check")


def takes_name(state: DialogueState, text: str, analysis: Analysis, intents: Sequence[Intent]) -> bool:
    """A question holds no answer: nobody is called "What's" because that was said when a name was asked for."""
    wanting = any(intent.name in _BOOKING_INTENTS for intent in intents)
    choosing = not state.flow and any(item.type in CHOICE_SLOTS for item in analysis.entities)
    open_to = "guest_name" in state.asked or state.flow in _BOOKING_FLOWS or choosing
    telling = not _in_question(text, analysis) and open_to
    return "verification" not in state.asked and (wanting or telling)


def _in_question(text: str, analysis: Analysis) -> bool:
    """Whether the sentence with the name is a question; without a name, whether there is one at all."""
    name = next((item for item in analysis.entities if item.type == "guest_name" and item.end), None)
    rest = text[name.end :] if name else text
    ends = _SENTENCE_END.search(rest) if name else None
    return "?" in (rest[: ends.end()] if ends else rest)


def bare_name(state: DialogueState, text: str, analysis: Analysis) -> Analysis:
    """A few capitalised words and nothing else, when a name was asked for, are the name, whatever they also mean."""
    words = text.strip().rstrip(".!").split()
    alone = all(intent.name == "provide_info" for intent in analysis.intents if intent.confidence >= INTENT_FLOOR)
    known = {word.casefold() for word in state.value("guest_name").split()} if state.flow in _BOOKING_FLOWS else set()
    fuller = bool(known) and known < {word.casefold() for word in words}  # "Ramírez", and later "Gustavo Ramírez"
    named = 2 <= len(words) <= MOST_NAME_WORDS and all(
        (word[0].isupper() or fuller) and word.replace("-", "").replace("'", "").isalpha() for word in words
    )
    # Instead of a yes to the only room on show: the next question is known.
    instead = "confirm_choice" in state.asked and not analysis.entities
    alone = alone or (instead and all(item.name in ("provide_info", "out_of_scope") for item in analysis.intents))
    else_said = any(entity.type not in ("guest_name", *CHOICE_SLOTS) for entity in analysis.entities)
    found = any(entity.type == "guest_name" and " " in entity.value for entity in analysis.entities)
    if len(known) == 1 and "confirm" in state.asked and alone and _is_surname(text, analysis):
        return replace(analysis, entities=(Entity(type="guest_name", value=f"{state.value('guest_name')} {words[0]}"),))
    if not ("guest_name" in state.asked or instead or fuller) or else_said or found or not (alone and named):
        return analysis
    written = (word.capitalize() if word.islower() and fuller else word for word in words)
    return replace(analysis, entities=(Entity(type="guest_name", value=" ".join(written)),))


def is_only_a_name(text: str, analysis: Analysis) -> bool:
    """Whether nothing but a name is said."""
    name = next((item for item in analysis.entities if item.type == "guest_name" and item.end), None)
    return name is not None and not re.search(r"\w", text[: name.start] + text[name.end :])


def _is_surname(text: str, analysis: Analysis) -> bool:
    """One capitalised word and nothing else: "Gómez", after the booking was put in the name of "Ana"."""
    word = text.strip().rstrip(".")
    return word.isalpha() and word[0].isupper() and not word.isupper() and not analysis.entities


_NEARLY = 0.7
_CAPITALISED = r"[A-ZÀ-Þ][\w'’-]+"
_MENDED = re.compile(
    rf"\b(?P<right>{_CAPITALISED})\b[^.?!]{{0,25}}\b(?:not|no|instead of|en vez de) (?P<wrong>{_CAPITALISED})\b"
)
_RUN = re.compile(rf"\b{_CAPITALISED}(?: {_CAPITALISED})+")


def mended_name(state: DialogueState, text: str, analysis: Analysis) -> Analysis:
    """The name that was told, as it is put right: "it's Tannen, not Tanner", or told again with one word changed."""
    before = state.value("guest_name").split()
    named = [item.value for item in analysis.entities if item.type == "guest_name"]
    if not before or state.flow not in _BOOKING_FLOWS or any(" " in name for name in named):
        return analysis
    if named:
        # "It's Allison, with two Ls": of a name that was told the word that is nearly this one.
        near = get_close_matches(named[0].casefold(), [word.casefold() for word in before], n=1, cutoff=_NEARLY)
        whole = [named[0] if word.casefold() in near else word for word in before]
        analysis = analysis.without(lambda item: item.type == "guest_name")
        return replace(
            analysis,
            entities=(*analysis.entities, Entity(type="guest_name", value=" ".join(whole) if near else named[0])),
        )
    known = {word.casefold() for word in before}
    swap = _MENDED.search(text)
    if swap and swap["wrong"].casefold() in known:
        after = [swap["right"] if word.casefold() == swap["wrong"].casefold() else word for word in before]
    else:
        runs = (found.group().split() for found in _RUN.finditer(text))
        after = next((run for run in runs if known & {word.casefold() for word in run}), before)
    if after == before:
        return analysis
    return replace(analysis, entities=(*analysis.entities, Entity(type="guest_name", value=" ".join(after))))


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
