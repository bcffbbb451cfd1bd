"""The chat page's calls: a token, messages in, and a stream of what the page shows."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from mesh.clock import Clock
from mesh.errors import DomainError
from mesh.telemetry import get_logger
from mesh.tracing import current_traceparent, span
from mesh.values import derived_id
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from services.gateway.channels import reading
from services.gateway.channels.webchat.channel import from_guest
from services.gateway.channels.webchat.log import Bell, ChatLog
from services.gateway.channels.webchat.origins import Origins, is_own
from services.gateway.channels.webchat.page import page_routes
from services.gateway.channels.webchat.token import Visitor, VisitorTokens
from services.gateway.domain.cleaning import clean_line, clean_text
from services.gateway.domain.conversation import key_of
from services.gateway.domain.message import Button, Channel, Content, Delivery, Identity, InboundMessage, Text
from services.gateway.domain.signals import signals_in
from services.gateway.limits import Endpoint, Limits, Tier
from services.gateway.metrics import CHAT_STREAMS

COOKIE = "visitor"
_MAX_BODY_BYTES = 65_536
_MAX_STREAMS = 1_000
_PAGE = 100
_BEAT_SECONDS = 15.0
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
log = get_logger(__name__)

Accept = Callable[[Delivery], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebChatPolicy:
    """Whose page it is, what its hotels are called, who may call it, and how a visitor is treated."""

    property_id: str
    names: Mapping[str, str]
    origins: Origins
    secure_cookie: bool
    poll: timedelta


class BadMessage(Exception):
    """The body is no message; the argument is the reason in a word."""


@dataclass(frozen=True, slots=True)
class _Said:
    """The page's own id of a message, what it says, how the page shows it, and the page's language."""

    client_id: str
    content: Content
    shown: str
    signals: tuple[str, ...] = ()
    language: str = ""


class WebChat:
    """`accept` stores durably or raises; `open_for_streams()` turns false when streams should go elsewhere."""

    def __init__(
        self,
        *,
        policy: WebChatPolicy,
        tokens: VisitorTokens,
        accept: Accept,
        chat_log: ChatLog,
        bell: Bell,
        limits: Limits,
        clock: Clock,
        open_for_streams: Callable[[], bool],
    ) -> None:
        self._policy = policy
        self._tokens = tokens
        self._accept = accept
        self._chat_log = chat_log
        self._bell = bell
        self._limits = limits
        self._clock = clock
        self._open_for_streams = open_for_streams

    def routes(self) -> list[BaseRoute]:
        return [
            *page_routes(self._policy.origins),
            Route("/webchat/session", self._open(self.begin), methods=["POST", "OPTIONS"]),
            Route("/webchat/messages", self._open(self.receive), methods=["POST", "OPTIONS"]),
            Route("/webchat/events", self._open(self.stream), methods=["GET", "OPTIONS"]),
        ]

    def _open(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint for our own page and for the sites that are listed."""

        async def opened(request: Request) -> Response:
            answer = Response(status_code=204) if request.method == "OPTIONS" else await endpoint(request)
            answer.headers.update(self._policy.origins.answer_headers(request))
            return answer

        return opened

    async def begin(self, request: Request) -> Response:
        """A token for a new visitor, or a fresh one for a known visitor of the same property."""
        property_id = request.query_params.get("property") or self._policy.property_id
        if not self._policy.origins.is_property(property_id):
            return _refusal(404, "no_such_property")
        if not self._policy.origins.is_welcome(request, property_id=property_id):
            return _refusal(403, "foreign_origin")
        framed = bool(request.query_params.get("property"))
        known = self._visitor(request, cookie=_frame_cookie(property_id) if framed else COOKIE)
        subject = known.subject if known is not None and known.property_id == property_id else None
        token, subject, end = self._tokens.issue(now=self._clock.now(), property_id=property_id, subject=subject)
        session = {
            "token": token,
            "visitor": subject,
            "property": property_id,
            "hotel": self._policy.names.get(property_id, property_id),
            "expire_time": end.isoformat(),
        }
        answer = JSONResponse(session, status_code=201)
        if framed and is_own(request):
            answer.headers.append("Set-Cookie", _partitioned(_frame_cookie(property_id), token, end))
        elif property_id == self._policy.property_id and (is_own(request) or "origin" not in request.headers):
            answer.set_cookie(
                COOKIE, token, expires=end, httponly=True, samesite="lax", secure=self._policy.secure_cookie, path="/"
            )
        return answer

    async def receive(self, request: Request) -> Response:
        visitor = self._visitor(request)
        property_id = visitor.property_id if visitor is not None else self._policy.property_id
        if not self._policy.origins.is_welcome(request, property_id=property_id):
            return _refusal(403, "foreign_origin")
        if visitor is None:
            return _refusal(401, "token_missing_or_over")
        wait = await self._limits.admit(Tier.VISITOR, visitor.subject)
        if wait > 0:
            return _refusal(429, "too_many_messages", {"Retry-After": str(int(wait) + 1)})
        try:
            said = _read(await _body_of(request))
        except BadMessage as error:
            return _refusal(413 if error.args[0] == "body_too_large" else 400, error.args[0])
        except ClientDisconnect:
            return _refusal(400, "body_incomplete")
        with span("webchat.receive", {"channel": Channel.WEBCHAT.value}):
            return await self._take(visitor, said)

    async def _take(self, visitor: Visitor, said: _Said) -> Response:
        now = self._clock.now()
        message = self._message(visitor, said, now)
        conversation_id = key_of(message.property_id, message.sender).conversation_id
        try:
            await self._accept(Delivery(messages=(message,), traceparent=current_traceparent()))
            await self._chat_log.append(
                conversation_id=conversation_id,
                message_id=message.message_id,
                payload=from_guest(message.message_id, said.client_id, said.shown, now),
                now=now,
            )
        except DomainError as error:
            log.error("webchat_not_stored", reason=error.reason)
            return _refusal(503, "not_stored", {"Retry-After": "2"})
        self._bell.ring(conversation_id)
        return JSONResponse({"id": message.message_id, "client_id": said.client_id}, status_code=202)

    def _message(self, visitor: Visitor, said: _Said, now: datetime) -> InboundMessage:
        return InboundMessage(
            message_id=derived_id("web", visitor.subject, said.client_id),
            property_id=visitor.property_id,
            account="",
            sender=Identity(channel=Channel.WEBCHAT, address=visitor.subject),
            send_time=now,
            receive_time=now,
            body=said.content,
            signals=said.signals,
            language=said.language,
        )

    async def stream(self, request: Request) -> Response:
        """Server-Sent Events from `Last-Event-ID` on, the browser's header or `?after=`; nothing is lost between."""
        visitor = self._visitor(request)
        if visitor is None:
            return _refusal(401, "token_missing_or_over")
        if self._bell.listeners >= _MAX_STREAMS or not self._open_for_streams():
            return _refusal(503, "busy", {"Retry-After": "2"})
        given = request.headers.get("last-event-id") or request.query_params.get("after", "")
        after = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
        person = Identity(channel=Channel.WEBCHAT, address=visitor.subject)
        events = self._events(key_of(visitor.property_id, person).conversation_id, after)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    async def _events(self, conversation_id: str, after: int) -> AsyncIterator[str]:
        poll = self._policy.poll.total_seconds()
        with self._bell.listen(conversation_id) as rung, CHAT_STREAMS.track_inprogress():
            yield "retry: 1500\n\n"
            silent = 0.0
            while self._open_for_streams():
                rung.clear()
                try:
                    events = await self._chat_log.after(conversation_id, after, limit=_PAGE)
                except DomainError:
                    return
                for event in events:
                    after = event.event_id
                    yield f"id: {event.event_id}\nevent: message\ndata: {event.payload}\n\n"
                if events:
                    silent = 0.0
                    continue
                silent += poll
                if silent >= _BEAT_SECONDS:
                    silent = 0.0
                    yield ": still here\n\n"
                await _wait(rung, poll)

    def _visitor(self, request: Request, *, cookie: str = COOKIE) -> Visitor | None:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(cookie, "")
        return self._tokens.visitor_of(token, now=self._clock.now())


def _frame_cookie(property_id: str) -> str:
    return f"{COOKIE}-{property_id}"


def _partitioned(name: str, token: str, end: datetime) -> str:
    """A cookie for the frame on one hotel's site alone, also where a third party's cookies and storage are blocked.

    Starlette writes `Partitioned` from Python 3.14 on.
    """
    expires = format_datetime(end, usegmt=True)
    return f"{name}={token}; Path=/webchat/session; Expires={expires}; HttpOnly; Secure; SameSite=None; Partitioned"


async def _wait(rung: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await rung.wait()
    except TimeoutError:
        return


async def _body_of(request: Request) -> object:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadMessage("not_json")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            raise BadMessage("body_too_large")
    try:
        return json.loads(bytes(body))
    except (ValueError, RecursionError):
        raise BadMessage("malformed_json") from None


def _read(body: object) -> _Said:
    """Raises BadMessage."""
    if not isinstance(body, dict):
        raise BadMessage("not_an_object")
    client_id, text, button_id = body.get("id"), body.get("text"), body.get("button_id")
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise BadMessage("id_missing_or_malformed")
    text = text if isinstance(text, str) else ""
    words, language = clean_text(text), reading.language(body, "language")
    if isinstance(button_id, str) and clean_line(button_id):
        title = clean_line(words)
        tap = Button(button_id=clean_line(button_id, limit=200), title=title)
        return _Said(client_id, tap, title, language=language)
    if not words:
        raise BadMessage("text_missing")
    return _Said(client_id, Text(text=words), words, signals_in(text), language)


def _refusal(status: int, reason: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": reason}, status_code=status, headers=headers)
