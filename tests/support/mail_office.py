"""A mailbox that is read and answered from, over a Google and stores in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from mesh.clock import ManualClock
from mesh.errors import Down

from services.gateway.adapters.memory_allowance import MemoryAllowance
from services.gateway.adapters.memory_mail import MemoryMarks, MemoryThreads
from services.gateway.channels.email.channel import EmailChannel
from services.gateway.channels.email.reader import MailReader
from services.gateway.channels.email.sorting import SortingPolicy
from services.gateway.domain.conversation import Conversation, Lease
from services.gateway.domain.message import Channel, Choice, Delivery, Identity, OutboundMessage, Text
from services.gateway.domain.outbox import OutboxItem
from services.gateway.domain.rates import Rate
from tests.support.files import Drawer
from tests.support.gmail import ADDRESS, NOW, Google

GUEST = "maria@example.com"


class Office:
    """A reader and a channel over one Google and stores in memory; what is accepted is remembered."""

    def __init__(self, *, page: int = 100) -> None:
        self.clock = ManualClock(NOW)
        self.drawer = Drawer(clock=self.clock)
        self.google = Google(page=page)
        self.mailbox = self.google.mailbox()
        self.marks, self.threads = MemoryMarks(), MemoryThreads()
        self.deliveries: list[Delivery] = []
        self.down = False
        self.offer: tuple[Choice, ...] = ()
        self.reader = MailReader(
            mailboxes=[self.mailbox],
            marks=self.marks,
            threads=self.threads,
            policy=SortingPolicy(owners={ADDRESS: "alameda"}, servers={"mx.google.com"}),
            accept=self.accept,
            last_offer=self._last_offer,
            poll=timedelta(seconds=1),
            clock=self.clock,
        )
        self.channel = EmailChannel(
            mailboxes=[self.mailbox],
            owners={ADDRESS: "alameda"},
            names={"alameda": "Hotel Alameda"},
            threads=self.threads,
            files=self.drawer.files,
            routes=[],
            pace=Rate(per_second=1, burst=1),
            answers=Rate(per_second=3 / 3600, burst=3),
            allowance=MemoryAllowance(clock=self.clock),
            clock=self.clock,
        )

    async def accept(self, delivery: Delivery) -> None:
        if self.down:
            raise Down("STORE_DOWN", "away")
        self.deliveries.append(delivery)

    async def _last_offer(self, property_id: str, identity: Identity) -> tuple[Choice, ...]:
        del property_id, identity
        return self.offer

    async def read(self) -> bool:
        return await self.reader.read(self.mailbox)

    def texts(self) -> list[str]:
        bodies = [message.body for delivery in self.deliveries for message in delivery.messages]
        return [body.text for body in bodies if isinstance(body, Text)]

    def mark(self) -> str:
        return self.marks._box(ADDRESS).mark


async def begun(**more: Any) -> Office:
    """An office that has seen its mailbox before."""
    office = Office(**more)
    assert await office.read()
    return office


def item(text: str = "Sí hay.", *, message_id: str = "out_1", **more: Any) -> OutboxItem:
    conversation = Conversation(
        conversation_id="cnv_1",
        property_id="alameda",
        identity=Identity(channel=Channel.EMAIL, address=GUEST),
        account=ADDRESS,
        reply_address=GUEST,
    )
    return replace(
        OutboxItem(
            message_id=message_id,
            sequence=1,
            conversation=conversation,
            content=OutboundMessage(text=text, language="es"),
            lease=Lease(holder="x", fence=1, until=NOW),
            tries=1,
            possibly_repeated=False,
            create_time=NOW,
        ),
        **more,
    )
