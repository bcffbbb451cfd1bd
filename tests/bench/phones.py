"""The guests' side of a load: webhooks out over a few kept connections, replies in by a stand-in for the Graph API.

Both speak just enough HTTP/1.1. A full client and server would cost the two cores more than the mesh under test does.
"""

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self
from urllib.parse import urlsplit

from deploy.local.whatsapp_guest import signed, webhook_of

_NUMBERS = itertools.count(1)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_REPLY = b'{"messaging_product":"whatsapp","messages":[{"id":"wamid.out.%d"}]}'


class Switchboard:
    """Everyone's phone: `say` posts a webhook, `reply` waits for what the hotel sends to a number."""

    def __init__(self, *, secret: str) -> None:
        self._host, self._port = "127.0.0.1", 0
        self._secret = secret.encode()
        self._idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._graph: asyncio.Server | None = None
        self.graph_url = ""
        self.replies = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, *, secret: str) -> AsyncIterator[Self]:
        """Listens for the hotel's messages; `connect` names the gateway once it runs."""
        board = cls(secret=secret)
        board._graph = await asyncio.start_server(board._serve, "127.0.0.1", 0)
        board.graph_url = f"http://127.0.0.1:{board._graph.sockets[0].getsockname()[1]}"
        try:
            yield board
        finally:
            board._graph.close()
            for _, writer in board._idle:
                writer.close()

    def told(self) -> dict[str, str]:
        """What a mesh must be told to send its messages here."""
        return {"WHATSAPP_GRAPH_BASE_URL": self.graph_url, "WHATSAPP_APP_SECRET": self._secret.decode()}

    def connect(self, url: str) -> None:
        """Where webhooks go."""
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80

    def expect(self, wa_id: str) -> asyncio.Future[float]:
        """The time (perf_counter) at which the next message to this number is handed over."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[wa_id] = future
        return future

    async def say(self, wa_id: str, text: str) -> None:
        """Posts one signed webhook. Raises ConnectionError unless it is answered 200."""
        body = webhook_of(wa_id, f"wamid.{wa_id}.{next(_NUMBERS)}", {"type": "text", "text": {"body": text}})
        headers = {"Host": "gateway", **signed(body, self._secret), "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST /webhooks/whatsapp HTTP/1.1\r\n{lines}\r\n"
        status = await self._post(head.encode() + body)
        if not status.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(status.decode())

    async def _post(self, request: bytes) -> bytes:
        """The first line of the answer. A kept connection may have been closed meanwhile; then by another one."""
        while True:
            kept = bool(self._idle)
            reader, writer = self._idle.pop() if kept else await asyncio.open_connection(self._host, self._port)
            try:
                writer.write(request)
                status, _ = await read_message(reader)
            except (OSError, asyncio.IncompleteReadError) as error:
                writer.close()
                if kept and not getattr(error, "partial", b""):
                    continue
                raise ConnectionError(str(error)) from error
            self._idle.append((reader, writer))
            return status

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The stand-in: takes every message and remembers when it came."""
        try:
            while True:
                _, body = await read_message(reader)
                now = time.perf_counter()
                self.replies += 1
                answer = _REPLY % next(_NUMBERS)
                writer.write(_HEAD % len(answer) + answer)
                waiting = self._waiting.pop(json.loads(body).get("to", ""), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(now)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):  # or the bench is over
            writer.close()


async def read_message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """First line and body of a message with a Content-Length."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return head.split(b"\r\n", 1)[0], await reader.readexactly(length) if length else b""
