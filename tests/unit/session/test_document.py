"""What is stored is what was given, and a fingerprint tells a repeat from another request."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.session.domain.document import (
    dialogue_document,
    dumps,
    fingerprint,
    guest_document,
    read_dialogue,
    read_guest,
    read_session,
    read_turn,
    session_document,
    turn_document,
)
from services.session.domain.guest import Guest
from services.session.domain.handoff import Desk, Handoff, HandoffState, Priority
from services.session.domain.identity import Channel, ChannelIdentity
from services.session.domain.session import Dialogue, PendingAction, Promise, Session, SlotValue
from services.session.domain.turn import Author, Turn

WORDS = st.text(max_size=12)
IDS = st.text(min_size=1, max_size=12)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
ENTRIES = st.dictionaries(WORDS, WORDS, max_size=3)
HANDOFFS = st.builds(
    Handoff,
    state=st.sampled_from(HandoffState),
    desk=st.sampled_from(Desk),
    priority=st.sampled_from(Priority),
    sla_minutes=st.integers(0, 999),
    summary=WORDS,
    agent=WORDS,
    open_time=st.none() | TIMES,
    due_time=st.none() | TIMES,
)
DIALOGUES = st.builds(
    Dialogue,
    language=WORDS,
    flow=WORDS,
    state=WORDS,
    asked_slots=st.lists(WORDS, max_size=3).map(tuple),
    slots=st.dictionaries(
        WORDS,
        st.builds(SlotValue, value=WORDS, source_message_id=WORDS, confidence=st.floats(0, 1)),
        max_size=3,
    ),
    pending_actions=st.lists(
        st.builds(PendingAction, type=WORDS, reference=WORDS, expire_time=st.none() | TIMES, details=ENTRIES),
        max_size=2,
    ).map(tuple),
    handoff=st.none() | HANDOFFS,
    promises=st.lists(
        st.builds(Promise, promise_id=WORDS, text=WORDS, due_time=st.none() | TIMES, keep_time=st.none() | TIMES),
        max_size=2,
    ).map(tuple),
    memory_json=WORDS,
    metadata=ENTRIES,
)
IDENTITIES = st.builds(
    ChannelIdentity, channel=st.sampled_from(Channel), address=IDS, phone_number=WORDS, channel_name=WORDS
)
SESSIONS = st.builds(
    Session,
    session_id=IDS,
    property_id=IDS,
    guest_id=IDS,
    identity=IDENTITIES,
    dialogue=DIALOGUES,
    create_time=TIMES,
    update_time=TIMES,
    last_activity_time=TIMES,
    expire_time=TIMES,
)
GUESTS = st.builds(Guest, guest_id=IDS, identities=st.lists(IDENTITIES, max_size=2).map(tuple), create_time=TIMES)
TURNS = st.builds(
    Turn,
    turn_id=IDS,
    author=st.sampled_from(Author),
    inbound_texts=st.lists(WORDS, max_size=3).map(tuple),
    inbound_message_ids=st.lists(WORDS, max_size=3).map(tuple),
    outbound_texts=st.lists(WORDS, max_size=3).map(tuple),
    create_time=st.none() | TIMES,
)


@given(DIALOGUES)
def test_a_dialogue_survives_json(dialogue: Dialogue) -> None:
    assert read_dialogue(json.loads(dumps(dialogue_document(dialogue)))) == dialogue


@given(SESSIONS)
def test_a_session_survives_json(session: Session) -> None:
    assert read_session(json.loads(dumps(session_document(session)))) == session


@given(GUESTS)
def test_a_guest_survives_json(guest: Guest) -> None:
    assert read_guest(json.loads(dumps(guest_document(guest)))) == guest


@given(TURNS)
def test_a_turn_survives_json(turn: Turn) -> None:
    assert read_turn(json.loads(dumps(turn_document(turn)))) == turn


def test_what_is_empty_leaves_no_trace_in_a_fingerprint() -> None:
    assert dialogue_document(Dialogue()) == {}


def test_a_fingerprint_is_of_method_and_content_whatever_the_order_of_names() -> None:
    assert fingerprint("M", {"a": 1, "b": 2}) == fingerprint("M", {"b": 2, "a": 1})
    assert fingerprint("M", {"a": 1}) != fingerprint("N", {"a": 1})
    assert fingerprint("M", {"a": 1}) != fingerprint("M", {"a": 2})
