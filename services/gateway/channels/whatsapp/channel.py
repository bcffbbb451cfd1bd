"""WhatsApp as a channel of the gateway: its routes, its pace, its way of sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mesh.clock import Clock
from mesh.errors import Refused
from starlette.routing import BaseRoute

from services.gateway.channels.whatsapp.client import GraphClient
from services.gateway.channels.whatsapp.parse import ANY_NUMBER
from services.gateway.channels.whatsapp.render import render, template
from services.gateway.domain.message import Channel
from services.gateway.domain.outbox import Accepted, Advice, OutboxItem, Rejected, SendOutcome, Unknown
from services.gateway.domain.rates import Rate, TokenBuckets

FREE_FORM_WINDOW = timedelta(hours=24)
_TOO_MANY_TO_ONE = "131056"
_TOO_MANY_IN_ALL = "130429"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast Meta takes messages: for each number of ours, and for each guest."""

    number: Rate
    guest: Rate


class WhatsAppChannel:
    """`ChannelAdapter` for the Cloud API. The buckets are this replica's own; Meta's refusals correct them."""

    def __init__(
        self,
        *,
        client: GraphClient,
        numbers: Mapping[str, str],
        routes: Sequence[BaseRoute],
        pace: Pace,
        clock: Clock,
    ) -> None:
        self._client = client
        self._numbers = numbers
        self._routes = tuple(routes)
        self._by_number = TokenBuckets(rate=pace.number)
        self._by_guest = TokenBuckets(rate=pace.guest)
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

    def pace(self, item: OutboxItem) -> float:
        now = self._clock.monotonic()
        number, guest = item.conversation.account, self._guest(item)
        wait = max(self._by_number.wait(number, now), self._by_guest.wait(guest, now))
        if wait == 0:
            self._by_number.take(number, now)
            self._by_guest.take(guest, now)
        return wait

    async def send(self, item: OutboxItem) -> SendOutcome:
        if item.conversation.window_is_open(self._clock.now(), FREE_FORM_WINDOW):
            payloads = render(item)
        elif item.content.template_name:
            payloads = [template(item)]
        else:
            # Refused here rather than by Meta: it costs quality rating there.
            return Rejected(code="131047", word="window closed", advice=Advice.GIVE_UP)
        outcome: SendOutcome = Accepted(channel_message_id="")
        for number, payload in enumerate(payloads):
            outcome = await self._client.post_message(item.conversation.account, payload)
            if isinstance(outcome, Rejected) and number > 0:
                # The parts before this one are out: another try repeats them.
                outcome = Unknown(word=f"{outcome.code} {outcome.word} after a part was sent")
            if not isinstance(outcome, Accepted):
                break
        self._learn(item, outcome)
        return outcome

    def _learn(self, item: OutboxItem, outcome: SendOutcome) -> None:
        if isinstance(outcome, Rejected):
            now = self._clock.monotonic()
            if outcome.code == _TOO_MANY_TO_ONE:
                self._by_guest.empty(self._guest(item), now)
            elif outcome.code == _TOO_MANY_IN_ALL:
                self._by_number.empty(item.conversation.account, now)

    def _guest(self, item: OutboxItem) -> str:
        return f"{item.conversation.account}/{item.conversation.reply_address}"
