"""Puts the gateway together."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import httpx
from hotel.gateway.v1 import messaging_pb2_grpc
from mesh.runtime import Runtime
from mesh.store.postgres import Pool
from mesh.values import new_id
from starlette.routing import BaseRoute

from services.gateway.adapters.guests import GrpcGuests
from services.gateway.adapters.orchestrator import GrpcOrchestrator
from services.gateway.adapters.postgres_chat import PostgresChatLog
from services.gateway.adapters.postgres_conversations import PostgresConversations
from services.gateway.adapters.postgres_inbox import PostgresInbox
from services.gateway.adapters.postgres_outbox import PostgresOutbox
from services.gateway.adapters.postgres_sandbox import PostgresSandbox
from services.gateway.channels.webchat.channel import WebChatChannel
from services.gateway.channels.webchat.log import Bell
from services.gateway.channels.webchat.routes import WebChat, WebChatPolicy
from services.gateway.channels.webchat.token import VisitorTokens
from services.gateway.channels.whatsapp.channel import Pace, WhatsAppChannel
from services.gateway.channels.whatsapp.client import GraphClient
from services.gateway.channels.whatsapp.webhook import WebhookPolicy, WhatsAppWebhook
from services.gateway.domain.message import Channel
from services.gateway.domain.outbox import SendRetryPolicy
from services.gateway.domain.rates import Rate, SlidingWindow
from services.gateway.health import HealthPage
from services.gateway.http import create_app
from services.gateway.inbox.alarm import Alarm
from services.gateway.inbox.dispatcher import Dispatcher
from services.gateway.inbox.reception import Reception
from services.gateway.inbox.turns import TurnRunner
from services.gateway.inbox.upkeep import Upkeep
from services.gateway.outbox.sender import Sender
from services.gateway.ports import ChannelAdapter
from services.gateway.sandbox.routes import Sandbox
from services.gateway.servicer import MessagingServicer
from services.gateway.settings import Settings

SCHEMA = "gateway"
# Who may call, method by method; ALLOWED_CALLERS adds other systems.
CALLERS = {"*": frozenset({"orchestrator"})}


async def build(runtime: Runtime, settings: Settings) -> None:
    """Wires stores, channels, dispatcher, sender and servers. Opens nothing to the outside: the runtime does."""
    pool = await runtime.postgres(schema=SCHEMA)
    await runtime.redis()
    stores = _Stores(
        inbox=PostgresInbox(pool=pool, policy=settings.inbox_policy),
        outbox=PostgresOutbox(pool=pool),
        inbox_alarm=Alarm(clock=runtime.clock),
        outbox_alarm=Alarm(clock=runtime.clock),
        holder=new_id("gateway"),
    )
    reception = Reception(inbox=stores.inbox, alarm=stores.inbox_alarm, clock=runtime.clock)
    whatsapp = _whatsapp(runtime, settings, reception)
    webchat = _webchat(runtime, settings, pool, reception)
    channels: Mapping[Channel, ChannelAdapter] = {channel.channel: channel for channel in (whatsapp, webchat)}
    runner = TurnRunner(
        inbox=stores.inbox,
        orchestrator=GrpcOrchestrator(channel=runtime.channel("orchestrator"), seconds=settings.turn_seconds),
        retry=settings.turn_retry,
        clock=runtime.clock,
        chance=random.random,
        queued=stores.outbox_alarm.ring_at,
    )
    _work_in_background(runtime, settings, stores, channels, runner)
    servicer = MessagingServicer(
        outbox=stores.outbox,
        conversations=PostgresConversations(pool=pool),
        guests=GrpcGuests(channel=runtime.channel("session")),
        channels=channels,
        clock=runtime.clock,
        queued=stores.outbox_alarm.ring_at,
    )
    runtime.serve(messaging_pb2_grpc.add_MessagingServiceServicer_to_server, servicer, allow=CALLERS)
    _serve_http(runtime, settings, pool, channels, runner)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stores:
    """What waits, what wakes those who work on it, and this replica's name in leases."""

    inbox: PostgresInbox
    outbox: PostgresOutbox
    inbox_alarm: Alarm
    outbox_alarm: Alarm
    holder: str


def _work_in_background(
    runtime: Runtime,
    settings: Settings,
    stores: _Stores,
    channels: Mapping[Channel, ChannelAdapter],
    runner: TurnRunner,
) -> None:
    dispatcher = Dispatcher(
        inbox=stores.inbox,
        runner=runner,
        alarm=stores.inbox_alarm,
        clock=runtime.clock,
        holder=stores.holder,
        workers=settings.inbox_workers,
        poll=timedelta(seconds=settings.inbox_poll_seconds),
    )
    sender = Sender(
        outbox=stores.outbox,
        channels=channels,
        retry=SendRetryPolicy(max_tries=settings.outbox_max_tries),
        alarm=stores.outbox_alarm,
        clock=runtime.clock,
        chance=random.random,
        holder=stores.holder,
        workers=settings.outbox_workers,
        lease=timedelta(seconds=settings.outbox_lease_seconds),
        poll=timedelta(seconds=settings.outbox_poll_seconds),
    )
    upkeep = Upkeep(
        inbox=stores.inbox,
        outbox=stores.outbox,
        retention=settings.retention,
        sweep=timedelta(seconds=settings.retention_sweep_seconds),
        clock=runtime.clock,
    )
    runtime.background("dispatcher", dispatcher.run)
    runtime.background("sender", sender.run)
    runtime.background("gauges", upkeep.gauge)
    runtime.background("retention", upkeep.forget)


def _whatsapp(runtime: Runtime, settings: Settings, reception: Reception) -> ChannelAdapter:
    http = httpx.AsyncClient(limits=httpx.Limits(max_connections=64, max_keepalive_connections=32))
    runtime.on_close(http.aclose)
    webhook = WhatsAppWebhook(
        policy=WebhookPolicy(
            verify_token=settings.whatsapp_verify_token.get_secret_value(),
            secrets=settings.app_secrets,
            numbers=settings.numbers,
            max_body_bytes=settings.whatsapp_max_body_bytes,
        ),
        accept=reception.accept,
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
        client=client, numbers=settings.numbers, routes=webhook.routes(), pace=pace, clock=runtime.clock
    )


def _webchat(runtime: Runtime, settings: Settings, pool: Pool, reception: Reception) -> ChannelAdapter:
    chat_log, bell = PostgresChatLog(pool=pool), Bell()
    secure = settings.env != "dev" if settings.webchat_secure_cookie is None else settings.webchat_secure_cookie
    chat = WebChat(
        policy=WebChatPolicy(
            property_id=settings.webchat_property,
            secure_cookie=secure,
            poll=timedelta(seconds=settings.webchat_poll_seconds),
        ),
        tokens=VisitorTokens(
            secret=settings.secret_key.get_secret_value(), life=timedelta(hours=settings.webchat_token_hours)
        ),
        accept=reception.accept,
        chat_log=chat_log,
        bell=bell,
        limit=SlidingWindow(limit=settings.webchat_messages_per_minute, seconds=60.0),
        clock=runtime.clock,
        # A stream that ends is opened again by the page, at a replica that is ready.
        open_for_streams=lambda: runtime.health.ready,
    )
    return WebChatChannel(log=chat_log, bell=bell, routes=chat.routes(), clock=runtime.clock)


def _serve_http(
    runtime: Runtime, settings: Settings, pool: Pool, channels: Mapping[Channel, ChannelAdapter], runner: TurnRunner
) -> None:
    async def orchestrator() -> str:
        return runner.orchestrator_state

    health = HealthPage(health=runtime.health, informative={"orchestrator": orchestrator}, clock=runtime.clock)
    routes: list[BaseRoute] = [*health.routes()]
    for channel in channels.values():
        routes += channel.routes()
    if settings.env == "dev":
        routes += Sandbox(calls=PostgresSandbox(pool=pool), clock=runtime.clock).routes()
    app = create_app(routes=routes, production=settings.env == "prod", metrics=settings.prometheus_enabled)
    runtime.http(app, host=settings.http_host, port=settings.http_port)
