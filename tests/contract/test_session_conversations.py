"""What every store of conversations has to keep: memory, PostgreSQL, PostgreSQL behind the cache."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from mesh.errors import Conflict, Invalid, NotFound

from services.session.domain.identity import Channel, ChannelIdentity
from services.session.domain.session import (
    Dialogue,
    claim_handoff,
)
from services.session.domain.turn import Author
from services.session.ports import SessionQuery, request_of
from tests.contract.session_stores import (
    DAY,
    FULL,
    NOW,
    WHATSAPP,
    Stores,
    session_addresses,
    session_url,
    stores,
    turn_write,
    update,
    words,
)

__all__ = ["session_addresses", "session_url", "stores"]


async def test_first_contact_begins_a_session_with_a_guest(stores: Stores) -> None:
    opened = await stores.open(display_name="Lupita 🌺")
    assert opened.created
    assert opened.session.version == 1
    assert opened.session.expire_time == NOW + DAY
    assert opened.session.dialogue.metadata == {"display_name": "Lupita 🌺"}
    assert opened.guest.phone_number == "+525512345678"
    assert opened.guest.identities == (WHATSAPP,)
    assert opened.recent_turns == ()


async def test_the_same_identity_finds_the_same_session_with_its_latest_turns(stores: Stores) -> None:
    session = (await stores.open()).session
    for number in range(12):
        session = await stores.say(session, f"mensaje {number}")
    opened = await stores.open()
    assert not opened.created
    assert opened.session == session
    assert [turn.inbound_texts[0] for turn in opened.recent_turns] == [f"mensaje {n}" for n in range(2, 12)]
    assert [turn.sequence for turn in opened.recent_turns] == list(range(3, 13))
    assert opened.recent_turns[0].outcome == b"\x00answer\xff"


@pytest.mark.parametrize(
    ("turn_id", "seen"), [("t0", ["t0", "s1"]), ("t12", ["s1", "t12"]), ("t99", ["s1"]), ("s0", ["s0", "s1"])]
)
async def test_for_a_turn_it_comes_with_that_turn_and_what_staff_said_lately(
    stores: Stores, turn_id: str, seen: list[str]
) -> None:
    session = (await stores.open()).session
    for number in range(13):
        author, kept_as = (Author.STAFF, f"s{number // 6}") if number in (1, 8) else (Author.GUEST, f"t{number}")
        write = turn_write(session, turn_id=kept_as, author=author)
        session = (await stores.sessions.commit_turn(write)).session
    opened = await stores.open(turn_id=turn_id)
    assert [turn.turn_id for turn in opened.recent_turns] == seen


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("5215512345678", "525512345678"),
        ("553187654321", "5531987654321"),
        ("5491123456789", "541123456789"),
        ("US.13491208655302741918", "US.13491208655302741918"),
    ],
)
async def test_two_forms_of_one_number_are_one_guest_and_one_session(stores: Stores, first: str, second: str) -> None:
    one = await stores.open(ChannelIdentity(channel=Channel.WHATSAPP, address=first))
    two = await stores.open(ChannelIdentity(channel=Channel.WHATSAPP, address=second))
    assert two.guest.guest_id == one.guest.guest_id
    assert two.session.session_id == one.session.session_id
    assert two.session.identity.address == second
    assert await stores.guests.find(ChannelIdentity(channel=Channel.WHATSAPP, address=first)) == two.guest


async def test_a_disclosed_number_ties_a_business_scoped_id_to_the_guest(stores: Stores) -> None:
    by_number = await stores.open()
    both = ChannelIdentity(channel=Channel.WHATSAPP, address="MX.ENT.9f8e7d", phone_number="+525512345678")
    assert (await stores.open(both)).guest.guest_id == by_number.guest.guest_id
    alone = await stores.open(ChannelIdentity(channel=Channel.WHATSAPP, address="MX.ENT.9f8e7d"))
    assert alone.guest.guest_id == by_number.guest.guest_id
    assert alone.session.session_id == by_number.session.session_id
    assert alone.session.identity == both, "the number is not lost when it is left out later"


async def test_one_line_is_one_guest_on_whatsapp_and_sms(stores: Stores) -> None:
    whatsapp = await stores.open()
    sms = await stores.open(ChannelIdentity(channel=Channel.SMS, address="+525512345678"))
    assert sms.guest.guest_id == whatsapp.guest.guest_id
    assert {identity.channel for identity in sms.guest.identities} == {Channel.WHATSAPP, Channel.SMS}


async def test_a_number_claimed_on_the_web_proves_nothing(stores: Stores) -> None:
    await stores.open()
    claimed = ChannelIdentity(channel=Channel.WEBCHAT, address="sub-1", phone_number="+525512345678")
    assert (await stores.open(claimed)).guest.guest_id != (await stores.open()).guest.guest_id


async def test_the_same_address_on_two_generic_channels_is_two_guests(stores: Stores) -> None:
    one = ChannelIdentity(channel=Channel.GENERIC, channel_name="telegram", address="77")
    two = ChannelIdentity(channel=Channel.GENERIC, channel_name="viber", address="77")
    assert (await stores.open(one)).guest.guest_id != (await stores.open(two)).guest.guest_id


async def test_each_property_has_its_own_conversation_with_the_same_guest(stores: Stores) -> None:
    here, there = await stores.open(), await stores.open(property_id="centro")
    assert here.guest.guest_id == there.guest.guest_id
    assert here.session.session_id != there.session.session_id


async def test_a_day_of_silence_ends_a_session_and_the_guest_stays(stores: Stores) -> None:
    old = await stores.open()
    assert (await stores.open(now=NOW + DAY - timedelta(seconds=1))).session.session_id == old.session.session_id
    new = await stores.open(now=NOW + DAY)
    assert new.created
    assert new.session.session_id != old.session.session_id
    assert new.guest == old.guest
    ended = (await stores.sessions.get(old.session.session_id)).session
    assert not ended.live
    with pytest.raises(Conflict):
        await stores.sessions.commit_turn(turn_write(old.session))


async def test_a_turn_keeps_a_session_alive_for_another_day(stores: Stores) -> None:
    session = (await stores.open()).session
    later = NOW + timedelta(hours=20)
    session = await stores.say(session, now=later)
    assert session.last_activity_time == later
    assert session.expire_time == later + DAY


async def test_a_turn_is_stored_whole(stores: Stores) -> None:
    session = (await stores.open()).session
    write = turn_write(session, dialogue=FULL, text="sí, esa 🙂")
    committed = await stores.sessions.commit_turn(write)
    assert not committed.replayed
    assert committed.session.dialogue == FULL
    assert committed.session.version == session.version + 1
    assert committed.turn == replace(write.turn, sequence=1, create_time=NOW)
    assert (await stores.sessions.get(session.session_id)).session == committed.session
    assert await stores.sessions.turn(session.session_id, write.turn.turn_id) == committed.turn


async def test_a_stale_version_is_refused_and_nothing_is_stored(stores: Stores) -> None:
    session = (await stores.open()).session
    current = await stores.say(session)
    with pytest.raises(Conflict, match="changed") as caught:
        await stores.sessions.commit_turn(turn_write(session, turn_id="late"))
    assert caught.value.reason == "VERSION_MISMATCH"
    assert caught.value.metadata == {"read": "1", "present": "2"}
    assert (await stores.sessions.get(session.session_id)).session == current
    assert await stores.sessions.turn(session.session_id, "late") is None
    # The id was not used up by the failure.
    assert not (await stores.sessions.commit_turn(turn_write(current, turn_id="late"))).replayed


async def test_a_repeated_turn_returns_the_stored_one_even_after_the_session_moved_on(stores: Stores) -> None:
    session = (await stores.open()).session
    write = turn_write(session)
    first = await stores.sessions.commit_turn(write)
    last = await stores.say(first.session, "otra cosa")
    for version in (write.version, last.version):
        again = await stores.sessions.commit_turn(replace(write, version=version))
        assert again.replayed
        assert again.turn == first.turn
        assert again.session == last
    assert len(await stores.sessions.turns(session.session_id, after=0, limit=10)) == 2


async def test_a_turn_is_recognised_after_its_request_was_forgotten(stores: Stores) -> None:
    session = (await stores.open()).session
    write = turn_write(session)
    await stores.sessions.commit_turn(write)
    assert await stores.housekeeping.forget_requests(before=NOW + DAY, limit=10) == 1
    assert (await stores.sessions.commit_turn(write)).replayed


async def test_another_turn_under_the_same_id_is_refused(stores: Stores) -> None:
    session = (await stores.open()).session
    committed = await stores.sessions.commit_turn(turn_write(session, turn_id="t1", text="uno"))
    with pytest.raises(Invalid) as caught:
        await stores.sessions.commit_turn(turn_write(committed.session, turn_id="t1", text="dos"))
    assert caught.value.reason == "REQUEST_ID_REUSED"


async def test_a_session_nobody_knows_is_not_found(stores: Stores) -> None:
    ghost = replace((await stores.open()).session, session_id="ses_none")
    for call in (
        stores.sessions.get("ses_none"),
        stores.sessions.turns("ses_none", after=0, limit=1),
        stores.sessions.turn("ses_none", "t"),
        stores.sessions.commit_turn(turn_write(ghost)),
        stores.sessions.update(update(ghost, Dialogue())),
        stores.sessions.append(words(ghost, "a")),
        stores.sessions.change(request_of("ClaimHandoff", "c"), "ses_none", lambda d: d, NOW),
    ):
        with pytest.raises(NotFound) as caught:
            await call
        assert caught.value.reason == "SESSION_NOT_FOUND"


async def test_an_update_is_compare_and_set_and_idempotent(stores: Stores) -> None:
    session = (await stores.open()).session
    stored = await stores.sessions.update(update(session, FULL))
    assert stored.dialogue == FULL
    assert stored.last_activity_time == session.last_activity_time
    assert await stores.sessions.update(update(session, FULL)) == stored
    with pytest.raises(Conflict):
        await stores.sessions.update(update(session, FULL, request_id="update-2"))
    with pytest.raises(Invalid):
        await stores.sessions.update(update(session, FULL, body="another"))


async def test_a_repeated_update_is_told_the_version_it_made_and_not_a_later_one(stores: Stores) -> None:
    """Or its caller would overwrite a claim made in between, believing to have seen it."""
    session = (await stores.open()).session
    write = update(session, FULL)
    stored = await stores.sessions.update(write)
    claim = request_of("ClaimHandoff", "c")
    claimed = await stores.sessions.change(claim, session.session_id, lambda d: claim_handoff(d, "Ana"), NOW)
    repeat = await stores.sessions.update(write)
    assert (repeat.version, repeat.dialogue) == (stored.version, FULL)
    assert (await stores.sessions.get(session.session_id)).session == claimed
    with pytest.raises(Conflict):
        await stores.sessions.update(update(repeat, Dialogue(), request_id="update-2"))


async def test_words_of_staff_join_the_history_once_and_keep_the_session_alive(stores: Stores) -> None:
    session = await stores.say((await stores.open()).session)
    later = NOW + timedelta(hours=2)
    said = await stores.sessions.append(words(session, "Buenas tardes", "En un momento", now=later))
    assert [turn.sequence for turn in said] == [2, 3]
    assert await stores.sessions.append(words(session, "Buenas tardes", "En un momento", now=later)) == said
    after = (await stores.sessions.get(session.session_id)).session
    assert after.version == session.version + 1
    assert after.expire_time == later + DAY
    assert after.last_activity_time == session.last_activity_time
    assert [turn.author for turn in await stores.sessions.turns(session.session_id, after=0, limit=9)] == [1, 2, 2]
    with pytest.raises(Conflict):
        await stores.say(session)


async def test_a_turn_id_is_unique_in_its_session(stores: Stores) -> None:
    session = (await stores.open()).session
    await stores.sessions.append(words(session, "a"))
    write = replace(words(session, "b"), request=request_of("AppendTurns", "other", "b"))
    with pytest.raises(Invalid) as caught:
        await stores.sessions.append(write)
    assert "turns.turn_id" in caught.value.fields
    assert len(await stores.sessions.turns(session.session_id, after=0, limit=9)) == 1


@pytest.mark.parametrize("identities", [1, 4])
async def test_however_many_ask_at_once_there_is_one_guest_and_one_session(stores: Stores, identities: int) -> None:
    forms = ["5215512345678", "525512345678", "+52 55 1234 5678", "+5215512345678"][:identities]
    opened = await asyncio.gather(
        *(stores.open(ChannelIdentity(channel=Channel.WHATSAPP, address=form)) for form in forms * 5)
    )
    assert len({each.guest.guest_id for each in opened}) == 1
    assert len({each.session.session_id for each in opened}) == 1
    assert sum(each.created for each in opened) == 1
    assert len(await stores.sessions.list(SessionQuery(now=NOW, limit=100))) == 1


async def test_of_many_turns_at_once_one_wins(stores: Stores) -> None:
    session = (await stores.open()).session
    results = await asyncio.gather(
        *(stores.sessions.commit_turn(turn_write(session, text=str(n))) for n in range(10)), return_exceptions=True
    )
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert all(isinstance(result, Conflict) for result in results if isinstance(result, BaseException))
    assert len(await stores.sessions.turns(session.session_id, after=0, limit=100)) == 1


async def test_one_turn_sent_many_times_at_once_is_stored_once(stores: Stores) -> None:
    session = (await stores.open()).session
    write = turn_write(session)
    results = await asyncio.gather(*(stores.sessions.commit_turn(write) for _ in range(10)))
    assert sum(not result.replayed for result in results) == 1
    assert {result.turn for result in results} == {results[0].turn}
    addition = words(session, "a", "b")
    answers = await asyncio.gather(*(stores.sessions.append(addition) for _ in range(10)))
    assert set(answers) == {answers[0]}
    assert len(await stores.sessions.turns(session.session_id, after=0, limit=100)) == 3
