"""Recordings from the Graph API, in two steps: where a medium is, then the medium itself.

The address comes from outside, and the bearer token goes with it: only Meta's own hosts, and the one the Graph API is
set to, ever see it. An address lives five minutes; one that is over is asked for once more.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import httpx
from mesh.telemetry import get_logger

from services.gateway.channels import reading
from services.gateway.channels.downloads import AGAIN_SECONDS, download, is_within, refusal
from services.gateway.voice.ports import NotYet, Recording, Unheard

_HOSTS = ("lookaside.fbsbx.com",)
_DOMAINS = (".whatsapp.net", ".fbcdn.net")
_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_OK, _NOT_FOUND = 200, 404
log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    url: httpx.URL
    mime_type: str
    sha256: str


class GraphMedia:
    """`MediaSource` over `GET {base}/{version}/{media_id}` with a bearer token."""

    def __init__(self, *, http: httpx.AsyncClient, base_url: str, version: str, token: str, seconds: float) -> None:
        self._http = http
        self._base = httpx.URL(base_url)
        self._prefix = f"{base_url}/{version}"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = httpx.Timeout(seconds, connect=min(seconds, 3.0))

    async def fetch(self, media_id: str, *, most_bytes: int) -> Recording:
        if not _MEDIA_ID.fullmatch(media_id):
            raise Unheard("unsupported")
        try:
            for _ in range(2):
                place = await self._place(media_id, most_bytes)
                audio = await self._download(place, most_bytes)
                if audio is not None:
                    return Recording(audio=audio, mime_type=place.mime_type)
        except httpx.HTTPError as error:
            raise NotYet(type(error).__name__, AGAIN_SECONDS) from error
        raise Unheard("failed")

    async def _place(self, media_id: str, most_bytes: int) -> _Place:
        response = await self._http.get(f"{self._prefix}/{media_id}", headers=self._headers, timeout=self._timeout)
        if response.status_code != _OK:
            raise refusal(response.status_code)
        try:
            answer: object = response.json()
        except (ValueError, RecursionError):
            answer = None
        size = reading.text(answer, "file_size", limit=20)
        if size.isdigit() and int(size) > most_bytes:
            raise Unheard("too_large")
        return _Place(
            url=self._ours(reading.text(answer, "url", limit=2048)),
            mime_type=reading.text(answer, "mime_type", limit=128),
            sha256=reading.text(answer, "sha256", limit=64).lower(),
        )

    def _ours(self, address: str) -> httpx.URL:
        """The address, if the token may go there."""
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL:
            url = httpx.URL("")
        same = (url.scheme, url.host, url.port) == (self._base.scheme, self._base.host, self._base.port)
        metas = is_within(url, _DOMAINS) or (url.host in _HOSTS and is_within(url, _HOSTS))
        if url.userinfo or not (same or metas):
            log.error("media_host_refused", host=url.host[:100])
            raise Unheard("failed")
        return url

    async def _download(self, place: _Place, most_bytes: int) -> bytes | None:
        """The medium; None when its address is over."""
        found = await download(
            self._http, place.url, most_bytes=most_bytes, timeout=self._timeout, headers=self._headers
        )
        if found.status == _NOT_FOUND:
            return None
        if found.status != _OK:
            raise refusal(found.status)
        if place.sha256 and hashlib.sha256(found.content).hexdigest() != place.sha256:
            raise NotYet("sha256 differs", AGAIN_SECONDS)
        return found.content
