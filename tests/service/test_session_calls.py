"""The session service as its callers see it: over the wire, on PostgreSQL and the cache, on one replica or two."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hotel.common.v1 import channel_pb2, handoff_pb2
from hotel.session.v1 import session_pb2 as pb
from hotel.session.v1 import session_pb2_grpc
from mesh.clock import ManualClock
from mesh.errors import Conflict, Invalid, NotFound, Refused
from mesh.testing.mesh import running
from pydantic import SecretStr

from services.session.app import build
from services.session.settings import Settings
from tests.contract.session_stores import session_url

__all__ = ["session_url"]

START = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
WHATSAPP = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address="5215512345678")
CARD = "4111 1111 1111 1111"
SECONDS = 10.0


class Caller:
    """A client of one replica."""

    def __init__(self, stub: session_pb2_grpc.SessionServiceAsyncStub, clock: ManualClock) -> None:
        self.stub = stub
        self.clock = clock

    async def open(self, identity: channel_pb2.ChannelIdentity = WHATSAPP) -> pb.GetOrCreateSessionResponse:
        request = pb.GetOrCreateSessionRequest(property_id="alameda", identity=identity)
        return await self.stub.GetOrCreateSession(request, timeout=SECONDS)

    async def commit(self, session: pb.Session, *, turn_id: str, text: str = "hola") -> pb.CommitTurnResponse:
        turn = pb.Turn(
            author=pb.Turn.AUTHOR_GUEST, inbound_texts=[text], outbound_texts=["¡Hola!"], outcome=b"\x08\x01"
        )
        request = pb.CommitTurnRequest(request_id=turn_id, session=session, turn=turn)
        return await self.stub.CommitTurn(request, timeout=SECONDS)

    async def get(self, session_id: str) -> pb.Session:
        return (await self.stub.GetSession(pb.GetSessionRequest(session_id=session_id), timeout=SECONDS)).session


@asynccontextmanager
async def serving(postgres_url: str, redis_url: str, clock: ManualClock, transport: str) -> AsyncIterator[Caller]:
    settings = Settings(
        postgres_url=SecretStr(postgres_url),
        redis_url=SecretStr(redis_url),
        postgres_pool_size=4,
        drain_grace_seconds=5,
    )
    async with running({"session": (build, settings)}, clock=clock, transport=transport) as mesh:  # type: ignore[arg-type]
        yield Caller(session_pb2_grpc.SessionServiceStub(mesh.channel("session")), clock)


@pytest.fixture(params=["inprocess", "grpc"])
async def caller(request: pytest.FixtureRequest, session_url: str, redis_url: str) -> AsyncIterator[Caller]:
    async with serving(session_url, redis_url, ManualClock(START), request.param) as caller:
        yield caller


async def test_a_conversation_from_first_contact_to_its_history(caller: Caller) -> None:
    opened = await caller.open()
    assert opened.created
    assert opened.session.version == 1
    session = opened.session
    for number in range(3):
        session.slots["adults"].value = str(number)
        session = (await caller.commit(session, turn_id=f"t{number}", text=f"mensaje {number}")).session
    assert await caller.get(session.session_id) == session
    again = await caller.open()
    assert not again.created
    assert again.session == session
    assert [turn.turn_id for turn in again.recent_turns] == ["t0", "t1", "t2"]
    turn = await caller.stub.GetTurn(pb.GetTurnRequest(session_id=session.session_id, turn_id="t1"), timeout=SECONDS)
    assert (turn.turn.outcome, turn.turn.sequence) == (b"\x08\x01", 2)
    none = await caller.stub.GetTurn(pb.GetTurnRequest(session_id=session.session_id, turn_id="t9"), timeout=SECONDS)
    assert not none.HasField("turn")


async def test_what_is_the_servers_own_is_not_taken_from_the_caller(caller: Caller) -> None:
    session = (await caller.open()).session
    forged = pb.Session()
    forged.CopyFrom(session)
    forged.guest_id, forged.property_id = "gst_other", "centro"
    forged.identity.address = "34600111222"
    forged.expire_time.FromDatetime(START + timedelta(days=999))
    forged.create_time.Clear()
    stored = (await caller.commit(forged, turn_id="t")).session
    assert (stored.guest_id, stored.property_id) == (session.guest_id, "alameda")
    assert stored.identity == WHATSAPP
    assert stored.create_time == session.create_time
    assert stored.expire_time.ToDatetime(tzinfo=UTC) == START + timedelta(days=1)


async def test_a_lost_race_says_so_and_a_repeat_gets_the_stored_answer(caller: Caller) -> None:
    session = (await caller.open()).session
    first = await caller.commit(session, turn_id="t1")
    with pytest.raises(Conflict) as lost:
        await caller.commit(session, turn_id="t2")
    assert lost.value.reason == "VERSION_MISMATCH"
    repeat = await caller.commit(session, turn_id="t1")
    assert repeat.replayed
    assert repeat.turn == first.turn
    with pytest.raises(Invalid) as reused:
        await caller.commit(first.session, turn_id="t1", text="otra cosa")
    assert reused.value.reason == "REQUEST_ID_REUSED"


async def test_a_repeat_with_the_session_as_read_now_is_the_same_request(caller: Caller) -> None:
    session = (await caller.open()).session
    first = await caller.commit(session, turn_id="t1")
    caller.clock.advance(timedelta(minutes=5))
    assert (await caller.commit(first.session, turn_id="t1")).replayed


async def test_no_card_number_reaches_the_store(caller: Caller) -> None:
    session = (await caller.open()).session
    session.memory_json = json.dumps({"last": CARD})
    session.slots["guest_name"].value = CARD
    committed = await caller.commit(session, turn_id="t", text=f"pago con {CARD}")
    assert committed.turn.inbound_texts == ["pago con **** **** **** 1111"]
    document = await caller.stub.ExportGuest(pb.ExportGuestRequest(guest_id=session.guest_id), timeout=SECONDS)
    assert b"4111" not in document.document
    assert (await caller.commit(session, turn_id="t", text=f"pago con {CARD}")).replayed


async def test_everything_malformed_is_named(caller: Caller) -> None:
    session = (await caller.open()).session
    session.memory_json = "{"
    session.handoff.state = handoff_pb2.Handoff.STATE_OPEN
    cases: list[tuple[object, list[str]]] = [
        (caller.stub.GetOrCreateSession(pb.GetOrCreateSessionRequest(), timeout=SECONDS), ["property_id", "identity"]),
        (caller.open(channel_pb2.ChannelIdentity(address="x")), ["identity.channel"]),
        (caller.open(channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_SMS)), ["identity.address"]),
        (caller.stub.GetSession(pb.GetSessionRequest(), timeout=SECONDS), ["session_id"]),
        (caller.commit(session, turn_id="t"), ["session.handoff.desk"]),
        (caller.commit(pb.Session(session_id="s", memory_json="{"), turn_id="t"), ["session.memory_json"]),
        (caller.stub.GetGuest(pb.GetGuestRequest(), timeout=SECONDS), ["lookup"]),
        (caller.stub.ListSessions(pb.ListSessionsRequest(page_size=201), timeout=SECONDS), ["page_size"]),
    ]
    for call, fields in cases:
        with pytest.raises(Invalid) as caught:
            await call  # type: ignore[misc]
        assert list(caught.value.fields) == fields


async def test_a_nul_character_is_not_a_fault(caller: Caller) -> None:
    session = (await caller.open()).session
    session.flow = "boo\0king"
    committed = await caller.commit(session, turn_id="t\0", text="ho\0la")
    assert committed.session.flow == "booking"
    assert committed.turn.inbound_texts == ["hola"]


async def test_staff_take_a_conversation_speak_and_give_it_back(caller: Caller) -> None:
    session = (await caller.open()).session
    session.handoff.CopyFrom(
        handoff_pb2.Handoff(
            state=handoff_pb2.Handoff.STATE_OPEN,
            desk=handoff_pb2.Handoff.DESK_RECEPTION,
            priority=handoff_pb2.Handoff.PRIORITY_NORMAL,
            due_time=_timestamp(START + timedelta(minutes=15)),
        )
    )
    session = (await caller.commit(session, turn_id="t1")).session
    due = pb.ListSessionsRequest(due_before=_timestamp(START + timedelta(minutes=16)))
    assert len((await caller.stub.ListSessions(due, timeout=SECONDS)).sessions) == 1

    claim = pb.ClaimHandoffRequest(request_id="c1", session_id=session.session_id, agent="Ana")
    claimed = (await caller.stub.ClaimHandoff(claim, timeout=SECONDS)).session
    assert claimed.handoff.state == handoff_pb2.Handoff.STATE_CLAIMED
    assert (await caller.stub.ClaimHandoff(claim, timeout=SECONDS)).session == claimed
    assert not (await caller.stub.ListSessions(due, timeout=SECONDS)).sessions
    claim_too = pb.ClaimHandoffRequest(request_id="c2", session_id=session.session_id, agent="Luis")
    with pytest.raises(Refused) as refused:
        await caller.stub.ClaimHandoff(claim_too, timeout=SECONDS)
    assert (refused.value.reason, refused.value.metadata["agent"]) == ("HANDOFF_CLAIMED", "Ana")

    words = pb.AppendTurnsRequest(
        request_id="w1",
        session_id=session.session_id,
        turns=[pb.Turn(author=pb.Turn.AUTHOR_STAFF, agent="Ana", outbound_texts=["A las 11 está lista."])],
    )
    said = (await caller.stub.AppendTurns(words, timeout=SECONDS)).turns
    assert (await caller.stub.AppendTurns(words, timeout=SECONDS)).turns == said
    release = pb.ReleaseHandoffRequest(request_id="r1", session_id=session.session_id, agent="Ana")
    released = (await caller.stub.ReleaseHandoff(release, timeout=SECONDS)).session
    assert released.handoff.state == handoff_pb2.Handoff.STATE_RELEASED
    opened = await caller.open()
    assert [turn.author for turn in opened.recent_turns] == [pb.Turn.AUTHOR_GUEST, pb.Turn.AUTHOR_STAFF]
    with pytest.raises(NotFound) as missing:
        await caller.stub.ReleaseHandoff(
            pb.ReleaseHandoffRequest(request_id="r2", session_id="ses_none", agent="Ana"), timeout=SECONDS
        )
    assert missing.value.reason == "HANDOFF_NOT_FOUND"


async def test_history_is_paged_and_a_token_is_good_for_its_list_only(caller: Caller) -> None:
    session = (await caller.open()).session
    for number in range(5):
        session = (await caller.commit(session, turn_id=f"t{number}")).session
    seen: list[str] = []
    token = ""
    while True:
        request = pb.ListTurnsRequest(session_id=session.session_id, page_size=2, page_token=token)
        page = await caller.stub.ListTurns(request, timeout=SECONDS)
        seen += [turn.turn_id for turn in page.turns]
        token = page.next_page_token
        if not token:
            break
    assert seen == [f"t{number}" for number in range(5)]
    for number in range(3):
        await caller.open(channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WEBCHAT, address=f"s{number}"))
    first = await caller.stub.ListSessions(pb.ListSessionsRequest(page_size=2), timeout=SECONDS)
    rest = pb.ListSessionsRequest(page_size=2, page_token=first.next_page_token)
    second = await caller.stub.ListSessions(rest, timeout=SECONDS)
    assert len({s.session_id for s in [*first.sessions, *second.sessions]}) == 4
    assert not second.next_page_token
    rest.property_id = "centro"
    for wrong in (rest, pb.ListSessionsRequest(page_token="x")):
        with pytest.raises(Invalid) as caught:
            await caller.stub.ListSessions(wrong, timeout=SECONDS)
        assert caught.value.reason == "INVALID_PAGE_TOKEN"


async def test_a_guest_is_told_about_linked_exported_and_forgotten(caller: Caller) -> None:
    guest = (await caller.open()).guest
    guest.given_name = "María"
    told = await caller.stub.UpdateGuest(
        pb.UpdateGuestRequest(request_id="g1", guest=guest, opted_out=True), timeout=SECONDS
    )
    assert (told.guest.given_name, told.guest.opted_out) == ("María", True)
    email = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_EMAIL, address="Maria@example.com")
    link = pb.LinkIdentityRequest(request_id="l1", guest_id=guest.guest_id, identity=email)
    linked = (await caller.stub.LinkIdentity(link, timeout=SECONDS)).guest
    lower = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_EMAIL, address="maria@EXAMPLE.com")
    assert (await caller.stub.GetGuest(pb.GetGuestRequest(identity=lower), timeout=SECONDS)).guest == linked
    exported = await caller.stub.ExportGuest(pb.ExportGuestRequest(guest_id=guest.guest_id), timeout=SECONDS)
    assert exported.mime_type == "application/json"
    assert json.loads(exported.document)["guest"]["given_name"] == "María"
    erase = pb.EraseGuestRequest(request_id="e1", guest_id=guest.guest_id)
    receipt = await caller.stub.EraseGuest(erase, timeout=SECONDS)
    assert receipt.receipt_id
    assert "identities: 2" in receipt.erased
    assert receipt.retention.ToTimedelta() == timedelta(days=1826)
    assert await caller.stub.EraseGuest(erase, timeout=SECONDS) == receipt
    with pytest.raises(NotFound) as missing:
        await caller.stub.GetGuest(pb.GetGuestRequest(guest_id=guest.guest_id), timeout=SECONDS)
    assert missing.value.reason == "GUEST_NOT_FOUND"


async def test_two_replicas_make_one_guest_and_one_session_and_store_a_turn_once(
    session_url: str, redis_url: str
) -> None:
    clock = ManualClock(START)
    async with (
        serving(session_url, redis_url, clock, "grpc") as one,
        serving(session_url, redis_url, clock, "grpc") as two,
    ):
        opened = await asyncio.gather(*(replica.open() for replica in (one, two) * 10))
        assert len({each.session.session_id for each in opened}) == 1
        assert len({each.guest.guest_id for each in opened}) == 1
        assert sum(each.created for each in opened) == 1
        session = opened[0].session
        committed = await asyncio.gather(*(replica.commit(session, turn_id="t1") for replica in (one, two) * 10))
        assert sum(not each.replayed for each in committed) == 1
        assert len({each.turn.sequence for each in committed}) == 1
        # What one replica wrote, the other reads.
        newest = (await one.commit(committed[0].session, turn_id="t2")).session
        assert await two.get(session.session_id) == newest


async def test_a_day_later_a_new_conversation_begins(caller: Caller) -> None:
    first = await caller.commit((await caller.open()).session, turn_id="t1")
    caller.clock.advance(timedelta(hours=24))
    opened = await caller.open()
    assert opened.created
    assert opened.session.session_id != first.session.session_id
    assert opened.guest.guest_id == first.session.guest_id
    assert not opened.recent_turns


def _timestamp(time: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp


async def test_hand_offs_come_page_by_page_with_their_guests_and_counts(caller: Caller) -> None:
    for number in range(3):
        opened = await caller.open(
            channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_EMAIL, address=f"g{number}@b.mx")
        )
        session = opened.session
        session.handoff.state = handoff_pb2.Handoff.STATE_OPEN
        session.handoff.desk = handoff_pb2.Handoff.DESK_RECEPTION
        session.handoff.priority = handoff_pb2.Handoff.PRIORITY_NORMAL
        await caller.commit(session, turn_id=f"h{number}")
    first = await caller.stub.ListHandoffs(pb.ListHandoffsRequest(page_size=2), timeout=SECONDS)
    assert (first.open_count, first.claimed_count, len(first.cases)) == (3, 0, 2)
    assert all(case.guest.guest_id == case.session.guest_id for case in first.cases)
    rest = await caller.stub.ListHandoffs(
        pb.ListHandoffsRequest(page_size=2, page_token=first.next_page_token), timeout=SECONDS
    )
    assert len({case.session.session_id for case in [*first.cases, *rest.cases]}) == 3
    assert not rest.next_page_token
    with pytest.raises(Invalid) as caught:
        await caller.stub.ListHandoffs(
            pb.ListHandoffsRequest(page_size=2, agent="ana", page_token=first.next_page_token), timeout=SECONDS
        )
    assert caught.value.reason == "INVALID_PAGE_TOKEN"
