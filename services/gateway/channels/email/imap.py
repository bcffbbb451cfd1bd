"""A mailbox at any mail server: read by IMAP, written by SMTP. For hotels without Google Cloud."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import getaddresses
from functools import partial
from typing import Any, TypeVar

import aiosmtplib
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError
from mesh.clock import Clock

from services.gateway.channels.email.ports import Batch, Mail, MailAway, MarkLost
from services.gateway.domain.outbox import Accepted, Advice, Rejected, SendOutcome, Unknown

_BATCH = 25
_RECENT = timedelta(days=3)
_INBOX = "INBOX"
_CHECK_SECONDS = 2.0
_SENT = b"\\Sent"
_MAIL = b"BODY[]"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where a mailbox is, and how we get in. `smtp_security`: `tls`, `starttls` or `none`."""

    imap_host: str
    imap_port: int
    imap_tls: bool
    smtp_host: str
    smtp_port: int
    smtp_security: str
    username: str
    password: str = field(repr=False)
    seconds: float


class ImapMailbox:
    """`Mailbox` over IMAP and SMTP. A mark is `UIDVALIDITY:UID`; when the first changes, uids mean nothing any more."""

    def __init__(self, *, address: str, server: MailServer, clock: Clock) -> None:
        self._address = address
        self._server = server
        self._clock = clock

    @property
    def address(self) -> str:
        return self._address

    async def latest(self) -> str:
        async with self._opened() as (_, state):
            return f"{state[b'UIDVALIDITY']}:{state[b'UIDNEXT'] - 1}"

    async def after(self, mark: str) -> AsyncGenerator[Batch, None]:
        validity, _, last = mark.partition(":")
        async with self._opened() as (client, state):
            if str(state[b"UIDVALIDITY"]) != validity or not last.isdigit():
                raise MarkLost
            # "n:*" always finds the newest mail, also one below n.
            found = await _called(lambda: client.search(["UID", f"{int(last) + 1}:*"]))
            uids = sorted(uid for uid in found if uid > int(last))
            async for batch in self._batches(client, uids, validity):
                yield batch

    async def recent(self) -> AsyncGenerator[Batch, None]:
        since = (self._clock.now() - _RECENT).date()
        async with self._opened() as (client, state):
            validity, newest = str(state[b"UIDVALIDITY"]), state[b"UIDNEXT"] - 1
            uids = sorted(await _called(lambda: client.search(["SINCE", since])))
            async for batch in self._batches(client, uids, validity):
                yield batch
            yield Batch(mails=(), mark=f"{validity}:{max([newest, *uids])}")

    def is_behind(self, mark: str, told: str) -> bool:
        del mark, told
        # Nobody tells of marks here: the server says that there is something, and it is looked for.
        return False

    async def send(self, raw: bytes, *, thread_id: str) -> SendOutcome:
        del thread_id
        outcome = await self._post(raw)
        if isinstance(outcome, Accepted):
            # For staff, and for a try that has to know whether this one went out.
            with suppress(MailAway):
                await self._file(raw)
        return outcome

    async def find_sent(self, message_id: str) -> str:
        async with self._opened() as (client, _):
            folder = await _called(lambda: client.find_special_folder(_SENT))
            if not folder:
                return ""
            await _called(lambda: client.select_folder(folder, readonly=True))
            found = await _called(lambda: client.search(["HEADER", "Message-ID", message_id]))
            return message_id if found else ""

    async def wait_for_news(self, *, seconds: float, told: Callable[[], None]) -> None:
        """Listens by IDLE for `seconds` and calls `told()` at once when something comes. Raises MailAway."""
        async with self._opened() as (client, _):
            await _called(client.idle)
            end = self._clock.monotonic() + seconds
            while (began := self._clock.monotonic()) < end:
                # Short, so that a process that leaves does not wait for it.
                answers = await _called(partial(client.idle_check, timeout=_CHECK_SECONDS))
                if any(b"EXISTS" in answer for answer in answers if isinstance(answer, tuple)):
                    told()
                elif not answers and self._clock.monotonic() < began + _CHECK_SECONDS / 2:
                    # The client says nothing about a line that was cut; it only does not wait any more.
                    raise MailAway("IMAP: the line was cut")
            await _called(client.idle_done)

    async def _batches(self, client: IMAPClient, uids: list[int], validity: str) -> AsyncGenerator[Batch, None]:
        for start in range(0, len(uids), _BATCH):
            wanted = uids[start : start + _BATCH]
            found: dict[int, Any] = await _called(partial(client.fetch, wanted, ["BODY.PEEK[]"]))
            mails = tuple(
                Mail(mail_id=f"{validity}:{uid}", raw=found[uid][_MAIL])
                for uid in wanted
                if uid in found and _MAIL in found[uid]
            )
            yield Batch(mails=mails, mark=f"{validity}:{wanted[-1]}")

    async def _file(self, raw: bytes) -> None:
        async with self._opened() as (client, _):
            folder = await _called(lambda: client.find_special_folder(_SENT))
            if folder:
                await _called(lambda: client.append(folder, raw, flags=[b"\\Seen"]))

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[tuple[IMAPClient, dict[bytes, Any]]]:
        """A connection with the inbox selected, for reading only. Raises MailAway."""
        client = await _called(self._connect)
        try:
            yield client, await _called(lambda: client.select_folder(_INBOX, readonly=True))
        except BaseException:
            # A thread may still wait on the line, and a process that leaves must not wait for it.
            with suppress(OSError):
                client.shutdown()
            raise
        with suppress(MailAway):
            await _called(client.logout)

    def _connect(self) -> IMAPClient:
        server = self._server
        client = IMAPClient(server.imap_host, port=server.imap_port, ssl=server.imap_tls, timeout=server.seconds)
        client.login(server.username, server.password)
        return client

    async def _post(self, raw: bytes) -> SendOutcome:
        server = self._server
        headers = email.message_from_bytes(raw, policy=email.policy.SMTP)
        try:
            await aiosmtplib.send(
                raw,
                sender=self._address,
                recipients=[address for _, address in getaddresses([str(headers["To"])])],
                hostname=server.smtp_host,
                port=server.smtp_port,
                username=server.username or None,
                password=server.password or None,
                use_tls=server.smtp_security == "tls",
                start_tls=server.smtp_security == "starttls",
                timeout=server.seconds,
            )
        except aiosmtplib.SMTPException as error:
            return _refusal(error)
        except OSError as error:
            return Rejected(code="", word=f"unreachable ({type(error).__name__})", advice=Advice.UNREACHABLE)
        return Accepted(channel_message_id=str(headers["Message-ID"]))


def _refusal(error: aiosmtplib.SMTPException) -> SendOutcome:
    """4xx is for now, 5xx for good; before the connection stands nothing was handed over."""
    word = type(error).__name__
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return Rejected(code=str(error.code), word="credentials refused", advice=Advice.PAGE)
        case aiosmtplib.SMTPConnectError() | aiosmtplib.SMTPConnectTimeoutError():
            return Rejected(code="", word=f"unreachable ({word})", advice=Advice.UNREACHABLE)
        case aiosmtplib.SMTPResponseException(code=code):
            # Of a recipient as well: 450 is greylisted, 550 does not exist.
            return Rejected(code=str(code), word="refused", advice=Advice.RETRY if code < 500 else Advice.GIVE_UP)
        case _:
            return Unknown(word=f"no answer ({word})")


async def _called(call: Callable[[], Result]) -> Result:
    """One call of the blocking client. Raises MailAway."""
    try:
        return await asyncio.to_thread(call)
    except LoginError:
        raise MailAway("the mail server refuses our password", refused=True) from None
    except (IMAPClientError, OSError, ValueError) as error:
        raise MailAway(f"IMAP: {type(error).__name__}") from None
