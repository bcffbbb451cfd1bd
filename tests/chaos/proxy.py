"""A TCP proxy that can be slow, narrow, cut, or silent: how networks fail, between any client and any server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

_LOOPBACK = "127.0.0.1"
_PIECE = 64 * 1024
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close() sends RST instead of FIN


@dataclass(eq=False, slots=True)
class _Line:
    """One connection through the proxy: both halves of it."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    dead: bool = False


class Proxy:
    """Passes bytes from its port to `target` on this machine; the attributes say how badly, from now on.

    `latency` seconds before each piece, `bytes_per_second` each way, `refusing` resets every new connection, `held`
    keeps bytes back until it is False again.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.latency = 0.0
        self.bytes_per_second = 0.0
        self.refusing = False
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._lines: set[_Line] = set()
        self._pumps: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, target: int) -> AsyncIterator[Self]:
        """Listens on a free port."""
        proxy = cls(target)
        server = await asyncio.start_server(proxy._serve, _LOOPBACK, 0)
        proxy.port = server.sockets[0].getsockname()[1]
        try:
            yield proxy
        finally:
            server.close()
            proxy.reset()
            for pump in list(proxy._pumps):
                pump.cancel()
            await asyncio.gather(*proxy._pumps, return_exceptions=True)

    @property
    def connections(self) -> int:
        """How many are open, dead ones included."""
        return len(self._lines)

    @property
    def held(self) -> bool:
        """Whether bytes are kept back."""
        return not self._flowing.is_set()

    @held.setter
    def held(self, value: bool) -> None:
        self._flowing.clear() if value else self._flowing.set()

    def reset(self) -> None:
        """Cuts every connection with RST, on both sides."""
        for line in list(self._lines):
            _cut(line.client)
            _cut(line.server)

    def kill_silently(self) -> None:
        """Every connection there is stays open and carries nothing any more, as when a firewall forgets it.

        Connections made later work.
        """
        for line in self._lines:
            line.dead = True

    def heal(self) -> None:
        """Passes everything at once again. What was cut or killed stays so."""
        self.latency = self.bytes_per_second = 0.0
        self.refusing = self.held = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            _cut(writer)
            return
        try:
            answers, server = await asyncio.open_connection(_LOOPBACK, self.target)
        except OSError:
            _cut(writer)
            return
        line = _Line(writer, server)
        self._lines.add(line)
        pumps = [
            asyncio.create_task(self._pump(reader, server, line)),
            asyncio.create_task(self._pump(answers, writer, line)),
        ]
        self._pumps.update(pumps)
        await asyncio.wait(pumps)
        self._pumps.difference_update(pumps)
        self._lines.discard(line)
        for side in (writer, server):
            side.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, line: _Line) -> None:
        """One direction, until its source ends; then the sink is told."""
        with contextlib.suppress(OSError):
            while piece := await source.read(_PIECE):
                await self._flowing.wait()
                if self.latency:
                    await asyncio.sleep(self.latency)
                if self.bytes_per_second:
                    await asyncio.sleep(len(piece) / self.bytes_per_second)
                if not line.dead:
                    sink.write(piece)
                    await sink.drain()
            if not line.dead:
                sink.write_eof()
            return
        _cut(sink)


def _cut(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
