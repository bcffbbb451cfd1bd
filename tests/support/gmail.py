"""Google as a test needs it: the sandbox's mailboxes behind a client without sockets, with faults on demand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
from mesh.clock import Clock, SystemClock
from starlette.applications import Starlette

from services.gateway.channels.email.gmail import GmailMailbox
from services.gateway.sandbox.gmail import GmailSandbox, PushSigner
from services.gateway.sandbox.gmail_account import GmailAccount
from services.gateway.sandbox.log import Recorded

ADDRESS = "recepcion@hotel.example"
ISSUER = "https://accounts.google.com"
AUDIENCE = "https://hotel.example/webhooks/gmail"
ACCOUNT = "push@project.iam.gserviceaccount.com"
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

Fault = Callable[[httpx.Request], httpx.Response | Exception | None]


class Calls:
    """`SandboxLog` of one test."""

    def __init__(self) -> None:
        self.recorded: list[Recorded] = []

    async def add(self, message: Recorded) -> None:
        self.recorded.append(message)

    async def list(self, *, channel: str | None, recipient: str | None, after: int, limit: int) -> tuple[Recorded, ...]:
        del channel, recipient
        return tuple(self.recorded[after : after + limit])


class Google:
    """`fault` may answer or raise in the place of any call; every request is remembered."""

    def __init__(self, *, clock: Clock | None = None, page: int = 100) -> None:
        self.calls = Calls()
        self.signer = PushSigner(issuer=ISSUER, audience=AUDIENCE, account=ACCOUNT)
        self._clock = clock or SystemClock()
        self._sandbox = GmailSandbox(calls=self.calls, signer=self.signer, clock=self._clock, root="")
        self._inner = httpx.ASGITransport(app=Starlette(routes=self._sandbox.routes()))
        self._sandbox.accounts[ADDRESS] = GmailAccount(page=page)
        self.requests: list[httpx.Request] = []
        self.fault: Fault = lambda request: None
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer), base_url="https://google.test")

    @property
    def account(self) -> GmailAccount:
        return self._sandbox.accounts[ADDRESS]

    def mailbox(self) -> GmailMailbox:
        """A client of this Google's for the hotel's mailbox."""
        return GmailMailbox(
            http=self.http,
            address=ADDRESS,
            base_url="https://google.test",
            token_url="https://google.test/token",
            credentials={"client_id": "c", "client_secret": "s", "refresh_token": "r"},
            seconds=5,
            clock=self._clock,
        )

    def count(self, path: str) -> int:
        """How many calls went to paths that end so."""
        return sum(request.url.path.endswith(path) for request in self.requests)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        fault = self.fault(request)
        if isinstance(fault, Exception):
            raise fault
        return fault if fault is not None else await self._inner.handle_async_request(request)


def mail(
    text: str = "¿Tienen habitación?",
    *,
    sender: str = "María López <maria@example.com>",
    subject: str = "Reserva",
    message_id: str = "<1@example.com>",
    verified: bool = True,
    **headers: str,
) -> bytes:
    """A mail's bytes as Gmail hands them over; `headers` with underscores for dashes."""
    domain = sender.rpartition("@")[2].rstrip(">")
    lines: dict[str, Any] = {
        "Return-Path": "<maria@example.com>",
        "Authentication-Results": f"mx.google.com; dmarc={'pass' if verified else 'fail'} header.from={domain}",
        "From": sender,
        "To": ADDRESS,
        "Subject": subject,
        "Date": "Thu, 26 Nov 2026 05:59:00 -0600",
        "Message-ID": message_id,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"{head}\r\n{text}".encode()
