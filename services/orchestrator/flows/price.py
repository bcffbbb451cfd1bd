"""The price is too high for the guest: the least that the same nights cost, no complaint and no discount of our own."""

from __future__ import annotations

from dataclasses import replace

from services.orchestrator.domain.effects import SearchAvailability
from services.orchestrator.domain.events import CallFailed, CallRefused, OffersFound, Opened
from services.orchestrator.domain.flow import END, Done, Flow, Transition, at_once
from services.orchestrator.domain.guard import Moment
from services.orchestrator.domain.price_phrases import asks_for_less
from services.orchestrator.flows.collecting import rooms_of, stay_of
from services.orchestrator.flows.speaking import YES_OR_NO, done, fact, plan_name, room_name, say


def search_all(moment: Moment) -> Done:
    """Every kind of room for the same nights: what the guest was shown may be of one kind alone."""
    return done(moment.state, SearchAvailability(stay=stay_of(moment.state), rooms=rooms_of(moment)))


def cheapest(moment: Moment) -> Done:
    """A yes takes it, the others are a word away. Where nobody can look, the least of what was shown."""
    found = moment.event.offers if isinstance(moment.event, OffersFound) else ()
    offer = min(found or moment.state.offers, key=lambda item: item.total)
    total = fact(offer.total, f"offer:{offer.room_type}/{offer.rate_plan}", offer.read_time)
    room, plan = room_name(moment, offer.room_type), plan_name(moment, offer.rate_plan)
    reply = say("stay.cheapest", asks=("confirm_choice",), room=room, plan=plan, total=total)
    return done(replace(moment.state, offers=(offer,)), replace(reply, choices=YES_OR_NO))


def offer_other_ways(moment: Moment) -> Done:
    """Before there are prices: the least one is told as soon as it is known."""
    return done(moment.state, say("stay.other_ways", cheapest=asks_for_less(moment.state.turn.text)))


FLOWS = (
    Flow(
        name="cheapest",
        start="begin",
        side=True,
        returns=False,
        transitions=(
            Transition(state="begin", on=Opened, do=search_all, to="looking"),
            Transition(state="looking", on=OffersFound, do=cheapest, to=END),
            Transition(state="looking", on=CallRefused, do=cheapest, to=END),
            Transition(state="looking", on=CallFailed, do=cheapest, to=END),
        ),
    ),
    at_once("price", offer_other_ways),
)
