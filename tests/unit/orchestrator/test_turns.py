"""A turn happens once, whatever is repeated, lost or raced; and what is away is said honestly."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from mesh.errors import Conflict, Down, Refused

from services.orchestrator.adapters.memory_sessions import MemorySessions
from services.orchestrator.domain import effects, events
from services.orchestrator.domain.analysis import Analysis
from services.orchestrator.domain.events import (
    Opened,
)
from services.orchestrator.domain.flow import END, Transition
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.machine import Machine
from services.orchestrator.domain.state import Contact, DialogueState
from services.orchestrator.flows import ALL
from services.orchestrator.flows.speaking import done, say
from services.orchestrator.ports import Caller, Conversation, Journal, Pms, Reading, Stored, TurnRecord
from tests.unit.orchestrator.talk import Talk, heard

WHOLE = heard(
    "reservation_request",
    lang="en",
    check_in="2026-12-08",
    check_out="2026-12-10",
    adults="2",
    room_type="DBL",
    rate_plan="FLEX",
    guest_name="Ann Lee",
)
YES = heard("confirm", lang="en")
UNPROVEN = Transition(
    state="begin", on=Opened, do=lambda moment: done(moment.state, say("inquiry.fact", words="99 MXN")), to=END
)


@dataclass(slots=True)
class Failing:
    """The hotel's system, failing at calls of some kinds; with `after`, once the call has been made."""

    inner: Pms
    kinds: tuple[type, ...]
    error: Exception = field(default_factory=lambda: Down("PMS_UNAVAILABLE", "away"))
    times: int = 1_000
    after: bool = False

    async def hotel(self, property_id: str) -> Hotel:
        return await self.inner.hotel(property_id)

    async def perform(self, call: effects.PmsCall, caller: Caller) -> events.Result:
        if not isinstance(call, self.kinds) or self.times <= 0:
            return await self.inner.perform(call, caller)
        self.times -= 1
        if self.after:
            await self.inner.perform(call, caller)
        raise self.error


class Dumb:
    """Understanding that is away."""

    async def analyze(self, text: str, reading: Reading) -> Analysis:
        raise Down("UNAVAILABLE", "away")


@dataclass(slots=True)
class Crashing(MemorySessions):
    """Sessions whose next commit is lost, as when the process dies before it."""

    crashes: int = 1

    async def commit(self, conversation: Conversation, state: DialogueState, turn: TurnRecord) -> Stored:
        if self.crashes:
            self.crashes -= 1
            raise Down("UNAVAILABLE", "died before the commit")
        return await MemorySessions.commit(self, conversation, state, turn)


async def summarised() -> Talk:
    talk = Talk()
    turn = await talk.say("book", WHOLE)
    assert turn.asks == ("confirm",)
    return talk


async def test_a_turn_delivered_again_is_answered_with_what_was_stored() -> None:
    talk = await summarised()
    first = await talk.say("yes", YES, turn_id="same")
    again = await talk.say("yes", YES, turn_id="same")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.text == first.text
    assert len(talk.pms.reservations) == 5


async def test_a_crash_before_the_commit_repeats_the_turn_with_one_hold() -> None:
    talk = Talk(sessions=Crashing())
    with pytest.raises(Down):
        await talk.say("book", WHOLE, turn_id="same")
    assert len(talk.pms.holds) == 1
    turn = await talk.say("book", WHOLE, turn_id="same")
    assert turn.asks == ("confirm",)
    assert len(talk.pms.holds) == 1


async def test_a_crash_after_the_booking_repeats_the_turn_with_one_booking() -> None:
    talk = Talk(sessions=Crashing(crashes=0))
    await talk.say("book", WHOLE)
    talk.sessions.crashes = 1  # type: ignore[attr-defined]
    with pytest.raises(Down):
        await talk.say("yes", YES, turn_id="same")
    turn = await talk.say("yes", YES, turn_id="same")
    assert turn.pms == ["reservation.create"]
    assert len(talk.pms.reservations) == 5


@dataclass(slots=True)
class Racing(MemorySessions):
    """Sessions that somebody else writes to just before each of the first commits."""

    races: int = 2

    async def commit(self, conversation: Conversation, state: DialogueState, turn: TurnRecord) -> Stored:
        if self.races:
            self.races -= 1
            self.versions[conversation.session_id] += 1
        return await MemorySessions.commit(self, conversation, state, turn)


async def test_a_lost_race_reads_again_and_does_the_turn_anew_without_doing_it_twice() -> None:
    talk = Talk(sessions=Racing())
    turn = await talk.say("book", WHOLE)
    assert turn.asks == ("confirm",)
    assert len(talk.pms.holds) == 1


async def test_a_race_that_is_lost_again_and_again_is_given_back_to_the_caller() -> None:
    talk = Talk(sessions=Racing(races=100))
    with pytest.raises(Conflict):
        await talk.say("hello", heard("greeting", lang="en"))


async def test_a_write_with_an_unclear_outcome_is_repeated_under_its_id() -> None:
    talk = await summarised()
    unclear = Down("PMS_UNKNOWN_OUTCOME", "timed out")
    talk.through = Failing(talk.pms, (effects.Reserve,), error=unclear, times=1, after=True)
    turn = await talk.say("yes", YES)
    assert turn.pms == ["reservation.create"]
    assert len(talk.pms.reservations) == 5


async def test_booked_is_not_said_when_the_hotels_system_does_not_say_it() -> None:
    talk = await summarised()
    talk.through = Failing(talk.pms, (effects.Reserve,))
    turn = await talk.say("yes", YES)
    assert "confirmed" not in turn.text
    assert turn.pms == []
    assert (turn.state.handoff.desk, turn.state.handoff.sla_minutes) == ("reservations", 60)


async def test_a_price_that_changed_is_shown_and_asked_again() -> None:
    talk = await summarised()
    talk.through = Failing(talk.pms, (effects.Reserve,), error=Refused("PRICE_CHANGED", "dearer"), times=1)
    turn = await talk.say("yes", YES)
    assert turn.asks == ("confirm",)
    assert "reservation.create" not in turn.pms


async def test_a_room_that_went_meanwhile_leads_to_what_is_left() -> None:
    talk = await summarised()
    talk.through = Failing(talk.pms, (effects.Reserve,), error=Refused("SOLD_OUT", "gone"), times=1)
    turn = await talk.say("yes", YES)
    assert "confirmed" not in turn.text
    assert "2,856.00" in turn.text


async def test_with_understanding_away_a_person_is_told_and_the_guest_is_answered() -> None:
    talk = Talk(understanding=Dumb())
    turn = await talk.say("hello", Analysis())
    assert turn.state.handoff.desk == "reception"
    assert len(turn.outcome.texts) == 1
    assert turn.outcome.degraded


async def test_the_hotels_system_away_promises_nothing_and_keeps_what_was_said() -> None:
    talk = Talk()
    talk.through = Failing(talk.pms, (effects.MakeQuote, effects.SearchAvailability))
    turn = await talk.say("book", WHOLE)
    assert "2,856" not in turn.text
    assert turn.slots["check_in"] == "2026-12-08"
    assert turn.state.handoff.reason == "pms_unavailable"


async def test_a_reply_that_cannot_be_proven_is_held_back() -> None:
    talk = Talk()
    lost = replace(next(flow for flow in ALL if flow.name == "nothing_open"), transitions=(UNPROVEN,))
    machine = Machine([lost if flow.name == lost.name else flow for flow in ALL])
    talk.machine = machine
    turn = await talk.say("ok", heard("confirm", lang="en"))
    assert "99" not in turn.text
    assert turn.text
    assert turn.outcome.degraded


async def test_what_a_journal_kept_is_used_again_for_its_turn_only() -> None:
    sessions = MemorySessions()
    conversation = await sessions.open("alameda", Contact(channel="sms", address="+1"))
    kept = await sessions.checkpoint(conversation, Journal(turn_id="t1"))
    assert (await sessions.get(kept.session_id)).journal.turn_id == "t1"
    with pytest.raises(Conflict):
        await sessions.checkpoint(conversation, Journal(turn_id="t1"))
