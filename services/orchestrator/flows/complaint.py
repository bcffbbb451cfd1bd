"""A complaint: one line of apology, who will come and by when, a real deadline, and nothing is sold."""

from __future__ import annotations

from dataclasses import replace

from services.orchestrator.domain.desk import complaint, hand_over, opening
from services.orchestrator.domain.effects import FindReservations
from services.orchestrator.domain.events import CallFailed, CallRefused, Opened, ReservationsFound
from services.orchestrator.domain.flow import END, Done, Flow, Transition
from services.orchestrator.domain.guard import Moment
from services.orchestrator.domain.phrases import wants_manager, wants_money_back
from services.orchestrator.domain.reservation import Reservation
from services.orchestrator.domain.state import DialogueState, Slot
from services.orchestrator.flows.speaking import done, fact, say

# A guest who cannot sleep or wash does not wait for the morning.
_URGENT_TOPICS = frozenset(
    [
        "air_conditioning",
        "heating",
        "hot_water",
        "water",
        "leak",
        "electricity",
        "power",
        "lock",
        "door_lock",
        "safety",
        "noise",
        "smell",
        "pests",
        "elevator",
    ]
)
URGENT_ANYWHERE = 0.6
URGENT_IN_HOUSE = 0.3
# Whose stay is still to come is safe and dry: mails without an answer are no matter of minutes.
URGENT_BEFORE_STAY = 0.8


def look(moment: Moment) -> Done:
    contact = moment.state.contact
    return done(moment.state, FindReservations(phone=contact.phone, email=contact.email))


def in_house(moment: Moment) -> Reservation | None:
    return next((item for item in moment.found if item.in_house), None)


def _comes_later(moment: Moment) -> bool:
    """Every stay that is known of the guest is still to come."""
    return any(item.live for item in moment.found)


def _is_over(moment: Moment) -> bool:
    """The guest has been here, and has left."""
    return any(item.state == "CHECKED_OUT" for item in moment.found)


def answer(moment: Moment) -> Done:
    booked = in_house(moment)
    state = placed(moment.state, booked)
    topic, urgency = state.turn.topic, state.turn.urgency
    if topic:
        state = state.with_slots(topic=Slot(value=topic))
    anywhere = URGENT_BEFORE_STAY if booked is None and _comes_later(moment) else URGENT_ANYWHERE
    urgent = urgency >= anywhere or (booked is not None and (urgency >= URGENT_IN_HOUSE or topic in _URGENT_TOPICS))
    case = complaint(moment.hotel, moment.now, urgent=urgent)
    waiting = state.awaiting
    # What was told to the manager, because it was asked for or nobody came, stays there.
    manager = wants_manager(state.turn.text) or (waiting is not None and waiting.desk == "manager")
    if manager:
        case = replace(case, desk="manager")
    repeated = waiting is not None and waiting.reason == case.reason
    state = hand_over(state, case, moment.now)
    # Nothing is sold to somebody who is cross.
    state = replace(state, upsell_shown=True)
    minutes = state.handoff.sla_minutes if state.handoff else case.minutes
    where = topic in _URGENT_TOPICS and not state.value("room") and not (booked is None and _is_over(moment))
    reply = say(
        "complaint.sorry",
        praised="compliment" in state.turn.seen_intents,
        money=wants_money_back(state.turn.text),
        asks=("room",) if where else (),
        over=booked is None and _is_over(moment),
        where=where,
        repeated=repeated,
        manager=manager,
        on_call=case.desk == "on_call",
        minutes=fact(minutes, "handoff:complaint"),
    )
    return done(state, reply, opening(case))


def placed(state: DialogueState, booked: Reservation | None) -> DialogueState:
    """The state with the stay and the room of a guest who is in the house."""
    if booked is None:
        return state
    state = replace(state, reservation=booked).with_slots(reservation=Slot(value=booked.code))
    return state.with_slots(room=Slot(value=booked.room_numbers[0])) if booked.room_numbers else state


FLOW = Flow(
    name="complaint",
    start="begin",
    side=True,
    returns=False,
    transitions=(
        Transition(state="begin", on=Opened, do=look, to="looking"),
        Transition(state="looking", on=ReservationsFound, do=answer, to=END),
        Transition(state="looking", on=CallRefused, do=answer, to=END),
        Transition(state="looking", on=CallFailed, do=answer, to=END),
    ),
)
