"""What a turn means to the conversation under way: something told, a yes, a no, asked again, or nothing."""

from __future__ import annotations

from services.orchestrator.domain.events import Confirmed, Denied, FlowEvent, Resumed, Told
from services.orchestrator.domain.foremost import BEFORE_BOOKING, has
from services.orchestrator.domain.price_phrases import asks_price
from services.orchestrator.domain.remarks import only_moves_arrival, only_thanks
from services.orchestrator.domain.slots import BOOKING_SLOTS
from services.orchestrator.domain.state import DialogueState
from services.orchestrator.domain.understanding import Understanding

# Which slots a flow that is under way takes as an answer.
LISTENS_TO = {
    "booking": frozenset({*BOOKING_SLOTS, "guest_name", "phone", "email"}),
    "availability": frozenset({*BOOKING_SLOTS, "guest_name"}),
    "cancellation": frozenset({"reservation"}),
    "modification": frozenset({*BOOKING_SLOTS, "reservation", "arrival_time"}),
    "lookup": frozenset({"reservation"}),
}
# "El apellido es de la Fuente".
MOST_WORDS_OF_A_NAME = 6
# A price was told, and a room is held.
PRICED = ("naming", "confirming")


def for_current(state: DialogueState, meaning: Understanding, *, named: bool) -> FlowEvent | None:
    told = meaning.changed & LISTENS_TO.get(state.flow, frozenset())
    pricing = asks_price(meaning.text) and not meaning.named
    bare_yes = meaning.yes and not meaning.named
    asked_name = "verification" in state.asked and bool(meaning.texts)
    proving = asked_name and not (meaning.no or bare_yes or pricing) and _may_be_a_name(meaning)
    beside = asked_name and state.state == "verifying" and not _may_be_a_name(meaning)
    # A yes counts for the question that was asked last, and for no other.
    unasked = state.state == "confirming" and "confirm" not in state.asked
    on_the_way = "arrival_time" in meaning.changed and state.flow in ("booking", "availability") and not meaning.yes
    changing = has(meaning, "modification_request") or has(meaning, "cancellation_request")
    leaving = has(meaning, "cancellation_request") and state.flow in BEFORE_BOOKING
    backing_out = leaving or (changing and state.flow == "booking" and state.state in PRICED)
    accepts = "confirm_choice" in state.asked and meaning.named and told == {"guest_name"}
    # "Ok, and a night less" agrees to no change that was priced without it.
    moving = bool(meaning.shift) and state.flow == "modification"
    moving_on = (state.flow, state.state) == ("modification", "confirming")
    rules: tuple[tuple[bool, FlowEvent | None], ...] = (
        (accepts, Confirmed()),  # a name for the only room on show
        # "No, we still leave on the 20th" tells how the change is meant, and gives nothing up.
        (moving_on and only_moves_arrival(meaning.text) and not told, Resumed()),
        ("change" in state.asked and only_thanks(meaning.text), Denied()),
        (bool(told) and state.state == "verifying" and not _may_be_a_name(meaning), Resumed()),
        (meaning.wordless, Resumed()),
        (bool(told or meaning.mixed or meaning.troubles or proving or on_the_way or moving), Told()),
        (meaning.stale, None),
        (meaning.thinking, None),
        (pricing and state.state == "verifying", Resumed()),
        (pricing and (state.flow, state.state) == ("booking", "confirming") and not meaning.yes, Told()),
        (beside and not (meaning.yes or meaning.no), Resumed()),
        (pricing and (state.flow, state.state) == ("modification", "confirming"), Resumed()),
        (meaning.yes and unasked, Resumed()),
        (meaning.yes and not backing_out, Confirmed()),
        (meaning.no or backing_out, Denied()),
        # Asked again without a word the first time; after that it is said that it was not understood.
        (named or (has(meaning, "provide_info") and "?" not in meaning.text and not state.misses), Told()),
        (True, None),
    )
    return next(event for fits, event in rules if fits)


def _may_be_a_name(meaning: Understanding) -> bool:
    """Whether words that came when a surname was asked for can be one: they name somebody, or are few, without dates,
    figures and questions. What cannot be is no wrong surname."""
    words = meaning.text.split()
    few = len(words) <= MOST_WORDS_OF_A_NAME and not any(c.isdigit() or c == "?" for c in meaning.text)
    return (
        meaning.named
        or "reservation" in meaning.changed
        or (few and not meaning.month and not meaning.changed & set(BOOKING_SLOTS))
    )
