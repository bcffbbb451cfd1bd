"""One thing more, once, after a booking: a fact of the hotel that costs something, never to a guest who complained."""

from __future__ import annotations

import re
from dataclasses import replace

from services.orchestrator.domain.effects import Reply
from services.orchestrator.domain.features import UPSELLING
from services.orchestrator.domain.guard import Moment
from services.orchestrator.domain.proof import Sourced
from services.orchestrator.domain.state import DialogueState
from services.orchestrator.flows.inquiry import fact_text
from services.orchestrator.flows.speaking import YES_OR_NO, say

# What guests take most often comes first; only what the hotel has told as a fact is named.
_TOPICS = ("breakfast", "late_checkout", "airport_transfer", "spa", "parking")


def upsell(moment: Moment, state: DialogueState) -> tuple[DialogueState, tuple[Reply, ...]]:
    """The state and the offer, if there is one to make."""
    if UPSELLING not in state.turn.flags or state.upsell_shown:
        return state, ()
    offers = ((topic, fact_text(moment, topic)) for topic in _TOPICS if topic in moment.hotel.facts)
    # What is included or free is no offer.
    topic, words = next(((topic, words) for topic, words in offers if words and _has_price(moment, words)), ("", None))
    if words is None:
        return state, ()
    reply = replace(say("booking.upsell", asks=("upsell",), words=words), choices=YES_OR_NO)
    return replace(state, upsell_shown=True, upsold=topic), (reply,)


def _has_price(moment: Moment, words: Sourced) -> bool:
    return re.search(rf"\d\s*{moment.hotel.currency}\b|[$€£]\s?\d|\d\s?[€£]", str(words.content)) is not None
