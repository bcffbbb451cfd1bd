"""WhatsApp as a channel of the gateway: its routes, its pace, its way of sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from mesh.clock import Clock
from mesh.errors import Refused
from starlette.routing import BaseRoute

from services.gateway.channels.answers import send_parts
from services.gateway.channels.whatsapp.client import GraphClient
from services.gateway.channels.whatsapp.codes import MEDIA_CODES
from services.gateway.channels.whatsapp.parse import ANY_NUMBER
from services.gateway.channels.whatsapp.render import render, template
from services.gateway.channels.whatsapp.uploads import Uploads, refusal_of
from services.gateway.domain.attachment import Attachment
from services.gateway.domain.conversation import Conversation
from services.gateway.domain.message import Channel
from services.gateway.domain.outbox import Advice, OutboxItem, Rejected, SendOutcome
from services.gateway.domain.rates import Bucket, Rate
from services.gateway.ports import Allowance

FREE_FORM_WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast Meta takes messages: for each number of ours, and for each guest."""

    number: Rate
    guest: Rate


class WhatsAppChannel:
    """`ChannelAdapter` for the Cloud API. The pace is all replicas' together; Meta's refusals correct it."""

    def __init__(
        self,
        *,
        client: GraphClient,
        uploads: Uploads,
        numbers: Mapping[str, str],
        routes: Sequence[BaseRoute],
        pace: Pace,
        allowance: Allowance,
        clock: Clock,
    ) -> None:
        self._client = client
        self._uploads = uploads
        self._numbers = numbers
        self._routes = tuple(routes)
        self._pace = pace
        self._allowance = allowance
        self._clock = clock

    @property
    def channel(self) -> Channel:
        return Channel.WHATSAPP

    @property
    def window(self) -> timedelta | None:
        return FREE_FORM_WINDOW

    def account_for(self, property_id: str) -> str:
        for number, owner in self._numbers.items():
            if owner == property_id and number != ANY_NUMBER:
                return number
        raise Refused("UNREACHABLE", "the property has no WhatsApp number")

    def routes(self) -> Sequence[BaseRoute]:
        return self._routes

    async def pace(self, item: OutboxItem) -> float:
        return (await self._allowance.take([self._number(item), self._guest(item)])).wait

    def refuses(self, attachment: Attachment, *, address: str) -> str:
        del address
        return refusal_of(attachment)

    async def send(self, item: OutboxItem) -> SendOutcome:
        is_open = item.conversation.window_is_open(self._clock.now(), FREE_FORM_WINDOW)
        if not is_open and not item.content.template_name:
            # Refused here rather than by Meta: it costs quality rating there.
            return Rejected(code="131047", word="window closed", advice=Advice.GIVE_UP)
        account = self._account_of(item.conversation)
        file = await self._uploads.place(account, item)
        if isinstance(file, Rejected):
            outcome: SendOutcome = file
        else:
            payloads = render(item, file) if is_open else [template(item, file)]
            outcome = await send_parts(payloads, partial(self._client.post_message, account))
        await self._learn(item, outcome)
        return self._once_more(item, account, outcome)

    def _once_more(self, item: OutboxItem, account: str, outcome: SendOutcome) -> SendOutcome:
        """A file that Meta could not take or fetch is handed over anew, one time."""
        attachment = item.content.attachment
        if attachment is None or not isinstance(outcome, Rejected) or outcome.code not in MEDIA_CODES:
            return outcome
        self._uploads.forget(account, attachment)
        return outcome if item.tries == 1 else replace(outcome, advice=Advice.GIVE_UP)

    async def attend(self, conversation: Conversation, message_id: str) -> None:
        """`Attentive`: read, and typing. Raises httpx.HTTPError."""
        await self._client.mark_read(self._account_of(conversation), message_id)

    async def _learn(self, item: OutboxItem, outcome: SendOutcome) -> None:
        match outcome:
            case Rejected(code="131056"):  # too many to this guest
                await self._allowance.empty(self._guest(item))
            case Rejected(code="130429"):  # too many from this number
                await self._allowance.empty(self._number(item))

    def _account_of(self, conversation: Conversation) -> str:
        """The number the guest wrote to; a webhook need not name it."""
        return conversation.account or self.account_for(conversation.property_id)

    def _number(self, item: OutboxItem) -> Bucket:
        return Bucket(key=f"whatsapp:{item.conversation.account}", rate=self._pace.number)

    def _guest(self, item: OutboxItem) -> Bucket:
        key = f"whatsapp:{item.conversation.account}:{item.conversation.conversation_id}"
        return Bucket(key=key, rate=self._pace.guest)
