"""E-mail as a channel of the gateway: its routes, its pace, its way of sending."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from mesh.clock import Clock
from mesh.errors import Refused
from starlette.routing import BaseRoute

from services.gateway.channels.email.ports import MailAway, Mailbox, Thread, Threads
from services.gateway.channels.email.write import Sender, own_message_id, write
from services.gateway.channels.files import Files
from services.gateway.domain.attachment import Attachment
from services.gateway.domain.message import Channel
from services.gateway.domain.outbox import Accepted, Advice, OutboxItem, Rejected, SendOutcome
from services.gateway.domain.rates import Bucket, Rate
from services.gateway.ports import Allowance

LOOP: Final = "loop"


class EmailChannel:
    """`ChannelAdapter` for mailboxes of ours. `answers` is how many one guest gets: two robots stop there."""

    def __init__(
        self,
        *,
        mailboxes: Sequence[Mailbox],
        owners: Mapping[str, str],
        names: Mapping[str, str],
        threads: Threads,
        files: Files,
        routes: Sequence[BaseRoute],
        pace: Rate,
        answers: Rate,
        allowance: Allowance,
        clock: Clock,
    ) -> None:
        self._mailboxes = {mailbox.address: mailbox for mailbox in mailboxes}
        self._owners = owners
        self._names = names
        self._threads = threads
        self._files = files
        self._routes = tuple(routes)
        self._pace = pace
        self._answers = answers
        self._allowance = allowance
        self._clock = clock

    @property
    def channel(self) -> Channel:
        return Channel.EMAIL

    @property
    def window(self) -> timedelta | None:
        return None

    def account_for(self, property_id: str) -> str:
        for address, owner in self._owners.items():
            if owner == property_id:
                return address
        raise Refused("UNREACHABLE", "the property has no mailbox")

    def routes(self) -> Sequence[BaseRoute]:
        return self._routes

    async def pace(self, item: OutboxItem) -> float:
        bucket = Bucket(key=f"email:{item.conversation.account}", rate=self._pace)
        return (await self._allowance.take([bucket])).wait

    def refuses(self, attachment: Attachment, *, address: str) -> str:
        del attachment, address
        # Mail carries 25 MB, and the setting no more than 16.
        return ""

    async def send(self, item: OutboxItem) -> SendOutcome:
        mailbox = self._mailboxes.get(item.conversation.account)
        if mailbox is None:
            return Rejected(code="account", word="no mailbox of that address", advice=Advice.FIX)
        if item.tries == 1 and await self._is_loop(item):
            return Rejected(code=LOOP, word="too many answers to one guest", advice=Advice.STOP_PROACTIVE)
        try:
            if item.possibly_repeated and (known := await self._sent_before(mailbox, item)):
                return Accepted(channel_message_id=known)
            thread = await self._thread(item)
            attachment = item.content.attachment
            file = await self._files.read(item) if attachment is not None and not attachment.url else b""
            if file:
                # Megabytes take longer than the loop may stand still.
                raw = await asyncio.to_thread(self._written, item, mailbox, thread, file)
            else:
                raw = self._written(item, mailbox, thread, file)
            return await mailbox.send(raw, thread_id=thread.thread_id if thread else "")
        except MailAway as error:
            return Rejected(code="", word=str(error), advice=Advice.UNREACHABLE)
        except (ValueError, IndexError):
            return Rejected(code="address", word="not an address mail can be sent to", advice=Advice.GIVE_UP)

    def _written(self, item: OutboxItem, mailbox: Mailbox, thread: Thread | None, file: bytes) -> bytes:
        conversation = item.conversation
        return write(
            item.content,
            sender=Sender(address=mailbox.address, name=self._names.get(conversation.property_id, "")),
            recipient=conversation.reply_address,
            thread=thread,
            message_id=item.message_id,
            now=item.create_time,
            file=file,
        )

    async def _is_loop(self, item: OutboxItem) -> bool:
        key = f"email:answers:{item.conversation.account}:{item.conversation.conversation_id}"
        return (await self._allowance.take([Bucket(key=key, rate=self._answers)])).taken == 0

    async def _sent_before(self, mailbox: Mailbox, item: OutboxItem) -> str:
        """A try whose answer was lost is looked for by its Message-ID, which is the same for every try."""
        return await mailbox.find_sent(own_message_id(item.message_id, mailbox.address))

    async def _thread(self, item: OutboxItem) -> Thread | None:
        if item.content.subject:
            # A letter about something else than the last one has a thread of its own.
            return None
        conversation = item.conversation
        return await self._threads.find(
            mailbox=conversation.account, guest=conversation.reply_address, key=item.content.reply_to_message_id
        )
