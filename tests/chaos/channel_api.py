"""A stand-in for WhatsApp's Cloud API that misbehaves on demand, and remembers what it took.

It takes a message or refuses it with a documented code, answers late or never, or cuts the connection after taking it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from tests.bench.phones import read_message
from tests.chaos.history import Call

_HEAD = "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
_SILENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How one call is answered: without a `code` it is taken. `answers` False: the connection ends or stays silent."""

    code: int | None = None
    taken: bool = True
    after: float = 0.0
    answers: bool = True


GOOD = Behaviour()
SILENT = Behaviour(after=_SILENCE_SECONDS, answers=False)
DEAF = Behaviour(taken=False, after=_SILENCE_SECONDS, answers=False)
CUT = Behaviour(answers=False)


def refusing(code: int) -> Behaviour:
    """With a code of the table in services/gateway/channels/whatsapp/codes.py."""
    return Behaviour(code=code, taken=False)


class ChannelApi:
    """`behave()` says how the next call is answered; `heard` wakes whoever waits for a message to a number."""

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[Call] = []
        self.behave: Callable[[], Behaviour] = lambda: GOOD
        self._arrived: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._numbers = itertools.count(1)
        self._open: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        """Listens on a free port."""
        api = cls()
        server = await asyncio.start_server(api._accept, "127.0.0.1", 0)
        api.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield api
        finally:
            server.close()
            for task in list(api._open):
                task.cancel()
            await asyncio.gather(*api._open, return_exceptions=True)

    async def heard(self, guest: str, *, seconds: float) -> bool:
        """Whether a message reached this number, since the last call, within so many seconds."""
        event = self._arrived[guest]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)
        was = event.is_set()
        event.clear()
        return was

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            # Cancelled at the end of the house: nothing to complain of.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while True:
                    _, body = await read_message(reader)
                    if not await self._answer(json.loads(body), writer):
                        break
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(self, message: dict[str, Any], writer: asyncio.StreamWriter) -> bool:
        """False ends the connection."""
        if "to" not in message:
            # Read and typing: no message.
            _write(writer, 200, {"success": True})
            return True
        how = self.behave()
        guest = str(message["to"])
        reply = str(message.get("biz_opaque_callback_data", ""))
        self.calls.append(Call(message_id=reply, guest=guest, taken=how.taken, code=how.code))
        if how.taken:
            self._arrived[guest].set()
        await asyncio.sleep(how.after)
        if not how.answers:
            return False
        if how.code is not None:
            status = 500 if how.code in (1, 2, 131000, 131016) else 400
            _write(writer, status, {"error": {"message": f"(#{how.code})", "code": how.code, "fbtrace_id": "x"}})
        else:
            answer = {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.out.{next(self._numbers)}"}]}
            _write(writer, 200, answer)
        return True


def _write(writer: asyncio.StreamWriter, status: int, content: dict[str, Any]) -> None:
    body = json.dumps(content).encode()
    writer.write(_HEAD.format(status=status, length=len(body)).encode() + body)
