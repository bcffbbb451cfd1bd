"""Twilio's part of the sandbox: messages are held to its limits, recorded and answered as Twilio answers."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from email.utils import format_datetime
from urllib.parse import parse_qsl

from mesh.clock import Clock
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.domain.message import Channel
from services.gateway.sandbox.log import Recorded, SandboxLog

_MAX_BODY = 1600
_PATH = "/sandbox/twilio/2010-04-01/Accounts/{account_sid}/Messages.json"


class TwilioSandbox:
    """`…/Accounts/{sid}/Messages.json`, for sending and for looking up."""

    def __init__(self, *, calls: SandboxLog, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route(_PATH, self.post_message, methods=["POST"]),
            Route(_PATH, self.list_messages, methods=["GET"]),
        ]

    async def post_message(self, request: Request) -> Response:
        if not request.headers.get("authorization", "").startswith("Basic "):
            return _error(401, 20003, "Authenticate")
        form = dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
        recipient, words = form.get("To", ""), form.get("Body", "")
        account = form.get("From") or form.get("MessagingServiceSid", "")
        fault = _fault_of(form)
        if fault is not None:
            return fault
        message = Recorded(
            channel=Channel.SMS,
            channel_message_id="SM" + secrets.token_hex(16),
            account=account,
            recipient=recipient,
            words=words,
            payload=json.dumps(form, separators=(",", ":")),
            create_time=self._clock.now(),
        )
        await self._calls.add(message)
        return JSONResponse(_shown(message), status_code=201)

    async def list_messages(self, request: Request) -> Response:
        found = await self._calls.list(channel="sms", recipient=request.query_params.get("To"), after=0, limit=1000)
        return JSONResponse({"messages": [_shown(message) for message in reversed(found)]})


def _fault_of(form: Mapping[str, str]) -> Response | None:
    """What Twilio refuses at once."""
    words, media_url = form.get("Body", ""), form.get("MediaUrl", "")
    if not form.get("To"):
        return _error(400, 21604, "A 'To' phone number is required.")
    if not (form.get("From") or form.get("MessagingServiceSid")):
        return _error(400, 21603, "A 'From' phone number is required.")
    if not words.strip() and not media_url:
        return _error(400, 21602, "Message body is required.")
    if len(words) > _MAX_BODY:
        return _error(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    if media_url and not media_url.startswith(("https://", "http://")):
        return _error(400, 21620, "Invalid media URL(s)")
    return None


def _shown(message: Recorded) -> dict[str, str]:
    return {
        "sid": message.channel_message_id,
        "status": "queued",
        "to": message.recipient,
        "body": message.words,
        "num_media": "1" if "MediaUrl" in json.loads(message.payload) else "0",
        "date_created": format_datetime(message.create_time),
    }


def _error(status: int, code: int, message: str) -> Response:
    return JSONResponse({"code": code, "message": message, "status": status}, status_code=status)
