"""Recordings fetched from where a channel keeps them: never more than asked for, and what a refusal means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from mesh.telemetry import get_logger

from services.gateway.voice.ports import NotYet, Unheard

AGAIN_SECONDS = 3.0
_HOST = re.compile(r"[a-z0-9.-]{1,253}")
_TOO_MANY, _SERVER_TROUBLE = 429, 500
log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One answer; `content` is empty unless it is good. `location` is where a redirect leads."""

    status: int
    mime_type: str = ""
    location: str = ""
    content: bytes = field(default=b"", repr=False)


def is_within(url: httpx.URL, domains: tuple[str, ...]) -> bool:
    """Whether an address is on a host below one of `domains` (".example.com"), over https and nothing added.

    A host with other characters than a name's is refused: `10.0.0.1\\.example.com` is another host to another reader.
    """
    plain = _HOST.fullmatch(url.host) is not None and url.host.endswith(domains)
    return url.scheme == "https" and plain and url.port is None and not url.userinfo


async def download(
    http: httpx.AsyncClient,
    url: httpx.URL | str,
    *,
    most_bytes: int,
    timeout: httpx.Timeout,
    headers: Mapping[str, str] | None = None,
) -> Download:
    """Gets one address; redirects are not followed, since they would carry the credentials along.

    Raises Unheard for more than `most_bytes`, and httpx.HTTPError.
    """
    async with http.stream("GET", url, headers=headers, timeout=timeout, follow_redirects=False) as response:
        mime_type, location = response.headers.get("Content-Type", ""), response.headers.get("Location", "")
        if not response.is_success:
            return Download(status=response.status_code, location=location)
        told = response.headers.get("Content-Length", "")
        if told.isdigit() and int(told) > most_bytes:
            raise Unheard("too_large")
        content = bytearray()
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > most_bytes:
                raise Unheard("too_large")
    return Download(status=response.status_code, mime_type=mime_type, content=bytes(content))


def refusal(status: int) -> Exception:
    """What may pass is tried again; what is refused (a medium that is gone, a token that is wrong) is not."""
    if status == _TOO_MANY or status >= _SERVER_TROUBLE:
        return NotYet(f"HTTP {status}", AGAIN_SECONDS)
    log.error("media_refused", status=status)
    return Unheard("failed")
