"""Puts the WhatsApp channel together."""

from __future__ import annotations

from mesh.runtime import Runtime

from services.gateway.channels.outward import http_client
from services.gateway.channels.tools import ChannelTools
from services.gateway.channels.whatsapp.channel import Pace, WhatsAppChannel
from services.gateway.channels.whatsapp.client import GraphClient
from services.gateway.channels.whatsapp.media import GraphMedia
from services.gateway.channels.whatsapp.settings import WhatsAppSettings
from services.gateway.channels.whatsapp.uploads import Uploads
from services.gateway.channels.whatsapp.webhook import WebhookPolicy, WhatsAppWebhook
from services.gateway.domain.rates import Rate
from services.gateway.ports import ChannelAdapter


def compose_media(runtime: Runtime, settings: WhatsAppSettings) -> GraphMedia:
    """Recordings from the Graph API, over connections of their own: a slow download holds up no answer."""
    http = http_client(connections=8)
    runtime.on_close(http.aclose)
    return GraphMedia(
        http=http,
        base_url=settings.graph_base_url,
        version=settings.whatsapp_graph_version,
        token=settings.whatsapp_access_token.get_secret_value(),
        seconds=settings.whatsapp_media_seconds,
    )


def compose(runtime: Runtime, settings: WhatsAppSettings, tools: ChannelTools) -> ChannelAdapter:
    """Webhook in, Graph API out."""
    http = http_client(connections=64)
    runtime.on_close(http.aclose)
    webhook = WhatsAppWebhook(
        policy=WebhookPolicy(
            verify_token=settings.whatsapp_verify_token.get_secret_value(),
            secrets=settings.app_secrets,
            numbers=settings.numbers,
            max_body_bytes=settings.whatsapp_max_body_bytes,
        ),
        accept=tools.accept,
        limits=tools.limits,
        clock=runtime.clock,
    )
    client = GraphClient(
        http=http,
        base_url=settings.graph_base_url,
        version=settings.whatsapp_graph_version,
        token=settings.whatsapp_access_token.get_secret_value(),
        seconds=settings.whatsapp_send_seconds,
    )
    pace = Pace(
        number=Rate(per_second=settings.whatsapp_number_rate, burst=settings.whatsapp_number_rate),
        guest=Rate(per_second=1 / settings.whatsapp_guest_interval_seconds, burst=settings.whatsapp_guest_burst),
    )
    return WhatsAppChannel(
        client=client,
        uploads=Uploads(client=client, files=tools.files, clock=runtime.clock),
        numbers=settings.numbers,
        routes=webhook.routes(),
        pace=pace,
        allowance=tools.allowance,
        clock=runtime.clock,
    )
