"""Serves an ASGI application with uvicorn inside a process whose signals and loop belong to the mesh."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Any

KEEP_ALIVE_SECONDS = 75
# Requests take milliseconds.
GRACE_SECONDS = 2.0


class WebServer:
    """uvicorn without its signal handlers and without its own logging."""

    def __init__(self, app: Any, *, host: str, port: int) -> None:
        # Imported here, since only a service that speaks HTTP installs it.
        import uvicorn  # noqa: PLC0415

        self._host, self._port = host, port
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        # Signals are the process's: uvicorn must not catch them away from the drain.
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
        self._task: asyncio.Task[None] | None = None
        self._socket: socket.socket | None = None
        self._ready = asyncio.Event()

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1]) if self._socket is not None else self._port

    async def start(self) -> None:
        """Listens. Raises OSError naming the port when it is taken."""
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # asyncio sends small answers at once (TCP_NODELAY) only on sockets that say they are TCP; else they wait 40 ms.
        self._socket = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((self._host, self._port))
        except OSError as error:
            raise OSError(
                f"{self._host}:{self._port} is busy; set HTTP_PORT to a free one ({error.strerror})"
            ) from None
        self._task = asyncio.create_task(self._serve(), name="http")
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({self._task, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            self._task.result()

    async def _serve(self) -> None:
        startup = self._server.startup

        async def started(sockets: list[socket.socket] | None = None) -> None:
            await startup(sockets=sockets)
            self._ready.set()

        self._server.startup = started  # type: ignore[method-assign]
        await self._server.serve(sockets=[self._socket] if self._socket else None)

    async def stop(self) -> None:
        """Takes no more requests, lets those in work end, then cuts off what is left: open event streams never end."""
        if self._task is None:
            return
        self._server.should_exit = True
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                await asyncio.shield(self._task)
        except TimeoutError:
            self._server.force_exit = True
            await self._task
