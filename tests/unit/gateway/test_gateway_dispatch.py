"""Turns and sends from claim to end, on stores in memory and a clock that only the test moves."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from mesh.clock import ManualClock
from mesh.errors import Busy, Conflict, Down, Invalid

from services.gateway.domain.inbox import RetryPolicy
from services.gateway.domain.message import Channel
from services.gateway.domain.outbox import DeliveryState
from services.gateway.inbox.alarm import Alarm
from services.gateway.inbox.turns import TurnRunner
from tests.support.gateway_house import House
from tests.support.gateway_stores import (
    GUEST,
    NOW,
    OTHER_GUEST,
    SECOND,
    edited,
    revoked,
    said,
)
from tests.support.graph import Graph, accepted, refused


async def test_a_burst_is_one_turn_and_its_replies_go_out_in_order() -> None:
    house = House()
    await house.receive(said("uno", "m1"))
    await house.advance(0.5)
    await house.receive(said("dos", "m2", at=0.5))
    assert house.turns == []
    await house.advance(1)
    assert house.words() == [["uno", "dos"]]
    assert house.graph.texts() == ["re: uno", "re: dos"]
    assert [message.state for message in await house.outbox()] == [DeliveryState.SENT] * 2


async def test_an_edit_and_a_revoke_within_the_quiet_period_are_never_seen_apart() -> None:
    house = House()
    await house.receive(said("del 3 al 5", "m1"), said("no, espere", "m2", at=0.1))
    await house.receive(edited("m1", "del 3 al 6", "e1", at=0.2), revoked("m2", "r1", at=0.3))
    await house.advance(2)
    assert house.words() == [["del 3 al 6"]]


async def test_a_webhook_that_comes_again_changes_nothing() -> None:
    house = House()
    for _ in range(3):
        await house.receive(said("uno", "m1"))
        await house.advance(3)
    assert house.words() == [["uno"]]
    assert house.graph.texts() == ["re: uno"]


@pytest.mark.parametrize(
    "failure",
    [
        Down("UNAVAILABLE", "away"),
        Busy("OVERLOADED", "busy"),
        Conflict("VERSION_MISMATCH", "raced"),
        Invalid("a bug"),
        TimeoutError(),
        RuntimeError("a bug"),
    ],
)
async def test_a_failed_turn_is_repeated_under_the_same_id_until_it_is_answered(failure: Exception) -> None:
    house = House()
    house.failures = [failure]
    await house.receive(said("uno", "m1"))
    await house.advance(5)
    assert house.words() == [["uno"], ["uno"]]
    assert len({turn_id for turn_id, _ in house.turns}) == 1
    assert house.graph.texts() == ["re: uno"]


async def test_after_the_last_try_a_turn_is_parked_and_the_next_one_answered() -> None:
    house = House()
    house.failures = [Down("UNAVAILABLE", "away")] * 3
    await house.receive(said("uno", "m1"))
    await house.advance(30)
    assert (await house.stores.inbox.backlog()).parked_turns == 1
    await house.receive(said("dos", "m2", at=30))
    await house.advance(2)
    assert house.words() == [["uno"]] * 3 + [["dos"]]
    await house.stores.inbox.replay_parked(now=house.clock.now())
    await house.advance(1)
    assert house.graph.texts() == ["re: dos", "re: uno"]


async def test_a_turn_that_takes_its_replica_down_every_time_is_parked_unasked() -> None:
    house = House()
    await house.receive(said("veneno", "m1"))
    for _ in range(3):
        house.clock.advance(31 * SECOND)
        assert await house.stores.inbox.claim(holder="dies", now=house.clock.now()) is not None
    await house.advance(31)
    assert house.turns == []
    assert (await house.stores.inbox.backlog()).parked_turns == 1


async def test_two_replicas_never_hold_one_conversation_at_once() -> None:
    house = House()
    house.hold = asyncio.Event()
    other = house.replica("two")
    await house.receive(said("uno", "m1"))
    house.clock.advance(SECOND)
    await house.dispatcher.dispatch_due()
    await asyncio.sleep(0)
    await house.receive(said("dos", "m2", at=1))
    house.clock.advance(2 * SECOND)
    await other.dispatch_due()
    await asyncio.sleep(0)
    assert house.words() == [["uno"]]
    house.hold.set()
    await house.advance(1)
    assert house.words() == [["uno"], ["dos"]]


async def test_no_more_conversations_are_worked_on_than_there_are_places() -> None:
    house = House()
    for number in range(9):
        await house.receive(said("hola", f"m{number}", sender=_person(number)))
    await house.advance(2)
    assert len(house.turns) == 9
    assert house.most_at_once <= 4


async def test_a_dispatcher_that_is_stopped_lets_its_turns_finish() -> None:
    house = House()
    house.hold = asyncio.Event()
    await house.receive(said("uno", "m1"))
    house.clock.advance(SECOND)
    running = asyncio.create_task(house.dispatcher.run())
    await house.asked.wait()
    running.cancel()
    await asyncio.sleep(0)
    house.hold.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [message.content.text for message in await house.outbox()] == ["re: uno"]


async def test_a_turn_that_is_cut_off_is_given_back_at_once() -> None:
    house = House()
    house.hold = asyncio.Event()
    await house.receive(said("uno", "m1"))
    house.clock.advance(SECOND)
    turn = await house.stores.inbox.claim(holder="one", now=house.clock.now())
    assert turn is not None
    runner = TurnRunner(
        inbox=house.stores.inbox,
        orchestrator=house,
        restraint=house.restraint,
        retry=RetryPolicy(),
        clock=house.clock,
        chance=lambda: 0.0,
        queued=lambda time: None,
    )
    work = asyncio.create_task(runner.run(turn))
    await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    again = await house.stores.inbox.claim(holder="two", now=house.clock.now())
    assert again is not None
    assert (again.turn_id, again.tries) == (turn.turn_id, 1)


async def test_a_refusal_by_pace_keeps_the_order_and_arrives() -> None:
    house = House(Graph([refused(131056)]))
    await house.receive(said("uno", "m1"), said("dos", "m2", at=0.1))
    await house.advance(4)
    assert house.graph.texts() == ["re: uno"]
    await house.advance(20)
    assert house.graph.texts() == ["re: uno", "re: uno", "re: dos"]


async def test_what_meta_calls_undeliverable_is_not_tried_again() -> None:
    house = House(Graph([refused(131026)]))
    await house.receive(said("uno", "m1"))
    await house.advance(30)
    [message] = await house.outbox()
    assert (message.state, message.failure_reason) == (DeliveryState.FAILED, "131026 undeliverable")
    assert len(house.graph.calls) == 1


async def test_trouble_at_meta_is_tried_again_a_limited_number_of_times() -> None:
    house = House(Graph([refused(131000, status=500)] * 9))
    await house.receive(said("uno", "m1"))
    await house.advance(60)
    [message] = await house.outbox()
    assert (message.state, message.tries, len(house.graph.calls)) == (DeliveryState.FAILED, 3, 3)
    assert not message.possibly_repeated


@pytest.mark.parametrize(
    ("silence", "repeated"),
    [
        (httpx.ReadTimeout("x"), True),
        (httpx.RemoteProtocolError("x"), True),
        (httpx.ReadError("x"), True),
        (httpx.ConnectError("x"), False),
        (httpx.ConnectTimeout("x"), False),
    ],
)
async def test_a_send_without_an_answer_is_repeated_and_only_then_marked(silence: Exception, *, repeated: bool) -> None:
    house = House(Graph([silence]))
    await house.receive(said("uno", "m1"))
    await house.advance(5)
    [message] = await house.outbox()
    assert (message.state, message.possibly_repeated) == (DeliveryState.SENT, repeated)
    assert house.graph.calls[0]["biz_opaque_callback_data"] == house.graph.calls[1]["biz_opaque_callback_data"]


async def test_an_expired_token_loses_nothing() -> None:
    house = House(Graph([refused(190, status=401)] * 9))
    await house.receive(said("uno", "m1"), said("dos", "m2", at=0.1))
    await house.advance(600)
    assert house.graph.texts() == ["re: uno"] * 10 + ["re: dos"]


async def test_the_wish_of_meta_to_wait_is_kept() -> None:
    house = House(Graph([refused(130429, status=429, headers={"Retry-After": "20"})]))
    await house.receive(said("uno", "m1"))
    await house.advance(15)
    assert len(house.graph.calls) == 1
    await house.advance(10)
    assert len(house.graph.calls) == 2


async def test_a_guest_gets_a_burst_and_then_one_message_in_six_seconds() -> None:
    house = House(burst=3)
    await house.receive(*(said(f"{number}", f"m{number}", at=number / 10) for number in range(5)))
    await house.advance(2)
    assert len(house.graph.calls) == 3
    await house.advance(6)
    assert len(house.graph.calls) == 4
    await house.advance(6)
    assert house.graph.texts() == [f"re: {number}" for number in range(5)]


async def test_the_call_carries_version_number_token_and_our_id() -> None:
    house = House(Graph([accepted("wamid.X")]))
    await house.receive(said("uno", "m1"))
    await house.advance(2)
    [request] = house.graph.requests
    assert str(request.url) == "https://graph.test/v26.0/100000000000001/messages"
    assert request.headers["authorization"] == "Bearer t"
    [message] = await house.outbox()
    assert house.graph.calls[0]["biz_opaque_callback_data"] == message.message_id
    assert message.channel_message_id == "wamid.X"


async def test_a_broken_answer_of_meta_is_no_reason_to_send_twice() -> None:
    house = House(Graph([httpx.Response(200, text="<html>")]))
    await house.receive(said("uno", "m1"))
    await house.advance(30)
    assert len(house.graph.calls) == 1


async def test_guests_are_answered_where_they_wrote_last() -> None:
    house = House()
    await house.receive(said("hello", "m1", sender=OTHER_GUEST))
    await house.advance(2)
    assert house.graph.calls[0]["to"] == OTHER_GUEST.address


async def test_an_alarm_rings_for_the_earliest_time() -> None:
    clock = ManualClock(NOW)
    alarm = Alarm(clock=clock)
    asleep = asyncio.create_task(alarm.sleep_until(NOW + timedelta(hours=1)))
    await asyncio.sleep(0)
    alarm.ring_at(NOW + timedelta(hours=2))
    await asyncio.sleep(0)
    assert not asleep.done()
    alarm.ring_at(NOW)
    async with asyncio.timeout(10):
        await asleep


def _person(number: int) -> Any:
    return GUEST.__class__(channel=Channel.WHATSAPP, address=f"3460000000{number}")
