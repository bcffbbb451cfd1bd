"""What an HTTP answer of QloApps means, for a read and for a write."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import httpx

from services.pms.adapters.qloapps.failures import AskedTooOften, KeyRefused, Rejected, UnknownOutcome, Unreachable

DEFAULT_RETRY_AFTER = 5.0
# What the proxy in front answers while QloApps may still be at work.
FROM_THE_PROXY = {502, 503, 504}


def must_be_admitted(response: httpx.Response) -> None:
    """Raises for answers given before anything is done: redirects, refused keys, too many requests."""
    match response.status_code:
        case 429:
            raise AskedTooOften(retry_after=retry_after(response))
        case 401 | 403 | 405:
            raise KeyRefused(f"QloApps refuses our key: status {response.status_code}")
        case status if 300 <= status < 400:
            raise Unreachable("QloApps redirects: it is configured with another host", status=status)


def content_of_read(response: httpx.Response) -> Any:
    """The JSON of a read; None when there is no such row. Raises Unreachable or Rejected."""
    must_be_admitted(response)
    if response.status_code == 404:
        return None
    content = _json(response)
    if response.status_code == 400:
        raise Rejected(400, messages_of(content))
    if response.status_code != 200 or content is None:
        raise Unreachable(f"QloApps answers with status {response.status_code}", status=response.status_code)
    return content


def content_of_write(response: httpx.Response) -> Any:
    """The JSON of a write that was made. Raises UnknownOutcome when it may have been, Rejected when it was not."""
    must_be_admitted(response)
    status, content = response.status_code, _json(response)
    if status == 404:
        raise Rejected(404, ("there is no such row",))
    if status == 400 and content is not None:
        raise Rejected(400, messages_of(content))
    if status in {200, 201} and content is not None and "errors" not in content:
        return content
    # A 500 is what a strict PHP answers to a booking that it made; `Fatal error` comes with status 200.
    raise UnknownOutcome(f"QloApps answers a write with status {status}", finished=status not in FROM_THE_PROXY)


def retry_after(response: httpx.Response) -> float:
    """Seconds until we may ask again; dates and nonsense count as the default."""
    text = response.headers.get("Retry-After", "")
    return min(float(text), 3600.0) if text.isdigit() else DEFAULT_RETRY_AFTER


def messages_of(content: Any) -> tuple[str, ...]:
    """The words of an error answer."""
    errors = content.get("errors", []) if isinstance(content, dict) else []
    # Some messages repeat the request, and with it the guest.
    words = [str(error.get("message", "")).partition("Original")[0] for error in errors if isinstance(error, dict)]
    return tuple(text[:200] for text in words if "@" not in text)


def xml_of_read(response: httpx.Response) -> ElementTree.Element | None:
    """The XML of a read; None when there is no such row."""
    must_be_admitted(response)
    if response.status_code == 404:
        return None
    try:
        if response.status_code == 200:
            return ElementTree.fromstring(response.content)  # noqa: S314 - from the hotel's own server
    except ElementTree.ParseError:
        pass
    raise Unreachable(f"QloApps answers with status {response.status_code}", status=response.status_code)


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None
