"""What every store of guests has to keep, and every sweep: memory, PostgreSQL, PostgreSQL behind the cache."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from mesh.errors import Conflict, Invalid, NotFound

from services.session.domain.dossier import export
from services.session.domain.guest import GuestDetails
from services.session.domain.identity import Channel, ChannelIdentity
from services.session.domain.session import Dialogue, PendingAction, Promise, SlotValue
from services.session.ports import EraseWrite, GuestWrite, LinkWrite, SessionQuery, request_of
from tests.contract.session_stores import DAY, NOW, WHATSAPP, Stores, session_addresses, session_url, stores, turn_write

__all__ = ["session_addresses", "session_url", "stores"]

EMAIL = ChannelIdentity(channel=Channel.EMAIL, address="Maria.Lopez@Example.com")
WEB = ChannelIdentity(channel=Channel.WEBCHAT, address="sub-9f")
YEARS = timedelta(days=1826)


def telling(guest, details: GuestDetails, *, request_id: str = "g1") -> GuestWrite:
    return GuestWrite(
        request=request_of("UpdateGuest", request_id, details.known()),
        guest_id=guest.guest_id,
        version=guest.version,
        details=details,
        now=NOW,
    )


def linking(guest_id: str, identity: ChannelIdentity, *, request_id: str = "l1", now=NOW) -> LinkWrite:
    return LinkWrite(
        request=request_of("LinkIdentity", request_id, guest_id), guest_id=guest_id, identity=identity, now=now
    )


def erasing(guest_id: str, *, request_id: str = "e1") -> EraseWrite:
    return EraseWrite(
        request=request_of("EraseGuest", request_id, guest_id),
        guest_id=guest_id,
        receipt_id=request_id.replace("e", "era_"),
        now=NOW,
        retention=YEARS,
        turn_id="turn-1",
    )


async def test_what_a_guest_tells_is_kept_and_what_is_left_open_stays(stores: Stores) -> None:
    guest = (await stores.open()).guest
    told = await stores.guests.update(telling(guest, GuestDetails(given_name="María", email="m@example.com")))
    assert (told.given_name, told.email, told.phone_number) == ("María", "m@example.com", guest.phone_number)
    assert told.version == guest.version + 1
    stopped = await stores.guests.update(telling(told, GuestDetails(opted_out=True), request_id="g2"))
    assert stopped.opted_out
    assert stopped.given_name == "María"
    assert await stores.guests.get(guest.guest_id) == stopped
    assert (await stores.sessions.get((await stores.open()).session.session_id)).guest == stopped


async def test_a_guest_is_updated_by_compare_and_set_once(stores: Stores) -> None:
    guest = (await stores.open()).guest
    write = telling(guest, GuestDetails(given_name="María"))
    told = await stores.guests.update(write)
    assert await stores.guests.update(write) == told
    with pytest.raises(Conflict) as caught:
        await stores.guests.update(telling(guest, GuestDetails(given_name="Ana"), request_id="g2"))
    assert caught.value.reason == "VERSION_MISMATCH"
    with pytest.raises(Invalid) as reused:
        await stores.guests.update(telling(told, GuestDetails(given_name="Ana")))
    assert reused.value.reason == "REQUEST_ID_REUSED"


async def test_a_guest_nobody_knows_is_not_found(stores: Stores) -> None:
    for call in (
        stores.guests.get("gst_none"),
        stores.guests.find(EMAIL),
        stores.guests.link(linking("gst_none", EMAIL)),
        stores.guests.export("gst_none"),
        stores.guests.erase(erasing("gst_none")),
    ):
        with pytest.raises(NotFound) as caught:
            await call
        assert caught.value.reason == "GUEST_NOT_FOUND"


async def test_an_identity_of_nobody_is_linked(stores: Stores) -> None:
    guest = (await stores.open()).guest
    write = linking(guest.guest_id, EMAIL)
    linked = await stores.guests.link(write)
    assert set(linked.guest.identities) == {WHATSAPP, EMAIL}
    assert linked.guest.email == EMAIL.address
    assert (await stores.guests.link(write)).guest == linked.guest
    assert await stores.guests.find(replace(EMAIL, address="maria.lopez@example.COM")) == linked.guest
    assert (await stores.open(EMAIL)).guest.guest_id == guest.guest_id


async def test_linking_the_identity_of_another_guest_makes_them_one(stores: Stores) -> None:
    known = (await stores.open(display_name="Maria")).guest
    anonymous = await stores.open(WEB, now=NOW + timedelta(hours=1))
    chatting = await stores.say(anonymous.session, now=NOW + timedelta(hours=1))
    former = (await stores.guests.get(anonymous.guest.guest_id)).guest_id
    await stores.guests.update(telling(anonymous.guest, GuestDetails(email="m@example.com", opted_out=True)))

    linked = await stores.guests.link(linking(known.guest_id, WEB, now=NOW + timedelta(hours=1)))

    assert set(linked.guest.identities) == {WHATSAPP, WEB}
    assert linked.guest.email == "m@example.com"
    assert linked.guest.opted_out
    assert linked.former_guest_ids == (former,)
    with pytest.raises(NotFound):
        await stores.guests.get(former)
    # The conversation that goes on is the one the guest is in; the silent one ended.
    after = await stores.open(WEB, now=NOW + timedelta(hours=1))
    assert after.session.session_id == chatting.session_id
    assert after.session.guest_id == known.guest_id
    assert after.session.version > chatting.version
    assert [turn.inbound_texts for turn in after.recent_turns] == [("hola",)]
    sessions = await stores.sessions.list(SessionQuery(now=NOW, limit=9, guest_id=known.guest_id))
    assert [session.live for session in sessions] == [True, False]
    held = await stores.sessions.get(chatting.session_id)
    assert held.guest.guest_id == known.guest_id


async def test_a_session_of_the_one_who_is_linked_to_goes_on_if_it_is_the_later(stores: Stores) -> None:
    anonymous = await stores.open(WEB)
    known = await stores.open(now=NOW + timedelta(hours=1))
    await stores.guests.link(linking(known.guest.guest_id, WEB, now=NOW + timedelta(hours=1)))
    assert not (await stores.sessions.get(anonymous.session.session_id)).session.live
    assert (await stores.sessions.get(known.session.session_id)).session == known.session


async def test_an_identity_with_two_keys_merges_both_holders(stores: Stores) -> None:
    by_id = await stores.open(ChannelIdentity(channel=Channel.WHATSAPP, address="MX.abc1"), property_id="centro")
    by_number = await stores.open()
    target = (await stores.open(EMAIL)).guest
    both = ChannelIdentity(channel=Channel.WHATSAPP, address="MX.abc1", phone_number="+525512345678")
    linked = await stores.guests.link(linking(target.guest_id, both))
    assert set(linked.former_guest_ids) == {by_id.guest.guest_id, by_number.guest.guest_id}
    for identity, property_id in ((WHATSAPP, "alameda"), (both, "centro"), (EMAIL, "alameda")):
        assert (await stores.open(identity, property_id=property_id)).guest.guest_id == target.guest_id


async def test_links_and_turns_at_once_leave_one_guest_and_one_live_session(stores: Stores) -> None:
    known = (await stores.open()).guest
    await stores.open(WEB)
    await asyncio.gather(
        *(stores.guests.link(linking(known.guest_id, WEB, request_id=f"l{n % 3}")) for n in range(6)),
        *(stores.open(WEB) for _ in range(6)),
        *(stores.open() for _ in range(6)),
    )
    opened = [await stores.open(), await stores.open(WEB)]
    assert {each.guest.guest_id for each in opened} == {known.guest_id}
    assert len({each.session.session_id for each in opened}) == 1
    live = await stores.sessions.list(SessionQuery(now=NOW, limit=99, active_only=True))
    assert len(live) == 1


async def test_an_export_has_everything_in_one_document(stores: Stores) -> None:
    opened = await stores.open(display_name="Lupita")
    dialogue = Dialogue(
        slots={"adults": SlotValue(value="2")},
        promises=(Promise(promise_id="p", text="cuna en la habitación", due_time=NOW),),
        memory_json='{"a":1}',
    )
    await stores.sessions.commit_turn(turn_write(opened.session, text="¿hay cuna?", dialogue=dialogue))
    await stores.open(property_id="centro")
    document = json.loads(export(await stores.guests.export(opened.guest.guest_id), NOW))
    assert document["guest"]["phone_number"] == "+525512345678"
    assert document["guest"]["identities"] == [{"channel": "whatsapp", "address": "5215512345678"}]
    first = next(session for session in document["sessions"] if session["property_id"] == "alameda")
    assert len(document["sessions"]) == 2
    assert first["turns"][0]["inbound_texts"] == ["¿hay cuna?"]
    assert first["turns"][0]["author"] == "guest"
    assert first["promises"][0]["text"] == "cuna en la habitación"
    assert first["memory"] == {"a": 1}


async def test_an_erased_guest_is_gone_and_the_receipt_says_what_was_kept(stores: Stores) -> None:
    opened = await stores.open(display_name="Lupita")
    dialogue = Dialogue(
        slots={"reservation": SlotValue(value="R1001")},
        pending_actions=(
            PendingAction(type="hold", reference="hld_1", expire_time=NOW + timedelta(minutes=15)),
            PendingAction(type="hold", reference="hld_0", expire_time=NOW - timedelta(minutes=15)),
        ),
    )
    write = turn_write(opened.session, dialogue=dialogue)
    await stores.sessions.commit_turn(write)

    erased = await stores.guests.erase(erasing(opened.guest.guest_id))

    assert erased.receipt.erased[:4] == ("guests: 1", "identities: 1", "sessions: 1", "turns: 1")
    named = ["reservation R1001", "hold hld_1", "past stays"]
    assert [line.split(",")[0] for line in erased.receipt.retained] == named
    assert erased.receipt.retention == YEARS
    assert erased.receipt.erase_time == NOW
    for call in (stores.guests.get(opened.guest.guest_id), stores.sessions.get(opened.session.session_id)):
        with pytest.raises(NotFound):
            await call
    with pytest.raises(NotFound):
        await stores.sessions.commit_turn(write)
    again = await stores.guests.erase(erasing(opened.guest.guest_id))
    assert again.receipt == erased.receipt, "a repeat gives the same receipt"
    assert await stores.guests.receipt_of("turn-1") == erased.receipt, "so does a repeat of the turn that erased"
    assert await stores.guests.receipt_of("turn-2") is None
    assert (await stores.open()).guest.guest_id != opened.guest.guest_id
    assert (await stores.open()).recent_turns == ()


async def test_a_receipt_outlives_the_requests_that_are_forgotten(stores: Stores) -> None:
    guest = (await stores.open()).guest
    erased = await stores.guests.erase(erasing(guest.guest_id))
    await stores.housekeeping.forget_requests(before=NOW + DAY, limit=100)
    assert (await stores.guests.erase(erasing(guest.guest_id))).receipt == erased.receipt


async def test_an_erasure_is_pending_until_it_is_settled_everywhere(stores: Stores) -> None:
    opened = await stores.open()
    await stores.guests.link(linking(opened.guest.guest_id, EMAIL))
    assert await stores.guests.pending_erasures(limit=9) == ()
    await stores.guests.erase(erasing(opened.guest.guest_id))
    (pending,) = await stores.guests.pending_erasures(limit=9)
    assert (pending.receipt_id, pending.erase_time) == ("era_1", NOW)
    assert set(pending.identities) == {WHATSAPP, EMAIL}
    assert pending.session_ids == (opened.session.session_id,)
    await stores.guests.erase(erasing(opened.guest.guest_id))
    assert await stores.guests.pending_erasures(limit=9) == (pending,), "a repeat is the same erasure"
    for _ in range(2):
        await stores.guests.settle_erasure("era_1")
        assert await stores.guests.pending_erasures(limit=9) == ()


async def test_a_stop_outlives_an_erasure_until_the_guest_lifts_it(stores: Stores) -> None:
    guest = await stores.guests.update(telling((await stores.open()).guest, GuestDetails(opted_out=True)))
    erased = await stores.guests.erase(erasing(guest.guest_id))
    assert any("not to be written to" in line for line in erased.receipt.retained)
    back = (await stores.open(replace(WHATSAPP, address="525512345678"))).guest
    assert back.opted_out
    lifted = await stores.guests.update(telling(back, GuestDetails(opted_out=False), request_id="g2"))
    assert not lifted.opted_out
    await stores.guests.erase(erasing(lifted.guest_id, request_id="e2"))
    assert not (await stores.open()).guest.opted_out


async def test_of_many_erasures_at_once_all_give_one_receipt(stores: Stores) -> None:
    guest = (await stores.open()).guest
    erased = await asyncio.gather(*(stores.guests.erase(erasing(guest.guest_id)) for _ in range(5)))
    assert len({each.receipt for each in erased}) == 1


async def test_silent_sessions_end_in_batches_and_only_once(stores: Stores) -> None:
    for number in range(5):
        await stores.open(ChannelIdentity(channel=Channel.WEBCHAT, address=f"s{number}"))
    late = (await stores.open(now=NOW + timedelta(hours=3))).session
    at = NOW + DAY
    assert await stores.housekeeping.count_active(now=NOW + timedelta(hours=3)) == 6
    sweeps = await asyncio.gather(*(stores.housekeeping.end_silent(now=at, limit=2) for _ in range(4)))
    over = [session.session_id for batch in sweeps for session in batch]
    over += [session.session_id for session in await stores.housekeeping.end_silent(now=at, limit=9)]
    assert len(over) == len(set(over)) == 5
    assert late.session_id not in over
    assert await stores.housekeeping.end_silent(now=at, limit=9) == ()
    assert await stores.housekeeping.count_active(now=at) == 1
    ended = (await stores.sessions.get(over[0])).session
    assert (ended.live, ended.version) == (False, 2)


async def test_ended_sessions_are_deleted_after_their_time_and_the_guest_stays(stores: Stores) -> None:
    opened = await stores.open()
    await stores.say(opened.session)
    await stores.housekeeping.end_silent(now=NOW + DAY, limit=9)
    assert await stores.housekeeping.purge(ended_before=NOW + DAY, limit=9) == ()
    assert await stores.housekeeping.purge(ended_before=NOW + DAY * 2, limit=9) == (opened.session.session_id,)
    with pytest.raises(NotFound):
        await stores.sessions.turns(opened.session.session_id, after=0, limit=1)
    assert await stores.guests.get(opened.guest.guest_id) == opened.guest
