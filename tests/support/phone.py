"""A guest's phone on WhatsApp, for tests that look at a mesh from outside."""

from __future__ import annotations

import json

import httpx

from deploy.local.whatsapp_guest import signed, webhook_of
from tests.support.local_mesh import LocalMesh
from tests.support.polling import wait_until

_SECRET = b"dev-app-secret"


class Phone:
    """One guest: writes by signed webhooks, and reads what was sent to them."""

    def __init__(self, mesh: LocalMesh, wa_id: str, name: str = "María López") -> None:
        self._http = httpx.Client(base_url=mesh.http_url, timeout=10.0)
        self._name = name
        self.wa_id = wa_id
        self._sent = 0

    def say(self, text: str) -> None:
        self._sent += 1
        content = {"type": "text", "text": {"body": text}}
        body = webhook_of(self.wa_id, f"wamid.{self.wa_id}.{self._sent}", content, name=self._name)
        answer = self._http.post("/webhooks/whatsapp", content=body, headers=signed(body, _SECRET))
        assert answer.status_code == 200, answer.text

    def repeat(self, text: str) -> None:
        """The same words twice, as a robot would, the second time after the answer: one turn would have both."""
        before = len(self.received())
        self.say(text)
        wait_until(lambda: len(self.received()) > before, what="an answer to the first")
        self.say(text)

    def received(self) -> list[str]:
        """Every message that reached the phone, as JSON."""
        answer = self._http.get("/sandbox/messages", params={"to": self.wa_id, "after": 0})
        return [json.dumps(message, ensure_ascii=False) for message in answer.json()["messages"]]

    def times(self, words: str) -> int:
        """How many of them have these words."""
        return sum(words in message for message in self.received())
