"""What every make of the inbox must keep: nothing lost, nothing twice, in order, in one pair of hands at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from mesh.errors import Conflict

from services.gateway.domain.inbox import DEFERRED
from services.gateway.domain.message import (
    AddressChange,
    Channel,
    ChannelEvent,
    Delivery,
    OutboundMessage,
    PromotionConsent,
)
from services.gateway.domain.outbox import Accepted
from services.gateway.ports import Retention
from tests.support.channel_stores import database, stores
from tests.support.gateway_stores import (
    CHANNELS,
    GUEST,
    NOW,
    OTHER_GUEST,
    SECOND,
    Stores,
    said,
    texts,
)

__all__ = ["database", "stores"]

REPLY = OutboundMessage(text="Con gusto.")


async def sent_texts(stores: Stores) -> list[str]:
    page = await stores.outbox.page((await conversation(stores)).conversation_id, before=None, size=50)
    return [message.content.text for message in reversed(page.messages)]


async def conversation(stores: Stores):
    found = await stores.conversations.find("alameda", GUEST)
    assert found is not None
    return found


async def test_a_repeated_message_is_kept_once_and_wakes_nobody(stores: Stores) -> None:
    first = await stores.inbox.store(Delivery(messages=(said("hola", "m1"),)), now=NOW)
    again = await stores.inbox.store(Delivery(messages=(said("hola", "m1"), said("hola", "m1"))), now=NOW)
    assert (first.new_messages, first.repeated_messages, first.due_time) == (1, 0, NOW + SECOND)
    assert (again.new_messages, again.repeated_messages, again.due_time) == (0, 2, None)


async def test_a_message_repeated_after_its_answer_starts_no_turn(stores: Stores) -> None:
    await stores.answered("Hola")
    await stores.receive(said("question", "m-Hola"), now=NOW + SECOND)
    assert await stores.inbox.claim(holder="one", now=NOW + 10 * SECOND) is None


async def test_a_burst_becomes_one_turn_after_the_quiet_period(stores: Stores) -> None:
    for number in range(3):
        await stores.receive(said(f"parte {number}", f"m{number}", at=number * 0.5), now=NOW + number * SECOND / 2)
    assert await stores.inbox.claim(holder="one", now=NOW + 1.9 * SECOND) is None
    turn = await stores.claim(NOW + 2 * SECOND)
    assert texts(turn) == ["parte 0", "parte 1", "parte 2"]


async def test_a_guest_who_never_pauses_is_answered_at_the_ceiling(stores: Stores) -> None:
    for number in range(9):
        await stores.receive(said("y", f"m{number}", at=number * 0.6), now=NOW + number * 0.6 * SECOND)
    assert await stores.inbox.next_due() == NOW + 5 * SECOND
    assert len((await stores.claim(NOW + 5 * SECOND)).messages) == 9


async def test_messages_of_one_webhook_out_of_order_are_put_in_the_channels_order(stores: Stores) -> None:
    await stores.receive(said("tres", "m3", at=3), said("uno", "m1", at=1), said("dos", "m2", at=2))
    assert texts(await stores.claim(NOW + SECOND)) == ["uno", "dos", "tres"]


async def test_conversations_of_two_guests_are_claimed_apart(stores: Stores) -> None:
    await stores.receive(said("hola", "m1"), said("hello", "m2", sender=OTHER_GUEST))
    turns = [await stores.claim(NOW + SECOND, holder=holder) for holder in ("one", "two")]
    assert sorted(text for turn in turns for text in texts(turn)) == ["hello", "hola"]
    assert await stores.inbox.claim(holder="three", now=NOW + SECOND) is None


async def test_the_longest_due_is_claimed_first(stores: Stores) -> None:
    await stores.receive(said("hello", "m2", sender=OTHER_GUEST), now=NOW)
    await stores.receive(said("hola", "m1"), now=NOW + SECOND)
    turns = [await stores.claim(NOW + 9 * SECOND) for _ in range(2)]
    assert [texts(turn) for turn in turns] == [["hello"], ["hola"]]
    assert await stores.inbox.claim(holder="two", now=NOW + 9 * SECOND) is None


async def test_what_comes_in_during_a_turn_waits_for_the_next(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"))
    turn = await stores.claim(NOW + SECOND)
    await stores.receive(said("dos", "m2", at=2), now=NOW + 2 * SECOND)
    assert await stores.inbox.claim(holder="two", now=NOW + 10 * SECOND) is None
    await stores.inbox.complete(turn, [REPLY], now=NOW + 10 * SECOND, traceparent="")
    following = await stores.claim(NOW + 10 * SECOND, holder="two")
    assert texts(following) == ["dos"]
    assert following.turn_id != turn.turn_id


async def test_a_completed_turn_queues_its_replies_in_order_and_leaves_nothing_due(stores: Stores) -> None:
    await stores.answered("uno", "dos")
    assert await sent_texts(stores) == ["uno", "dos"]
    assert await stores.inbox.next_due() is None
    assert (await stores.inbox.backlog()).open_turns == 0


async def test_after_a_crash_the_same_turn_is_repeated_under_the_same_id(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"))
    lost = await stores.claim(NOW + SECOND, holder="dead")
    await stores.receive(said("dos", "m2", at=5), now=NOW + 5 * SECOND)
    assert await stores.inbox.claim(holder="alive", now=NOW + 30 * SECOND) is None
    repeated = await stores.claim(NOW + 31 * SECOND, holder="alive")
    assert (repeated.turn_id, texts(repeated), repeated.tries) == (lost.turn_id, ["uno"], 2)
    await stores.inbox.complete(repeated, [REPLY], now=NOW + 32 * SECOND, traceparent="")
    assert texts(await stores.claim(NOW + 37 * SECOND)) == ["dos"]


async def test_a_holder_behind_the_fence_writes_nothing(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"))
    late = await stores.claim(NOW + SECOND, holder="late")
    newer = await stores.claim(NOW + 40 * SECOND, holder="newer")
    with pytest.raises(Conflict) as refused:
        await stores.inbox.complete(late, [REPLY], now=NOW + 41 * SECOND, traceparent="")
    assert refused.value.reason == "LOCK_LOST"
    with pytest.raises(Conflict):
        await stores.inbox.retry(late, not_before=NOW, reason="late")
    with pytest.raises(Conflict):
        await stores.inbox.park(late, reason="late", now=NOW)
    await stores.inbox.defer(late, not_before=NOW + 41 * SECOND)
    assert await sent_texts(stores) == []
    await stores.inbox.complete(newer, [REPLY], now=NOW + 42 * SECOND, traceparent="")
    assert await sent_texts(stores) == [REPLY.text]


async def test_the_same_holder_behind_its_own_fence_writes_nothing(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"))
    late = await stores.claim(NOW + SECOND, holder="one")
    await stores.claim(NOW + 40 * SECOND, holder="one")
    with pytest.raises(Conflict):
        await stores.inbox.complete(late, [REPLY], now=NOW + 41 * SECOND, traceparent="")


async def test_a_failed_turn_is_due_again_only_after_its_wait_whatever_the_guest_writes(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"))
    turn = await stores.claim(NOW + SECOND)
    await stores.inbox.retry(turn, not_before=NOW + 20 * SECOND, reason="UNAVAILABLE")
    await stores.receive(said("¿hola?", "m2", at=3), now=NOW + 3 * SECOND)
    assert await stores.inbox.next_due() == NOW + 20 * SECOND
    assert await stores.inbox.claim(holder="one", now=NOW + 19 * SECOND) is None
    again = await stores.claim(NOW + 20 * SECOND)
    assert (again.turn_id, again.tries) == (turn.turn_id, 2)


async def test_a_parked_turn_is_put_aside_and_the_conversation_goes_on(stores: Stores) -> None:
    await stores.receive(said("veneno", "m1"))
    poison = await stores.claim(NOW + SECOND)
    await stores.receive(said("hola", "m2", at=2), now=NOW + 2 * SECOND)
    await stores.inbox.park(poison, reason="INTERNAL", now=NOW + 3 * SECOND)
    following = await stores.claim(NOW + 3 * SECOND)
    assert texts(following) == ["hola"]
    await stores.inbox.complete(following, [REPLY], now=NOW + 4 * SECOND, traceparent="")
    assert (await stores.inbox.backlog()).parked_turns == 1


async def test_a_parked_turn_can_be_replayed_under_its_own_id(stores: Stores) -> None:
    await stores.receive(said("veneno", "m1"))
    poison = await stores.claim(NOW + SECOND)
    await stores.inbox.park(poison, reason="INTERNAL", now=NOW + 2 * SECOND)
    assert await stores.inbox.replay_parked(now=NOW + 60 * SECOND) == 1
    replayed = await stores.claim(NOW + 60 * SECOND)
    assert (replayed.turn_id, replayed.tries, texts(replayed)) == (poison.turn_id, 1, ["veneno"])
    assert await stores.inbox.replay_parked(now=NOW + 60 * SECOND) == 0


async def test_parked_turns_are_replayed_and_discarded_one_by_one(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"), said("dos", "m2", sender=replace(GUEST, address="5215500000099")))
    one, two = [await stores.claim(NOW + SECOND) for _ in range(2)]
    for turn in (one, two):
        await stores.inbox.park(turn, reason="INTERNAL", now=NOW + 2 * SECOND)
    later = NOW + 60 * SECOND
    assert await stores.inbox.replay_parked(now=later, turn_id="nothing") == 0
    assert await stores.inbox.replay_parked(now=later, turn_id=two.turn_id) == 1
    assert (await stores.claim(later)).turn_id == two.turn_id
    assert await stores.inbox.replay_parked(now=later, turn_id=two.turn_id) == 0
    assert not await stores.inbox.discard_parked(two.turn_id, now=later)
    assert [await stores.inbox.discard_parked(one.turn_id, now=later) for _ in range(2)] == [True, False]
    assert await stores.inbox.replay_parked(now=later) == 0
    assert (await stores.inbox.backlog()).parked_turns == 0


async def test_a_deferred_turn_is_due_when_told_and_its_try_is_not_counted(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"))
    turn = await stores.claim(NOW + SECOND)
    await stores.inbox.defer(turn, not_before=NOW + 2 * SECOND)
    again = await stores.claim(NOW + 2 * SECOND, holder="two")
    assert (again.turn_id, again.tries, again.reason) == (turn.turn_id, 1, DEFERRED)


async def test_what_staff_wrote_from_their_phone_goes_first_and_alone_and_opens_no_window(stores: Stores) -> None:
    await stores.receive(said("¿hay lugar?", "m1", at=1), said("Sí, hay", "e1", at=2, by_staff=True))
    await stores.receive(said("¿y el domingo?", "m2", at=3))
    theirs = await stores.claim(NOW + 5 * SECOND)
    assert (texts(theirs), theirs.by_staff) == (["Sí, hay"], True)
    due = await stores.inbox.complete(theirs, [], now=NOW + 5 * SECOND, traceparent="")
    assert due is not None
    guests = await stores.claim(max(due, NOW + 10 * SECOND))
    assert (texts(guests), guests.by_staff) == (["¿hay lugar?", "¿y el domingo?"], False)
    assert (await conversation(stores)).last_inbound_time == NOW + 3 * SECOND


async def test_who_only_was_written_to_cannot_be_written_to_freely(stores: Stores) -> None:
    await stores.receive(said("Le esperamos mañana", "e1", by_staff=True))
    found = await conversation(stores)
    assert not found.window_is_open(NOW, timedelta(hours=24))
    await stores.receive(said("Gracias", "m1", at=5), said("De nada", "e2", at=6, by_staff=True))
    assert (await conversation(stores)).last_inbound_time == NOW + 5 * SECOND


async def test_more_messages_than_fit_a_turn_make_a_second_one(stores: Stores) -> None:
    await stores.receive(*(said(f"{number}", f"m{number}", at=number) for number in range(60)))
    first = await stores.claim(NOW + SECOND)
    await stores.inbox.complete(first, [], now=NOW + 2 * SECOND, traceparent="")
    second = await stores.claim(NOW + 10 * SECOND)
    assert texts(first) + texts(second) == [f"{number}" for number in range(60)]


async def test_one_guest_under_two_names_is_one_conversation(stores: Stores) -> None:
    phone = replace(GUEST, aliases=("MX.1349abc", "phone:525512345678"))
    user_id = replace(GUEST, address="MX.1349abc", phone_number="")
    other_spelling = replace(GUEST, address="525512345678", aliases=("phone:525512345678",))
    await stores.receive(said("uno", "m1", sender=phone, at=1))
    await stores.receive(said("dos", "m2", sender=user_id, at=2), said("tres", "m3", sender=other_spelling, at=3))
    turn = await stores.claim(NOW + SECOND)
    assert texts(turn) == ["uno", "dos", "tres"]
    assert turn.conversation.identity.address == GUEST.address
    assert turn.conversation.identity.phone_number == GUEST.phone_number
    assert turn.conversation.reply_address == "525512345678"


async def test_a_changed_address_leads_to_the_same_conversation(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"))
    change = AddressChange(
        property_id="alameda", channel=Channel.WHATSAPP, previous=GUEST.address, current=OTHER_GUEST.address
    )
    await stores.inbox.store(Delivery(address_changes=(change,)), now=NOW)
    await stores.receive(said("dos", "m2", sender=OTHER_GUEST, at=1))
    assert texts(await stores.claim(NOW + SECOND)) == ["uno", "dos"]


async def test_the_same_guest_at_two_properties_has_two_conversations(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"), said("dos", "m2", property_id="jacarandas"))
    assert [len((await stores.claim(NOW + SECOND)).messages) for _ in range(2)] == [1, 1]


async def test_webhooks_at_the_same_time_with_the_same_news_keep_each_message_once(stores: Stores) -> None:
    people = [replace(GUEST, address=f"3460000000{number}") for number in range(5)]
    messages = [said("hola", f"m{n}-{p}", sender=person) for p, person in enumerate(people) for n in range(4)]
    deliveries = [Delivery(messages=tuple(messages[shift:] + messages[:shift])) for shift in range(0, 20, 3)]
    stored = await asyncio.gather(*(stores.inbox.store(delivery, now=NOW) for delivery in deliveries))
    assert sum(result.new_messages for result in stored) == 20
    turns = await asyncio.gather(*(stores.inbox.claim(holder=f"h{n}", now=NOW + SECOND) for n in range(8)))
    assert sorted(len(turn.messages) for turn in turns if turn is not None) == [4] * 5


async def test_everything_else_a_channel_tells_is_kept_once(stores: Stores) -> None:
    event = ChannelEvent(channel=Channel.WHATSAPP, event_id="e1", kind="account_update", payload='{"a":"\\u0000"}')
    for _ in range(2):
        stored = await stores.inbox.store(Delivery(events=(event,)), now=NOW)
        assert stored.due_time is None
    assert await stores.inbox.forget(_days(8, 30, 1), now=NOW + timedelta(days=2)) == 1


async def test_a_guest_can_stop_and_resume_advertising(stores: Stores) -> None:
    await stores.receive(said("hola", "m1"))
    for stopped in (True, False):
        consent = PromotionConsent(property_id="alameda", identity=GUEST, stopped=stopped)
        await stores.inbox.store(Delivery(consents=(consent,)), now=NOW)
        assert (await conversation(stores)).promotions_stopped is stopped


async def test_who_never_wrote_can_stop_advertising(stores: Stores) -> None:
    consent = PromotionConsent(property_id="alameda", account="our number", identity=GUEST, stopped=True)
    for _ in range(2):
        await stores.inbox.store(Delivery(consents=(consent,)), now=NOW)
    found = await conversation(stores)
    assert (found.promotions_stopped, found.account, found.reply_address) == (True, "our number", GUEST.address)
    assert await stores.inbox.claim(holder="a", now=NOW + timedelta(days=1)) is None


async def test_only_settled_things_are_forgotten(stores: Stores) -> None:
    await stores.answered("Hola")
    await stores.receive(said("pendiente", "m2"), now=NOW)
    later = NOW + timedelta(days=9)
    assert await stores.inbox.forget(_days(8, 30, 30), now=later) == 2
    assert texts(await stores.claim(later)) == ["pendiente"]
    item = await stores.outbox.claim(channels=CHANNELS, holder="one", now=later, lease=30 * SECOND)
    assert item is not None
    assert item.content.text == "Hola"


async def test_a_conversation_goes_with_the_last_that_was_in_it_and_a_stop_stays(stores: Stores) -> None:
    stopped = replace(GUEST, address="5215500000009")
    consent = PromotionConsent(property_id="alameda", identity=stopped, stopped=True)
    await stores.inbox.store(Delivery(consents=(consent,)), now=NOW)
    await stores.answered("Hola")
    later = NOW + timedelta(days=61)
    await stores.inbox.forget(_days(8, 30, 30), now=later)
    assert (await stores.conversations.find("alameda", GUEST)) is not None, "an answer is not out yet"
    item = await stores.outbox.claim(channels=CHANNELS, holder="one", now=later, lease=30 * SECOND)
    assert item is not None
    await stores.outbox.settle(item, Accepted(channel_message_id="w1"), None, now=later)
    much_later = later + timedelta(days=61)
    while await stores.inbox.forget(_days(8, 30, 30), now=much_later):
        pass
    assert await stores.conversations.find("alameda", GUEST) is None
    assert await stores.conversations.find("alameda", stopped) is not None
    await stores.receive(said("hola otra vez", "m9"), now=much_later)
    assert await stores.conversations.find("alameda", GUEST) is not None


def _days(inbox: int, outbox: int, events: int) -> Retention:
    return Retention(
        inbox=timedelta(days=inbox),
        outbox=timedelta(days=outbox),
        events=timedelta(days=events),
        conversations=timedelta(days=60),
    )


async def test_a_renewed_lease_holds_and_one_that_is_not_runs_out(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"))
    turn = await stores.claim(NOW + SECOND, holder="one")
    await stores.inbox.renew([turn], now=NOW + 20 * SECOND)
    assert await stores.inbox.next_due() == NOW + 50 * SECOND
    assert await stores.inbox.claim(holder="two", now=NOW + 49 * SECOND) is None
    taken_over = await stores.claim(NOW + 50 * SECOND, holder="two")
    assert taken_over.turn_id == turn.turn_id
    # The one that was thought dead renews nothing any more.
    await stores.inbox.renew([turn], now=NOW + 60 * SECOND)
    assert await stores.inbox.next_due() == NOW + 80 * SECOND


async def test_a_renewal_leaves_what_came_meanwhile_due_after_the_turn(stores: Stores) -> None:
    await stores.receive(said("uno", "m1"))
    turn = await stores.claim(NOW + SECOND)
    await stores.receive(said("dos", "m2", at=2), now=NOW + 2 * SECOND)
    await stores.inbox.renew([turn], now=NOW + 3 * SECOND)
    await stores.inbox.complete(turn, [REPLY], now=NOW + 4 * SECOND, traceparent="")
    assert texts(await stores.claim(NOW + 4 * SECOND)) == ["dos"]
