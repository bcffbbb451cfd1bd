"""The rules of a conversation: what is due, how it ends, who has it, what two guests become who are one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from mesh.errors import NotFound, Refused

from services.session.domain.guest import Guest, GuestDetails, absorbed, linked, updated
from services.session.domain.handoff import Desk, Handoff, HandoffState, Priority, claimed, released
from services.session.domain.identity import Channel, ChannelIdentity
from services.session.domain.lifetime import Lifetime, breaks_silence
from services.session.domain.session import Dialogue, PendingAction, Promise, Session, SlotValue, begin, handed_over
from services.session.domain.turn import Author, Turn

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WHATSAPP = ChannelIdentity(channel=Channel.WHATSAPP, address="5215512345678")
HANDOFF = Handoff(state=HandoffState.OPEN, desk=Desk.RECEPTION, priority=Priority.NORMAL, due_time=NOW + HOUR, agent="")
CARD = "4111 1111 1111 1111"
MASKED = "**** **** **** 1111"


def session(session_id: str, guest_id: str, *, property_id: str = "alameda", active: datetime = NOW) -> Session:
    started = begin(
        session_id=session_id,
        property_id=property_id,
        guest_id=guest_id,
        identity=WHATSAPP,
        display_name="",
        now=NOW,
        expire_time=NOW + 24 * HOUR,
    )
    return replace(started, last_activity_time=active)


def test_a_session_goes_on_until_its_end_and_not_after() -> None:
    started = session("s", "g")
    assert started.is_active(NOW + 24 * HOUR - timedelta(microseconds=1))
    assert not started.is_active(NOW + 24 * HOUR)
    assert not replace(started, live=False).is_active(NOW)
    assert Lifetime(silence=HOUR).ends_after(NOW) == NOW + HOUR


def test_guest_and_staff_break_the_silence_reminders_and_notes_do_not() -> None:
    assert [author for author in Author if breaks_silence(author)] == [Author.GUEST, Author.STAFF]


def test_the_first_thing_that_is_due_is_due() -> None:
    promise = Promise(promise_id="p", due_time=NOW + 2 * HOUR)
    dialogue = Dialogue(
        promises=(promise,),
        handoff=HANDOFF,
        pending_actions=(PendingAction(type="hold", expire_time=NOW + 3 * HOUR),),
    )
    assert dialogue.due_time == NOW + HOUR
    taken = replace(dialogue, handoff=claimed(HANDOFF, "Ana"))
    assert taken.due_time == NOW + 2 * HOUR, "a hand-off that somebody took waits for nobody"
    kept = replace(taken, promises=(replace(promise, keep_time=NOW),))
    assert kept.due_time == NOW + 3 * HOUR
    broken = replace(taken, promises=(replace(promise, break_time=NOW),), pending_actions=())
    assert broken.due_time is None
    assert Dialogue().due_time is None


def test_an_open_handoff_is_taken_by_one() -> None:
    taken = claimed(HANDOFF, "Ana")
    assert (taken.state, taken.agent) == (HandoffState.CLAIMED, "Ana")
    assert claimed(taken, "Ana") == taken
    with pytest.raises(Refused) as caught:
        claimed(taken, "Luis")
    assert (caught.value.reason, caught.value.metadata["agent"]) == ("HANDOFF_CLAIMED", "Ana")


def test_only_the_one_who_has_it_gives_it_back() -> None:
    taken = claimed(HANDOFF, "Ana")
    assert released(taken, "Ana").state is HandoffState.RELEASED
    with pytest.raises(Refused):
        released(taken, "Luis")


@pytest.mark.parametrize("handoff", [None, replace(HANDOFF, state=HandoffState.RELEASED)])
def test_what_is_not_open_cannot_be_claimed(handoff: Handoff | None) -> None:
    with pytest.raises(NotFound):
        claimed(handoff, "Ana")


@pytest.mark.parametrize("handoff", [None, HANDOFF, replace(HANDOFF, state=HandoffState.RELEASED)])
def test_what_nobody_has_cannot_be_released(handoff: Handoff | None) -> None:
    with pytest.raises(NotFound):
        released(handoff, "Ana")


def test_card_numbers_are_masked_in_everything_a_guest_can_fill() -> None:
    dialogue = Dialogue(
        slots={"guest_name": SlotValue(value=CARD)},
        pending_actions=(PendingAction(type="quote", reference="4111111111111111", details={"note": CARD}),),
        handoff=replace(HANDOFF, summary=f"paga con {CARD}"),
        promises=(Promise(promise_id="p", text=CARD),),
        memory_json='{"said": "' + CARD + '"}',
        metadata={"note": CARD},
    ).masked()
    assert dialogue.slots["guest_name"].value == MASKED
    assert dialogue.pending_actions[0].details == {"note": MASKED}
    assert dialogue.pending_actions[0].reference == "4111111111111111", "a token is not changed"
    assert dialogue.handoff is not None
    assert dialogue.handoff.summary == f"paga con {MASKED}"
    assert dialogue.promises[0].text == MASKED
    assert dialogue.memory_json == '{"said":"' + MASKED + '"}'
    assert dialogue.metadata == {"note": MASKED}
    turn = Turn(
        turn_id="t",
        author=Author.GUEST,
        inbound_texts=(CARD,),
        inbound_message_ids=("4111111111111111",),
        outbound_texts=(CARD,),
        outcome=CARD.encode(),
    ).masked()
    assert (turn.inbound_texts, turn.outbound_texts, turn.outcome) == ((MASKED,), (MASKED,), MASKED.encode())
    assert turn.inbound_message_ids == ("4111111111111111",)


def test_sessions_change_hands_when_two_guests_are_one() -> None:
    old = replace(session("old", "former"), live=False)
    elsewhere = session("elsewhere", "former", property_id="centro")
    touched = handed_over([old, elsewhere], [session("own", "kept")], "kept", NOW + HOUR)
    assert [(each.session_id, each.guest_id, each.live, each.version) for each in touched] == [
        ("old", "kept", False, 2),
        ("elsewhere", "kept", True, 2),
    ]


@pytest.mark.parametrize(("lead", "goes_on"), [(HOUR, "theirs"), (-HOUR, "own"), (timedelta(0), "own")])
def test_of_two_live_conversations_the_later_one_goes_on(lead: timedelta, goes_on: str) -> None:
    own = session("own", "kept")
    theirs = session("theirs", "former", active=NOW + lead)
    after = {own.session_id: own} | {s.session_id: s for s in handed_over([theirs], [own], "kept", NOW + HOUR)}
    assert [session_id for session_id, each in after.items() if each.live] == [goes_on]
    assert after["theirs"].version == 2, "whoever read it before cannot add to it"


def test_what_is_told_wins_over_what_a_former_guest_told_and_a_stop_stays() -> None:
    guest = Guest(guest_id="kept", given_name="María", create_time=NOW)
    former = Guest(
        guest_id="former", given_name="M.", email="m@b.mx", opted_out=True, create_time=NOW - HOUR, language="es"
    )
    one = absorbed(guest, former)
    assert (one.guest_id, one.given_name, one.email, one.language) == ("kept", "María", "m@b.mx", "es")
    assert one.opted_out
    assert one.create_time == former.create_time
    known = linked(one, WHATSAPP)
    assert (known.phone_number, known.version) == ("+525512345678", 2)


def test_what_is_left_open_leaves_a_guest_alone() -> None:
    guest = Guest(guest_id="g", given_name="María", opted_out=True, create_time=NOW)
    told = updated(guest, GuestDetails(phone_number="+52 1 55 1234 5678"))
    assert (told.given_name, told.opted_out, told.phone_number) == ("María", True, "+525512345678")
    assert not updated(guest, GuestDetails(opted_out=False)).opted_out
