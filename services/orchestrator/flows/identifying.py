"""Whose reservation is it, and may this person hear of it? The channel proves it, or code and surname, or staff.

A code that does not belong to the channel is answered alike whether it exists or not: strangers learn nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from services.orchestrator.domain.desk import hand_over, human_request, opening
from services.orchestrator.domain.effects import Choice, FindReservations, GetReservation
from services.orchestrator.domain.events import (
    CallFailed,
    CallRefused,
    Confirmed,
    Denied,
    Missed,
    ReservationsFound,
    Resumed,
    TimePassed,
    Told,
)
from services.orchestrator.domain.flow import END, Action, Done, Transition
from services.orchestrator.domain.guard import Guard, Moment, Question
from services.orchestrator.domain.phrases import has_no_code
from services.orchestrator.domain.reservation import Reservation
from services.orchestrator.domain.state import DialogueState, Slot
from services.orchestrator.domain.words import says_name
from services.orchestrator.flows.missing import missing
from services.orchestrator.flows.offering import hotel_system_down
from services.orchestrator.flows.speaking import answered_within, done, fact, room_name, say, stay_put, stay_values

MOST_LISTED = 5
# After as many wrong surnames a person looks at it.
MOST_FAILURES = 2

WAITING = ("asking_code", "asking_which", "verifying")


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What to do with the reservation once it is known."""

    when: Guard = ()
    do: Action
    to: str


def found_of(moment: Moment) -> tuple[Reservation, ...]:
    """Live reservations among those found, or among those listed to the guest before."""
    found = moment.found if isinstance(moment.event, ReservationsFound) else moment.state.candidates
    return tuple(item for item in found if item.live)


def matching(moment: Moment) -> tuple[Reservation, ...]:
    """Those that what the guest told can mean: by code, else by arrival, month or room type, else all."""
    found, state = found_of(moment), moment.state
    code = state.value("reservation")
    if code:
        return tuple(item for item in found if item.code.upper() == code.upper())
    told, month = state.turn.changed, state.turn.month
    marks: tuple[tuple[bool, Callable[[Reservation], bool]], ...] = (
        ("check_in" in told, lambda item: item.stay.check_in.isoformat() == state.value("check_in")),
        (bool(month), lambda item: item.stay.check_in.isoformat().startswith(month)),
        ("room_type" in told, lambda item: item.room_type == state.value("room_type")),
    )
    for named, fits in marks:
        if named and (fitting := tuple(item for item in found if fits(item))):
            return fitting
    return found


def _which(moment: Moment) -> str:
    fitting = matching(moment)
    if len(fitting) == 1:
        return "one"
    if moment.state.value("reservation"):
        return "unproven"
    if fitting:
        return "many"
    return "lost" if _lost(moment) == "yes" else "none"


def _lost(moment: Moment) -> str:
    return "yes" if has_no_code(moment.state.turn.text, asked=moment.state.state == "asking_code") else "no"


WHICH = Question(name="which", answers=("one", "many", "none", "lost", "unproven"), ask=_which)
# Whether the guest has no code to give.
LOST = Question(name="lost", answers=("yes", "no"), ask=_lost)
NAMED = Question(name="named", answers=("yes", "no"), ask=lambda moment: "yes" if moment.state.turn.named else "no")
PROVEN = Question(
    name="proven",
    answers=("yes", "no"),
    ask=lambda moment: "yes" if moment.state.value("reservation") in moment.state.proven else "no",
)


def _other_code(moment: Moment) -> str:
    turn = moment.state.turn
    return "yes" if "reservation" in turn.changed and not turn.named else "no"


# Whether, asked for the surname, the guest only gave another code: no wrong answer.
OTHER_CODE = Question(name="other_code", answers=("yes", "no"), ask=_other_code)
LIVE = Question(name="live", answers=("yes", "no"), ask=lambda moment: "yes" if found_of(moment) else "no")


def _surname(moment: Moment) -> str:
    """The surname of the booker was said when it was asked for."""
    text = moment.state.turn.text
    if any(says_name(text, item.family_name or item.given_name) for item in moment.found):
        return "right"
    return "wrong" if moment.state.proof_failures < MOST_FAILURES - 1 else "wrong_again"


SURNAME = Question(name="surname", answers=("right", "wrong", "wrong_again"), ask=_surname)


def find(moment: Moment) -> Done:
    contact = moment.state.contact
    return done(moment.state, FindReservations(phone=contact.phone, email=contact.email))


def read_proven(moment: Moment) -> Done:
    return done(moment.state, GetReservation(code=moment.state.value("reservation")))


def known(moment: Moment, reservation: Reservation) -> DialogueState:
    """The state with the reservation it is about, proven to be this guest's."""
    state = moment.state
    slot = state.slots.get("reservation", Slot(value=reservation.code))
    state = state.with_slots(reservation=replace(slot, value=reservation.code))
    proven = tuple(dict.fromkeys((*state.proven, reservation.code)))
    return replace(state, reservation=reservation, proven=proven, candidates=(), proof_failures=0)


def identified(action: Action) -> Action:
    """The action, with the one reservation in the state."""

    def do(moment: Moment) -> Done:
        reservation = (matching(moment) or found_of(moment))[0]
        return action(replace(moment, state=known(moment, reservation)))

    return do


def no_longer_live(moment: Moment) -> Done:
    """It was canceled, or the stay is over: there is nothing left to do with it here."""
    code = moment.state.value("reservation")
    reply = say("reservation.not_live", code=fact(code, f"reservation:{code}"))
    return done(moment.state.without_slots("reservation"), reply)


def ask_code(moment: Moment) -> Done:
    """Asked once more it is told what there is for who has no code, or no reservation."""
    again = moment.state.state == "asking_code"
    return done(moment.state, say("reservation.ask_code", asks=("reservation",), again=again))


def ask_which(moment: Moment) -> Done:
    items = matching(moment)[:MOST_LISTED]
    rows = tuple(
        {
            "code": fact(item.code, f"reservation:{item.code}", item.read_time),
            "name": room_name(moment, item.room_type),
            **stay_values(item.stay, f"reservation:{item.code}", item.read_time),
        }
        for item in items
    )
    choices = tuple(
        Choice(id=f"code:{item.code}", title="named", values={"name": fact(item.code, f"reservation:{item.code}")})
        for item in items
    )
    state = replace(moment.state, candidates=found_of(moment))
    return done(state, replace(say("reservation.ask_which", asks=("reservation",), rows=rows), choices=choices))


def ask_verification(moment: Moment) -> Done:
    return done(moment.state, say("reservation.ask_verification", asks=("verification",)))


def wrong(moment: Moment) -> Done:
    state = replace(moment.state, proof_failures=moment.state.proof_failures + 1)
    return done(state, say("reservation.not_verified", asks=("verification",)))


def to_reception(moment: Moment) -> Done:
    """Who cannot prove it here can do so to a person."""
    case = replace(human_request(moment.hotel, moment.now), reason="verification")
    state = replace(hand_over(moment.state, case, moment.now), proof_failures=0)
    reply = say("reservation.verify_with_staff", minutes=answered_within(case))
    return done(state.without_slots("reservation"), reply, opening(case))


def leave(moment: Moment) -> Done:
    return done(replace(moment.state, candidates=()), say("courtesy.all_right"))


def _as_it_is(action: Action) -> Action:
    return action


def identify(
    nexts: Sequence[Next], *, begin: str = "begin", first: Callable[[Action], Action] = _as_it_is
) -> tuple[Transition, ...]:
    """Transitions from `begin` to one of `nexts` with `state.reservation` set. `first` goes around the first step."""

    def settle(state: str, on: type, extra: Guard) -> tuple[Transition, ...]:
        return tuple(
            Transition(state=state, on=on, when=(*extra, *item.when), do=identified(item.do), to=item.to)
            for item in nexts
        )

    def among(state: str, on: type) -> tuple[Transition, ...]:
        return (
            *settle(state, on, (WHICH("one"),)),
            Transition(state=state, on=on, when=(WHICH("many"),), do=ask_which, to="asking_which"),
            Transition(state=state, on=on, when=(WHICH("none"),), do=ask_code, to="asking_code"),
            Transition(state=state, on=on, when=(WHICH("lost"),), do=to_reception, to=END),
            Transition(state=state, on=on, when=(WHICH("unproven"), NAMED("no")), do=ask_verification, to="verifying"),
            # Code and name came together: the proof is there and only to be checked.
            Transition(state=state, on=on, when=(WHICH("unproven"), NAMED("yes")), do=read_proven, to="checking"),
        )

    return (
        Transition(state=begin, on=Told, when=(PROVEN("no"),), do=first(find), to="finding"),
        Transition(state=begin, on=Told, when=(PROVEN("yes"),), do=first(read_proven), to="reading"),
        *among("finding", ReservationsFound),
        *_failing("finding"),
        *settle("reading", ReservationsFound, (LIVE("yes"),)),
        Transition(state="reading", on=ReservationsFound, when=(LIVE("no"),), do=no_longer_live, to=END),
        *_failing("reading"),
        *among("asking_code", Told),
        *among("asking_which", Told),
        Transition(state="verifying", on=Told, when=(OTHER_CODE("no"),), do=read_proven, to="checking"),
        Transition(state="verifying", on=Told, when=(OTHER_CODE("yes"),), do=ask_verification, to="verifying"),
        *settle("checking", ReservationsFound, (SURNAME("right"), LIVE("yes"))),
        Transition(
            state="checking", on=ReservationsFound, when=(SURNAME("right"), LIVE("no")), do=no_longer_live, to=END
        ),
        *_not_proven(),
        *_staying("asking_code", ask_code),
        *_staying("asking_which", ask_which),
        *_staying("verifying", ask_verification),
    )


def _not_proven() -> tuple[Transition, ...]:
    """The surname is another, or there is no such code: said alike."""
    return (
        Transition(state="checking", on=ReservationsFound, when=(SURNAME("wrong"),), do=wrong, to="verifying"),
        Transition(state="checking", on=ReservationsFound, when=(SURNAME("wrong_again"),), do=to_reception, to=END),
        Transition(state="checking", on=CallRefused, when=(SURNAME("right", "wrong"),), do=wrong, to="verifying"),
        Transition(state="checking", on=CallRefused, when=(SURNAME("wrong_again"),), do=to_reception, to=END),
        Transition(state="checking", on=CallFailed, do=hotel_system_down, to=END),
    )


def _failing(state: str) -> tuple[Transition, ...]:
    return (
        Transition(state=state, on=CallRefused, do=ask_code, to="asking_code"),
        Transition(state=state, on=CallFailed, do=hotel_system_down, to=END),
    )


def _staying(state: str, ask: Action) -> tuple[Transition, ...]:
    """What else can come while an answer is awaited."""
    return (
        Transition(state=state, on=Confirmed, do=ask, to=state),
        Transition(state=state, on=Resumed, do=ask, to=state),
        *missing((Transition(state=state, on=Missed, when=(LOST("no"),), do=ask, to=state),)),
        Transition(state=state, on=Missed, when=(LOST("yes"),), do=to_reception, to=END),
        Transition(state=state, on=Denied, when=(LOST("no"),), do=leave, to=END),
        Transition(state=state, on=Denied, when=(LOST("yes"),), do=to_reception, to=END),
        Transition(state=state, on=TimePassed, do=stay_put, to=state),
    )
