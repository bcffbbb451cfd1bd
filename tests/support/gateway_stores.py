"""The gateway's stores in every make that ships, and messages to put into them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from mesh.store.postgres import connect_pool

from services.gateway.adapters.memory import MemoryChatLog, MemoryConversations, Tables
from services.gateway.adapters.memory_erasing import MemoryEraser
from services.gateway.adapters.memory_inbox import MemoryInbox
from services.gateway.adapters.memory_mail import MemoryThreads
from services.gateway.adapters.memory_outbox import MemoryFiles, MemoryOutbox
from services.gateway.adapters.postgres_chat import PostgresChatLog
from services.gateway.adapters.postgres_conversations import PostgresConversations
from services.gateway.adapters.postgres_erasing import PostgresEraser
from services.gateway.adapters.postgres_files import PostgresFiles
from services.gateway.adapters.postgres_inbox import PostgresInbox
from services.gateway.adapters.postgres_mail import PostgresThreads
from services.gateway.adapters.postgres_outbox import PostgresOutbox
from services.gateway.adapters.sealing import Sealing
from services.gateway.channels.email.ports import Threads
from services.gateway.channels.files import FileStore
from services.gateway.channels.webchat.log import ChatLog
from services.gateway.domain.inbox import InboxPolicy, Turn
from services.gateway.domain.message import (
    Body,
    Channel,
    Delivery,
    Edit,
    Identity,
    InboundMessage,
    OutboundMessage,
    Revoke,
    StatusUpdate,
    Text,
)
from services.gateway.ports import Conversations, Eraser, Inbox, Outbox
from services.gateway.settings import VaultSettings
from tests.support.dumps import rows_of

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
POLICY = InboxPolicy(quiet_period=SECOND, quiet_ceiling=5 * SECOND, lease=30 * SECOND)
CHANNELS = (Channel.WHATSAPP, Channel.WEBCHAT)
GUEST = Identity(channel=Channel.WHATSAPP, address="5215512345678", phone_number="+525512345678")
OTHER_GUEST = Identity(channel=Channel.WHATSAPP, address="34600111222", phone_number="+34600111222")


@dataclass(frozen=True)
class Stores:
    """One make of the ports over one set of data; `dump` is everything that is kept, as text."""

    inbox: Inbox
    outbox: Outbox
    conversations: Conversations
    chats: ChatLog
    threads: Threads
    eraser: Eraser
    dump: Callable[[], Awaitable[str]]
    files: FileStore

    async def receive(self, *messages: InboundMessage, now: datetime = NOW) -> None:
        await self.inbox.store(Delivery(messages=messages), now=now)

    async def claim(self, now: datetime, holder: str = "one") -> Turn:
        """The turn that is due; one has to be."""
        turn = await self.inbox.claim(holder=holder, now=now)
        assert turn is not None, "a turn was due"
        return turn

    async def answered(self, *texts: str, guest: Identity = GUEST, now: datetime = NOW) -> None:
        """Puts replies into the outbox the way they get there: by a completed turn."""
        await self.receive(said("question", f"m-{texts[0]}", sender=guest), now=now - 2 * SECOND)
        turn = await self.claim(now - SECOND)
        await self.inbox.complete(turn, [OutboundMessage(text=text) for text in texts], now=now, traceparent="")


def memory_stores() -> Stores:
    tables, threads = Tables(), MemoryThreads()

    async def dump() -> str:
        return f"{tables} {threads.__dict__}"

    return Stores(
        inbox=MemoryInbox(tables=tables, policy=POLICY),
        outbox=MemoryOutbox(tables=tables),
        conversations=MemoryConversations(tables=tables),
        chats=MemoryChatLog(tables=tables),
        threads=threads,
        eraser=MemoryEraser(tables=tables, threads=threads),
        dump=dump,
        files=MemoryFiles(tables=tables),
    )


def new_sealing() -> Sealing:
    """As a process has it that is told nothing."""
    return Sealing(vault=VaultSettings().vault())


@asynccontextmanager
async def postgres_stores(url: str) -> AsyncIterator[Stores]:
    """Stores on a database that has the gateway's tables."""
    pool = await connect_pool(url, application_name="test", schema="gateway", size=5, overflow=0)
    sealing = new_sealing()
    try:
        yield Stores(
            inbox=PostgresInbox(pool=pool, policy=POLICY, sealing=sealing),
            outbox=PostgresOutbox(pool=pool, sealing=sealing),
            conversations=PostgresConversations(pool=pool, sealing=sealing),
            chats=PostgresChatLog(pool=pool, sealing=sealing),
            threads=PostgresThreads(pool=pool, sealing=sealing),
            # Another replica erases: it shares no key with the one that wrote.
            eraser=PostgresEraser(pool=pool, sealing=new_sealing()),
            dump=lambda: _dump(url),
            files=PostgresFiles(pool=pool, sealing=sealing),
        )
    finally:
        await pool.close()


async def _dump(url: str) -> str:
    return "\n".join(row for rows in (await rows_of(url, "gateway")).values() for row in rows)


def said(words: str, message_id: str, *, sender: Identity = GUEST, at: float = 0.0, **more: Any) -> InboundMessage:
    """A text; `at` is the channel's time in seconds after NOW."""
    return written(Text(text=words), message_id, sender=sender, at=at, **more)


def edited(target: str, words: str, message_id: str, *, at: float = 0.0) -> InboundMessage:
    return written(Edit(target_message_id=target, content=Text(text=words)), message_id, at=at)


def revoked(target: str, message_id: str, *, at: float = 0.0) -> InboundMessage:
    return written(Revoke(target_message_id=target), message_id, at=at)


def written(body: Body, message_id: str, *, sender: Identity = GUEST, at: float = 0.0, **more: Any) -> InboundMessage:
    message = InboundMessage(
        message_id=message_id,
        property_id="alameda",
        account="100000000000001",
        sender=sender,
        send_time=NOW + at * SECOND,
        receive_time=NOW + at * SECOND,
        body=body,
    )
    return replace(message, **more)


def status(
    word: str, channel_message_id: str, *, message_id: str = "", at: float = 0.0, code: str = ""
) -> StatusUpdate:
    return StatusUpdate(
        channel=Channel.WHATSAPP,
        channel_message_id=channel_message_id,
        status=word,
        time=NOW,
        message_id=message_id,
        failure_code=code,
        failure_word="undeliverable" if code else "",
    )


def texts(turn: Turn) -> list[str]:
    """What was written, message by message."""
    return [message.body.text for message in turn.messages if isinstance(message.body, Text)]
