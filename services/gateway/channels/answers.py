"""Answers of channels' APIs in the outbox's words: what a status, a broken connection or half a message means."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import TypeVar

import httpx

from services.gateway.domain.outbox import Accepted, Advice, Rejected, SendOutcome, Unknown

_MAX_RETRY_AFTER = 600

Part = TypeVar("Part")


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


def json_of(response: httpx.Response) -> object:
    """The answer's JSON; None for what is none."""
    try:
        answer: object = response.json()
    except (ValueError, RecursionError):
        return None
    return answer


async def send_parts(parts: Sequence[Part], send: Callable[[Part], Awaitable[SendOutcome]]) -> SendOutcome:
    """Sends the parts of one message in order, until one is not taken; the last one's outcome is the message's."""
    outcome: SendOutcome = Accepted(channel_message_id="")
    for number, part in enumerate(parts):
        outcome = await send(part)
        if isinstance(outcome, Rejected) and number > 0:
            # The parts before this one are out: another try repeats them.
            outcome = Unknown(word=f"{outcome.code} {outcome.word} after a part was sent")
        if not isinstance(outcome, Accepted):
            break
    return outcome
