"""What happens because of the time: rooms go back on sale, broken promises are told once, stays are announced once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from services.orchestrator.adapters.memory_outbound import MemoryMessenger, MemoryStays
from services.orchestrator.adapters.outcome import replies_to_proto
from services.orchestrator.answers import Outcome
from services.orchestrator.domain.events import StaffClaimed
from services.orchestrator.domain.state import Contact
from services.orchestrator.ports import Arrival
from services.orchestrator.scheduler import Scheduler
from services.orchestrator.settings import Settings
from tests.unit.orchestrator import alameda
from tests.unit.orchestrator.talk import Talk, heard
from tests.unit.orchestrator.test_turns import WHOLE, YES

MARIA = Contact(channel="whatsapp", address="525512345678", phone="+525512345678")
ARRIVAL = Arrival(
    property_id="alameda", code="R1001", check_in=date(2026, 12, 10), check_out=date(2026, 12, 13), contact=MARIA
)
BEFORE = {"pre_arrival": 48.0}


@dataclass(slots=True)
class Desk:
    """A conversation, its scheduler and what went out."""

    talk: Talk = field(default_factory=Talk)
    messenger: MemoryMessenger = field(default_factory=MemoryMessenger)

    def scheduler(self, messages: Mapping[str, float] | None = None) -> Scheduler:
        return Scheduler(
            turns=self.talk.turns(),
            sessions=self.talk.sessions,
            pms=self.talk.pms,
            stays=MemoryStays(known=(ARRIVAL,)),
            messenger=self.messenger,
            clock=self.talk.clock,
            encode=self.talk.encode,
            pause_seconds=5,
            stay_messages=messages or {},
        )

    @property
    def told(self) -> list[Outcome]:
        """Outcomes with words, in the order in which they went out."""
        outcomes = [self.talk.encoded[stored] for stored in self.messenger.taken.values()]
        return [outcome for outcome in outcomes if outcome.texts]

    def at(self, moment: str) -> None:
        self.talk.clock.advance(datetime.fromisoformat(moment) - self.talk.clock.now())


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_hold_that_ran_out_goes_back_on_sale_and_the_guest_hears_nothing(desk: Desk) -> None:
    await desk.talk.say("todo", WHOLE)
    desk.talk.later(minutes=16)
    await desk.scheduler().settle()
    assert desk.talk.pms.holds == {}
    assert desk.told == []


async def test_nothing_is_done_before_its_time(desk: Desk) -> None:
    await desk.talk.say("todo", WHOLE)
    desk.talk.later(minutes=14)
    before = dict(desk.talk.sessions.versions)
    await desk.scheduler().settle()
    assert desk.talk.sessions.versions == before
    assert len(desk.talk.pms.holds) == 1


async def test_what_ran_out_is_let_go_in_whatever_conversation_is_open(desk: Desk) -> None:
    await desk.talk.say("todo", WHOLE)
    await desk.talk.say("mi reserva R1002", heard("cancellation_request", reservation_code="R1002"))
    desk.talk.later(minutes=16)
    await desk.scheduler().settle()
    assert desk.talk.pms.holds == {}


async def test_a_broken_promise_is_told_once_and_goes_to_the_manager(desk: Desk) -> None:
    await desk.talk.say("una persona", heard("human_request"))
    desk.talk.later(minutes=16)
    for _ in range(3):
        await desk.scheduler().settle()
        desk.talk.later(minutes=30)
    assert [outcome.state.handoff.desk for outcome in desk.told] == ["manager"]
    assert len(desk.told[0].texts) == 1
    # Whom the channel lets us write to by a template alone hears it, too; by mail it goes on in their thread.
    [message] = replies_to_proto(desk.told[0])
    assert (message.template_name, list(message.template_arguments)) == ("overdue", ["15 minutos"])
    assert message.subject == ""


async def test_replicas_that_look_at_once_tell_the_guest_once(desk: Desk) -> None:
    await desk.talk.say("una persona", heard("human_request"))
    desk.talk.later(minutes=16)
    await asyncio.gather(*(desk.scheduler().settle() for _ in range(4)))
    assert len(desk.told) == 1


async def test_a_promise_that_a_person_keeps_is_left_alone(desk: Desk) -> None:
    await desk.talk.say("una persona", heard("human_request"))
    await desk.talk.event(StaffClaimed(agent="ana"))
    desk.talk.later(minutes=60)
    await desk.scheduler().settle()
    assert desk.told == []


async def test_what_could_not_be_sent_is_sent_at_the_next_look_and_once(desk: Desk) -> None:
    await desk.talk.say("una persona", heard("human_request"))
    desk.talk.later(minutes=16)
    desk.messenger.away = True
    await desk.scheduler().settle()
    assert desk.told == []
    desk.messenger.away = False
    await desk.scheduler().settle()
    await desk.scheduler().settle()
    assert len(desk.told) == 1
    conversation = await desk.talk.sessions.open("alameda", desk.talk.contact)
    assert conversation.state.unsent == ()


async def test_a_pre_arrival_message_goes_out_once_when_its_hour_has_come(desk: Desk) -> None:
    desk.at("2026-12-08T14:30:00-06:00")
    await desk.scheduler(BEFORE).settle()
    assert desk.told == []
    desk.at("2026-12-08T15:05:00-06:00")
    for _ in range(3):
        await desk.scheduler(BEFORE).settle()
    assert len(desk.told) == 1
    assert "R1001" in desk.told[0].texts[0]
    assert desk.told[0].send_after is None
    [message] = replies_to_proto(desk.told[0])
    assert message.template_name == "pre_arrival"
    assert message.template_arguments == [
        "jueves 10 de diciembre", "R1001", "doble", "3 noches", "15:00",
    ]  # fmt: skip
    assert message.subject == "Hotel Alameda: su estancia a partir del jueves 10 de diciembre"


@pytest.mark.parametrize(
    ("kind", "at", "subject"),
    [
        ("pre_arrival", "2026-12-08T15:05:00-06:00", "Your stay at Hotel Alameda from Thursday, December 10"),
        ("in_stay", "2026-12-10T20:05:00-06:00", "Your stay at Hotel Alameda"),
        ("post_stay", "2026-12-13T17:05:00-06:00", "Thank you for your stay at Hotel Alameda"),
    ],
)
async def test_a_letter_that_we_start_has_a_subject_in_the_guests_language(
    desk: Desk, kind: str, at: str, subject: str
) -> None:
    desk.talk.contact = MARIA
    await desk.talk.say("hi there", heard("greeting", lang="en"))
    desk.at(at)
    await desk.scheduler({kind: {"pre_arrival": 48.0}.get(kind, 5.0)}).settle()
    assert [outcome.subject for outcome in desk.told] == [subject]


async def test_in_the_quiet_hours_it_is_told_to_wait_for_the_morning(desk: Desk) -> None:
    desk.at("2026-12-08T22:30:00-06:00")
    await desk.scheduler({"pre_arrival": 41.0}).settle()
    assert [outcome.send_after for outcome in desk.told] == [datetime.fromisoformat("2026-12-09T08:00:00-06:00")]


async def test_who_stopped_our_messages_gets_none(desk: Desk) -> None:
    desk.talk.contact = MARIA
    await desk.talk.say("baja", heard("opt_out"))
    desk.at("2026-12-08T15:05:00-06:00")
    await desk.scheduler(BEFORE).settle()
    assert desk.told == []


async def test_a_message_whose_hour_is_long_past_is_not_sent(desk: Desk) -> None:
    desk.at("2026-12-09T15:05:00-06:00")
    await desk.scheduler(BEFORE).settle()
    assert desk.told == []


async def test_without_the_setting_nothing_is_announced(desk: Desk) -> None:
    desk.at("2026-12-08T15:05:00-06:00")
    await desk.scheduler().settle()
    assert desk.told == []


async def test_a_yes_after_the_hold_was_let_go_is_asked_again(desk: Desk) -> None:
    await desk.talk.say("todo", WHOLE)
    desk.talk.later(minutes=16)
    await desk.scheduler().settle()
    turn = await desk.talk.say("yes", YES)
    assert turn.pms == ["hold.create"]
    assert turn.asks == ("confirm",)


def test_the_setting_names_kinds_with_their_hours() -> None:
    assert Settings(stay_messages="pre_arrival=48, post_stay=3").stay_message_hours == {
        "pre_arrival": 48.0,
        "post_stay": 3.0,
    }
    for wrong in ("birthday=3", "pre_arrival", "pre_arrival=-1"):
        with pytest.raises(ValueError, match="kind=hours"):
            Settings(stay_messages=wrong)


def test_the_hotel_of_the_tests_is_quiet_at_night() -> None:
    assert alameda.HOTEL.quiet(alameda.START + timedelta(hours=14))
