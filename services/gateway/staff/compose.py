"""Puts together what console and admin API share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from mesh.runtime import Runtime
from mesh.store.postgres import Pool
from redis.asyncio import Redis

from services.gateway.adapters.sealing import Sealing
from services.gateway.domain.message import Channel
from services.gateway.ports import ChannelAdapter, Conversations, Inbox
from services.gateway.servicer import MessagingServicer
from services.gateway.staff.access import Access
from services.gateway.staff.access_token import AccessTokens
from services.gateway.staff.adapters.audit import PostgresAudit
from services.gateway.staff.adapters.conversations import GrpcConversations
from services.gateway.staff.adapters.corrections import PostgresCanned, PostgresProposals
from services.gateway.staff.adapters.dead_letters import PostgresDeadLetters
from services.gateway.staff.adapters.figures import PostgresFigures
from services.gateway.staff.adapters.figures_read import PostgresFiguresReader
from services.gateway.staff.adapters.grants import PostgresAttempts, PostgresGrants
from services.gateway.staff.adapters.hotel import GrpcHotel
from services.gateway.staff.adapters.mail import Mail
from services.gateway.staff.adapters.users import PostgresUsers
from services.gateway.staff.adapters.written import PostgresWritten
from services.gateway.staff.desk import Desk
from services.gateway.staff.guest_data import GuestData
from services.gateway.staff.live import Live
from services.gateway.staff.logbook import Logbook
from services.gateway.staff.lookup import Lookup
from services.gateway.staff.passwords import Passwords
from services.gateway.staff.ports import Audit, Users
from services.gateway.staff.recovery import Recovery
from services.gateway.staff.review import Review
from services.gateway.staff.settings import StaffSettings
from services.gateway.staff.upkeep import StaffUpkeep


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Everything about people who work here."""

    access: Access
    users: Users
    passwords: Passwords
    audit: Audit
    logbook: Logbook
    hotel: GrpcHotel
    conversations: GrpcConversations
    desk: Desk
    lookup: Lookup
    guest_data: GuestData
    review: Review
    proposals: PostgresProposals
    recovery: Recovery
    figures_reader: PostgresFiguresReader
    live: Live


def figures_of(runtime: Runtime, *, pool: Pool, redis: Redis) -> PostgresFigures:
    """What turns tell on their way; begun before the turns are."""
    live = Live(redis=redis)
    figures = PostgresFigures(pool=pool, live=live, clock=runtime.clock)
    runtime.background("console_live", live.run)
    runtime.background("figures", figures.run)
    return figures


def compose(
    runtime: Runtime,
    settings: StaffSettings,
    *,
    pool: Pool,
    sealing: Sealing,
    figures: PostgresFigures,
    servicer: MessagingServicer,
    conversations: Conversations,
    inbox: Inbox,
    channels: Mapping[Channel, ChannelAdapter],
) -> Staff:
    """The parts, wired."""
    audit, users, passwords = PostgresAudit(pool=pool), PostgresUsers(pool=pool), Passwords()
    proposals = PostgresProposals(pool=pool, sealing=sealing)
    logbook = Logbook(audit=audit, clock=runtime.clock)
    upkeep = StaffUpkeep(audit=audit, keep=timedelta(days=settings.audit_retention_days), clock=runtime.clock)
    runtime.background("staff_retention", upkeep.run)
    hotel = GrpcHotel(pms=runtime.channel("pms"))
    read = GrpcConversations(session=runtime.channel("session"), orchestrator=runtime.channel("orchestrator"))
    tokens = AccessTokens(
        secret=settings.jwt_secret_key.get_secret_value(),
        algorithm=settings.jwt_algorithm,
        life=timedelta(minutes=settings.jwt_expiration_minutes),
    )
    access = Access(
        users=users,
        grants=PostgresGrants(pool=pool),
        attempts=PostgresAttempts(pool=pool),
        audit=audit,
        passwords=passwords,
        tokens=tokens,
        refresh_life=timedelta(days=settings.jwt_refresh_days),
        clock=runtime.clock,
    )
    desk = Desk(
        conversations=read,
        hotel=hotel,
        mail=Mail(servicer=servicer, conversations=conversations, channels=channels),
        figures=figures,
        logbook=logbook,
        live=figures.live,
        clock=runtime.clock,
    )
    return Staff(
        access=access,
        users=users,
        passwords=passwords,
        audit=audit,
        logbook=logbook,
        hotel=hotel,
        conversations=read,
        desk=desk,
        lookup=Lookup(
            conversations=read, hotel=hotel, written=PostgresWritten(pool=pool, sealing=sealing), logbook=logbook
        ),
        guest_data=GuestData(conversations=read, hotel=hotel),
        review=Review(
            conversations=read,
            proposals=proposals,
            canned=PostgresCanned(pool=pool),
            logbook=logbook,
            clock=runtime.clock,
        ),
        proposals=proposals,
        recovery=Recovery(
            letters=PostgresDeadLetters(pool=pool, sealing=sealing), inbox=inbox, logbook=logbook, clock=runtime.clock
        ),
        figures_reader=PostgresFiguresReader(pool=pool, hotel=hotel),
        live=figures.live,
    )
