"""Analyses messages on threads, so that the event loop never waits; swaps models while running.

Threads and not processes: the encoder's matrix products, half of the time of a message, run outside the interpreter
lock, and a second process would take 160 MB more for the rest. What waits for a thread is read together, since the
encoder reads several messages in half the time that they take one by one.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from services.nlp.domain.analysis import Analyser
from services.nlp.domain.types import Analysis, Context, Message

Load = Callable[[], Analyser]
_Wanted = tuple[Message, asyncio.Future[Analysis]]
_WARM_UP = ("hola, quiero una doble del 3 al 6 de diciembre para dos", "hello, is breakfast included?", "👍")
# Messages that one thread takes at a time: enough for the encoder, and others do not wait long behind a batch.
_CHUNK = 16


class Engine:
    """The domain's MessageReader. Owns the threads and the current Analyser; a reload that fails leaves the old one."""

    def __init__(self, load: Load, *, threads: int) -> None:
        self._load = load
        self._free = threads
        self._waiting: deque[_Wanted] = deque()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="analyse")
        self._analyser: Analyser | None = None

    async def warm_up(self) -> None:
        """Loads the model and analyses a few messages, so that the first guest does not pay for it."""
        self._analyser = await asyncio.get_running_loop().run_in_executor(self._pool, self._loaded)

    async def reload(self) -> None:
        """The same again, beside calls in work, which finish with the old model. Raises what loading raises."""
        await self.warm_up()

    async def analyse(self, messages: Sequence[Message]) -> list[Analysis]:
        self._current()
        loop = asyncio.get_running_loop()
        wanted: list[_Wanted] = [(message, loop.create_future()) for message in messages]
        self._waiting.extend(wanted)
        self._share_out()
        return list(await asyncio.gather(*(analysis for _, analysis in wanted)))

    def _share_out(self) -> None:
        """Gives each free thread its part of what waits: nobody waits while a thread is free."""
        while self._free and self._waiting:
            share = min(_CHUNK, math.ceil(len(self._waiting) / self._free))
            taken = [self._waiting.popleft() for _ in range(share)]
            if chunk := [one for one in taken if not one[1].done()]:  # a caller may have left
                self._free -= 1
                messages = [message for message, _ in chunk]
                work = asyncio.get_running_loop().run_in_executor(self._pool, self._read, messages)
                work.add_done_callback(partial(self._tell, chunk))

    def _read(self, messages: list[Message]) -> list[Analysis | Exception]:
        """On a thread. A message that cannot be read spoils its own answer and no other."""
        try:
            return list(self._current().analyse_all(messages))
        except Exception as error:
            return [error] if len(messages) == 1 else [self._read([message])[0] for message in messages]

    def _tell(self, chunk: list[_Wanted], work: asyncio.Future[list[Analysis | Exception]]) -> None:
        if work.cancelled():  # closed before it was begun
            for _, analysis in chunk:
                analysis.cancel()
            return
        self._free += 1
        for (_, analysis), found in zip(chunk, work.result(), strict=True):
            if analysis.done():
                continue
            if isinstance(found, Analysis):
                analysis.set_result(found)
            else:
                analysis.set_exception(found)
        self._share_out()

    async def check(self) -> None:
        """Readiness: raises until a model is in service."""
        self._current()

    @property
    def version(self) -> str:
        return self._analyser.version if self._analyser else ""

    async def close(self) -> None:
        while self._waiting:
            self._waiting.popleft()[1].cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _current(self) -> Analyser:
        if self._analyser is None:
            raise RuntimeError("no model is loaded yet: warm_up() comes before analyse()")
        return self._analyser

    def _loaded(self) -> Analyser:
        analyser = self._load()
        context = Context(now=datetime(2026, 1, 1, tzinfo=UTC), time_zone=ZoneInfo("UTC"))
        analyser.analyse_all([Message(text=text, context=context) for text in _WARM_UP])
        return analyser
