"""Recordings from Twilio: at its API alone with our credentials, and without them where it sends us on to."""

from __future__ import annotations

import base64

import httpx

from services.gateway.channels.downloads import AGAIN_SECONDS, Download, download, is_within, refusal
from services.gateway.channels.sms.contents import is_media_url
from services.gateway.voice.ports import NotYet, Recording, Unheard

# Where media are stored behind the API.
_STORES = (".twilio.com", ".twiliocdn.com", ".amazonaws.com")


class TwilioMedia:
    """`MediaSource` over the `MediaUrlN` of a message, which are our ids of media."""

    def __init__(self, *, http: httpx.AsyncClient, account_sid: str, token: str, seconds: float) -> None:
        self._http = http
        credentials = base64.b64encode(f"{account_sid}:{token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}"}
        self._timeout = httpx.Timeout(seconds, connect=min(seconds, 3.0))

    async def fetch(self, media_id: str, *, most_bytes: int) -> Recording:
        if not is_media_url(media_id):
            raise Unheard("unsupported")
        try:
            found = await self._get(media_id, most_bytes, headers=self._headers)
            if found.location:
                found = await self._get(_stored(found.location), most_bytes)
        except httpx.HTTPError as error:
            raise NotYet(type(error).__name__, AGAIN_SECONDS) from error
        if not found.content:
            raise refusal(found.status)
        return Recording(audio=found.content, mime_type=found.mime_type)

    async def _get(self, url: str, most_bytes: int, headers: dict[str, str] | None = None) -> Download:
        return await download(self._http, url, most_bytes=most_bytes, timeout=self._timeout, headers=headers)


def _stored(location: str) -> str:
    """The address that Twilio sends us on to, if it is one of its stores'."""
    try:
        url = httpx.URL(location)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if not is_within(url, _STORES):
        raise Unheard("failed")
    return location
