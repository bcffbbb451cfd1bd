"""The gateway between webhook and Graph API, on stores in memory and a clock that only the test moves."""

import asyncio
from datetime import timedelta
from typing import Any

from mesh.clock import ManualClock

from services.gateway.adapters.memory_allowance import MemoryAllowance
from services.gateway.channels.whatsapp.channel import Pace, WhatsAppChannel
from services.gateway.channels.whatsapp.client import GraphClient
from services.gateway.channels.whatsapp.uploads import Uploads
from services.gateway.domain.inbox import RetryPolicy, Turn
from services.gateway.domain.message import Channel, Delivery, OutboundMessage, Text
from services.gateway.domain.outbox import SendRetryPolicy, SentMessage
from services.gateway.domain.rates import Rate
from services.gateway.inbox.alarm import Alarm
from services.gateway.inbox.dispatcher import Dispatcher
from services.gateway.inbox.reception import Reception
from services.gateway.inbox.restraint import Restraint
from services.gateway.inbox.turns import TurnRunner
from services.gateway.limits import Limits, Tier
from services.gateway.outbox.sender import Sender
from tests.support.files import Drawer
from tests.support.gateway_stores import (
    GUEST,
    NOW,
    SECOND,
    memory_stores,
)
from tests.support.graph import Graph


class House:
    """Everything between webhook and Graph API but HTTP and PostgreSQL."""

    def __init__(
        self, graph: Graph | None = None, *, burst: int = 10, rates: dict[Tier, Rate | None] | None = None
    ) -> None:
        self.clock = ManualClock(NOW)
        self.stores = memory_stores()
        self.graph = graph or Graph()
        self.turns: list[tuple[str, list[str]]] = []
        self.failures: list[Exception] = []
        self.asked = asyncio.Event()
        self.hold: asyncio.Event | None = None
        self.most_at_once = self._at_once = 0
        self._alarms = Alarm(clock=self.clock), Alarm(clock=self.clock)
        self.reception = Reception(inbox=self.stores.inbox, alarm=self._alarms[0], clock=self.clock)
        self.allowance = MemoryAllowance(clock=self.clock)
        limits = Limits(allowance=self.allowance, rates=rates or {})
        self.restraint = Restraint(limits=limits, outbox=self.stores.outbox, clock=self.clock)
        self.dispatcher = self.replica("one")
        self.sender = self._sender(burst)

    def replica(self, holder: str) -> Dispatcher:
        runner = TurnRunner(
            inbox=self.stores.inbox,
            orchestrator=self,
            restraint=self.restraint,
            retry=RetryPolicy(max_tries=3),
            clock=self.clock,
            chance=lambda: 0.0,
            queued=self._alarms[1].ring_at,
        )
        return Dispatcher(
            inbox=self.stores.inbox,
            runner=runner,
            alarm=self._alarms[0],
            clock=self.clock,
            holder=holder,
            workers=4,
            lease=30 * SECOND,
            poll=SECOND,
        )

    def _sender(self, burst: int) -> Sender:
        client = GraphClient(
            http=self.graph.client(), base_url="https://graph.test", version="v26.0", token="t", seconds=1.0
        )
        pace = Pace(number=Rate(per_second=80, burst=80), guest=Rate(per_second=1 / 6, burst=burst))
        whatsapp = WhatsAppChannel(
            client=client,
            uploads=Uploads(client=client, files=Drawer(clock=self.clock).files, clock=self.clock),
            numbers={"1": "alameda"},
            routes=(),
            pace=pace,
            allowance=self.allowance,
            clock=self.clock,
        )
        return Sender(
            outbox=self.stores.outbox,
            channels={Channel.WHATSAPP: whatsapp},
            retry=SendRetryPolicy(max_tries=3),
            alarm=self._alarms[1],
            clock=self.clock,
            chance=lambda: 0.0,
            holder="one",
            workers=4,
            lease=30 * SECOND,
            longest=24 * SECOND,
            poll=SECOND,
        )

    async def handle_turn(self, turn: Turn) -> tuple[OutboundMessage, ...]:
        """The orchestrator: says back each text."""
        words = [message.body.text for message in turn.messages if isinstance(message.body, Text)]
        self.turns.append((turn.turn_id, words))
        self.asked.set()
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if self.hold is not None:
                await self.hold.wait()
        finally:
            self._at_once -= 1
        if self.failures:
            raise self.failures.pop(0)
        return tuple(OutboundMessage(text=f"re: {word}") for word in words)

    async def receive(self, *messages: Any) -> None:
        await self.reception.accept(Delivery(messages=messages))

    async def advance(self, seconds: float) -> None:
        """Time passes in small steps, and what is due then is done."""
        for _ in range(max(1, round(seconds * 2))):
            self.clock.advance(timedelta(seconds=0.5))
            await self.dispatcher.settle()
            await self.sender.settle()

    def words(self) -> list[list[str]]:
        return [words for _, words in self.turns]

    async def outbox(self) -> list[SentMessage]:
        conversation = await self.stores.conversations.find("alameda", GUEST)
        assert conversation is not None
        page = await self.stores.outbox.page(conversation.conversation_id, before=None, size=50)
        return list(reversed(page.messages))
