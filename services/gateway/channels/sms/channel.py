"""SMS as a channel of the gateway: its routes, its pace, its way of sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from mesh.clock import Clock
from mesh.errors import Refused
from starlette.routing import BaseRoute

from services.gateway.channels.answers import send_parts
from services.gateway.channels.intake import Accept
from services.gateway.channels.sms.attaching import Attaching
from services.gateway.channels.sms.client import TwilioClient
from services.gateway.channels.sms.codes import OPTED_OUT, WINDOW_CLOSED
from services.gateway.channels.sms.render import WHATSAPP
from services.gateway.channels.sms.settings import ANY_NUMBER
from services.gateway.domain.attachment import Attachment
from services.gateway.domain.message import Channel, Delivery, PromotionConsent
from services.gateway.domain.outbox import Accepted, Advice, OutboxItem, Rejected, SendOutcome
from services.gateway.domain.rates import Bucket, Rate
from services.gateway.ports import Allowance

_WHATSAPP_WINDOW = timedelta(hours=24)
_SERVICE = "MG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast carriers take messages: from each number of ours, and to each guest."""

    number: Rate
    guest: Rate


class SmsChannel:
    """`ChannelAdapter` for Twilio. `status_url` is where Twilio reports; the outbox id is added to it."""

    def __init__(
        self,
        *,
        client: TwilioClient,
        owners: Mapping[str, str],
        routes: Sequence[BaseRoute],
        pace: Pace,
        allowance: Allowance,
        accept: Accept,
        status_url: str,
        attach: Attaching,
        clock: Clock,
    ) -> None:
        self._client = client
        self._owners = owners
        self._routes = tuple(routes)
        self._pace = pace
        self._allowance = allowance
        self._accept = accept
        self._status_url = status_url
        self._attach = attach
        self._clock = clock

    @property
    def channel(self) -> Channel:
        return Channel.SMS

    @property
    def window(self) -> timedelta | None:
        return None

    def account_for(self, property_id: str) -> str:
        for number, owner in self._owners.items():
            if owner == property_id and number != ANY_NUMBER:
                return number
        raise Refused("UNREACHABLE", "the property has no number for SMS")

    def routes(self) -> Sequence[BaseRoute]:
        return self._routes

    async def pace(self, item: OutboxItem) -> float:
        number, guest = item.conversation.account, item.conversation.conversation_id
        buckets = (
            Bucket(key=f"sms:{number}", rate=self._pace.number),
            Bucket(key=f"sms:{number}:{guest}", rate=self._pace.guest),
        )
        return (await self._allowance.take(buckets)).wait

    def refuses(self, attachment: Attachment, *, address: str) -> str:
        return self._attach.refusal_of(attachment, address)

    async def send(self, item: OutboxItem) -> SendOutcome:
        conversation = item.conversation
        address = conversation.reply_address
        if address.startswith(WHATSAPP) and not conversation.window_is_open(self._clock.now(), _WHATSAPP_WINDOW):
            return Rejected(code=WINDOW_CLOSED, word="window closed", advice=Advice.GIVE_UP)
        outcome = await send_parts(self._forms(item), partial(self._post, item))
        if isinstance(outcome, Rejected) and outcome.code == OPTED_OUT:
            await self._mirror_opt_out(item)
        return outcome

    async def _post(self, item: OutboxItem, form: Mapping[str, str]) -> SendOutcome:
        """Twilio takes no idempotency key, so a try after an unanswered one looks first whether that one arrived."""
        if item.possibly_repeated and (known := await self._client.find_message(form, since=item.create_time)):
            return Accepted(channel_message_id=known)
        return await self._client.post_message(form)

    async def _mirror_opt_out(self, item: OutboxItem) -> None:
        conversation = item.conversation
        consent = PromotionConsent(property_id=conversation.property_id, identity=conversation.identity, stopped=True)
        await self._accept(Delivery(consents=(consent,)))

    def _forms(self, item: OutboxItem) -> list[dict[str, str]]:
        account = item.conversation.account
        sender = {"MessagingServiceSid" if account.startswith(_SERVICE) else "From": account}
        to = item.conversation.reply_address
        forms = []
        for part in self._attach.render(item.message_id, item.create_time, item.content, to):
            said = {"Body": part.body} if part.body else {}
            shown = {"MediaUrl": part.media_url} if part.media_url else {}
            forms.append({"To": to, **said, **shown, **sender})
        # The status of the last part is the message's.
        forms[-1]["StatusCallback"] = f"{self._status_url}?{urlencode({'message_id': item.message_id})}"
        return forms
