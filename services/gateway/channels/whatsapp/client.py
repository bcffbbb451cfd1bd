"""Calls to the Cloud API: one message out, the outcome as the outbox understands it."""

from __future__ import annotations

from typing import Any

import httpx

from services.gateway.channels import reading
from services.gateway.channels.answers import by_silence, json_of, retry_after
from services.gateway.channels.whatsapp.codes import meaning_of
from services.gateway.domain.attachment import Attachment
from services.gateway.domain.outbox import Accepted, Advice, Rejected, SendOutcome
from services.gateway.metrics import GRAPH_SECONDS

_OK = 200
# Only Opus in Ogg is taken, and only when it is said.
_MEDIA_TYPES = {"audio/ogg": "audio/ogg; codecs=opus"}
_READ_SECONDS = 3.0


class GraphClient:
    """`POST {base}/{version}/{phone_number_id}/messages` with a bearer token. `http` is one client for the process."""

    def __init__(self, *, http: httpx.AsyncClient, base_url: str, version: str, token: str, seconds: float) -> None:
        self._http = http
        self._base = f"{base_url}/{version}"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = httpx.Timeout(seconds, connect=min(seconds, 3.0))

    async def post_message(self, phone_number_id: str, payload: dict[str, Any]) -> SendOutcome:
        """Hands one message over. Where no answer came, it may have been sent: Unknown."""
        url = f"{self._base}/{phone_number_id}/messages"
        try:
            with GRAPH_SECONDS.time():
                response = await self._http.post(url, json=payload, headers=self._headers, timeout=self._timeout)
        except httpx.HTTPError as error:
            return by_silence(error)
        return _outcome(response)

    async def upload(self, phone_number_id: str, attachment: Attachment, content: bytes) -> str | Rejected:
        """Hands a file over and gives Meta's id of it. The guest has nothing yet, so silence is a refusal for now."""
        form = {"messaging_product": "whatsapp", "type": _MEDIA_TYPES.get(attachment.mime_type, attachment.mime_type)}
        file = (attachment.name, content, form["type"])
        try:
            response = await self._http.post(
                f"{self._base}/{phone_number_id}/media",
                data=form,
                files={"file": file},
                headers=self._headers,
                timeout=self._timeout,
            )
        except httpx.HTTPError as error:
            silence = by_silence(error)
            return silence if isinstance(silence, Rejected) else _again(silence.word)
        media_id = reading.text(json_of(response), "id", limit=128)
        if response.status_code == _OK and media_id:
            return media_id
        outcome = _outcome(response)
        return outcome if isinstance(outcome, Rejected) else _again("an upload without an id")

    async def mark_read(self, phone_number_id: str, message_id: str) -> None:
        """Marks a message, and those before it, as read; shows "typing" until our answer or for 25 s. Not tried again.

        Raises httpx.HTTPError when it was not taken.
        """
        payload = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": message_id,
            "typing_indicator": {"type": "text"},
        }
        url = f"{self._base}/{phone_number_id}/messages"
        response = await self._http.post(url, json=payload, headers=self._headers, timeout=_READ_SECONDS)
        response.raise_for_status()


def _again(word: str) -> Rejected:
    return Rejected(code="", word=word, advice=Advice.RETRY)


def _outcome(response: httpx.Response) -> SendOutcome:
    answer = json_of(response)
    if response.status_code == _OK:
        message_id = reading.text(next(reading.items(answer, "messages"), {}), "id")
        # 200 means accepted, whatever the body; without an id the status's callback data is the link.
        return Accepted(channel_message_id=message_id)
    code = reading.text(reading.mapping(answer, "error"), "code", limit=16)
    number = int(code) if code.isascii() and code.isdigit() else None
    word, advice = meaning_of(number, response.status_code)
    return Rejected(
        code=code or f"HTTP {response.status_code}", word=word, advice=advice, retry_after=retry_after(response)
    )
