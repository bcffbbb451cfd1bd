"""A guest on WhatsApp as Meta would deliver them: builds, signs and posts webhooks, reads what the sandbox got.

For the demo, the benches and the end-to-end tests. Nothing here is known to the services.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

PHONE_NUMBER_ID = "100000000000001"
PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.2
_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Reply:
    """One message that the hotel handed to WhatsApp."""

    sequence: int
    text: str
    choices: tuple[str, ...]
    time: datetime


def webhook_of(wa_id: str, message_id: str, content: dict[str, Any], *, name: str = "Guest") -> bytes:
    """The body of a webhook with one message, non-ASCII escaped as Meta does."""
    message = {"from": wa_id, "id": message_id, "timestamp": str(int(time.time())), **content}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "+52 55 0000 0000", "phone_number_id": PHONE_NUMBER_ID},
        "contacts": [{"profile": {"name": name}, "wa_id": wa_id}],
        "messages": [message],
    }
    entry = {"id": "100000000000002", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def signed(body: bytes, secret: bytes) -> dict[str, str]:
    """The headers that go with a body."""
    signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}


class WhatsAppGuest:
    """One phone."""

    def __init__(self, http: httpx.AsyncClient, *, wa_id: str, name: str, app_secret: str) -> None:
        self._http = http
        self.wa_id = wa_id
        self._name = name
        self._secret = app_secret.split(",", maxsplit=1)[0].encode()
        self._seen = 0

    async def say(self, text: str, *, times: int = 1) -> str:
        """Sends words, delivered `times` times as webhooks sometimes are; returns the message id.

        Raises httpx.HTTPError when the gateway does not take them.
        """
        message_id = f"wamid.{self.wa_id}.{time.time_ns()}.{next(_NUMBERS)}"
        body = self.webhook(message_id, {"type": "text", "text": {"body": text}})
        for _ in range(times):
            (await self.deliver(body)).raise_for_status()
        return message_id

    async def deliver(self, body: bytes) -> httpx.Response:
        """Posts a signed body again and again while the gateway is away, as Meta does, but not for days."""
        return await _patiently(lambda: self.post(body))

    def webhook(self, message_id: str, content: dict[str, Any]) -> bytes:
        """The body of a webhook with one message of this guest's."""
        return webhook_of(self.wa_id, message_id, content, name=self._name)

    async def post(self, body: bytes) -> httpx.Response:
        """Delivers a signed body."""
        return await self._http.post("/webhooks/whatsapp", content=body, headers=signed(body, self._secret))

    async def new_replies(self) -> list[Reply]:
        """What the hotel sent to this phone since the last call, in order."""
        query: dict[str, str | int] = {"to": self.wa_id, "after": self._seen}
        response = await _patiently(lambda: self._http.get("/sandbox/messages", params=query))
        response.raise_for_status()
        replies = [_reply(row) for row in response.json()["messages"]]
        self._seen = max([self._seen, *(reply.sequence for reply in replies)])
        return replies


async def _patiently(request: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Raises httpx.TransportError when nobody has answered within PATIENCE_SECONDS."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            response = await request()
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
        else:
            if response.status_code < 500 or time.monotonic() > end:
                return response
        await asyncio.sleep(PAUSE_SECONDS)


def _reply(row: dict[str, Any]) -> Reply:
    action = row["payload"].get("interactive", {}).get("action", {})
    rows = [row for section in action.get("sections", ()) for row in section["rows"]]
    choices = [button["reply"]["title"] for button in action.get("buttons", ())] + [row["title"] for row in rows]
    return Reply(row["sequence"], row["text"], tuple(choices), datetime.fromisoformat(row["time"]))
