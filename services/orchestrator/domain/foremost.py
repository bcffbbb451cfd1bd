"""What stands above a request: turns that are about one thing only, whatever else their words may mean."""

from __future__ import annotations

from services.orchestrator.domain.events import Move, Opened, Told
from services.orchestrator.domain.phrases import (
    asks_for_machine,
    asks_how_long,
    asks_what_if_canceled,
    is_to_be_done,
    wants_manager,
    wants_money_back,
)
from services.orchestrator.domain.price_phrases import asks_for_less, asks_price, cites_other_price, finds_it_dear
from services.orchestrator.domain.remarks import (
    asks_again,
    asks_for_anybody,
    asks_for_somebody_else,
    asks_whether_done,
    drops_it,
    language_wanted,
    pleads,
    says_it_is_solved,
    says_it_waits,
    wants_undone,
    withholds_name,
)
from services.orchestrator.domain.state import DialogueState
from services.orchestrator.domain.understanding import Understanding

# Intents that begin (or go on with) a conversation about one thing, and its flow.
MAIN_FLOWS = {
    "reservation_request": "booking",
    "availability_check": "availability",
    "cancellation_request": "cancellation",
    "modification_request": "modification",
    "service_request": "service",
    "privacy_request": "privacy",
}
# And that a person is wanted, whatever else the words may mean.
SURE_REQUEST = 0.8
# What people grant, once the guest has read the rule for it.
_GRANTED = ("late_checkout", "early_checkin", "luggage", "airport", "laundry")
BEFORE_BOOKING = ("booking", "availability")


def foremost(state: DialogueState, meaning: Understanding) -> tuple[Move, ...]:
    """The moves of a turn that is about nothing else; none when it is about what it asks for."""
    text = meaning.text
    complains = has(meaning, "complaint") and not _lets_it_be(state, meaning, text)
    person = asks_for_person(meaning)
    alone: tuple[tuple[bool, Move], ...] = (
        (person and asks_for_machine(text), Move(flow="greeting", event=Opened("who"))),
        (_haggles(state, meaning, text), Move(flow="cheapest" if state.offers else "price", event=Opened())),
        (complains and not _moves_stay(meaning), Move(flow="complaint", event=Opened())),
        (wants_money_back(text) and not asks_what_if_canceled(text), Move(flow="complaint", event=Opened())),
        (awaits_person(state) and asks_how_long(text), Move(flow="patience", event=Opened())),
        (state.awaiting is not None and asks_for_anybody(text), Move(flow="patience", event=Opened())),
        (state.awaiting is not None and person and _was_passed_on(state, text), Move(flow="patience", event=Opened())),
        (state.awaiting is not None and says_it_waits(text), Move(flow="patience", event=Opened())),
        (
            state.awaiting is not None and (pleads(text) or says_it_is_solved(text)),
            Move(flow="noted", event=Opened()),
        ),
        ("guest_name" in state.asked and withholds_name(text), Move(flow="name_needed", event=Opened())),
        (is_asked_to_cancel(state) and pleads(text), Move(flow="plea", event=Opened())),
        (bool(state.staff_words) and asks_again(text), Move(flow="recall", event=Opened())),
        (_regrets(state, text), Move(flow="undone", event=Opened())),
        (_asks_of_somebody_else(meaning, text), Move(flow="somebody_else", event=Opened())),
        (asks_whether_done(text) and _is_open(state), Move(flow="whether_done", event=Opened())),
        (_leaves_late(state, meaning, text), Move(flow="service", event=Opened())),
        (_asks_for_language(state, meaning, text), Move(flow="language", event=Opened())),
        (_takes_up(state, meaning), Move(flow="service", event=Opened(state.told_topic))),
        ("upsell" in state.asked and not state.flow and meaning.yes, Move(flow="service", event=Opened("upsell"))),
    )
    if first := next((move for fits, move in alone if fits), None):
        return (first,)
    if complains:
        return (Move(flow="complaint", event=Opened()), Move(flow="modification", event=Told()))
    return ()


def asks_for_person(meaning: Understanding) -> bool:
    """ "One person" may be how many come, and who has to ask the boss first asks for none of us."""
    found = meaning.intent("human_request")
    if found is None or ("adults" in meaning.changed and meaning.changed & {"check_in", "check_out", "room_type"}):
        return False
    return not (meaning.thinking or "adults" in meaning.changed) or found.confidence >= SURE_REQUEST


def _moves_stay(meaning: Understanding) -> bool:
    """ "Two nights more, please. And the wifi is slow": the wish is told so clearly that it is dealt with, too."""
    told = meaning.shift or meaning.changed & {"check_in", "check_out"}
    return has(meaning, "modification_request") and bool(told)


def _was_passed_on(state: DialogueState, text: str) -> bool:
    """A person was asked for and is on the way: said once."""
    return state.handoff is not None and state.handoff.reason == "human_request" and not wants_manager(text)


def _is_open(state: DialogueState) -> bool:
    """Something is talked over, waited for, or was just done."""
    return bool(state.flow) or state.awaiting is not None or state.reservation is not None


def is_asked_to_cancel(state: DialogueState) -> bool:
    """The fee was told, and whether to cancel is the question."""
    return (state.flow, state.state) == ("cancellation", "confirming")


def _regrets(state: DialogueState, text: str) -> bool:
    """What was carried out is to be as it was before: nothing here takes that back."""
    return state.reservation is not None and not state.flow and not state.asked and wants_undone(text)


def _asks_of_somebody_else(meaning: Understanding, text: str) -> bool:
    """Who names a code is asked for proof; who only names a person learns neither yes nor no."""
    asking = has(meaning, "general_inquiry") or all(item.name == "provide_info" for item in meaning.intents)
    return asking and "reservation" not in meaning.changed and asks_for_somebody_else(text)


def _leaves_late(state: DialogueState, meaning: Understanding, text: str) -> bool:
    """The hour of a late check-out, told after its rule or with its day: somebody must see whether the room is free."""
    told = state.told_topic == "late_checkout"
    with_day = "check_out" in meaning.changed and any(item.topic == "late_checkout" for item in meaning.intents)
    return meaning.leaving and (told or with_day) and not asks_price(text)


def _takes_up(state: DialogueState, meaning: Understanding) -> bool:
    """ "Yes, please do" to the rule for something that people grant is a wish for it, unless they have it already."""
    has_it = state.awaiting is not None and state.awaiting.reason == "service_request"
    granted = state.told_topic in _GRANTED and not (has_it and state.value("topic") == state.told_topic)
    return meaning.yes and not state.flow and granted and is_to_be_done(meaning.text)


def _asks_for_language(state: DialogueState, meaning: Understanding, text: str) -> bool:
    beside = any(intent.name in MAIN_FLOWS or intent.topic for intent in meaning.intents)
    return language_wanted(text) == state.language and not (beside or meaning.changed)


def _haggles(state: DialogueState, meaning: Understanding, text: str) -> bool:
    """The price on the guest's screen is what the words are about."""
    # Before there is a price, who asks for what pensioners get asks for a rule of the house.
    asks_less = bool(state.offers) and any(intent.topic == "discount" for intent in meaning.intents)
    asks_less = asks_less or asks_for_less(text)
    weighs = has(meaning, "complaint") or not (meaning.yes or meaning.no or "?" in text)
    dear = (weighs and finds_it_dear(text)) or cites_other_price(text)
    bargains = not (meaning.changed or _lets_it_be(state, meaning, text))
    return state.flow in BEFORE_BOOKING and (asks_less or dear) and bargains


def _lets_it_be(state: DialogueState, meaning: Understanding, text: str) -> bool:
    """ "Too expensive, never mind": nothing is bargained for, and nobody has to make up for it."""
    return state.flow in BEFORE_BOOKING and meaning.no and drops_it(text) and finds_it_dear(text)


def awaits_person(state: DialogueState) -> bool:
    return not state.flow and state.awaiting is not None


def has(meaning: Understanding, intent: str) -> bool:
    return meaning.intent(intent) is not None
