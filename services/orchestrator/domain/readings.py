"""What one message says by its words and their analysis alone: sure intents, a yes or a no, and what was given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.orchestrator.domain.analysis import INTENT_FLOOR, Analysis, Entity, Intent
from services.orchestrator.domain.fact_words import fact_named
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.phrases import asks_what_if_canceled, given_up_from, wants_same_again
from services.orchestrator.domain.room_phrases import lists_rooms, names_one_of_several
from services.orchestrator.domain.slots import CHOICE_SLOTS
from services.orchestrator.domain.state import DialogueState, Trouble

# Surer than for other intents: a yes makes bookings.
CLEAR_FLOOR = 0.6
OUT_OF_SCOPE_FLOOR = 0.7
# "En vez del 10": characters from such words to the day.
_AS_FAR_AS_IT_REACHES = 24


def sure_intents(analysis: Analysis, text: str, hotel: Hotel) -> tuple[Intent, ...]:
    hours = [max((item.value, *item.alternatives)) for item in analysis.entities if item.type == "departure_time"]
    # Who asks to leave at 4 has read that it is noon.
    late = ("", "check_out_time") if any(hour > f"{hotel.check_out_time:%H:%M}" for hour in hours) else ("",)
    if asks_what_if_canceled(text):
        unmeant = ("cancellation_request", "general_inquiry")
        others = tuple(item for item in analysis.intents if item.name not in unmeant)
        analysis = replace(analysis, intents=(Intent(name="general_inquiry", topic="cancellation_policy"), *others))
    analysis = _about_own_facts(analysis, text, hotel)
    if wants_same_again(text):
        analysis = replace(analysis, intents=(Intent(name="reservation_request"), *analysis.intents))
    return tuple(
        replace(intent, topic="late_checkout") if hours and intent.topic in late else intent
        for intent in analysis.intents
        if intent.confidence >= INTENT_FLOOR
    )


def sentence_of(text: str, item: Entity) -> str:
    """The sentence in which something is said."""
    start = max(text.rfind(mark, 0, item.start) for mark in ".;!?\n") + 1
    ends = [at for mark in ".;!?\n" if (at := text.find(mark, item.end)) >= 0]
    return text[start : min(ends, default=len(text)) + 1]


def _about_own_facts(analysis: Analysis, text: str, hotel: Hotel) -> Analysis:
    """The analysis with a question without a topic, or a price without a stay, as one about the fact that it names."""
    sure = [item for item in analysis.intents if item.confidence >= INTENT_FLOOR]
    inquiry = next((item for item in sure if item.name == "general_inquiry"), None)
    if inquiry is not None and not inquiry.topic and (topic := fact_named(text, hotel.facts)):
        named = replace(inquiry, topic=topic)
        return replace(analysis, intents=tuple(named if item is inquiry else item for item in analysis.intents))
    of_stay = any(item.type in ("date", "nights", "month", *CHOICE_SLOTS) for item in analysis.entities)
    only_price = [item.name for item in sure] == ["availability_check"] and not of_stay
    if only_price and (topic := fact_named(text, hotel.facts, least=2)):
        asked = Intent(name="general_inquiry", topic=topic, confidence=sure[0].confidence)
        others = tuple(item for item in analysis.intents if item is not sure[0])
        people = ("adults", "children", "child_age")
        return replace(analysis.without(lambda item: item.type in people), intents=(asked, *others))
    return analysis


def month_of(troubles: Sequence[Trouble]) -> str:
    """ "From the 8th to the 5th of March" cannot be slept, and is about March."""
    kinds = ("reversed", "impossible")
    months = {day[:7] for item in troubles if item.kind in kinds for day in item.value.split("/") if day[:2].isdigit()}
    return months.pop() if len(months) == 1 else ""


def names_several(analysis: Analysis) -> bool:
    """Rooms of more than one kind, or more than one rate, are named."""
    named = [[item.value for item in analysis.entities if item.type == name] for name in CHOICE_SLOTS]
    return any(len(set(values)) > 1 for values in named)


def _kinds_named(analysis: Analysis) -> set[str]:
    return {item.value for item in analysis.entities if item.type == "room_type" and not item.problem}


def mixes_kinds(text: str, analysis: Analysis) -> bool:
    """ "A double and a family room": one booking has rooms of one kind."""
    kinds = _kinds_named(analysis)
    counted = sum(item.type == "rooms" for item in analysis.entities)
    return len(kinds) > 1 and (counted > 1 or lists_rooms(text))


def splits_kinds(state: DialogueState, text: str, analysis: Analysis) -> bool:
    """ "Can one of them be a twin?", where several rooms of another kind are on the table."""
    kinds = _kinds_named(analysis)
    several = (state.number("rooms") or 1) > 1 and bool(state.value("room_type"))
    return several and len(kinds) == 1 and kinds != {state.value("room_type")} and names_one_of_several(text)


def absent_room(analysis: Analysis) -> str:
    """A kind of room that this hotel does not have, in the guest's words, where no other is named."""
    named = [item for item in analysis.entities if item.type == "room_type"]
    return named[0].value if named and all(item.problem == "unknown" for item in named) else ""


def entities_wanted(text: str, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """The entities without a room, rate or day that is given up for another one named before it."""
    end = given_up_from(text)
    kept = {item.type for item in entities if item.start < end}

    def given_up(item: Entity) -> bool:
        day = item.type == "date" and item.role in ("", "date") and item.start < end + _AS_FAR_AS_IT_REACHES
        return item.start >= end and item.type in kept and (day or item.type in CHOICE_SLOTS)

    return tuple(item for item in entities if not given_up(item))


def says_yes(analysis: Analysis) -> bool:
    confirm = analysis.intent("confirm")
    return confirm is not None and confirm.confidence >= CLEAR_FLOOR and not says_no(analysis)


def says_no(analysis: Analysis) -> bool:
    return analysis.intent("deny") is not None


def is_out_of_scope(analysis: Analysis) -> bool:
    return analysis.out_of_scope >= OUT_OF_SCOPE_FLOOR or analysis.intent("out_of_scope") is not None


def is_only_chatter(analysis: Analysis) -> bool:
    sure = [intent.name for intent in analysis.intents if intent.confidence >= INTENT_FLOOR]
    return is_out_of_scope(analysis) and all(name == "out_of_scope" for name in sure)


def strongest_first(intents: Sequence[Intent]) -> tuple[Intent, ...]:
    best: dict[tuple[str, str], Intent] = {}
    for intent in intents:
        key = (intent.name, intent.topic)
        if key not in best or best[key].confidence < intent.confidence:
            best[key] = intent
    return tuple(sorted(best.values(), key=lambda intent: -intent.confidence))
