"""Calls to Twilio's REST API: one message out, the outcome as the outbox understands it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from services.gateway.channels import reading
from services.gateway.channels.answers import by_silence, json_of, retry_after
from services.gateway.channels.sms.codes import meaning_of
from services.gateway.domain.outbox import Accepted, Rejected, SendOutcome

_PAGE = 50


class TwilioClient:
    """`{base}/2010-04-01/Accounts/{sid}/Messages.json` with basic auth. `http` is one client for the process."""

    def __init__(self, *, http: httpx.AsyncClient, base_url: str, account_sid: str, token: str, seconds: float) -> None:
        self._http = http
        self._url = f"{base_url}/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._auth = httpx.BasicAuth(account_sid, token)
        self._timeout = httpx.Timeout(seconds, connect=min(seconds, 3.0))

    async def post_message(self, form: Mapping[str, str]) -> SendOutcome:
        """Hands one message over. Where no answer came, it may have been sent: Unknown."""
        try:
            response = await self._http.post(self._url, data=form, auth=self._auth, timeout=self._timeout)
        except httpx.HTTPError as error:
            return by_silence(error)
        answer = json_of(response)
        if response.is_success:
            return Accepted(channel_message_id=reading.text(answer, "sid"))
        code = reading.text(answer, "code", limit=16)
        word, advice = meaning_of(code, response.status_code)
        return Rejected(
            code=code or f"HTTP {response.status_code}", word=word, advice=advice, retry_after=retry_after(response)
        )

    async def find_message(self, form: Mapping[str, str], *, since: datetime) -> str:
        """The sid of a message with these words to this person that Twilio took after `since`; empty when there is
        none or Twilio does not say. For a try after one that was not answered.
        """
        query = {"To": form["To"], "DateSent>": since.date().isoformat(), "PageSize": str(_PAGE)}
        try:
            response = await self._http.get(self._url, params=query, auth=self._auth, timeout=self._timeout)
        except httpx.HTTPError:
            return ""
        for message in reading.items(json_of(response), "messages"):
            if _is_the_same(message, form) and _taken_after(message, since):
                return reading.text(message, "sid")
        return ""


def _is_the_same(message: Mapping[str, Any], form: Mapping[str, str]) -> bool:
    files = "1" if "MediaUrl" in form else "0"
    return reading.prose(message, "body") == form.get("Body", "") and reading.text(message, "num_media") in ("", files)


def _taken_after(message: Mapping[str, Any], since: datetime) -> bool:
    try:
        # Twilio's times are whole seconds.
        return parsedate_to_datetime(reading.text(message, "date_created")) >= since.replace(microsecond=0)
    except (ValueError, TypeError):
        return False
