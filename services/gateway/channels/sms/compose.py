"""Puts the SMS channel together."""

from __future__ import annotations

from mesh.runtime import Runtime

from services.gateway.channels.files import Files
from services.gateway.channels.outward import http_client
from services.gateway.channels.sms.attaching import Attaching
from services.gateway.channels.sms.channel import Pace, SmsChannel
from services.gateway.channels.sms.client import TwilioClient
from services.gateway.channels.sms.media import TwilioMedia
from services.gateway.channels.sms.settings import SmsSettings
from services.gateway.channels.sms.webhook import PATH, TwilioWebhook, WebhookPolicy
from services.gateway.channels.tools import ChannelTools
from services.gateway.domain.rates import Rate
from services.gateway.ports import ChannelAdapter
from services.gateway.voice.ports import MediaSource


def compose_media(runtime: Runtime, settings: SmsSettings) -> MediaSource:
    """Voice notes of MMS and of WhatsApp through Twilio, read."""
    http = http_client(connections=8)
    runtime.on_close(http.aclose)
    return TwilioMedia(
        http=http,
        account_sid=settings.twilio_account_sid,
        token=settings.auth_tokens[0].decode(),
        seconds=settings.twilio_media_seconds,
    )


def attaching(settings: SmsSettings, files: Files) -> Attaching:
    """How files go by SMS: for sending, and for what was sent to be priced."""
    return Attaching(files=files, mms=settings.mms_prefixes)


def compose(runtime: Runtime, settings: SmsSettings, tools: ChannelTools) -> ChannelAdapter:
    """Webhook in, REST out."""
    http = http_client(connections=32)
    runtime.on_close(http.aclose)
    webhook = TwilioWebhook(
        policy=WebhookPolicy(
            tokens=settings.auth_tokens,
            owners=settings.sms_owners,
            address=settings.public_address,
            max_body_bytes=settings.twilio_max_body_bytes,
        ),
        accept=tools.accept,
        last_offer=tools.last_offer,
        limits=tools.limits,
        clock=runtime.clock,
    )
    client = TwilioClient(
        http=http,
        base_url=settings.twilio_url,
        account_sid=settings.twilio_account_sid,
        token=settings.auth_tokens[0].decode(),
        seconds=settings.twilio_send_seconds,
    )
    pace = Pace(
        number=Rate(per_second=settings.sms_number_rate, burst=max(1.0, settings.sms_number_rate)),
        guest=Rate(per_second=1 / settings.sms_guest_interval_seconds, burst=settings.sms_guest_burst),
    )
    return SmsChannel(
        client=client,
        owners=settings.sms_owners,
        routes=webhook.routes(),
        pace=pace,
        allowance=tools.allowance,
        accept=tools.accept,
        attach=attaching(settings, tools.files),
        status_url=f"{settings.callback_base}{PATH}",
        clock=runtime.clock,
    )
