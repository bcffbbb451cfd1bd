"""A way to a server that can be cut or made slow: what a network does to a store, done on purpose."""

from __future__ import annotations

import asyncio
import contextlib
from urllib.parse import urlsplit, urlunsplit

from deploy.local.ports import LOOPBACK

_SLOW_SECONDS = 0.01  # each way; a turn is many round trips, and the deadlines allow for them all
_CHUNK = 65_536


class Relay:
    """Listens on a port of its own and passes on to `url`'s server. `state` is one of `vocabulary.STATES`.

    `unavailable` and `timeout` cut every connection and take no new one. With `unknown_outcome` the server hears and
    answers, and the answer is lost.
    """

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._state = "available"
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self) -> str:
        """The URL to use instead."""
        self._server = await asyncio.start_server(self._take, LOOPBACK, 0)
        user, at, _ = self._parts.netloc.rpartition("@")
        port = self._server.sockets[0].getsockname()[1]
        return urlunsplit(self._parts._replace(netloc=f"{user}{at}{LOOPBACK}:{port}"))

    def set(self, state: str) -> None:
        """From now on."""
        self._state = state
        if state not in ("available", "slow"):
            for writer in self._open:
                writer.close()

    async def stop(self) -> None:
        """Cuts everything."""
        self.set("unavailable")
        if self._server is not None:
            self._server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._state in ("unavailable", "timeout"):
            writer.close()
            return
        try:
            there, back = await asyncio.open_connection(self._parts.hostname, self._parts.port)
        except OSError:
            writer.close()
            return
        self._open |= {writer, back}
        try:
            await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer, answers=True))
        finally:
            for side in (writer, back):
                side.close()
                self._open.discard(side)

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool = False
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(_CHUNK):
                if self._state == "slow":
                    await asyncio.sleep(_SLOW_SECONDS)
                if answers and self._state == "unknown_outcome":
                    break
                sink.write(data)
                await sink.drain()
        sink.close()
