"""Slow answers are shown as being written, quick ones are not, and no turn waits or fails for it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.gateway.channels.whatsapp.client import GraphClient
from services.gateway.domain.conversation import Conversation
from services.gateway.domain.inbox import Turn
from services.gateway.domain.message import Channel, Delivery, OutboundMessage
from services.gateway.inbox.attention import Attention
from tests.support.gateway_stores import NOW, SECOND, memory_stores, said
from tests.support.graph import Graph
from tests.support.polling import until

ANSWER = (OutboundMessage(text="hola"),)


class Slow:
    """An orchestrator that answers when it is told to, and a channel that remembers or fails."""

    def __init__(self, *, fails: bool = False) -> None:
        self.go = asyncio.Event()
        self.shown: list[str] = []
        self._fails = fails

    async def handle_turn(self, turn: Turn) -> tuple[OutboundMessage, ...]:
        await self.go.wait()
        return ANSWER

    async def attend(self, conversation: Conversation, message_id: str) -> None:
        self.shown.append(message_id)
        if self._fails:
            raise httpx.ConnectError("away")


async def silent(turn: Turn) -> Turn:
    return turn


def attention(slow: Slow, *, after: float) -> Attention:
    return Attention(
        orchestrator=slow,
        hear=silent,
        channels={Channel.WHATSAPP: slow, Channel.SMS: object()},
        after=timedelta(seconds=after),
    )


async def a_turn() -> Turn:
    stores = memory_stores()
    await stores.inbox.store(Delivery(messages=(said("uno", "m1"), said("dos", "m2", at=1))), now=NOW)
    return await stores.claim(NOW + SECOND)


@pytest.mark.parametrize("fails", [False, True])
async def test_a_guest_who_waits_sees_the_newest_message_read(*, fails: bool) -> None:
    slow = Slow(fails=fails)
    answering = asyncio.create_task(attention(slow, after=0).handle_turn(await a_turn()))
    await until(lambda: slow.shown == ["m2"])
    slow.go.set()
    assert await answering == ANSWER


async def test_a_quick_answer_shows_nothing_before_itself() -> None:
    slow = Slow()
    slow.go.set()
    assert await attention(slow, after=60).handle_turn(await a_turn()) == ANSWER
    assert slow.shown == []


@pytest.mark.parametrize("change", [{"tries": 2}, {"promotions_stopped": True}])
async def test_repeated_turns_and_guests_who_want_peace_show_nothing(change: dict[str, Any]) -> None:
    slow, turn = Slow(), await a_turn()
    if "tries" in change:
        turn = replace(turn, **change)
    else:
        turn = replace(turn, conversation=replace(turn.conversation, **change))
    answering = asyncio.create_task(attention(slow, after=0).handle_turn(turn))
    await asyncio.sleep(0)
    slow.go.set()
    assert await answering == ANSWER
    assert slow.shown == []


async def test_meta_is_told_read_and_typing() -> None:
    graph = Graph()
    client = GraphClient(http=graph.client(), base_url="https://graph.test", version="v26.0", token="t", seconds=1.0)
    await client.mark_read("1", "wamid.X")
    assert graph.calls == [
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": "wamid.X",
            "typing_indicator": {"type": "text"},
        }
    ]
