"""Puts the generic webhook together."""

from __future__ import annotations

from mesh.runtime import Runtime

from services.gateway.channels.generic.channel import GenericChannel
from services.gateway.channels.generic.settings import GenericSettings
from services.gateway.channels.generic.webhook import GenericWebhook
from services.gateway.channels.outward import http_client
from services.gateway.channels.tools import ChannelTools
from services.gateway.domain.rates import Rate
from services.gateway.ports import ChannelAdapter


def compose(runtime: Runtime, settings: GenericSettings, tools: ChannelTools) -> ChannelAdapter:
    """Signed webhooks in, signed webhooks out."""
    http = http_client(connections=32)
    runtime.on_close(http.aclose)
    webhook = GenericWebhook(
        attached=settings.attached,
        max_body_bytes=settings.generic_max_body_bytes,
        accept=tools.accept,
        last_offer=tools.last_offer,
        limits=tools.limits,
        clock=runtime.clock,
    )
    return GenericChannel(
        http=http,
        files=tools.files,
        attached=settings.attached,
        routes=webhook.routes(),
        seconds=settings.generic_send_seconds,
        pace=Rate(per_second=settings.generic_rate, burst=max(1.0, settings.generic_rate)),
        allowance=tools.allowance,
        clock=runtime.clock,
    )
