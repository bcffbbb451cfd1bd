"""A reservation: stay, choice, hold, name, summary, a clear yes, and "booked" only with a code read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from mesh.values import derived_id

from services.orchestrator.domain.desk import hand_over, opening, reservations
from services.orchestrator.domain.effects import Choice, Reserve
from services.orchestrator.domain.events import (
    CallFailed,
    CallRefused,
    Confirmed,
    Denied,
    HoldPlaced,
    Missed,
    QuoteMade,
    Reserved,
    Resumed,
    TimePassed,
    Told,
)
from services.orchestrator.domain.flow import END, Action, Done, Flow, Transition, at_once
from services.orchestrator.domain.guard import Moment, Question
from services.orchestrator.domain.proof import Value
from services.orchestrator.domain.slots import BOOKING_SLOTS
from services.orchestrator.domain.state import DialogueState, Summary
from services.orchestrator.domain.wishes import remark
from services.orchestrator.flows import collecting, offering
from services.orchestrator.flows.availability import asking, found, not_now
from services.orchestrator.flows.collecting import CHOICE, NEED
from services.orchestrator.flows.missing import missing
from services.orchestrator.flows.pricing import (
    NEWS,
    QUOTE_FITS,
    SHOWN,
    SINGLE,
    STANDS,
    choose_single,
    held,
    hold,
    lapse,
    look_again,
    quote,
)
from services.orchestrator.flows.speaking import (
    answered_within,
    done,
    fact,
    night_of,
    plan_name,
    room_name,
    room_of,
    say,
    share_of,
    stay_put,
    stay_values,
    terms_values,
    told,
)
from services.orchestrator.flows.upselling import upsell


def _booker(moment: Moment) -> str:
    state = moment.state
    if not state.value("guest_name"):
        return "name"
    contact = state.contact
    reachable = contact.phone or contact.email or state.value("phone") or state.value("email")
    return "nothing" if reachable else "contact"


BOOKER = Question(name="booker", answers=("name", "contact", "nothing"), ask=_booker)

# Refusals after which the same stay is priced again, and those after which something else must be found.
_PRICE_AGAIN = ("HOLD_EXPIRED", "HOLD_NOT_ACTIVE", "HOLD_NOT_FOUND", "QUOTE_EXPIRED", "PRICE_CHANGED", "TOKEN_INVALID")


def _refusal(moment: Moment) -> str:
    reason = moment.event.reason if isinstance(moment.event, CallRefused) else ""
    if reason in _PRICE_AGAIN:
        return "price_again"
    return "look_again" if reason in ("SOLD_OUT", "NOT_ENOUGH_ROOMS") else "other"


LEAVING = Question(
    name="leaving",
    answers=("yes", "no"),
    ask=lambda moment: "yes" if "cancellation_request" in moment.state.turn.seen_intents else "no",
)
REFUSAL = Question(name="refusal", answers=("price_again", "look_again", "other"), ask=_refusal)


def ask_name(moment: Moment) -> Done:
    state = held(moment)
    return done(state, say("booking.ask_name", asks=("guest_name",), **_choice_values(moment, state)))


def ask_contact(moment: Moment) -> Done:
    return done(held(moment), say("booking.ask_contact", asks=("phone",)))


def _choice_values(moment: Moment, state: DialogueState) -> dict[str, Value]:
    quoted = state.quote
    assert quoted is not None
    source = f"quote:{quoted.id}"
    total = fact(quoted.total, source, quoted.read_time)
    return {
        "room": room_name(moment, quoted.room_type),
        "plan": plan_name(moment, quoted.rate_plan),
        "total": total,
        "several": len(quoted.rooms) > 1,
        "rooms": fact(len(quoted.rooms), source, quoted.read_time),
        "night": night_of(moment, total, quoted.stay),
        "share": share_of(moment, total, sum(room.people for room in quoted.rooms)),
        "each": room_of(moment, total, len(quoted.rooms)),
        "until": fact(moment.hotel.local(state.hold.expires), f"hold:{state.hold.id}") if state.hold else None,
        **stay_values(quoted.stay, source, quoted.read_time),
    }


def summarise(moment: Moment) -> Done:
    """Everything the guest says yes to: dates with weekdays, people, total with taxes, cancellation rule, name."""
    state = held(moment)
    quoted = state.quote
    assert quoted is not None
    name, arrival = state.value("guest_name"), state.value("arrival_time")
    summary = _summary(state)
    source = f"quote:{quoted.id}"
    reply = say(
        "booking.summary",
        asks=("confirm",),
        name=told(moment, "guest_name", name),
        adults=fact(sum(room.adults for room in quoted.rooms), source),
        children=fact(sum(len(room.child_ages) for room in quoted.rooms), source),
        arrival=told(moment, "arrival_time", time.fromisoformat(arrival)) if arrival else None,
        wishes=fact(remark(state.wishes), "guest:wishes") if state.wishes else None,
        with_children=any(room.child_ages for room in quoted.rooms),
        **_choice_values(moment, state),
        **terms_values(moment, quoted.terms, quoted.rate_plan),
    )
    return done(replace(state, summary=summary), replace(reply, choices=_yes_or_no(summary)))


def remind(moment: Moment) -> Done:
    """Back from a side question: the summary is on the guest's screen, and only its question is asked again."""
    state = moment.state
    summary = _summary(state)
    reply = say("booking.confirm_again", asks=("confirm",), **_choice_values(moment, state))
    return done(replace(state, summary=summary), replace(reply, choices=_yes_or_no(summary)))


def _summary(state: DialogueState) -> Summary:
    """Whatever is on the summary makes its id: a button of another summary is an old one."""
    quoted, kept = state.quote, state.hold
    assert quoted is not None
    assert kept is not None
    return Summary(
        id=derived_id("sum", quoted.id, kept.id, state.value("guest_name"), *state.wishes),
        kind="booking",
        reference=quoted.id,
        total=quoted.total,
        expires=min(kept.expires, quoted.expires),
    )


def _yes_or_no(summary: Summary) -> tuple[Choice, Choice]:
    return Choice(id=f"yes:{summary.id}", title="yes_book"), Choice(id=f"no:{summary.id}", title="no_change")


def reserve(moment: Moment) -> Done:
    """The one place where a booking is made: after a clear yes to a summary that stands."""
    state = moment.state
    assert state.quote is not None
    assert state.hold is not None
    arrival = state.value("arrival_time")
    call = Reserve(
        quote=state.quote,
        hold_id=state.hold.id,
        name=state.value("guest_name"),
        phone=state.value("phone") or state.contact.phone,
        email=state.value("email") or state.contact.email,
        language=state.language,
        remark=remark(state.wishes),
        arrival_time=time.fromisoformat(arrival) if arrival else None,
    )
    return done(state, call)


def say_booked(moment: Moment) -> Done:
    """Said only now: the code was read back from the hotel's system."""
    assert isinstance(moment.event, Reserved)
    booked = moment.event.reservation
    source = f"reservation:{booked.code}"
    reply = say(
        "booking.booked",
        asks=(),
        code=fact(booked.code, source, booked.read_time),
        total=fact(booked.total, source, booked.read_time),
        room=room_name(moment, booked.room_type),
        several=len(booked.rooms) > 1,
        rooms=fact(len(booked.rooms), source, booked.read_time),
        wished=bool(moment.state.wishes),
        arrive_from=fact(moment.hotel.check_in_time, "property:check_in_time", moment.hotel.read_time),
        **stay_values(booked.stay, source, booked.read_time),
    )
    state = replace(
        moment.state,
        settled=True,
        hold=None,
        quote=None,
        summary=None,
        offers=(),
        asked=(),
        wishes=(),
        reservation=booked,
        proven=tuple(dict.fromkeys((*moment.state.proven, booked.code))),
    )
    state, offers = upsell(moment, state)
    return done(state, reply, *offers)


def no_longer_kept(moment: Moment) -> Done:
    """The yes came too late: priced afresh and asked again."""
    state, effects = quote(moment)
    return done(state, say("booking.lapsed"), *effects)


def back_to_choosing(moment: Moment) -> Done:
    """A no to the summary: nothing was booked and the rooms are given back."""
    state, released = offering.let_go(collecting.drop_prices(moment.state))
    return done(state, say("booking.not_booked", asks=("dates",)), *released)


def not_confirmed_yet(moment: Moment) -> Done:
    """The hotel's system did not say clearly whether it booked: a person finds out, and nothing is claimed."""
    case = reservations("pms_unavailable")
    state = hand_over(moment.state, case, moment.now)
    state = replace(state, hold=None, quote=None, summary=None, settled=True, asked=())
    reply = say("booking.unclear", minutes=answered_within(case))
    return done(state, reply, opening(case))


def give_up(moment: Moment) -> Done:
    """The guest does not want to book now."""
    state, released = offering.let_go(collecting.drop_prices(moment.state))
    return done(replace(state, wishes=()).without_slots(*BOOKING_SLOTS), say("stay.not_now"), *released)


def _telling(state: str, on: type) -> tuple[Transition, ...]:
    """Something was told while a stay is put together: ask on, price it, or show what there is."""
    return (
        *asking(state, on),
        Transition(state=state, on=on, when=(NEED("nothing"), CHOICE("made")), do=quote, to="quoting"),
        Transition(state=state, on=on, when=(NEED("nothing"), CHOICE("open")), do=offering.search, to="searching"),
    )


def _choosing(on: type) -> tuple[Transition, ...]:
    """The same with offers on the guest's screen: they are not told again when nothing about them changed."""
    still = (NEED("nothing"), CHOICE("open"))
    return (
        *asking("choosing", on),
        Transition(state="choosing", on=on, when=(NEED("nothing"), CHOICE("made")), do=quote, to="quoting"),
        Transition(state="choosing", on=on, when=(*still, NEWS("yes")), do=offering.search, to="searching"),
        Transition(state="choosing", on=on, when=(*still, NEWS("no")), do=offering.remind, to="choosing"),
    )


def _priced(state: str, on: type, *, complete: Action = summarise) -> tuple[Transition, ...]:
    """The same when there is a price: a change drops it; otherwise on to the name and then `complete`."""
    fits, stands = QUOTE_FITS("yes"), STANDS("yes")
    stale = (NEED("nothing"), CHOICE("made"))
    return (
        *asking(state, on),
        Transition(state=state, on=on, when=(NEED("nothing"), CHOICE("open")), do=offering.search, to="searching"),
        Transition(state=state, on=on, when=(*stale, QUOTE_FITS("no")), do=quote, to="quoting"),
        Transition(state=state, on=on, when=(*stale, fits, STANDS("no")), do=no_longer_kept, to="quoting"),
        Transition(state=state, on=on, when=(*stale, fits, stands, BOOKER("name")), do=ask_name, to="naming"),
        Transition(state=state, on=on, when=(*stale, fits, stands, BOOKER("contact")), do=ask_contact, to="naming"),
        Transition(state=state, on=on, when=(*stale, fits, stands, BOOKER("nothing")), do=complete, to="confirming"),
    )


def explain_name(moment: Moment) -> Done:
    """Why a name is asked for; then it is asked again."""
    return done(moment.state, say("booking.name_needed"))


NAME_NEEDED = at_once("name_needed", explain_name)
FLOW = Flow(
    name="booking",
    start="collecting",
    waiting=("collecting", "choosing", "naming", "confirming"),
    transitions=(
        *_telling("collecting", Told),
        *_telling("collecting", Resumed),
        *_telling("collecting", Confirmed),
        *missing(_telling("collecting", Missed)),
        Transition(state="collecting", on=Denied, do=give_up, to=END),
        Transition(state="collecting", on=TimePassed, do=stay_put, to="collecting"),
        *found(),
        *_choosing(Told),
        Transition(state="choosing", on=Resumed, when=(SHOWN("yes"),), do=offering.remind, to="choosing"),
        Transition(state="choosing", on=Resumed, when=(SHOWN("no"),), do=offering.search, to="searching"),
        *missing(_choosing(Missed)),
        Transition(state="choosing", on=Confirmed, when=(SINGLE("yes"),), do=choose_single, to="quoting"),
        Transition(
            state="choosing", on=Confirmed, when=(SINGLE("no"), SHOWN("yes")), do=offering.remind, to="choosing"
        ),
        Transition(
            state="choosing", on=Confirmed, when=(SINGLE("no"), SHOWN("no")), do=offering.search, to="searching"
        ),
        Transition(state="choosing", on=Denied, do=not_now, to="choosing"),
        Transition(state="choosing", on=TimePassed, do=stay_put, to="choosing"),
        Transition(state="quoting", on=QuoteMade, do=hold, to="holding"),
        Transition(state="quoting", on=CallRefused, do=look_again, to="searching"),
        Transition(state="quoting", on=CallFailed, do=offering.hotel_system_down, to=END),
        Transition(state="holding", on=HoldPlaced, when=(BOOKER("name"),), do=ask_name, to="naming"),
        Transition(state="holding", on=HoldPlaced, when=(BOOKER("contact"),), do=ask_contact, to="naming"),
        Transition(state="holding", on=HoldPlaced, when=(BOOKER("nothing"),), do=summarise, to="confirming"),
        Transition(state="holding", on=CallRefused, do=look_again, to="searching"),
        Transition(state="holding", on=CallFailed, do=offering.hotel_system_down, to=END),
        *_priced("naming", Told),
        *_priced("naming", Resumed),
        *_priced("naming", Confirmed),
        *missing(_priced("naming", Missed)),
        Transition(state="naming", on=Denied, when=(LEAVING("no"),), do=back_to_choosing, to="collecting"),
        Transition(state="naming", on=Denied, when=(LEAVING("yes"),), do=give_up, to=END),
        Transition(state="naming", on=TimePassed, when=(STANDS("no"),), do=lapse, to="naming"),
        Transition(state="naming", on=TimePassed, when=(STANDS("yes"),), do=stay_put, to="naming"),
        *_priced("confirming", Told),
        *_priced("confirming", Resumed, complete=remind),
        *missing(_priced("confirming", Missed)),
        Transition(state="confirming", on=Confirmed, when=(STANDS("yes"),), do=reserve, to="reserving"),
        Transition(state="confirming", on=Confirmed, when=(STANDS("no"),), do=no_longer_kept, to="quoting"),
        Transition(state="confirming", on=Denied, when=(LEAVING("no"),), do=back_to_choosing, to="collecting"),
        Transition(state="confirming", on=Denied, when=(LEAVING("yes"),), do=give_up, to=END),
        Transition(state="confirming", on=TimePassed, when=(STANDS("no"),), do=lapse, to="confirming"),
        Transition(state="confirming", on=TimePassed, when=(STANDS("yes"),), do=stay_put, to="confirming"),
        Transition(state="reserving", on=Reserved, do=say_booked, to=END),
        Transition(state="reserving", on=CallRefused, when=(REFUSAL("price_again"),), do=no_longer_kept, to="quoting"),
        Transition(state="reserving", on=CallRefused, when=(REFUSAL("look_again"),), do=look_again, to="searching"),
        Transition(state="reserving", on=CallRefused, when=(REFUSAL("other"),), do=not_confirmed_yet, to=END),
        Transition(state="reserving", on=CallFailed, do=not_confirmed_yet, to=END),
    ),
)
