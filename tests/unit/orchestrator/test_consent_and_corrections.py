"""What counts as a yes, what a change of mind does, and who has the conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from mesh.errors import Refused

from services.orchestrator.domain.analysis import Analysis, Entity
from services.orchestrator.domain.events import (
    DeadlinePassed,
    Reacted,
    StaffClaimed,
    StaffReleased,
    StaffSaid,
    StaffTookOver,
    StaffWrote,
    Tapped,
    Unreadable,
)
from services.orchestrator.domain.state import Contact
from services.orchestrator.metrics import HANDOFFS
from tests.unit.orchestrator.talk import Talk, heard
from tests.unit.orchestrator.test_turns import WHOLE, YES, summarised


async def test_silence_lets_the_hold_go_and_a_late_yes_is_asked_again() -> None:
    talk = await summarised()
    talk.later(minutes=16)
    turn = await talk.event(DeadlinePassed(turn_id="t"))
    assert turn.pms == ["hold.release"]
    assert turn.text == ""
    turn = await talk.say("yes", YES)
    assert turn.asks == ("confirm",)
    assert turn.pms == ["hold.create"]
    turn = await talk.say("yes", YES)
    assert turn.pms == ["reservation.create"]


async def test_a_yes_after_the_hold_ran_out_books_nothing_even_if_no_deadline_was_told() -> None:
    talk = await summarised()
    talk.later(minutes=16)
    turn = await talk.say("yes", YES)
    assert "reservation.create" not in turn.pms
    assert turn.asks == ("confirm",)


async def test_the_button_of_the_summary_is_a_yes_and_that_of_an_older_one_is_not() -> None:
    talk = await summarised()
    turn = await talk.say("for 3 nights", heard("provide_info", lang="en", nights="3"))
    old, new = "yes:sum_00000000000000000000", turn.outcome.choices[0][0]
    turn = await talk.send(Tapped(message_id="m8", choice_id=old))
    assert turn.pms == []
    assert turn.asks == ("confirm",)
    turn = await talk.send(Tapped(message_id="m9", choice_id=new))
    assert turn.pms == ["reservation.create"]


async def test_a_reaction_is_neither_a_yes_nor_answered() -> None:
    talk = await summarised()
    turn = await talk.send(Reacted(message_id="m2"))
    assert (turn.pms, turn.text) == ([], "")
    assert turn.asks == ("confirm",)


async def test_a_yes_with_a_change_is_a_change() -> None:
    talk = await summarised()
    turn = await talk.say("yes but for one more night", heard("confirm", "provide_info", lang="en", nights="3"))
    assert turn.pms == ["hold.release", "hold.create"]
    assert "4,284.00" in turn.text


async def test_a_yes_and_a_no_at_once_are_neither() -> None:
    talk = await summarised()
    turn = await talk.say("yes no", heard("confirm", "deny", lang="en"))
    assert "reservation.create" not in turn.pms


async def test_the_bot_is_silent_while_a_person_has_the_conversation_and_knows_afterwards_what_was_said() -> None:
    talk = await summarised()
    await talk.say("person please", heard("human_request", lang="en"))
    await talk.event(StaffClaimed(agent="desk"))
    turn = await talk.say("yes", YES)
    assert (turn.pms, turn.text) == ([], "")
    said = await talk.event(StaffSaid(agent="desk", text="We hold it until 11."))
    assert said.text == "We hold it until 11."
    await talk.event(StaffReleased(agent="desk"))
    turn = await talk.say("what did you say?", heard("general_inquiry", lang="en"))
    assert "We hold it until 11." in turn.text


async def test_staff_take_over_what_waits_for_nobody_and_the_bot_is_silent_until_it_comes_back() -> None:
    talk, counted = await summarised(), HANDOFFS.labels("reception", "normal", "taken_over")._value
    before = counted.get()
    taken = await talk.event(StaffTookOver(agent="ana"))
    assert (taken.text, taken.state.handoff.state, taken.state.handoff.reason) == ("", "claimed", "taken_over")
    turn = await talk.say("yes", YES)
    assert (turn.pms, turn.text) == ([], "")
    again = await talk.event(StaffTookOver(agent="ana"))
    assert again.state.handoff == taken.state.handoff
    assert counted.get() - before == 1
    with pytest.raises(Refused, match="another member of staff"):
        await talk.event(StaffTookOver(agent="eva"))
    await talk.event(StaffReleased(agent="ana"))
    # Time alone breaks no promise here: nobody was promised anything.
    talk.later(minutes=61)
    assert (await talk.event(DeadlinePassed(turn_id="t"))).text == ""
    retaken = await talk.event(StaffTookOver(agent="eva"))
    assert retaken.state.handoff.agent == "eva"
    assert retaken.state.handoff.opened > taken.state.handoff.opened


async def test_taking_over_what_waits_for_a_person_claims_it_and_keeps_the_promise() -> None:
    talk = await summarised()
    asked = await talk.say("person please", heard("human_request", lang="en"))
    taken = await talk.event(StaffTookOver(agent="ana"))
    assert taken.state.handoff == replace(asked.state.handoff, state="claimed", agent="ana")
    assert all(promise.kept for promise in taken.state.promises)


async def test_who_answers_from_the_hotels_phone_has_the_conversation_until_half_a_day_later() -> None:
    talk = await summarised()
    wrote = await talk.event(StaffWrote(text="We keep it for you until 11."))
    assert (wrote.text, wrote.state.handoff.state, wrote.state.handoff.agent) == ("", "claimed", "app")
    turn = await talk.say("yes", YES)
    assert (turn.pms, turn.text) == ([], "")
    talk.later(hours=11)
    again = await talk.event(StaffWrote(text="Still yours."))
    assert again.state.handoff == wrote.state.handoff
    talk.later(hours=11)
    assert (await talk.say("thanks", heard("thanks", lang="en"))).text == ""
    talk.later(hours=2)
    turn = await talk.say("what did you say?", heard("general_inquiry", lang="en"))
    assert "Still yours." in turn.text
    assert turn.state.handoff.state == "released"


async def test_a_colleague_takes_the_conversation_from_the_phone_and_keeps_it_whatever_it_writes() -> None:
    talk = await summarised()
    await talk.event(StaffWrote(text="Un momento."))
    taken = await talk.event(StaffTookOver(agent="ana"))
    assert taken.state.handoff.agent == "ana"
    wrote = await talk.event(StaffWrote(text="Listo."))
    assert wrote.state.handoff.agent == "ana"
    talk.later(hours=30)
    assert (await talk.say("yes", YES)).text == ""
    released = await talk.event(StaffReleased(agent="ana"))
    assert [words.text for words in released.state.staff_words] == ["Un momento.", "Listo."]


async def test_an_answer_from_the_phone_is_the_one_that_was_promised() -> None:
    talk = await summarised()
    await talk.say("person please", heard("human_request", lang="en"))
    wrote = await talk.event(StaffWrote(text="Here I am."))
    assert (wrote.state.handoff.state, wrote.state.handoff.reason) == ("claimed", "human_request")
    assert all(promise.kept for promise in wrote.state.promises)


async def test_a_yes_to_a_person_is_not_a_yes_to_the_bot() -> None:
    talk = await summarised()
    await talk.say("person please", heard("human_request", lang="en"))
    await talk.event(StaffClaimed(agent="desk"))
    await talk.event(StaffSaid(agent="desk", text="Would you like a cot?"))
    await talk.event(StaffReleased(agent="desk"))
    turn = await talk.say("yes", YES)
    assert "reservation.create" not in turn.pms
    assert turn.asks == ("confirm",)


async def test_a_broken_promise_goes_to_the_manager_once_and_the_guest_is_told() -> None:
    talk = Talk(contact=Contact(channel="whatsapp", address="525587654321", phone="+525587654321"))
    turn = await talk.say("no funciona el aire", heard("complaint/air_conditioning"))
    assert (turn.state.handoff.priority, turn.slots["room"]) == ("urgent", "204")
    talk.later(minutes=16)
    turn = await talk.event(DeadlinePassed(turn_id="t"))
    assert turn.state.handoff.desk == "manager"
    assert turn.text
    assert [promise.broken is not None for promise in turn.state.promises] == [True, False]
    talk.later(minutes=16)
    turn = await talk.event(DeadlinePassed(turn_id="t"))
    assert turn.text == ""


@pytest.mark.parametrize(
    ("contact", "language"),
    [
        (Contact(channel="generic", address="u", language="en-GB"), "en"),
        (Contact(channel="webchat", address="u", language="ES"), "es"),
        (Contact(channel="webchat", address="u", language="ja"), "es"),
        (Contact(channel="whatsapp", address="447700900123", phone="+447700900123"), "en"),
        (Contact(channel="whatsapp", address="447700900123", phone="+447700900123", language="es-MX"), "es"),
    ],
)
async def test_who_has_said_nothing_yet_is_answered_in_the_language_of_their_app_or_phone(
    contact: Contact, language: str
) -> None:
    turn = await Talk(contact=contact).send(Unreadable(message_id="m1", kind="sticker"))
    assert turn.state.language == language


async def test_a_second_booking_begins_afresh_and_keeps_the_name() -> None:
    talk = await summarised()
    await talk.say("yes", YES)
    turn = await talk.say("another room please", heard("reservation_request", lang="en"))
    assert turn.asks == ("check_in",)
    assert set(turn.slots) == {"guest_name"}


async def test_one_more_night_adds_to_the_stay_and_never_moves_the_arrival() -> None:
    talk = await summarised()
    said = heard("provide_info", "modification_request", lang="en", extra_nights="1", check_out="2026-12-09")
    turn = await talk.say("one more night please", said)
    assert (turn.slots["check_in"], turn.slots["check_out"]) == ("2026-12-08", "2026-12-11")


async def test_a_name_that_sounds_like_a_room_is_a_name() -> None:
    talk = Talk()
    whole = replace(WHOLE, entities=tuple(item for item in WHOLE.entities if item.type != "guest_name"))
    turn = await talk.say("book", whole)
    assert turn.asks == ("guest_name",)
    turn = await talk.say("Tom King", heard("provide_info", lang="en", guest_name="Tom", room_type="SUI"))
    assert (turn.slots["guest_name"], turn.slots["room_type"]) == ("Tom King", "DBL")


async def test_the_cheapest_of_what_was_shown_is_a_choice() -> None:
    talk = Talk()
    stay = heard("availability_check", check_in="2026-12-08", check_out="2026-12-10", adults="2")
    await talk.say("¿tienen lugar?", stay)
    turn = await talk.say("la más barata", heard("provide_info", rate_plan="NRF"))
    assert (turn.slots["room_type"], turn.slots["rate_plan"]) == ("DBL", "NRF")
    assert turn.pms == ["hold.create"]


async def test_a_date_that_can_be_read_in_two_ways_is_asked_once_for_both_ends() -> None:
    talk = Talk()
    said = Analysis(
        language="en",
        intents=heard("reservation_request").intents,
        entities=(
            Entity(type="date", role="check_in", value="2026-12-03", ambiguous=True, alternatives=("2027-03-12",)),
            Entity(type="date", role="check_out", value="2026-12-05", ambiguous=True, alternatives=("2027-05-12",)),
        ),
    )
    turn = await talk.say("03/12/2026 to 05/12/2026", said)
    assert turn.asks == ("dates",)
    assert "December 3" in turn.text
    assert "March 12" in turn.text
    turn = await talk.say("3 December", heard("provide_info", lang="en", date="2026-12-03"))
    assert (turn.slots["check_in"], turn.slots["check_out"]) == ("2026-12-03", "2026-12-05")


async def test_a_price_found_too_high_is_no_complaint_while_choosing() -> None:
    talk = Talk()
    stay = heard("availability_check", check_in="2026-12-08", check_out="2026-12-10", adults="2")
    await talk.say("¿tienen lugar?", stay)
    turn = await talk.say("está muy caro", heard("complaint"))
    assert turn.state.handoff is None
    assert "2,570.40" in turn.text


async def test_who_asks_for_a_machine_is_told_the_truth() -> None:
    talk = Talk()
    turn = await talk.say("are you a robot?", heard("human_request", lang="en"))
    assert "AI" in turn.text
    assert turn.state.handoff is None
