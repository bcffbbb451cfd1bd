"""Whatever guests, staff and time do: no crash, no dead end, no write without a clear yes, nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from mesh.errors import Down

from services.orchestrator.domain import effects
from services.orchestrator.domain.analysis import Analysis, Entity, Intent
from services.orchestrator.domain.events import (
    DeadlinePassed,
    Reacted,
    Said,
    StaffClaimed,
    StaffReleased,
    StaffSaid,
    StaffTookOver,
    Tapped,
    Unreadable,
    VoiceDoubtful,
)
from services.orchestrator.domain.flow import Flow
from services.orchestrator.domain.state import Contact, TurnMemo, dump, load
from services.orchestrator.flows import ALL
from tests.unit.orchestrator.talk import Talk, Turn, heard
from tests.unit.orchestrator.test_turns import WHOLE, Failing

FLOWS: dict[str, Flow] = {flow.name: flow for flow in ALL}
CONSENTED = {"reservation.create", "reservation.update", "reservation.cancel", "guest.erase"}
INTENTS = [
    "reservation_request",
    "availability_check",
    "modification_request",
    "cancellation_request",
    "general_inquiry",
    "complaint",
    "compliment",
    "greeting",
    "goodbye",
    "human_request",
    "opt_out",
    "opt_in",
    "privacy_request",
    "provide_info",
    "emergency",
    "service_request",
    "out_of_scope",
    "something_new",
]
ENTITIES = (
    *(
        Entity(type="date", role=role, value=f"2026-12-{day:02d}")
        for role in ("check_in", "date")
        for day in (3, 8, 24)
    ),
    *(Entity(type="date", role="check_out", value=f"2026-12-{day:02d}") for day in (5, 10, 26)),
    Entity(type="date", role="night", value="2026-12-31"),
    Entity(type="date", role="check_in", value="2026-12-40", problem="impossible"),
    Entity(type="date", role="check_in", value="2026-12-03", ambiguous=True, alternatives=("2027-03-12",)),
    *(Entity(type="nights", value=value) for value in ("1", "3", "300")),
    *(Entity(type="adults", value=value) for value in ("1", "2", "7", "40")),
    Entity(type="children", value="2"),
    Entity(type="child_age", value="5"),
    *(Entity(type="room_type", value=value) for value in ("DBL", "FAM", "SUI", "XXX", "")),
    *(Entity(type="rate_plan", value=value) for value in ("FLEX", "NRF")),
    Entity(type="guest_name", value="Ann Lee"),
    *(Entity(type="reservation_code", value=value) for value in ("R1001", "R1003", "R9999")),
    Entity(type="arrival_time", value="22:00"),
    Entity(type="phone", value="+525511112222"),
)
TOPICS = st.sampled_from(["", "pets", "helipad", "check_in_time", "cancellation_policy", "reservation_details"])
INTENT = st.builds(
    lambda name, topic, urgency: Intent(name=name, topic=topic, urgency=urgency),
    st.sampled_from(INTENTS),
    TOPICS,
    st.sampled_from([0.0, 0.5, 0.9]),
)
YES, NO = Intent(name="confirm"), Intent(name="deny")
ANSWERS = st.one_of(st.just(()), st.just((YES,)), st.just((NO,)), st.just((YES, NO)))
ANALYSIS = st.builds(
    lambda answer, intents, entities, language: Analysis(
        language=language, intents=(*answer, *intents), entities=tuple(entities)
    ),
    ANSWERS,
    st.lists(INTENT, max_size=2),
    st.lists(st.sampled_from(ENTITIES), max_size=5),
    st.sampled_from(["es", "en", ""]),
)
CHOICES = st.sampled_from(
    ["yes:", "no:", "yes:old", "type:DBL", "plan:FLEX", "offer:DBL/FLEX", "human", "heard:yes", "x"]
)
# Steps that lead somewhere, so that walks get far: a whole booking, a cancellation, a change, a yes.
FAR = st.sampled_from(
    [
        WHOLE,
        Analysis(language="en", intents=(YES,)),
        Analysis(language="en", intents=(YES,)),
        heard("cancellation_request", reservation_code="R1001"),
        heard("modification_request", reservation_code="R1001", nights="2"),
        heard("provide_info", guest_name="López"),
    ]
)
STEPS = st.one_of(
    st.tuples(st.just("say"), FAR),
    st.tuples(st.just("say"), FAR),
    st.tuples(st.just("say"), ANALYSIS),
    st.tuples(st.just("say"), ANALYSIS),
    st.tuples(st.just("voice"), ANALYSIS),
    st.tuples(st.just("tap"), CHOICES),
    st.tuples(st.just("wait"), st.sampled_from([5, 16, 40, 600])),
    st.tuples(st.sampled_from(["claim", "take over", "speak", "release", "react", "image"]), st.none()),
    st.tuples(st.just("pms"), st.booleans()),
)


async def _step(talk: Talk, kind: str, what: object) -> Turn | None:
    message_id = f"m{talk.number + 1}"
    sent = {
        "say": lambda: Said(message_id=message_id, text="lopez, erase it", analysis=what),
        "voice": lambda: VoiceDoubtful(message_id=message_id, text="words", analysis=what),
        "tap": lambda: Tapped(message_id=message_id, choice_id=what),
        "react": lambda: Reacted(message_id=message_id),
        "image": lambda: Unreadable(message_id=message_id, kind="image"),
    }
    happened = {
        "wait": lambda: DeadlinePassed(turn_id="t"),
        "claim": lambda: StaffClaimed(agent="a"),
        "take over": lambda: StaffTookOver(agent="a"),
        "speak": lambda: StaffSaid(agent="a", text="Room 5."),
        "release": lambda: StaffReleased(agent="a"),
    }
    if kind == "pms":
        kinds = (effects.SearchAvailability, effects.Reserve, effects.FindReservations, effects.PlaceHold)
        talk.through = Failing(talk.pms, kinds, error=Down("PMS_UNAVAILABLE", "away")) if what else None
        return None
    if kind == "wait":
        talk.later(minutes=what)
    return await (talk.send(sent[kind]()) if kind in sent else talk.event(happened[kind]()))


def _consents(kind: str, what: object) -> bool:
    """The guest said yes, and not no, in words or with a button."""
    if kind == "tap":
        return str(what).startswith("yes:")
    names = {intent.name for intent in what.intents} if isinstance(what, Analysis) else set()
    return kind == "say" and "confirm" in names and "deny" not in names


async def _walk(steps: list[tuple[str, object]], contact: Contact) -> None:
    talk = Talk(contact=contact)
    asked: tuple[str, ...] = ()
    for kind, what in steps:
        turn = await _step(talk, kind, what)
        if turn is None or turn.outcome is None:
            continue
        state = turn.state
        if CONSENTED & set(turn.pms):
            assert _consents(kind, what)
            assert "confirm" in asked
        assert len(turn.outcome.texts) <= 1
        assert not turn.outcome.degraded or talk.through is not None
        assert not any("held back" in reason or "no way on" in reason for reason in turn.outcome.reasons)
        if state.flow:
            assert state.state in FLOWS[state.flow].waiting
        assert load(dump(state)) == replace(state, turn=TurnMemo(), contact=Contact())
        asked = state.asked
    talk.through = None
    last = await talk.say("a person, please", heard("human_request"))
    assert last.state.person_has_it or last.state.handoff is not None


def _run(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(work())  # type: ignore[arg-type]


GUESTS = st.sampled_from(
    [
        Contact(channel="whatsapp", address="525500000001", phone="+525500000001"),
        Contact(channel="whatsapp", address="525512345678", phone="+525512345678"),
        Contact(channel="whatsapp", address="525587654321", phone="+525587654321"),
        Contact(channel="webchat", address="visitor"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=14), GUESTS)
def test_any_conversation_stays_sound(steps: list[tuple[str, object]], contact: Contact) -> None:
    _run(lambda: _walk(steps, contact))
