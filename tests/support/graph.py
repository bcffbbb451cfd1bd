"""A Graph API whose answers a test scripts, spoken to over a real HTTP client without sockets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx

Answer = httpx.Response | Exception


class Graph:
    """Answers from `script` in order, then 200 for ever; remembers every call."""

    def __init__(self, script: Iterable[Answer | Callable[[], Answer]] = ()) -> None:
        self._script = list(script)
        self.calls: list[dict[str, Any]] = []
        self.requests: list[httpx.Request] = []

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def texts(self) -> list[str]:
        """What was posted, call by call."""
        return [call.get("text", {}).get("body", "") for call in self.calls]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.calls.append(json.loads(request.content))
        answer = self._script.pop(0) if self._script else accepted(f"wamid.{len(self.calls)}")
        if callable(answer):
            answer = answer()
        if isinstance(answer, Exception):
            raise answer
        return answer


def accepted(channel_message_id: str) -> httpx.Response:
    return httpx.Response(200, json={"messaging_product": "whatsapp", "messages": [{"id": channel_message_id}]})


def refused(code: int, *, status: int = 400, headers: dict[str, str] | None = None) -> httpx.Response:
    error = {"message": f"(#{code}) no", "type": "OAuthException", "code": code, "fbtrace_id": "x"}
    return httpx.Response(status, json={"error": error}, headers=headers)
