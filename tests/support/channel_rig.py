"""A channel under the contract suite: what a rig offers, and what it has to bring."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import unquote

import httpx
from mesh.clock import ManualClock
from mesh.errors import Down
from mesh.values import derived_id
from starlette.applications import Starlette

from services.gateway.adapters.memory_allowance import MemoryAllowance
from services.gateway.domain.attachment import Attachment
from services.gateway.domain.conversation import Conversation, Lease, key_of
from services.gateway.domain.message import Choice, Delivery, Identity, OutboundMessage
from services.gateway.domain.outbox import OutboxItem
from services.gateway.domain.rates import Rate
from services.gateway.limits import Limits
from services.gateway.ports import ChannelAdapter
from tests.support.files import HOTEL, Drawer

NOW = datetime.now(UTC).replace(microsecond=0)
SECRET = "s" * 32
SLOW = Rate(per_second=1, burst=1)
Trouble = Literal["busy", "never", "silence", "away"]


@dataclass(frozen=True)
class Call:
    """One call of a provider's to our HTTP surface."""

    path: str
    content: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class File:
    """A file as a guest gets it; elsewhere's has its address for bytes."""

    mime_type: str
    name: str
    content: bytes


@dataclass
class Rig:
    """A channel, what it stored, and its stand-in. `down` takes our store away; `trouble` is what sends meet."""

    adapter: ChannelAdapter = field(init=False)
    identity: Identity = field(init=False)
    account: str = ""
    remote: bool = True
    down: bool = False
    trouble: Trouble | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    offer: tuple[Choice, ...] = ()
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))

    def __post_init__(self) -> None:
        self.allowance = MemoryAllowance(clock=self.clock)
        self.limits = Limits(allowance=self.allowance, rates={})
        self.drawer = Drawer(clock=self.clock)
        self.build()

    def build(self) -> None:
        """Puts the channel together."""
        raise NotImplementedError

    def call(self, words: str, message_id: str) -> Call:
        """A genuine call with one message."""
        raise NotImplementedError

    def unknown(self) -> Call:
        """A genuine call of a shape that nobody knows."""
        raise NotImplementedError

    def spoiled(self, call: Call) -> Call:
        """The same call by somebody else."""
        return replace(call, content=call.content + b" ")

    def sent(self) -> list[str]:
        """What guests read, part by part."""
        raise NotImplementedError

    async def files_sent(self) -> list[File]:
        """The files that guests get, by whatever way."""
        raise NotImplementedError

    async def found(self, address: str) -> File:
        """What is found under an address of ours, by who has nothing but it."""
        if not address.startswith(("/", HOTEL)):
            return File("", "", address.encode())
        answer = await self.drawer.fetch(address)
        assert answer.status_code == 200, address
        name = unquote(answer.headers["content-disposition"].partition("''")[2])
        return File(answer.headers["content-type"], name, answer.content)

    async def post(self, call: Call) -> httpx.Response:
        """The answer to a call; what it woke is done as well."""
        transport = httpx.ASGITransport(app=Starlette(routes=list(self.adapter.routes())))
        async with httpx.AsyncClient(transport=transport, base_url="https://hotel.example") as http:
            answer = await http.post(call.path, content=call.content, headers=call.headers)
        await self.settle()
        return answer

    async def settle(self) -> None:
        """Does what a call left for later."""

    def messages(self) -> list[Any]:
        """What is for the conversation, each id once, as the inbox keeps it."""
        found = [message for delivery in self.deliveries for message in delivery.messages]
        return list({message.message_id: message for message in reversed(found)}.values())[::-1]

    def item(
        self,
        text: str = "Sí hay lugar.",
        *,
        choices: tuple[Choice, ...] = (),
        attachment: Attachment | None = None,
        **more: Any,
    ) -> OutboxItem:
        """A message of ours to the guest of the rig."""
        conversation = Conversation(
            conversation_id=key_of("alameda", self.identity).conversation_id,
            property_id="alameda",
            identity=self.identity,
            account=self.account,
            reply_address=self.identity.address,
            last_inbound_time=more.pop("last_inbound_time", NOW),
        )
        item = OutboxItem(
            message_id=derived_id("out", "1"),
            sequence=1,
            conversation=conversation,
            content=OutboundMessage(text=text, language="es", choices=choices, attachment=attachment),
            lease=Lease(holder="x", fence=1, until=NOW),
            tries=1,
            possibly_repeated=False,
            create_time=NOW,
        )
        return self.drawer.keep(replace(item, **more))

    async def accept(self, delivery: Delivery) -> None:
        if self.down:
            raise Down("STORE_DOWN", "away")
        self.deliveries.append(delivery)

    async def last_offer(self, property_id: str, identity: Identity) -> tuple[Choice, ...]:
        del property_id, identity
        return self.offer

    def http(self, answer: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> httpx.AsyncClient:
        """A client of the stand-in, which has its troubles."""

        async def answered(request: httpx.Request) -> httpx.Response:
            match self.trouble:
                case "busy":
                    return httpx.Response(503, headers={"Retry-After": "3"})
                case "never":
                    return httpx.Response(400)
                case "silence":
                    raise httpx.ReadTimeout("silence")
                case "away":
                    raise httpx.ConnectError("away")
                case _:
                    return await answer(request)

        return httpx.AsyncClient(transport=httpx.MockTransport(answered))
