"""What every make of the outbox must keep: one guest's messages in order, states only forward, no send forgotten."""

import asyncio
from datetime import datetime, timedelta

import pytest
from mesh.errors import Conflict, Invalid, NotFound

from services.gateway.domain.attachment import Attachment
from services.gateway.domain.message import Channel, Delivery, Identity, OutboundMessage
from services.gateway.domain.outbox import (
    Accepted,
    Advice,
    Again,
    DeliveryState,
    GiveUp,
    OutboxItem,
    Rejected,
    Unknown,
)
from services.gateway.ports import Retention
from tests.support.channel_stores import database, stores
from tests.support.files import PDF, document, elsewhere
from tests.support.gateway_stores import (
    CHANNELS,
    GUEST,
    NOW,
    OTHER_GUEST,
    SECOND,
    Stores,
    status,
)

__all__ = ["database", "stores"]

LEASE = 30 * SECOND
REFUSED = Rejected(code="131056", word="too many to this guest", advice=Advice.RETRY_PACED)


async def claim(stores: Stores, now: datetime = NOW, holder: str = "one") -> OutboxItem | None:
    return await stores.outbox.claim(channels=CHANNELS, holder=holder, now=now, lease=LEASE)


async def taken(stores: Stores, now: datetime = NOW, holder: str = "one") -> OutboxItem:
    item = await claim(stores, now, holder)
    assert item is not None, "a message was due"
    return item


async def queued(
    stores: Stores,
    text: str,
    *,
    request_id: str,
    not_before: datetime | None = None,
    attachment: Attachment | None = None,
) -> str:
    """By another system's request; the conversation has to be there."""
    conversation = await stores.conversations.find("alameda", GUEST)
    assert conversation is not None
    message = await stores.outbox.add(
        request_id=request_id,
        digest=text,
        conversation=conversation,
        content=OutboundMessage(text=text, attachment=attachment),
        not_before=not_before,
        now=NOW,
        traceparent="",
    )
    return message.message_id


async def test_messages_to_one_guest_go_one_after_the_other_in_order(stores: Stores) -> None:
    await stores.answered("uno", "dos")
    first = await taken(stores)
    assert first.content.text == "uno"
    assert await claim(stores) is None
    await stores.outbox.settle(first, Accepted(channel_message_id="w1"), None, now=NOW)
    assert (await taken(stores)).content.text == "dos"


async def test_a_message_that_waits_for_another_try_holds_back_the_next(stores: Stores) -> None:
    await stores.answered("uno", "dos")
    first = await taken(stores)
    await stores.outbox.settle(first, REFUSED, Again(wait=6 * SECOND), now=NOW)
    assert await claim(stores, NOW + 5 * SECOND) is None
    assert await stores.outbox.next_due(channels=CHANNELS, now=NOW) == NOW + 6 * SECOND
    again = await taken(stores, NOW + 6 * SECOND)
    assert (again.content.text, again.tries, again.possibly_repeated) == ("uno", 2, False)


async def test_a_message_held_back_for_pacing_holds_back_the_next_and_counts_no_try(stores: Stores) -> None:
    await stores.answered("uno", "dos")
    await stores.outbox.defer(await taken(stores), not_before=NOW + 3 * SECOND)
    assert await claim(stores, NOW + 2 * SECOND) is None
    later = await taken(stores, NOW + 3 * SECOND)
    assert (later.content.text, later.tries) == ("uno", 1)


async def test_guests_do_not_wait_for_each_other(stores: Stores) -> None:
    await stores.answered("hola")
    await stores.answered("hello", guest=OTHER_GUEST, now=NOW + 5 * SECOND)
    items = await asyncio.gather(*(claim(stores, NOW + 5 * SECOND, holder=f"h{n}") for n in range(4)))
    assert sorted(item.content.text for item in items if item is not None) == ["hello", "hola"]


async def test_the_first_of_each_guest_is_claimed_and_no_more(stores: Stores) -> None:
    await stores.answered("uno", "dos")
    await stores.answered("one", guest=OTHER_GUEST, now=NOW + SECOND)
    items = [await claim(stores, NOW + 5 * SECOND) for _ in range(3)]
    assert [item.content.text for item in items if item] == ["uno", "one"]


async def test_a_send_that_nobody_settled_is_repeated_and_marked(stores: Stores) -> None:
    await stores.answered("uno")
    lost = await taken(stores, holder="dead")
    assert await claim(stores, NOW + 29 * SECOND, holder="alive") is None
    repeated = await taken(stores, NOW + 30 * SECOND, holder="alive")
    assert (repeated.message_id, repeated.possibly_repeated, repeated.tries) == (lost.message_id, True, 2)
    with pytest.raises(Conflict) as refused:
        await stores.outbox.settle(lost, Accepted(channel_message_id="w0"), None, now=NOW + 31 * SECOND)
    assert refused.value.reason == "LOCK_LOST"
    await stores.outbox.settle(repeated, Accepted(channel_message_id="w1"), None, now=NOW + 31 * SECOND)
    message = await stores.outbox.get(lost.message_id)
    assert (message.state, message.channel_message_id, message.possibly_repeated) == (DeliveryState.SENT, "w1", True)


async def test_a_send_without_an_answer_is_marked(stores: Stores) -> None:
    await stores.answered("uno")
    item = await taken(stores)
    await stores.outbox.settle(item, Unknown(word="no answer"), Again(wait=SECOND, possibly_repeated=True), now=NOW)
    assert (await taken(stores, NOW + SECOND)).possibly_repeated


async def test_a_message_given_up_says_why_and_lets_the_next_go(stores: Stores) -> None:
    await stores.answered("uno", "dos")
    item = await taken(stores)
    await stores.outbox.settle(item, REFUSED, GiveUp(reason="131026 undeliverable"), now=NOW)
    message = await stores.outbox.get(item.message_id)
    assert (message.state, message.failure_reason) == (DeliveryState.FAILED, "131026 undeliverable")
    assert (await taken(stores)).content.text == "dos"


async def test_statuses_move_a_message_forward_whatever_their_order(stores: Stores) -> None:
    await stores.answered("uno")
    item = await taken(stores)
    await stores.outbox.settle(item, Accepted(channel_message_id="w1"), None, now=NOW)
    for word, expected in [
        ("read", DeliveryState.READ),
        ("delivered", DeliveryState.READ),
        ("failed", DeliveryState.READ),
        ("sent", DeliveryState.READ),
        ("deleted", DeliveryState.READ),
    ]:
        await stores.inbox.store(Delivery(statuses=(status(word, "w1"),)), now=NOW)
        assert (await stores.outbox.get(item.message_id)).state is expected


async def test_statuses_of_several_messages_in_one_webhook_move_each_its_own(stores: Stores) -> None:
    await stores.answered("uno", "dos", "tres")
    ids = []
    for channel_id in ("w1", "w2", "w3"):
        item = await taken(stores)
        await stores.outbox.settle(item, Accepted(channel_message_id=channel_id), None, now=NOW)
        ids.append(item.message_id)
    news = (status("read", "w1"), status("failed", "w2", code="131026"), status("delivered", "w1"))
    await stores.inbox.store(Delivery(statuses=news), now=NOW)
    states = [(await stores.outbox.get(message_id)).state for message_id in ids]
    assert states == [DeliveryState.READ, DeliveryState.FAILED, DeliveryState.SENT]


async def test_a_failed_status_says_why(stores: Stores) -> None:
    await stores.answered("uno")
    item = await taken(stores)
    await stores.outbox.settle(item, Accepted(channel_message_id="w1"), None, now=NOW)
    await stores.inbox.store(Delivery(statuses=(status("failed", "w1", code="131026"),)), now=NOW)
    message = await stores.outbox.get(item.message_id)
    assert (message.state, message.failure_reason) == (DeliveryState.FAILED, "131026 undeliverable")


async def test_a_status_that_overtakes_the_answer_to_the_send_counts(stores: Stores) -> None:
    await stores.answered("uno")
    item = await taken(stores)
    await stores.inbox.store(Delivery(statuses=(status("delivered", "w1"),)), now=NOW)
    await stores.outbox.settle(item, Accepted(channel_message_id="w1"), None, now=NOW)
    assert (await stores.outbox.get(item.message_id)).state is DeliveryState.DELIVERED


async def test_a_status_with_our_own_id_settles_a_send_whose_answer_was_lost(stores: Stores) -> None:
    await stores.answered("uno")
    item = await taken(stores)
    await stores.outbox.settle(item, Unknown(word="no answer"), Again(wait=SECOND, possibly_repeated=True), now=NOW)
    await stores.inbox.store(Delivery(statuses=(status("sent", "w1", message_id=item.message_id),)), now=NOW)
    message = await stores.outbox.get(item.message_id)
    assert (message.state, message.channel_message_id) == (DeliveryState.SENT, "w1")
    assert await claim(stores, NOW + 60 * SECOND) is None


async def test_statuses_of_unknown_messages_are_kept_and_harm_nothing(stores: Stores) -> None:
    await stores.answered("uno")
    updates = (status("read", "somebody-elses"), status("sent", "w9", message_id="out_unknown"))
    await stores.inbox.store(Delivery(statuses=updates), now=NOW)
    assert (await stores.outbox.counts(since=NOW))["queued"] == 1


async def test_messages_are_counted_by_state_and_old_ones_only_while_they_wait(stores: Stores) -> None:
    await stores.answered("uno", "dos")
    item = await taken(stores)
    await stores.outbox.settle(item, Accepted(channel_message_id="w1"), None, now=NOW)
    recent = await stores.outbox.counts(since=NOW - SECOND)
    later = await stores.outbox.counts(since=NOW + SECOND)
    assert (recent["queued"], recent["sent"]) == (1, 1)
    assert (later["queued"], later["sent"]) == (1, 0)


async def test_a_scheduled_message_holds_nothing_back(stores: Stores) -> None:
    await stores.answered("uno")
    first = await taken(stores)
    await stores.outbox.settle(first, Accepted(channel_message_id="w1"), None, now=NOW)
    await queued(stores, "recordatorio", request_id="r1", not_before=NOW + timedelta(days=1))
    await queued(stores, "ahora", request_id="r2")
    assert (await taken(stores)).content.text == "ahora"
    assert await claim(stores, NOW + 60 * SECOND) is not None
    assert (await taken(stores, NOW + timedelta(days=1, seconds=120))).content.text in ("recordatorio", "ahora")


async def test_the_same_request_queues_one_message(stores: Stores) -> None:
    await stores.answered("uno")
    first = await queued(stores, "hola", request_id="r1")
    assert await queued(stores, "hola", request_id="r1") == first
    with pytest.raises(Invalid) as refused:
        await queued(stores, "otra cosa", request_id="r1")
    assert refused.value.reason == "REQUEST_ID_REUSED"


async def test_a_file_is_kept_beside_its_message_and_is_gone_with_it(stores: Stores) -> None:
    await stores.answered("uno")
    await stores.outbox.settle(await taken(stores), Accepted(channel_message_id="w1"), None, now=NOW)
    message_id = await queued(stores, "la cuenta", request_id="r1", attachment=document())
    assert await queued(stores, "la cuenta", request_id="r1", attachment=document()) == message_id
    item = await taken(stores)
    # What is claimed names the file; whoever hands it over reads it.
    assert item.content == OutboundMessage(text="la cuenta", attachment=document())
    assert item.content.attachment is not None
    assert item.content.attachment.content == b""
    assert await stores.files.read(message_id) == (item.content.attachment, PDF)
    link = await queued(stores, "el mapa", request_id="r2", attachment=elsewhere())
    with pytest.raises(NotFound):
        await stores.files.read(link)
    await stores.outbox.settle(item, Accepted(channel_message_id="w2"), None, now=NOW)
    month = timedelta(days=30)
    retention = Retention(inbox=month, outbox=month, events=month, conversations=month)
    await stores.inbox.forget(retention, now=NOW + 2 * month)
    with pytest.raises(NotFound):
        await stores.files.read(message_id)


async def test_a_conversation_is_listed_newest_first_page_by_page(stores: Stores) -> None:
    await stores.answered("1", "2", "3", "4", "5")
    conversation = await stores.conversations.find("alameda", GUEST)
    assert conversation is not None
    listed: list[list[str]] = []
    before: int | None = None
    while True:
        page = await stores.outbox.page(conversation.conversation_id, before=before, size=2)
        listed.append([message.content.text for message in page.messages])
        before = page.next_before
        if before is None:
            break
    assert listed == [["5", "4"], ["3", "2"], ["1"]]


async def test_an_unknown_message_is_not_found(stores: Stores) -> None:
    with pytest.raises(NotFound) as refused:
        await stores.outbox.get("out_unknown")
    assert refused.value.reason == "MESSAGE_NOT_FOUND"


async def test_a_chat_reads_on_from_any_place_and_repeats_nothing(stores: Stores) -> None:
    visitors = [Identity(channel=Channel.WEBCHAT, address=f"web_{letter * 20}") for letter in "ab"]
    one, other = [await stores.conversations.open("alameda", who, account="", now=NOW) for who in visitors]
    c, another = one.conversation_id, other.conversation_id
    for number in (1, 2, 2, 3):
        await stores.chats.append(conversation_id=c, message_id=f"m{number}", payload=f"{number}", now=NOW)
    await stores.chats.append(conversation_id=another, message_id="x", payload="x", now=NOW)
    events = await stores.chats.after(c, 0, limit=10)
    assert [event.payload for event in events] == ["1", "2", "3"]
    assert [event.payload for event in await stores.chats.after(c, events[0].event_id, limit=1)] == ["2"]


async def test_a_renewed_send_is_nobody_elses_and_a_lost_one_is_marked(stores: Stores) -> None:
    await stores.answered("uno")
    item = await taken(stores)
    await stores.outbox.renew([item], until=NOW + 2 * LEASE)
    assert await claim(stores, NOW + LEASE, "two") is None
    again = await taken(stores, NOW + 2 * LEASE, "two")
    assert (again.message_id, again.possibly_repeated) == (item.message_id, True)
    # The one that was thought dead renews nothing any more.
    await stores.outbox.renew([item], until=NOW + 9 * LEASE)
    assert await claim(stores, NOW + 3 * LEASE, "three") is not None
