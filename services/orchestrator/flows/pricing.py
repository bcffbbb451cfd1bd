"""From a choice to a promise: the quote, the hold, and whether they still stand."""

from __future__ import annotations

from dataclasses import replace

from services.orchestrator.domain.effects import MakeQuote, PlaceHold
from services.orchestrator.domain.events import HoldPlaced, QuoteMade
from services.orchestrator.domain.flow import Done
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.domain.slots import BOOKING_SLOTS, CHOICE_SLOTS
from services.orchestrator.domain.state import DialogueState, Slot
from services.orchestrator.flows.collecting import CHOICE, drop_prices, rooms_of, stay_of, with_rooms
from services.orchestrator.flows.offering import let_go, search
from services.orchestrator.flows.speaking import done


def _still_open(moment: Moment) -> str:
    chosen_now = moment.state.turn.changed & set(CHOICE_SLOTS)
    return "no" if chosen_now and CHOICE("made").holds(moment) else "yes"


# Whether the guest, who was only asking, has now chosen a room and its conditions.
STILL_OPEN = Question(name="still_open", answers=("yes", "no"), ask=_still_open)

# One room, one price: a yes is a choice.
SINGLE = Question(
    name="single", answers=("yes", "no"), ask=lambda moment: "yes" if len(moment.state.offers) == 1 else "no"
)


def _shown(moment: Moment) -> str:
    state = moment.state
    known = state.offers and state.value("check_in") and state.value("check_out")
    return "yes" if known and state.offers[0].stay == stay_of(state) else "no"


def _news(moment: Moment) -> str:
    told = moment.state.turn.changed & set(BOOKING_SLOTS)
    kinds = {offer.room_type for offer in moment.state.offers}
    if told == {"rate_plan"} and moment.state.value("room_type") not in ("", *kinds):
        # Of the rooms offered instead of the wanted one none is chosen yet; its rate alone shows nothing new.
        told = frozenset()
    asked = "price" in moment.state.turn.topics or "availability_check" in moment.state.turn.seen_intents
    return "yes" if told or asked or _shown(moment) == "no" else "no"


# Whether something was told that the offers on the guest's screen do not show, or they are asked for again.
NEWS = Question(name="news", answers=("yes", "no"), ask=_news)

# Whether the offers on the guest's screen are those of the stay that is wanted.
SHOWN = Question(name="shown", answers=("yes", "no"), ask=_shown)


def _quote_fits(moment: Moment) -> str:
    state, quote = moment.state, moment.state.quote
    if quote is None or not (state.value("check_in") and state.value("check_out") and state.value("adults")):
        return "no"
    same = (
        quote.stay == stay_of(state)
        and quote.rooms == rooms_of(moment)
        and (quote.room_type, quote.rate_plan) == (state.value("room_type"), state.value("rate_plan"))
    )
    return "yes" if same else "no"


# Whether what was priced is still what the guest wants.
QUOTE_FITS = Question(name="quote_fits", answers=("yes", "no"), ask=_quote_fits)


def _stands(moment: Moment) -> str:
    state = moment.state
    held = state.hold is not None and moment.now < state.hold.expires
    priced = state.quote is not None and moment.now < state.quote.expires
    return "yes" if held and priced else "no"


# Whether price and rooms are still kept for the guest.
STANDS = Question(name="stands", answers=("yes", "no"), ask=_stands)


def quote(moment: Moment) -> Done:
    """A fresh price for what was chosen; an older hold is given back first, or it would stand in its own way."""
    state, released = let_go(drop_prices(with_rooms(moment)))
    call = MakeQuote(
        stay=stay_of(state),
        rooms=rooms_of(moment),
        room_type=state.value("room_type"),
        rate_plan=state.value("rate_plan"),
    )
    return done(state, *released, call)


def choose_single(moment: Moment) -> Done:
    """The only offer on show is taken."""
    offer = moment.state.offers[0]
    state = moment.state.with_slots(room_type=Slot(value=offer.room_type), rate_plan=Slot(value=offer.rate_plan))
    return quote(replace(moment, state=state))


def hold(moment: Moment) -> Done:
    """Rooms are kept as soon as there is a price for a choice."""
    assert isinstance(moment.event, QuoteMade)
    made = moment.event.quote
    return done(replace(moment.state, quote=made), PlaceHold(quote=made))


def held(moment: Moment) -> DialogueState:
    """The state with the hold that was placed."""
    return replace(moment.state, hold=moment.event.hold) if isinstance(moment.event, HoldPlaced) else moment.state


def look_again(moment: Moment) -> Done:
    """What was chosen cannot be had after all: say why and what can."""
    return search(moment)


def lapse(moment: Moment) -> Done:
    """The time for deciding is over: the rooms go back on sale and the price is no longer promised."""
    state, released = let_go(moment.state)
    return done(replace(state, quote=None, summary=None), *released)
