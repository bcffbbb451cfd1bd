"""What a turn has to deal with, in order: the meaning of the guest's messages as events for flows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from services.orchestrator.domain.current import LISTENS_TO, PRICED, for_current
from services.orchestrator.domain.events import Asked, Confirmed, Missed, Move, Opened, Resumed, Told
from services.orchestrator.domain.foremost import (
    BEFORE_BOOKING,
    MAIN_FLOWS,
    asks_for_person,
    awaits_person,
    foremost,
    has,
    is_asked_to_cancel,
)
from services.orchestrator.domain.phrases import (
    asks_anew,
    asks_bare,
    follows_up,
    has_no_code,
    names_place,
    speaks_of_booking,
    tells_of_hardship,
)
from services.orchestrator.domain.price_phrases import asks_price
from services.orchestrator.domain.remarks import (
    asks_own_bill,
    asks_own_stay,
    asks_whether_done,
    flies,
    leaves_otherwise,
    wants_change,
    was_mistaken,
)
from services.orchestrator.domain.slots import BOOKING_SLOTS, CHOICE_SLOTS, STAY_SLOTS
from services.orchestrator.domain.small_talk import without_request
from services.orchestrator.domain.state import DialogueState
from services.orchestrator.domain.understanding import Understanding

# From here on a word of danger counts whatever else the message is.
SURE_DANGER = 0.6
# A letter has its questions numbered; more than these a person answers better.
MOST_QUESTIONS = 5
# Flows that answer and are over.
_SIDE_FLOWS = ("service",)
_IDENTIFYING = ("asking_code", "asking_which", "verifying")
_ABOUT_BOOKING = ("reservation_details", "room_details", "check_in_time", "check_out_time", "room_number", "payment")
# Topics that the same words about an arrival time raise; the arrival flow answers them.
_ARRIVAL_TOPICS = (
    "",
    "arrival",
    "arrival_time",
    "late_arrival",
    "early_checkin",
    "early_check_in",
    "check_in_time",
    "check_in",
    "checkin",
)
# Questions about a time of day, in which a day is no wish for a room.
_TOPICS_OF_HOURS = ("check_in_time", "check_out_time", "early_checkin", "late_checkout", "reception_hours")


def plan(state: DialogueState, meaning: Understanding) -> tuple[Move, ...]:
    """The moves of a turn. Empty only when nothing is to be said."""
    if _in_danger(meaning):
        return (Move(flow="emergency", event=Opened()),)
    if state.person_has_it:
        return ()
    for consent in ("opt_out", "opt_in"):
        if _leads(meaning, consent, ("cancellation_request", "modification_request")):
            return (Move(flow="consent", event=Opened(consent)),)
    moves = _answers(state, meaning)
    if not moves:
        return ()
    return (*_introduction(state, moves), *moves)


def _in_danger(meaning: Understanding) -> bool:
    """Danger is never overheard; a complaint that is much surer than it is a complaint, and an urgent one."""
    found = meaning.intent("emergency")
    return found is not None and (found.confidence >= SURE_DANGER or _leads(meaning, "emergency", ("complaint",)))


def _leads(meaning: Understanding, name: str, others: Collection[str]) -> bool:
    """True when an intent is there and none of the others is surer: "dar de baja la reserva" is no word to stop."""
    found = meaning.intent(name)
    return found is not None and not any(
        intent.name in others and intent.confidence > found.confidence for intent in meaning.intents
    )


def _introduction(state: DialogueState, moves: tuple[Move, ...]) -> tuple[Move, ...]:
    greeted = any(move.flow == "greeting" for move in moves)
    alarmed = state.handoff is not None and state.handoff.reason == "emergency"
    if state.introduced or greeted or alarmed:
        return ()
    return (Move(flow="greeting", event=Opened("introduce")),)


def _answers(state: DialogueState, meaning: Understanding) -> tuple[Move, ...]:
    """What stands above a request comes first and alone; then the questions, then the request, then courtesies."""
    person = asks_for_person(meaning) or meaning.human
    offered = "human" in state.asked and not state.flow and meaning.yes
    text = meaning.text
    if first := foremost(state, meaning):
        return first
    if person or offered:
        questions = _questions(state, meaning) if person else ()
        return (*questions, Move(flow="handoff", event=Opened("human_request")))
    if meaning.doubtful is not None:
        return (Move(flow="hearing", event=Opened()),)
    asks_hours = "arrival_time" in meaning.changed and state.flow in BEFORE_BOOKING and "?" in text
    hours = (Move(flow="arrival_hours", event=Opened()),) if asks_hours else ()
    card = (Move(flow="card", event=Opened()),) if meaning.card else ()
    questions = _questions(state, meaning)
    if not questions and _asks_on(state, meaning, text):
        return (Move(flow="inquiry", event=Asked(state.told_topic)),)
    main = _main(state, meaning)
    absent = meaning.absent_room if any(move.flow in BEFORE_BOOKING for move in main) else ""
    no_such_room = (Move(flow="no_such_room", event=Opened(absent)),) if absent else ()
    moves = (*card, *hours, *questions, *no_such_room, *_wish(meaning, main), *main) or without_request(state, meaning)
    return _with_sympathy(meaning, moves)


def _wish(meaning: Understanding, main: Collection[Move]) -> tuple[Move, ...]:
    """ "A family room from the 8th to the 10th, and we need a cot": the cot is not forgotten for the room."""
    beside = bool(meaning.wish) and any(move.flow in BEFORE_BOOKING for move in main)
    served = any(move.flow == "service" for move in main)
    return (Move(flow="service", event=Opened()),) if beside and not served else ()


def _with_sympathy(meaning: Understanding, moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """Who tells of a death or an illness is met as a person would, unless what is answered does so anyway; that such
    words were not understood is not said to them."""
    asks = has(meaning, "general_inquiry") or has(meaning, "service_request")
    said = any(move.flow in ("cancellation", "unreadable") for move in moves)
    if not moves or asks or said or not tells_of_hardship(meaning.text):
        return moves
    heard = (
        Move(flow="fallback", event=Opened("hardship"))
        if move.flow == "fallback"
        else replace(move, event=Resumed() if isinstance(move.event, Missed) else move.event)
        for move in moves
    )
    return (Move(flow="sympathy", event=Opened()), *heard)


def _asks_on(state: DialogueState, meaning: Understanding, text: str) -> bool:
    """ "And for my daughter?", "how much is it?" after a fact are about that fact, unless a stay is named."""
    stay = meaning.changed & {"check_in", "check_out", "rate_plan"}
    placed = names_place(text) and not state.flow
    if not placed:
        stay |= meaning.changed & {"room_type"}
    leans = (
        (follows_up(text) and "?" in text and not asks_anew(text))
        or (not state.flow and asks_price(text))
        or placed
        or asks_bare(text)
    )
    elsewhere = stay or meaning.troubles or meaning.facts or has(meaning, "service_request")
    return bool(state.told_topic) and leans and not elsewhere


def _questions(state: DialogueState, meaning: Understanding) -> tuple[Move, ...]:
    """Questions about the hotel, each by its topic."""
    topics = [intent.topic for intent in meaning.intents if intent.name == "general_inquiry"]
    serving = bool(meaning.wish) or _wanted(state, meaning) == "service"
    service = next((i.topic for i in meaning.intents if serving and i.name == "service_request"), None)
    arriving = "arrival_time" in meaning.changed
    # Questions about a booking are for the flow that first makes sure whose it is.
    own = "reservation" in meaning.changed or _asks_own_total(state, meaning)
    about_booking = _ABOUT_BOOKING if own else ("reservation_details",)
    # That no payment is taken here was just said to who sent a card number.
    answered = ("price", "payment") if meaning.card else ("price",)
    answered = (*answered, "room_details") if meaning.mixed else answered
    topics = [topic for topic in topics if topic not in about_booking and topic not in answered]
    wanted = [topic for topic in topics if topic and topic != service and not (arriving and topic in _ARRIVAL_TOPICS)]
    if has(meaning, "general_inquiry") or not any(intent.name in MAIN_FLOWS for intent in meaning.intents):
        wanted += meaning.facts
    return tuple(Move(flow="inquiry", event=Asked(topic)) for topic in dict.fromkeys(wanted))[:MOST_QUESTIONS]


def _main(state: DialogueState, meaning: Understanding) -> tuple[Move, ...]:
    """The event for the conversation under way, or the one that begins."""
    wanted = _wanted(state, meaning)
    if state.flow and _goes_on(state, meaning, wanted):
        event = for_current(state, meaning, named=bool(wanted))
        return (Move(flow=state.flow, event=event),) if event else ()
    wanted = wanted or _from_slots(state, meaning)
    if not wanted or (wanted in BEFORE_BOOKING and _adds_to_group(state, meaning)):
        return ()
    if wanted in _SIDE_FLOWS and meaning.yes and "confirm" in state.asked:
        # "Yes please, and could you put some flowers in the room?"
        return (Move(flow=state.flow, event=Confirmed()), Move(flow=wanted, event=Opened()))
    opened = Move(flow=wanted, event=Opened() if wanted in _SIDE_FLOWS else Told())
    if wanted in _SIDE_FLOWS and not state.flow and "arrival_time" in meaning.changed and not flies(meaning.text):
        # "We come at seven, and could we have a cot?": the hour is noted as well.
        return (opened, Move(flow=_coming(state), event=Told()))
    if wanted in _SIDE_FLOWS and state.flow in BEFORE_BOOKING and meaning.changed & LISTENS_TO[state.flow]:
        # "The flexible one, for Ann Lee. And we need a cot": the choice counts, whatever is wished for beside it.
        return (opened, Move(flow=state.flow, event=Told()))
    return (opened,)


def _adds_to_group(state: DialogueState, meaning: Understanding) -> bool:
    """Dates told after a group, a complaint, or who is not yet known, was given to people are for them."""
    reasons = ("group", "verification", "complaint")
    group = awaits_person(state) and state.handoff is not None and state.handoff.reason in reasons
    # "Then only the two doubles, for four" can be had without a person.
    begun_anew = "room_type" in meaning.changed
    return group and not begun_anew and not any(intent.name in MAIN_FLOWS for intent in meaning.intents)


def _wanted(state: DialogueState, meaning: Understanding) -> str:
    """The flow of the surest intent that has one, put right by what else was said; empty: none."""
    wanted = next((MAIN_FLOWS[intent.name] for intent in meaning.intents if intent.name in MAIN_FLOWS), "")
    if wanted == "modification" and _stays_an_hour_more(meaning):
        wanted = ""
    if not wanted and any(intent.topic == "price" for intent in meaning.intents):
        # What it costs is told for dates.
        wanted = "availability"
    if wanted in ("", *BEFORE_BOOKING) and _names_booking(state, meaning):
        return "lookup"
    if wanted == "availability" and not state.flow and "arrival_time" in meaning.changed:
        # Who says at what time they come, and of a stay at most the day, has one.
        return _coming(state) if meaning.changed & set(STAY_SLOTS) <= {"check_in"} else wanted
    if wanted == "availability" and not state.flow and _has_live_booking(state) and meaning.changed == {"room_type"}:
        return "modification"  # "and how much would the suite be?", with their booking in hand
    giving_up = is_asked_to_cancel(state) and not meaning.yes
    other_days = bool(meaning.changed & {"check_in", "check_out"} or meaning.shift)
    instead = wanted in ("", "availability", "booking") or (wanted == "cancellation" and meaning.no)
    if giving_up and instead and (other_days or wants_change(meaning.text)):
        return "modification"  # other days instead of giving it up
    if wanted == "availability" and _is_about_change(state, meaning):
        return state.flow
    return wanted or ("lookup" if not state.flow and _asks_for_booking(meaning) else "")


def _stays_an_hour_more(meaning: Understanding) -> bool:
    """An hour more of the last day is no other stay."""
    late = meaning.leaving and any(item.topic == "late_checkout" for item in meaning.intents)
    return late and not (meaning.changed & set(STAY_SLOTS) or meaning.shift)


def _asks_for_booking(meaning: Understanding) -> bool:
    return has_no_code(meaning.text) or asks_whether_done(meaning.text)


def _coming(state: DialogueState) -> str:
    """The flow for an hour of arrival: with a booking in hand, whoever proved it, it is a change of that one."""
    proven = _has_live_booking(state) and state.value("reservation") in state.proven
    return "modification" if proven else "arrival"


def _has_live_booking(state: DialogueState) -> bool:
    return state.reservation is not None and state.reservation.live


def _names_booking(state: DialogueState, meaning: Understanding) -> bool:
    """A booking is named, by its code or as "my booking", outside of a conversation that asked for it."""
    mine = any(intent.topic == "reservation_details" for intent in meaning.intents) or _asks_own_total(state, meaning)
    named = ("reservation" in meaning.changed or mine) and not meaning.changed & set(STAY_SLOTS)
    return named and "reservation" not in LISTENS_TO.get(state.flow, ())


def _asks_own_total(state: DialogueState, meaning: Understanding) -> bool:
    """ "And how much do I pay in all?" after a booking was made, changed or told of."""
    bill = not state.flow and not state.told_topic and asks_own_bill(meaning.text)
    told = state.reservation is not None and not state.flow and not state.told_topic
    if (bill or (told and asks_own_stay(meaning.text))) and not meaning.changed & set(STAY_SLOTS):
        return True
    owing = any(intent.topic in ("payment", "price") for intent in meaning.intents) and asks_price(meaning.text)
    resting = not state.flow or "change" in state.asked
    return owing and state.reservation is not None and resting and not state.told_topic


def _is_about_change(state: DialogueState, meaning: Understanding) -> bool:
    """A price or nights asked for while a change or a cancellation is talked over are those of that one."""
    if state.state in _IDENTIFYING:
        return not meaning.changed & set(STAY_SLOTS)
    if state.flow == "modification":
        return state.state in ("asking_what", "confirming")
    return is_asked_to_cancel(state) and not meaning.changed & set(BOOKING_SLOTS)


def _goes_on(state: DialogueState, meaning: Understanding, wanted: str) -> bool:
    """True when the turn belongs to the conversation under way."""
    if not wanted or wanted == state.flow or (state.flow, wanted) == ("booking", "availability"):
        return True
    if state.flow in BEFORE_BOOKING and wanted in ("modification", "cancellation"):
        # Before there is a booking, "change it" and "cancel it" mean what is being put together.
        begun = bool(state.value("check_in") or state.month or meaning.changed & set(BOOKING_SLOTS))
        own = (wanted == "modification" and begun) or state.state in PRICED or not speaks_of_booking(meaning.text)
        return "reservation" not in meaning.changed and own
    if (state.flow, state.state, wanted) == ("availability", "choosing", "booking"):
        # "Book it, then" to prices on show: what is still open is asked, and nothing told again.
        return not meaning.changed & set(STAY_SLOTS)
    # "Yes, book it" to a price is the choice of that price.
    return (state.flow, wanted) == ("availability", "booking") and meaning.yes and "confirm_choice" in state.asked


def _from_slots(state: DialogueState, meaning: Understanding) -> str:
    """The flow that what was told belongs to, when no intent says so."""
    if "arrival_time" in meaning.changed:
        return _coming(state)
    details = any(item.topic == "reservation_details" for item in meaning.intents)
    if "reservation" in meaning.changed or details:
        return "lookup"
    dates = meaning.changed & {"check_in", "check_out", "nights"}
    of_hours = any(item.topic in _TOPICS_OF_HOURS for item in meaning.intents)
    if (dates in ({"check_in"}, {"check_out"}) and has(meaning, "general_inquiry")) or of_hours:
        # "When may I come in on the 5th?" is a question about a day and no wish for a room.
        dates = frozenset()
    # "There are four of us" out of the blue is how somebody begins who wants rooms.
    party = meaning.changed & {"adults", "children"} and all(item.name == "provide_info" for item in meaning.intents)
    if _moves_a_stay(state, meaning, dates) or (party and not dates and _has_live_booking(state)):
        return "modification"
    if dates and "guest_name" in meaning.changed and meaning.changed & set(CHOICE_SLOTS):
        return "booking"  # who tells days, a room and their name asks for no price alone
    # "Are dogs allowed in the suite?" is a question and no wish for a suite.
    chosen = meaning.changed & set(CHOICE_SLOTS) and not has(meaning, "general_inquiry")
    return "availability" if dates or chosen or party or (meaning.troubles and not meaning.intents) else ""


def _moves_a_stay(state: DialogueState, meaning: Understanding, dates: Collection[str]) -> bool:
    """Days told without a request that are those of a stay which is booked."""
    if meaning.shift and not state.flow:
        return True  # "and one more night, please": there is a stay that it is added to
    begins = "check_in" in meaning.changed or bool(state.value("check_in"))
    if dates and _has_live_booking(state):
        # "We leave on the 13th", "my mistake, from Tuesday", with their booking in hand.
        return not begins or was_mistaken(meaning.text)
    # "We're leaving tomorrow after all" tells of a stay, though nothing may be left of the conversation that booked it.
    return set(dates) == {"check_out"} and not begins and leaves_otherwise(meaning.text)
