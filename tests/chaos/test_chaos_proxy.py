"""The proxy passes what it should, and fails as it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.chaos.proxy import Proxy

SECONDS = 10.0


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(1024):
        writer.write(piece)
    writer.close()


@asynccontextmanager
async def _proxied() -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    async with Proxy.open(server.sockets[0].getsockname()[1]) as proxy:
        yield proxy
    server.close()


class _Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer

    @classmethod
    async def to(cls, proxy: Proxy) -> _Client:
        return cls(*await asyncio.open_connection("127.0.0.1", proxy.port))

    async def say(self, words: bytes, *, seconds: float = SECONDS) -> bytes:
        self.writer.write(words)
        async with asyncio.timeout(seconds):
            return await self._reader.readexactly(len(words))


async def test_bytes_and_the_end_of_them_pass_both_ways() -> None:
    async with _proxied() as proxy:
        client = await _Client.to(proxy)
        assert await client.say(b"hola" * 1000) == b"hola" * 1000
        client.writer.write_eof()
        assert await client._reader.read() == b""


async def test_a_reset_cuts_what_is_open_and_refusing_what_comes() -> None:
    async with _proxied() as proxy:
        client = await _Client.to(proxy)
        await client.say(b"hola")
        proxy.refusing = True
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            await client.say(b"hola")
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await (await _Client.to(proxy)).say(b"hola")
        proxy.heal()
        assert await (await _Client.to(proxy)).say(b"hola") == b"hola"


async def test_what_is_held_arrives_when_the_network_is_back() -> None:
    async with _proxied() as proxy:
        client = await _Client.to(proxy)
        proxy.held = True
        with pytest.raises(TimeoutError):
            await client.say(b"hola", seconds=0.2)
        proxy.heal()
        assert await client._reader.readexactly(4) == b"hola"


async def test_a_half_open_connection_stays_dead_and_new_ones_live() -> None:
    async with _proxied() as proxy:
        old = await _Client.to(proxy)
        await old.say(b"hola")
        proxy.kill_silently()
        with pytest.raises(TimeoutError):
            await old.say(b"hola", seconds=0.2)
        assert await (await _Client.to(proxy)).say(b"hola") == b"hola"


async def test_latency_and_a_narrow_line_delay_and_lose_nothing() -> None:
    async with _proxied() as proxy:
        client = await _Client.to(proxy)
        proxy.latency, proxy.bytes_per_second = 0.02, 100_000
        assert await client.say(b"x" * 5_000) == b"x" * 5_000
