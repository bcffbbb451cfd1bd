"""The gateway's stores in every make that ships, and messages to put into them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from mesh.store.postgres import connect_pool

from services.gateway.adapters.memory import MemoryChatLog, MemoryConversations, Tables
from services.gateway.adapters.memory_inbox import MemoryInbox
from services.gateway.adapters.memory_outbox import MemoryFiles, MemoryOutbox
from services.gateway.adapters.postgres_chat import PostgresChatLog
from services.gateway.adapters.postgres_conversations import PostgresConversations
from services.gateway.adapters.postgres_files import PostgresFiles
from services.gateway.adapters.postgres_inbox import PostgresInbox
from services.gateway.adapters.postgres_outbox import PostgresOutbox
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
from services.gateway.ports import Conversations, Inbox, Outbox

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
POLICY = InboxPolicy(quiet_period=SECOND, quiet_ceiling=5 * SECOND, lease=30 * SECOND)
CHANNELS = (Channel.WHATSAPP, Channel.WEBCHAT)
GUEST = Identity(channel=Channel.WHATSAPP, address="5215512345678", phone_number="+525512345678")
OTHER_GUEST = Identity(channel=Channel.WHATSAPP, address="34600111222", phone_number="+34600111222")


@dataclass(frozen=True)
class Stores:
    """One make of the ports over one set of data."""

    inbox: Inbox
    outbox: Outbox
    conversations: Conversations
    chats: ChatLog
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
    tables = Tables()
    return Stores(
        inbox=MemoryInbox(tables=tables, policy=POLICY),
        outbox=MemoryOutbox(tables=tables),
        conversations=MemoryConversations(tables=tables),
        chats=MemoryChatLog(tables=tables),
        files=MemoryFiles(tables=tables),
    )


@asynccontextmanager
async def postgres_stores(url: str) -> AsyncIterator[Stores]:
    """Stores on a database that has the gateway's tables."""
    pool = await connect_pool(url, application_name="test", schema="gateway", size=5, overflow=0)
    try:
        yield Stores(
            inbox=PostgresInbox(pool=pool, policy=POLICY),
            outbox=PostgresOutbox(pool=pool),
            conversations=PostgresConversations(pool=pool),
            chats=PostgresChatLog(pool=pool),
            files=PostgresFiles(pool=pool),
        )
    finally:
        await pool.close()


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
