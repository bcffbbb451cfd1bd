"""Puts the e-mail channel together."""

from __future__ import annotations

from datetime import timedelta

import httpx
from mesh.runtime import Runtime

from services.gateway.adapters.postgres_mail import PostgresMarks, PostgresThreads
from services.gateway.channels.email.channel import EmailChannel
from services.gateway.channels.email.gmail import GmailMailbox
from services.gateway.channels.email.idle import IdleListener
from services.gateway.channels.email.imap import ImapMailbox, MailServer
from services.gateway.channels.email.ports import Mailbox
from services.gateway.channels.email.push import IssuerKeys, PushPolicy
from services.gateway.channels.email.reader import MailReader
from services.gateway.channels.email.settings import EmailSettings
from services.gateway.channels.email.sorting import SortingPolicy
from services.gateway.channels.email.watch import WatchKeeper
from services.gateway.channels.email.webhook import GmailWebhook
from services.gateway.channels.outward import http_client
from services.gateway.channels.tools import ChannelTools
from services.gateway.domain.rates import Rate
from services.gateway.ports import ChannelAdapter


def compose(runtime: Runtime, settings: EmailSettings, tools: ChannelTools) -> ChannelAdapter:
    """Mailboxes read in the background, woken by Google's pushes; answers out through the same mailboxes."""
    marks, threads = PostgresMarks(pool=tools.pool), PostgresThreads(pool=tools.pool, sealing=tools.sealing)
    http = http_client(connections=16)
    runtime.on_close(http.aclose)
    by_google = settings.email_transport == "gmail"
    gmail = [_gmail(runtime, settings, http, address) for address in settings.mailbox_owners if by_google]
    imap = [_imap(runtime, settings, address) for address in settings.mailbox_owners if not by_google]
    mailboxes: list[Mailbox] = [*gmail, *imap]
    reader = MailReader(
        mailboxes=mailboxes,
        marks=marks,
        threads=threads,
        policy=SortingPolicy(owners=settings.mailbox_owners, servers=settings.trusted_servers, relays=settings.relays),
        accept=tools.accept,
        last_offer=tools.last_offer,
        poll=timedelta(seconds=settings.email_poll_seconds),
        clock=runtime.clock,
    )
    runtime.background("mail", reader.run)
    if by_google:
        watch = WatchKeeper(mailboxes=gmail, topic=settings.gmail_topic, marks=marks, clock=runtime.clock)
        runtime.background("mail_watch", watch.run)
    for mailbox in imap:
        runtime.background("mail_idle", IdleListener(mailbox=mailbox, news=reader.news).run)
    webhook = GmailWebhook(
        policy=PushPolicy(
            issuers=settings.push_issuers,
            audience=settings.push_audience,
            service_account=settings.gmail_push_account,
        ),
        keys=IssuerKeys(http=http, url=settings.google_url("keys"), clock=runtime.clock),
        owners=settings.mailbox_owners,
        marks=marks,
        accept=tools.accept,
        news=reader.news,
        limits=tools.limits,
    )
    per_hour = settings.email_answers_per_hour
    return EmailChannel(
        mailboxes=mailboxes,
        owners=settings.mailbox_owners,
        names=settings.names,
        threads=threads,
        files=tools.files,
        routes=webhook.routes() if by_google else [],
        pace=Rate(per_second=settings.email_mailbox_rate, burst=max(1.0, settings.email_mailbox_rate)),
        answers=Rate(per_second=per_hour / 3600, burst=per_hour),
        allowance=tools.allowance,
        clock=runtime.clock,
    )


def _imap(runtime: Runtime, settings: EmailSettings, address: str) -> ImapMailbox:
    server = MailServer(
        imap_host=settings.imap_host,
        imap_port=settings.imap_port,
        imap_tls=settings.imap_tls,
        smtp_host=settings.smtp_host or settings.imap_host,
        smtp_port=settings.smtp_port,
        smtp_security=settings.smtp_security,
        username=address,
        password=settings.mailbox_password(address),
        seconds=settings.email_send_seconds,
    )
    return ImapMailbox(address=address, server=server, clock=runtime.clock)


def _gmail(runtime: Runtime, settings: EmailSettings, http: httpx.AsyncClient, address: str) -> GmailMailbox:
    return GmailMailbox(
        http=http,
        address=address,
        base_url=settings.google_url("base"),
        token_url=settings.google_url("token"),
        credentials={
            "client_id": settings.gmail_client_id,
            "client_secret": settings.gmail_client_secret.get_secret_value(),
            "refresh_token": settings.refresh_token(address),
        },
        seconds=settings.email_send_seconds,
        clock=runtime.clock,
    )
