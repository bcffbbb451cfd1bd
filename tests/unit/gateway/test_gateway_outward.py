"""Calls to channels over real sockets: what an error tells about whether the channel has the message."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from deploy.local.ports import LOOPBACK
from services.gateway.channels.answers import by_silence
from services.gateway.channels.outward import http_client
from services.gateway.domain.outbox import Rejected, Unknown

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
TIMEOUT = httpx.Timeout(5.0, read=0.2)


@asynccontextmanager
async def channel(answer: Answer) -> AsyncIterator[str]:
    """The address of a server that reads a request's head and body and then does what it is told to."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
        await answer(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, LOOPBACK, 0)
    try:
        yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}/messages"
    finally:
        server.close()


async def post(url: str) -> httpx.Response:
    async with http_client(connections=2) as http:
        return await http.post(url, json={"text": "hola"}, timeout=TIMEOUT)


async def test_an_answer_comes_whole_with_its_headers() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"3\r\n{}\n\r\n0\r\n\r\n")

    async with channel(answer) as url:
        response = await post(url)
    assert (response.status_code, response.headers["retry-after"], response.json()) == (429, "7", {})


async def test_where_no_connection_was_made_nothing_was_handed_over() -> None:
    async with channel(_hang_up) as url:
        pass  # nobody listens there any more
    with pytest.raises(httpx.ConnectError) as caught:
        await post(url)
    assert isinstance(by_silence(caught.value), Rejected)


async def _hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _say_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def _say_half(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")


async def _say_nonsense(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\x01\x02 what\r\n\r\n")


@pytest.mark.parametrize("answer", [_hang_up, _say_nothing, _say_half, _say_nonsense])
async def test_after_the_request_went_out_nobody_knows(answer: Answer) -> None:
    async with channel(answer) as url:
        with pytest.raises(httpx.HTTPError) as caught:
            await post(url)
    assert isinstance(by_silence(caught.value), Unknown)


async def test_an_answer_can_be_read_in_part() -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 50_000)
        await writer.drain()

    async with (
        channel(endless) as url,
        http_client(connections=1) as http,
        http.stream("POST", url, json={}, timeout=TIMEOUT) as response,
    ):
        assert (await anext(response.aiter_bytes())).startswith(b"x")
