"""Puts the gateway together."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hotel.gateway.v1 import messaging_pb2_grpc
from mesh.runtime import Runtime
from mesh.store.postgres import Pool
from mesh.values import new_id
from starlette.routing import BaseRoute

from services.gateway.adapters.erasures import GrpcErasures, PmsEraser
from services.gateway.adapters.guests import GrpcGuests
from services.gateway.adapters.hotel_hours import GrpcHotelHours
from services.gateway.adapters.orchestrator import GrpcOrchestrator
from services.gateway.adapters.postgres_conversations import PostgresConversations
from services.gateway.adapters.postgres_costs import PostgresCosts
from services.gateway.adapters.postgres_erasing import PostgresEraser
from services.gateway.adapters.postgres_files import PostgresFiles
from services.gateway.adapters.postgres_inbox import PostgresInbox
from services.gateway.adapters.postgres_outbox import PostgresOutbox
from services.gateway.adapters.postgres_sandbox import PostgresSandbox
from services.gateway.adapters.price_list import EXAMPLE, read_price_list
from services.gateway.adapters.redis_allowance import RedisAllowance
from services.gateway.adapters.sealing import Sealing
from services.gateway.admin import compose as admin
from services.gateway.channels.email import compose as email
from services.gateway.channels.files import Files
from services.gateway.channels.generic import compose as generic
from services.gateway.channels.offers import Offers
from services.gateway.channels.sms import compose as sms
from services.gateway.channels.tools import ChannelTools
from services.gateway.channels.webchat import compose as webchat
from services.gateway.channels.whatsapp import compose as whatsapp
from services.gateway.console import compose as console
from services.gateway.domain.message import Channel
from services.gateway.domain.outbox import SendRetryPolicy
from services.gateway.domain.quiet import read_quiet_hours
from services.gateway.health import HealthPage
from services.gateway.http import create_app
from services.gateway.inbox.alarm import Alarm
from services.gateway.inbox.attention import Attention
from services.gateway.inbox.dispatcher import Dispatcher
from services.gateway.inbox.forgetting import Forgetting
from services.gateway.inbox.reception import Reception
from services.gateway.inbox.restraint import Restraint
from services.gateway.inbox.turns import TurnRunner
from services.gateway.inbox.upkeep import Upkeep
from services.gateway.limits import Limits
from services.gateway.outbox.courtesy import Courtesy
from services.gateway.outbox.sender import Sender
from services.gateway.ports import ChannelAdapter
from services.gateway.sandbox.gmail import PushSigner
from services.gateway.sandbox.routes import Sandbox
from services.gateway.servicer import MessagingServicer
from services.gateway.settings import Settings
from services.gateway.staff import compose as staff
from services.gateway.voice.hearing import Hearing
from services.gateway.voice.nlp import NlpTranscriber
from services.gateway.voice.ports import MediaSource

SCHEMA = "gateway"
_CHANNELS: Mapping[Channel, Callable[[Runtime, Settings, ChannelTools], ChannelAdapter]] = {
    Channel.WHATSAPP: whatsapp.compose,
    Channel.SMS: sms.compose,
    Channel.EMAIL: email.compose,
    Channel.GENERIC: generic.compose,
    Channel.WEBCHAT: webchat.compose,
}
_MEDIA: Mapping[Channel, Callable[[Runtime, Settings], MediaSource]] = {
    Channel.WHATSAPP: whatsapp.compose_media,
    Channel.SMS: sms.compose_media,
}
# Who may call, method by method; ALLOWED_CALLERS adds other systems.
CALLERS = {"*": frozenset({"orchestrator"})}


async def build(runtime: Runtime, settings: Settings) -> None:
    """Wires stores, channels, dispatcher, sender and servers. Opens nothing to the outside: the runtime does."""
    pool = await runtime.postgres(schema=SCHEMA)
    sealing = Sealing(vault=settings.vault())
    redis = await runtime.redis()
    allowance = RedisAllowance(redis=redis, prefix=f"{settings.app_name}:gateway:rate", clock=runtime.clock)
    limits = Limits(allowance=allowance, rates=settings.rates)
    figures = staff.figures_of(runtime, pool=pool, redis=redis)
    stores = _Stores(
        inbox=PostgresInbox(pool=pool, policy=settings.inbox_policy, sealing=sealing),
        outbox=PostgresOutbox(pool=pool, sealing=sealing),
        inbox_alarm=Alarm(clock=runtime.clock),
        outbox_alarm=Alarm(clock=runtime.clock),
        holder=new_id("gateway"),
    )
    reception = Reception(inbox=stores.inbox, alarm=stores.inbox_alarm, clock=runtime.clock)
    conversations = PostgresConversations(pool=pool, sealing=sealing)
    offers = Offers(conversations=conversations, outbox=stores.outbox)
    files = Files(
        store=PostgresFiles(pool=pool, sealing=sealing),
        secret=settings.secret_key.get_secret_value(),
        base=settings.file_base,
        life=timedelta(hours=settings.attachment_link_hours),
        clock=runtime.clock,
    )
    tools = ChannelTools(
        accept=reception.accept,
        last_offer=offers.last,
        pool=pool,
        sealing=sealing,
        limits=limits,
        allowance=allowance,
        files=files,
    )
    channels = {channel: _CHANNELS[channel](runtime, settings, tools) for channel in settings.open_channels}
    attention = Attention(
        orchestrator=GrpcOrchestrator(
            channel=runtime.channel("orchestrator"),
            seconds=settings.turn_seconds,
            answered=figures.turn_answered,
            written=figures.staff_wrote,
        ),
        hear=_hearing(runtime, settings, stores.outbox).hear,
        channels=channels,
        after=timedelta(seconds=settings.turn_attention_seconds),
    )
    runner = TurnRunner(
        inbox=stores.inbox,
        orchestrator=attention,
        restraint=Restraint(limits=limits, outbox=stores.outbox, clock=runtime.clock),
        retry=settings.turn_retry,
        clock=runtime.clock,
        chance=random.random,
        queued=stores.outbox_alarm.ring_at,
        hear=attention.hear,
    )
    _work_in_background(runtime, settings, stores, channels, runner)
    forgetting = Forgetting(
        erasures=GrpcErasures(channel=runtime.channel("session")),
        erasers=(PostgresEraser(pool=pool, sealing=sealing), PmsEraser(channel=runtime.channel("pms"))),
        pause=timedelta(seconds=settings.erasure_poll_seconds),
        clock=runtime.clock,
    )
    runtime.background("forgetting", forgetting.run)
    guests = GrpcGuests(channel=runtime.channel("session"))
    servicer = MessagingServicer(
        outbox=stores.outbox,
        conversations=conversations,
        guests=guests,
        channels=channels,
        clock=runtime.clock,
        queued=stores.outbox_alarm.ring_at,
        costs=PostgresCosts(pool=pool, sealing=sealing, sms_billing=sms.attaching(settings, files).billed),
        prices=read_price_list(Path(settings.whatsapp_prices_file or EXAMPLE)),
        courtesy=Courtesy(
            guests=guests,
            hours=GrpcHotelHours(channel=runtime.channel("pms"), clock=runtime.clock),
            otherwise=read_quiet_hours(settings.quiet_hours),
        ),
        most_bytes=settings.attachment_max_bytes,
    )
    runtime.serve(messaging_pb2_grpc.add_MessagingServiceServicer_to_server, servicer, allow=CALLERS)
    people = staff.compose(
        runtime,
        settings,
        pool=pool,
        sealing=sealing,
        figures=figures,
        servicer=servicer,
        conversations=conversations,
        inbox=stores.inbox,
        channels=channels,
    )

    async def orchestrator() -> str:
        return runner.orchestrator_state

    health = HealthPage(
        health=runtime.health, informative={"orchestrator": orchestrator}, limits=limits, clock=runtime.clock
    )
    # Messages come most often, so their doors are looked at first.
    doors = [
        *(route for channel in channels.values() for route in channel.routes()),
        *files.routes(),
        *health.routes(),
        *console.compose(runtime, settings, people),
        *admin.compose(runtime, settings, people, pool=pool, limits=limits),
    ]
    _serve_http(runtime, settings, pool, doors)


def _hearing(runtime: Runtime, settings: Settings, outbox: PostgresOutbox) -> Hearing:
    """Voice notes by the nlp service; a channel without an entry in `_MEDIA` has none."""
    kept = [channel for channel in settings.open_channels if channel in _MEDIA]
    return Hearing(
        sources={channel: _MEDIA[channel](runtime, settings) for channel in kept},
        transcriber=NlpTranscriber(channel=runtime.channel("nlp"), seconds=settings.voice_seconds),
        outbox=outbox,
        policy=settings.hearing_policy,
    )


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
        lease=settings.inbox_policy.lease,
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
        longest=timedelta(seconds=settings.outbox_send_seconds),
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


def _serve_http(runtime: Runtime, settings: Settings, pool: Pool, doors: Sequence[BaseRoute]) -> None:
    routes = [*doors]
    if settings.env == "dev":
        signer = PushSigner(
            issuer=settings.push_issuers[0],
            audience=settings.push_audience,
            account=settings.gmail_push_account,
            url=f"http://127.0.0.1:{settings.http_port}/webhooks/gmail",
        )
        routes += Sandbox(calls=PostgresSandbox(pool=pool), signer=signer, clock=runtime.clock).routes()
    app = create_app(routes=routes, metrics=settings.prometheus_enabled)
    runtime.http(app, host=settings.http_host, port=settings.http_port)
