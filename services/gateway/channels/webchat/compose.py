"""Puts the web chat together."""

from __future__ import annotations

from datetime import timedelta

from mesh.runtime import Runtime

from services.gateway.adapters.postgres_chat import PostgresChatLog
from services.gateway.channels.tools import ChannelTools
from services.gateway.channels.webchat.channel import WebChatChannel
from services.gateway.channels.webchat.log import Bell
from services.gateway.channels.webchat.origins import Origins
from services.gateway.channels.webchat.routes import WebChat, WebChatPolicy
from services.gateway.channels.webchat.settings import WebChatSettings
from services.gateway.channels.webchat.token import VisitorTokens
from services.gateway.ports import ChannelAdapter


def compose(runtime: Runtime, settings: WebChatSettings, tools: ChannelTools) -> ChannelAdapter:
    """The page and its calls in, the page's stream out."""
    chat_log, bell = PostgresChatLog(pool=tools.pool, sealing=tools.sealing), Bell()
    secure = settings.env != "dev" if settings.webchat_secure_cookie is None else settings.webchat_secure_cookie
    chat = WebChat(
        policy=WebChatPolicy(
            property_id=settings.webchat_property,
            names=settings.names,
            origins=Origins(sites=settings.webchat_sites, home=settings.webchat_property),
            secure_cookie=secure,
            poll=timedelta(seconds=settings.webchat_poll_seconds),
        ),
        tokens=VisitorTokens(
            secret=settings.secret_key.get_secret_value(), life=timedelta(hours=settings.webchat_token_hours)
        ),
        accept=tools.accept,
        chat_log=chat_log,
        bell=bell,
        limits=tools.limits,
        clock=runtime.clock,
        # A stream that ends is opened again by the page, at a replica that is ready.
        open_for_streams=lambda: runtime.health.ready,
    )
    return WebChatChannel(log=chat_log, bell=bell, files=tools.files, routes=chat.routes(), clock=runtime.clock)
