"""HTTP clients for calls to channels: httpx to those who call, aiohttp on the wire.

httpx's own transport costs as much processor time for one message sent as storing the webhook that it answers
(docs/adr/0012). What an error means is kept apart here with care: a message counts as not handed over only where no
connection was made; one that broke afterwards leaves it open.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache
from ssl import SSLContext

import aiohttp
import httpx


def http_client(*, connections: int) -> httpx.AsyncClient:
    """A client that keeps at most so many connections. Needs a running loop only when it is used."""
    return httpx.AsyncClient(transport=_AiohttpTransport(connections=connections, trust=_trust()))


@cache
def _trust() -> SSLContext:
    """Who is trusted, read once and before anything is served: it takes tens of milliseconds, and the loop stands."""
    return httpx.create_ssl_context()


class _AiohttpTransport(httpx.AsyncBaseTransport):
    def __init__(self, *, connections: int, trust: SSLContext) -> None:
        self._connections = connections
        self._trust = trust
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        limits = request.extensions.get("timeout", {})
        timeout = aiohttp.ClientTimeout(
            connect=limits.get("pool"), sock_connect=limits.get("connect"), sock_read=limits.get("read")
        )
        with _in_httpx_words():
            answer = await self._open().request(
                request.method,
                str(request.url),
                headers=request.headers.multi_items(),
                data=await request.aread() or None,
                allow_redirects=False,
                timeout=timeout,
            )
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer))

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, ssl=self._trust)
            # Cookies and compression are httpx's; a proxy is taken from the environment, as httpx does.
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=True
            )
        return self._session


class _Body(httpx.AsyncByteStream):
    """An answer's bytes as they come."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _in_httpx_words():
            async for chunk in self._answer.content.iter_any():
                yield chunk

    async def aclose(self) -> None:
        if self._answer.content.at_eof():
            self._answer.release()
        else:
            # What was not read to its end takes its connection along.
            self._answer.close()


@contextmanager
def _in_httpx_words() -> Iterator[None]:
    try:
        yield
    except aiohttp.ConnectionTimeoutError as error:
        raise httpx.ConnectTimeout(str(error)) from error
    except (aiohttp.ServerTimeoutError, TimeoutError) as error:
        raise httpx.ReadTimeout(str(error)) from error
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error)) from error
    except aiohttp.InvalidURL as error:
        raise httpx.UnsupportedProtocol(str(error)) from error
    except aiohttp.ClientError as error:
        raise httpx.ReadError(str(error)) from error
