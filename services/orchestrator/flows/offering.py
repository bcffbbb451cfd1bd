"""Looking for rooms and saying what there is: prices and cancellation rule, or why not and what is nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from services.orchestrator.domain.desk import hand_over, opening, reservations
from services.orchestrator.domain.effects import Choice, ReleaseHold, SearchAvailability
from services.orchestrator.domain.events import OffersFound
from services.orchestrator.domain.flow import Done
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.domain.offers import Offer, Stay
from services.orchestrator.domain.price_phrases import wants_cheapest
from services.orchestrator.domain.proof import Sourced, Value
from services.orchestrator.domain.state import DateReading, DialogueState, Slot
from services.orchestrator.flows.collecting import drop_prices, room_count, rooms_of, stay_of, with_rooms
from services.orchestrator.flows.noting import noted
from services.orchestrator.flows.speaking import (
    YES_OR_NO,
    answered_within,
    done,
    fact,
    night_of,
    plan_name,
    room_choices,
    room_name,
    say,
    share_of,
    stay_values,
    terms_values,
    told,
)

# A guest is told of no more than this many ways out when what was wanted is gone.
MOST_ALTERNATIVES = 3
# A phone screen.
MOST_ROWS = 5


def let_go(state: DialogueState) -> tuple[DialogueState, tuple[ReleaseHold, ...]]:
    """The state without its hold, and the call that gives the rooms back."""
    if state.hold is None:
        return state, ()
    return replace(state, hold=None), (ReleaseHold(hold_id=state.hold.id),)


def search(moment: Moment) -> Done:
    """All types are asked for, whatever is wanted: if it is gone the nearest is known at once."""
    state, released = let_go(drop_prices(with_rooms(moment)))
    wanted = state.value("room_type")
    return done(state, *released, SearchAvailability(stay=stay_of(state), rooms=rooms_of(moment), prefers=wanted))


def _fitting(state: DialogueState, offers: Sequence[Offer]) -> tuple[Offer, ...]:
    kind, plan = state.value("room_type"), state.value("rate_plan")
    several = state.value("room_kinds").split(",")
    fits = tuple(offer for offer in offers if not kind or offer.room_type == kind)
    fits = tuple(offer for offer in fits if offer.room_type in several) or fits
    return tuple(offer for offer in fits if offer.rate_plan == plan) or fits


def _found(moment: Moment) -> str:
    event = moment.event
    if not isinstance(event, OffersFound):
        return "nothing"
    turn, wanted = moment.state.turn, moment.state.value("room_type")
    reasons = {item.reason for item in event.unavailable if not wanted or item.room_type == wanted}
    every = {item.reason for item in event.unavailable}
    rules: tuple[tuple[bool, str], ...] = (
        (bool(_fitting(moment.state, event.offers)), "wanted"),
        ("MIN_STAY" in reasons, "too_short"),
        ("BEYOND_HORIZON" in reasons, "too_far"),
        (bool(event.offers), "other_types"),
        (_fits_in_more_rooms(moment, every), "more_rooms"),
        (turn.rooms_told is not None and not turn.split_over, "as_told"),
        (bool(event.alternatives), "other_dates"),
        (True, "nothing"),
    )
    return next(found for fits, found in rules if fits)


FOUND = Question(
    name="found",
    answers=("wanted", "too_short", "too_far", "other_types", "more_rooms", "as_told", "other_dates", "nothing"),
    ask=_found,
)


def _fits_in_more_rooms(moment: Moment, reasons: set[str]) -> bool:
    """Rooms there are, but too small or too few of a kind: one room more may do, with an adult in each."""
    count = room_count(moment)
    most = min(moment.hotel.max_rooms_self_service, moment.state.number("adults") or 1)
    crowded = bool(reasons & {"OCCUPANCY", "NOT_ENOUGH_ROOMS"})
    return crowded and count < most and not moment.state.turn.split_over


def search_more_rooms(moment: Moment) -> Done:
    state, told = moment.state, moment.state.turn.rooms_told
    told = state.value("rooms") if told is None else told
    state = state.with_slots(rooms=Slot(value=str(room_count(moment) + 1))).with_turn(rooms_told=told)
    return search(replace(moment, state=state))


def search_as_told(moment: Moment) -> Done:
    """More rooms did not help: what is nearest is looked for as the guest said it."""
    state, told = moment.state.without_slots("rooms"), moment.state.turn.rooms_told
    state = (state.with_slots(rooms=Slot(value=told)) if told else state).with_turn(split_over=True)
    return search(replace(moment, state=state))


def show_offers(moment: Moment) -> Done:
    """What there is for the stay, and the question which of it."""
    offers = _fitting(moment.state, _offers(moment))
    text = moment.state.turn.text
    if wants_cheapest(text) and "?" not in text:  # "whatever's cheapest", told with the days
        offers = (min(offers, key=lambda offer: offer.total),)
    state = replace(moment.state, offers=offers)
    chosen = bool(state.value("room_type")) or len({offer.room_type for offer in offers}) == 1
    asks: tuple[str, ...] = ("confirm_choice",) if len(offers) == 1 else (("rate_plan",) if chosen else ("room_type",))
    if not chosen and len({offer.rate_plan for offer in offers}) > 1 and len(offers) > 1:
        asks = ("room_type", "rate_plan")
    reply = say(
        "stay.offers",
        asks=asks,
        one=len(offers) == 1,
        chosen=chosen,
        wanted=bool(state.value("room_type")),
        **_offers_values(moment, offers),
    )
    return done(state, replace(reply, choices=_choices(moment, offers, chosen=chosen)))


def _offers(moment: Moment) -> tuple[Offer, ...]:
    return moment.event.offers if isinstance(moment.event, OffersFound) else moment.state.offers


def _offers_values(moment: Moment, offers: Sequence[Offer]) -> dict[str, Value]:
    stay = offers[0].stay
    rooms = len(rooms_of(moment))
    people = sum(room.people for room in rooms_of(moment))
    return {
        **stay_values(stay, "search", offers[0].read_time),
        "people": told(moment, "adults", people),
        "several": rooms > 1,
        "rooms": told(moment, "rooms", rooms),
        "rows": offer_rows(moment, offers),
        "rules": _rules(moment, offers),
    }


def offer_rows(moment: Moment, offers: Sequence[Offer]) -> tuple[dict[str, Value], ...]:
    """One row a room type, with the price of each plan for all rooms."""
    rows: list[dict[str, Value]] = []
    people = sum(room.people for room in rooms_of(moment))
    for kind in list(dict.fromkeys(offer.room_type for offer in offers))[:MOST_ROWS]:
        prices = tuple(
            {
                "plan": plan_name(moment, offer.rate_plan),
                "total": total,
                "night": night_of(moment, total, offer.stay),
                "share": share_of(moment, total, people),
            }
            for offer in offers
            if offer.room_type == kind
            for total in [fact(offer.total, f"offer:{kind}/{offer.rate_plan}", offer.read_time)]
        )
        rows.append({"name": room_name(moment, kind), "prices": prices, "several": len(prices) > 1})
    return tuple(rows)


def _rules(moment: Moment, offers: Sequence[Offer]) -> tuple[dict[str, Value], ...]:
    """The cancellation rule of each plan on show. What canceling costs is told where all rooms cost the same."""
    first = {offer.rate_plan: offer for offer in reversed(offers)}
    rules = []
    for plan in dict.fromkeys(offer.rate_plan for offer in offers):
        same = (
            len({offer.terms.penalty for offer in offers if offer.rate_plan == plan}) == 1 and room_count(moment) == 1
        )
        values = terms_values(moment, first[plan].terms, plan)
        rules.append({"plan": plan_name(moment, plan), **values, "penalty": values["penalty"] if same else None})
    return tuple(rules)


def _choices(moment: Moment, offers: Sequence[Offer], *, chosen: bool) -> tuple[Choice, ...]:
    if len(offers) == 1:
        return YES_OR_NO
    if chosen:
        return _plan_choices(moment, offers)
    kinds = list(dict.fromkeys(offer.room_type for offer in offers))[:MOST_ROWS]
    return room_choices(moment, kinds)


def _plan_choices(moment: Moment, offers: Sequence[Offer]) -> tuple[Choice, ...]:
    """The plans on show. The only one without a refund is called just that: it says more than its name and is short."""
    plans = {offer.rate_plan: offer.terms.non_refundable for offer in offers}
    strict = [plan for plan, non_refundable in plans.items() if non_refundable]
    return tuple(
        Choice(id=f"plan:{plan}", title="non_refundable")
        if strict == [plan]
        else Choice(id=f"plan:{plan}", title="named", values={"name": plan_name(moment, plan)})
        for plan in plans
    )


def show_other_types(moment: Moment) -> Done:
    """What was wanted is gone; the nearest are other rooms on the same nights."""
    offers = _offers(moment)
    kinds = list(dict.fromkeys(offer.room_type for offer in offers))[:MOST_ALTERNATIVES]
    shown = tuple(offer for offer in offers if offer.room_type in kinds)
    wanted = moment.state.value("room_type")
    reply = say(
        "stay.other_types",
        asks=("room_type",),
        wanted=room_name(moment, wanted) if wanted else None,
        sleeps=_too_small(moment, wanted),
        **_offers_values(moment, shown),
    )
    return done(replace(moment.state, offers=shown), replace(reply, choices=_choices(moment, shown, chosen=False)))


def _too_small(moment: Moment, wanted: str) -> Sourced | None:
    """How many the wanted room sleeps, when that is what stands in the way."""
    items = moment.event.unavailable if isinstance(moment.event, OffersFound) else ()
    full = next((item for item in items if item.room_type == wanted and item.reason == "OCCUPANCY"), None)
    return fact(full.limit, f"restriction:{wanted}") if full and full.limit else None


def remind(moment: Moment) -> Done:
    """Back from a side question: only the question, the offers are still on the guest's screen."""
    state = moment.state
    chosen = len({offer.room_type for offer in state.offers}) == 1
    asks = ("confirm_choice",) if len(state.offers) == 1 else (("rate_plan",) if chosen else ("room_type",))
    stay = stay_values(state.offers[0].stay, "search", state.offers[0].read_time)
    reply = say("stay.which", asks=asks, one=len(state.offers) == 1, chosen=chosen, **stay)
    return done(state, *noted(moment), replace(reply, choices=_choices(moment, state.offers, chosen=chosen)))


def show_other_dates(moment: Moment) -> Done:
    """Nothing on those nights; the nearest stays that can be had."""
    found = moment.event.alternatives if isinstance(moment.event, OffersFound) else ()
    stay, count = stay_of(moment.state), room_count(moment)
    seen: dict[tuple[str, object], Offer] = {}
    for offer in found:
        seen.setdefault((offer.room_type, offer.stay), offer)
    rows = tuple(
        {
            "name": room_name(moment, offer.room_type),
            "total": fact(offer.total, f"offer:{offer.room_type}/{offer.rate_plan}", offer.read_time),
            **stay_values(offer.stay, "search", offer.read_time),
        }
        for offer in list(seen.values())[:MOST_ALTERNATIVES]
    )
    rooms = told(moment, "rooms", count) if count > 1 else None
    reply = say("stay.other_dates", asks=("dates",), rows=rows, rooms=rooms, **stay_values(stay, "search"))
    return done(replace(moment.state, offers=()), reply)


def say_too_short(moment: Moment) -> Done:
    """The rule, and a stay that keeps it: a yes takes it."""
    wanted = moment.state.value("room_type")
    items = moment.event.unavailable if isinstance(moment.event, OffersFound) else ()
    item = next(i for i in items if i.reason == "MIN_STAY" and (not wanted or i.room_type == wanted))
    stay = stay_of(moment.state)
    long_enough = Stay(check_in=stay.check_in, check_out=stay.check_in + timedelta(days=item.limit))
    reply = say(
        "stay.too_short",
        asks=("dates",),
        first=fact(long_enough.check_in, f"restriction:{item.room_type}"),
        last=fact(long_enough.check_out, f"restriction:{item.room_type}"),
        night=fact(item.date or stay.check_in, f"restriction:{item.room_type}"),
        least=fact(item.limit, f"restriction:{item.room_type}"),
    )
    proposal = DateReading(check_in=long_enough.check_in, check_out=long_enough.check_out)
    return done(replace(moment.state, offers=(), readings=(proposal,)), reply)


def say_nothing_left(moment: Moment) -> Done:
    return done(
        replace(moment.state, offers=()),
        say("stay.nothing_left", asks=("dates",), **stay_values(stay_of(moment.state), "search")),
    )


def hotel_system_down(moment: Moment) -> Done:
    """The truth, nothing promised but a person, and that person told. What the guest said is kept."""
    case = reservations("pms_unavailable")
    state, _ = let_go(moment.state)
    state = hand_over(drop_prices(state), case, moment.now)
    reply = say("stay.system_down", minutes=answered_within(case))
    return done(state, reply, opening(case))
