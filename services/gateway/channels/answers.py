"""Answers of channels' APIs in the outbox's words: what an HTTP status or a broken connection means for a message."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import httpx

from services.gateway.domain.outbox import Advice, Rejected, Unknown

_MAX_RETRY_AFTER = 600


def by_http_status(status: int) -> tuple[str, Advice]:
    """Our word and what to do where no code of the channel says it better."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "trouble at the channel", Advice.RETRY
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT):
        return "throughput", Advice.RETRY
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "credentials refused", Advice.PAGE
    return "refused", Advice.FIX


def by_silence(error: httpx.HTTPError) -> Rejected | Unknown:
    """What a call without an answer means: before a connection nothing was handed over, afterwards nobody knows."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return Rejected(code="", word=f"unreachable ({type(error).__name__})", advice=Advice.UNREACHABLE)
    return Unknown(word=f"no answer ({type(error).__name__})")


def retry_after(response: httpx.Response) -> timedelta | None:
    """How long the channel asks us to wait, ten minutes at most."""
    given = response.headers.get("retry-after", "")
    return timedelta(seconds=min(int(given[:6]), _MAX_RETRY_AFTER)) if given.isascii() and given.isdigit() else None
