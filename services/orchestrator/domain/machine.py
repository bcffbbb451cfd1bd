"""The dialogue step: pure, (state, event, now, hotel) → (state, effects), run over flows that are data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.orchestrator.domain import flow as flows
from services.orchestrator.domain.agenda import plan
from services.orchestrator.domain.deadlines import let_lapse
from services.orchestrator.domain.desk import (
    APP,
    answered_from_app,
    keep_promises,
    opening,
    returned_by_app,
    take_over,
)
from services.orchestrator.domain.effects import Effect, Note, OpenHandoff, Reply, StaffReply, awaited
from services.orchestrator.domain.events import (
    DeadlinePassed,
    Event,
    GuestTurn,
    Happened,
    MessageDue,
    Move,
    NotUnderstandable,
    Opened,
    Resumed,
    StaffClaimed,
    StaffReleased,
    StaffSaid,
    StaffTookOver,
    StaffWrote,
    TimePassed,
)
from services.orchestrator.domain.flow import END, Done, Flow, Transition, target
from services.orchestrator.domain.guard import Moment, holds
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.state import DialogueState, Handoff, Shift, StaffWords, TurnMemo
from services.orchestrator.domain.understanding import Understanding, forget_settled, understand

# A turn never needs as many; a flow that does is broken.
MAX_MOVES = 24


class NoWayOn(Exception):
    """A flow was told something that none of its transitions takes. `where` is flow, state and event."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass(frozen=True, slots=True)
class _Place:
    flow: Flow
    state: str


class Machine:
    """Runs flows. Raises BrokenFlows at once when they have faults."""

    def __init__(self, all_flows: Sequence[Flow]) -> None:
        flows.check(all_flows)
        self._flows = {item.name: item for item in all_flows}

    @property
    def flows(self) -> Sequence[Flow]:
        return tuple(self._flows.values())

    def step(self, state: DialogueState, event: Event, now: datetime, hotel: Hotel) -> Done:
        """The state after the event, and what is to be done: ends at rest, or at a call whose result comes next."""
        happened = Happened(event=event, at=now)
        match event:
            case GuestTurn():
                state, effects = self._begin_turn(state, event, now, hotel)
            case NotUnderstandable(turn_id=turn_id):
                state, effects = _fresh(state, turn_id), ()
                state = self._plan(state, (Move(flow="holding_answer", event=Opened()),))
            case StaffClaimed() | StaffTookOver() | StaffSaid() | StaffWrote() | StaffReleased():
                return _of_staff(state, event, now)
            case DeadlinePassed(turn_id=turn_id):
                state, effects = self._deadline(_fresh(state, turn_id, asked=state.asked), now)
            case MessageDue(turn_id=turn_id, kind=kind):
                state, effects = _fresh(state, turn_id, asked=state.asked), ()
                state = self._plan(state, (Move(flow="proactive", event=Opened(kind)),))
            case _:
                state, effects = self._result(state, happened, hotel)
        return self._run(state, effects, now, hotel)

    # -- the beginning of a turn

    def _begin_turn(self, state: DialogueState, turn: GuestTurn, now: datetime, hotel: Hotel) -> Done:
        state = forget_settled(returned_by_app(state, now))
        state, meaning = understand(state, turn, now, hotel)
        moves = plan(state, meaning)
        if not moves:
            note = "a person has the conversation" if state.person_has_it else "nothing to answer"
            return _fresh(state, turn.turn_id, asked=state.asked), (Note(reason=note),)
        # Who thinks it over is still asked.
        state = _remember(_fresh(state, turn.turn_id, asked=state.asked if meaning.thinking else ()), meaning)
        notes = tuple(Note(reason=f"{move.flow}: {type(move.event).__name__}") for move in moves)
        return self._plan(state, moves), notes

    def _deadline(self, state: DialogueState, now: datetime) -> Done:
        """What ran out is let go whatever flow is open: a side step must not keep rooms that nobody waits for."""
        state, released = let_lapse(state, now)
        moves = [Move(flow="promises", event=TimePassed())]
        if state.flow:
            moves.insert(0, Move(flow=state.flow, event=TimePassed()))
        return self._plan(state, tuple(moves)).with_turn(resume=False), released

    @staticmethod
    def _plan(state: DialogueState, moves: tuple[Move, ...]) -> DialogueState:
        return state.with_turn(agenda=(*state.turn.agenda, *moves))

    # -- the run of a turn

    def _run(self, state: DialogueState, effects: tuple[Effect, ...], now: datetime, hotel: Hotel) -> Done:
        for _ in range(MAX_MOVES):
            if any(awaited(effect) for effect in effects):
                return state, effects
            if state.turn.agenda:
                move, rest = state.turn.agenda[0], state.turn.agenda[1:]
            elif self._to_resume(state):
                move, rest = Move(flow=state.flow, event=Resumed()), ()
                state = state.with_turn(resume=False)
            else:
                return state, effects
            state, more = self._move(state.with_turn(agenda=rest), move, now, hotel)
            effects = (*effects, *more)
        raise NoWayOn(f"{state.flow}.{state.state} does not come to rest")

    def _to_resume(self, state: DialogueState) -> bool:
        """A side question was answered and nothing was said about what is open."""
        turn = state.turn
        if not state.flow or not turn.resume or not turn.spoken or state.flow in turn.spoken:
            return False
        return all(self._flows[name].returns for name in turn.spoken if name in self._flows)

    def _move(self, state: DialogueState, move: Move, now: datetime, hotel: Hotel) -> Done:
        flow = self._flows[move.flow]
        if flow.side:
            place = _Place(flow, flow.start)
            state = state.with_turn(side=(flow.name, flow.start))
        elif state.flow == flow.name:
            place = _Place(flow, state.state)
        else:
            place = _Place(flow, flow.start)
            state = replace(state, flow=flow.name, state=flow.start, summary=None, cancellation=None, modification=None)
        return self._fire(state, place, move.event, now, hotel)

    def _result(self, state: DialogueState, happened: Happened, hotel: Hotel) -> Done:
        name, where = state.turn.side or (state.flow, state.state)
        if name not in self._flows:
            raise NoWayOn(f"{type(happened.event).__name__} belongs to no flow")
        return self._fire(state, _Place(self._flows[name], where), happened.event, happened.at, hotel)

    def _fire(self, state: DialogueState, place: _Place, event: Event, now: datetime, hotel: Hotel) -> Done:
        moment = Moment(state=state, event=event, now=now, hotel=hotel)
        transition = _matching(place, moment)
        if transition is None:
            raise NoWayOn(f"{place.flow.name}.{place.state} on {type(event).__name__}")
        after, effects = transition.do(moment)
        after = _arrive(after, place, transition)
        return _spoken(after, place.flow.name, effects), effects


def _matching(place: _Place, moment: Moment) -> Transition | None:
    for transition in place.flow.transitions:
        if transition.state == place.state and transition.on is type(moment.event) and holds(transition.when, moment):
            return transition
    return None


def _arrive(state: DialogueState, place: _Place, transition: Transition) -> DialogueState:
    name, where = target(place.flow.name, transition.to)
    if place.flow.side and name == place.flow.name:
        return state.with_turn(side=None if where == END else (name, where))
    if place.flow.side:
        state = state.with_turn(side=None)
    if where == END:
        return replace(state, flow="", state="", summary=None)
    return replace(state, flow=name, state=where)


def _spoken(state: DialogueState, flow: str, effects: tuple[Effect, ...]) -> DialogueState:
    replies = [effect for effect in effects if isinstance(effect, Reply)]
    if not replies:
        return state
    asks = next((reply.asks for reply in reversed(replies) if reply.asks), ())
    introduced = state.introduced or flow == "greeting"
    state = replace(state, asked=asks or state.asked, introduced=introduced)
    return state.with_turn(spoken=(*state.turn.spoken, flow))


def _fresh(state: DialogueState, turn_id: str, *, asked: tuple[str, ...] = ()) -> DialogueState:
    return replace(state, turn=TurnMemo(id=turn_id, flags=state.turn.flags), asked=asked, told_topic="")


def _remember(state: DialogueState, meaning: Understanding) -> DialogueState:
    lead = meaning.intents[0] if meaning.intents else None
    topical = next((intent for intent in meaning.intents if intent.name in ("complaint", "service_request")), lead)
    guessed = next((intent.topic for intent in meaning.weak if intent.topic), "")
    state = state.with_turn(
        changed=meaning.changed,
        troubles=meaning.troubles,
        seen_intents=tuple(intent.name for intent in meaning.intents),
        month=meaning.month,
        topics=frozenset(intent.topic for intent in meaning.intents if intent.topic),
        topic=(topical.topic or guessed) if topical else "",
        urgency=topical.urgency if topical else 0.0,
        text="\n".join(meaning.texts),
        wish=meaning.wish,
        wondering=meaning.wondering,
        mixed=meaning.mixed,
        named=meaning.named,
        doubtful=meaning.doubtful,
    )
    meant = any(intent.name not in ("out_of_scope", "provide_info") for intent in meaning.intents)
    answered = meaning.yes or meaning.no or meaning.thinking
    understood = bool(meant or answered or meaning.card or meaning.changed or meaning.troubles)
    return replace(
        state,
        shift=meaning.shift or (state.shift if state.flow == "modification" and not state.modification else Shift()),
        current_intent=lead.name if lead else state.current_intent,
        readings=() if "check_in" in meaning.changed else state.readings,
        misses=0 if understood or not meaning.texts else state.misses + 1,
        unsupported_told=state.unsupported_told and not meaning.texts,
        heard=None if meaning.texts else state.heard,
    )


def _opened(before: Handoff | None, after: Handoff | None) -> tuple[OpenHandoff, ...]:
    """The hand-off that began with somebody taking the conversation: none where one was open."""
    if after is None or (before is not None and before.opened == after.opened):
        return ()
    return (opening(after),)


def _of_staff(state: DialogueState, event: Event, now: datetime) -> Done:
    """Staff took the conversation, wrote, or gave it back: what they said is remembered, slots are left alone."""
    state, before = replace(state, turn=TurnMemo()), state.handoff
    match event:
        case StaffClaimed(agent=agent):
            handoff = replace(state.handoff, state="claimed", agent=agent) if state.handoff else None
            return replace(keep_promises(state, now), handoff=handoff), (Note(reason="a person took the conversation"),)
        case StaffTookOver(agent=agent):
            taken = take_over(state, agent, now)
            note = Note(reason="a person took the conversation over")
            return taken, (*_opened(before, taken.handoff), note)
        case StaffSaid(agent=agent, text=text):
            words = StaffWords(agent=agent, text=text, at=now)
            return replace(state, staff_words=(*state.staff_words[-9:], words), asked=()), (StaffReply(text=text),)
        case StaffWrote(text=text):
            taken = answered_from_app(state, now)
            words = StaffWords(agent=APP, text=text, at=now)
            note = Note(reason="a person wrote from the channel's own app")
            state = replace(taken, staff_words=(*taken.staff_words[-9:], words), asked=())
            return state, (*_opened(before, taken.handoff), note)
        case StaffReleased():
            handoff = replace(state.handoff, state="released") if state.handoff else None
            return replace(state, handoff=handoff), (Note(reason="the conversation came back"),)
        case _:
            raise NoWayOn(f"{type(event).__name__} is not of staff")
