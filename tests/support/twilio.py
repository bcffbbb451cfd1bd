"""Twilio as a test needs it: a phone whose messages are signed and posted, and a REST API with scripted answers."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx

from services.gateway.channels.sms.signature import sign

TOKEN = "test-auth-token"
PATH = "/webhooks/twilio"
OURS = "+15005550006"
_NUMBERS = itertools.count(1)

Answer = httpx.Response | Exception


class Phone:
    """A phone that writes to the hotel's number; calls are signed as Twilio signs them."""

    def __init__(self, http: httpx.AsyncClient, *, number: str = "+5215512345678", token: str = TOKEN) -> None:
        self._http = http
        self.number = number
        self._token = token.encode()

    async def say(self, words: str | None, *, times: int = 1, **more: str) -> str:
        """Sends words, delivered `times` times; returns the MessageSid."""
        sid = f"SM{next(_NUMBERS):032x}"
        form = self.message(sid, words, **more)
        for _ in range(times):
            response = await self.post(form)
            response.raise_for_status()
        return sid

    def message(self, sid: str, words: str | None, **more: str) -> dict[str, str]:
        """The parameters of an incoming message."""
        form = {
            "ToCountry": "US", "SmsMessageSid": sid, "NumMedia": "0", "SmsSid": sid, "SmsStatus": "received",
            "FromCountry": "MX", "To": OURS, "NumSegments": "1", "MessageSid": sid, "AccountSid": "AC1",
            "From": self.number, "ApiVersion": "2010-04-01",
        }  # fmt: skip
        return form | ({} if words is None else {"Body": words}) | more

    async def post(
        self, form: dict[str, str], *, query: str = "", base: str = "", signature: str | None = None, **headers: str
    ) -> httpx.Response:
        """Posts a form; `base` is the address it is signed for, the one it is posted to unless said."""
        url = f"{base or str(self._http.base_url).rstrip('/')}{PATH}{query}"
        signature = sign(url, list(form.items()), self._token) if signature is None else signature
        content = urlencode(form)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }  # fmt: skip
        return await self._http.post(PATH + query, content=content, headers=headers)


class TwilioApi:
    """Answers sends from `script` in order, then 201 for ever; remembers every message and shows it when asked."""

    def __init__(self, script: Iterable[Answer | Callable[[dict[str, str]], Answer]] = ()) -> None:
        self.script = list(script)
        self.sent: list[dict[str, str]] = []
        self.requests: list[httpx.Request] = []
        self.taken: list[dict[str, Any]] = []

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def take(self, form: dict[str, str]) -> httpx.Response:
        """Accepts a message, as Twilio does."""
        message = {
            "sid": f"SM{len(self.taken):032x}", "body": form["Body"], "to": form["To"],
            "status": "queued", "date_created": formatdate(time.time(), usegmt=True),
        }  # fmt: skip
        self.taken.insert(0, message)
        return httpx.Response(201, json=message)

    def lose(self, form: dict[str, str]) -> Answer:
        """Accepts a message, and the answer is lost."""
        self.take(form)
        return httpx.ReadTimeout("no answer")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.method == "GET":
            wanted = [message for message in self.taken if message["to"] == request.url.params["To"]]
            return httpx.Response(200, json={"messages": wanted})
        form = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
        self.sent.append(form)
        answer = self.script.pop(0) if self.script else self.take
        if callable(answer):
            answer = answer(form)
        if isinstance(answer, Exception):
            raise answer
        return answer


def refused(code: int, *, status: int = 400, headers: dict[str, str] | None = None) -> httpx.Response:
    """A refusal with one of Twilio's codes."""
    return httpx.Response(status, json={"code": code, "message": "no", "status": status}, headers=headers)
