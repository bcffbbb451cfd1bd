"""What a message names and does not wish for: the stay of one of a party, a feast in a question, a booking that is
there, the days for which a room should be kept while somebody thinks."""

from __future__ import annotations

import re
from dataclasses import replace

from services.orchestrator.domain.analysis import INTENT_FLOOR, Analysis, Intent
from services.orchestrator.domain.slots import BOOKING_SLOTS
from services.orchestrator.domain.state import DialogueState

_OF_A_STAY = frozenset(("date", "nights", "extra_nights", "adults", "children", "child_age", "rooms", "month"))
_WISHES = ("reservation_request", "availability_check", "modification_request", "cancellation_request")
# "What if one of us comes a day later?"
_OF_A_PART = re.compile(
    r"\b(?:one|1|two|2|some|half|a couple|the rest|part) of (?:us|them|the group|our party)\b(?=.*\?)"
    r"|\b(?:un[oa]s?|algun[oa]s?|dos|la mitad|parte) de (?:nosotr[oa]s|ell[oa]s|los|las)\b(?=.*\?)",
    re.IGNORECASE,
)
_KEEP_IT = re.compile(
    r"\b(?:hold|keep|save|guard\w+|apart\w+|mant[eé]n\w+|reten\w+|sostien\w+)\b[^.?!]{0,30}"
    r"\b(?:until|till?|for (?:a|an|me|us|the|\d)|while|hasta|mientras|por (?:un|una|\d))\b",
    re.IGNORECASE,
)
_OWN_BOOKING = re.compile(
    r"\b(?:my|our) (?:booking|reservation|stay) (?:is|was) (?:for|from|on|under|in)\b"
    r"|\b(?:is|was) (?:my|our) (?:booking|reservation|stay) (?:for|from|on)\b"
    r"|\b(?:check|confirm|look up|find|verify|revis\w+|confirm\w+|verific\w+|checar) (?:mi|nuestra|my|our) "
    r"(?:booking|reservation|stay|dates|reserva|reservaci[oó]n|estancia)\b"
    r"|\bwhat (?:dates?|days?|nights?) (?:did|do|am|are|have) (?:i|we) (?:book\w*|have|got|down for)\b"
    r"|\b(?:i|we)(?:'ve| have|ve)? (?:already |just )?(?:booked|reserved) (?:\w+ ){0,3}(?:under|with you|via"
    r"|through|for)\b"
    r"|\b(?:mi|nuestra) (?:reserva|reservaci[oó]n|estancia) (?:es|era|est[aá]) (?:para|del?|a nombre|en)\b",
    re.IGNORECASE,
)


_OF_SOMETHING_ELSE = re.compile(
    r"^\W*(?:(?:and|ok|also|oh|by the way|y|oye|por cierto)\W+)*(?:is|are|does|will|was|what time|when|est[aá]n?"
    r"|abren?|hay)"
    r" (?!it\b|that\b|there\b|this\b|we\b|i\b|you\b)(?:(?:the|a|an|any|el|la|los|las|un|una) )?\w+"
    r"[^?]{0,40}\b(?:open|closed?|on|running|happening|busy|abiert\w+|cerrad\w+|funcion\w+)\b[^?]*\?",
    re.IGNORECASE,
)
_OF_THE_STAY = re.compile(
    r"\b(?:rooms?|available|availab\w+|free|vacan\w+|nights?|stay|book\w*|price|rate|double|single|twin|suite|studio"
    r"|apartment|bed|habitaci\w+|cuarto|disponib\w+|libres?|noches?|reserv\w+|precio|tarifa|doble)\b",
    re.IGNORECASE,
)


def keeps_waiting(text: str) -> bool:
    """True for "can you hold it until tomorrow?": time to decide is what is asked for."""
    return _KEEP_IT.search(text) is not None


def without_mentions(state: DialogueState, text: str, analysis: Analysis) -> Analysis:
    """The analysis without what is only mentioned. Days of a stay are left alone where days were asked for."""
    if _OWN_BOOKING.search(text) and not state.flow:
        return _of_own_booking(analysis)
    if state.value("check_in") and (_OF_A_PART.search(text) or (state.hold and keeps_waiting(text))):
        return analysis.without(lambda item: item.type in _OF_A_STAY)
    asked = {"check_in", "check_out", "dates", "nights"} & set(state.asked)
    if state.value("check_in") and state.value("check_out") and not asked:
        if _asks_for_a_fact(analysis):
            # "Is there a dinner on Christmas Day?" moves no stay.
            return analysis.without(lambda item: item.type == "date" and item.role in ("", "date"))
        if _OF_SOMETHING_ELSE.search(text) and not _OF_THE_STAY.search(text):
            # "Is the castle open on the 20th?" neither, whatever it is about.
            return analysis.without(lambda item: item.type == "date")
    return analysis


def _asks_for_a_fact(analysis: Analysis) -> bool:
    sure = [intent for intent in analysis.intents if intent.confidence >= INTENT_FLOOR]
    topical = any(intent.name == "general_inquiry" and intent.topic not in ("", "price") for intent in sure)
    return topical and not any(intent.name in _WISHES for intent in sure)


def _of_own_booking(analysis: Analysis) -> Analysis:
    """Who speaks of a booking that is there wants no other, unless it is to be changed or given up."""
    sure = {intent.name for intent in analysis.intents if intent.confidence >= INTENT_FLOOR}
    if sure & {"modification_request", "cancellation_request"}:
        return analysis
    others = tuple(intent for intent in analysis.intents if intent.name not in _WISHES)
    intents = (*others, Intent(name="general_inquiry", topic="reservation_details"))
    stay = frozenset((*BOOKING_SLOTS, "date", "child_age", "extra_nights", "month"))
    return replace(analysis.without(lambda item: item.type in stay), intents=intents)
