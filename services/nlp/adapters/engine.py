"""Analyses messages on threads, so that the event loop never waits; swaps models while running.

Threads and not processes: the encoder's matrix products, half of the time of a message, run outside the interpreter
lock, and a second process would take 160 MB more for the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.nlp.domain.analysis import Analyser
from services.nlp.domain.types import Analysis, Context, Message

Load = Callable[[], Analyser]
_WARM_UP = ("hola, quiero una doble del 3 al 6 de diciembre para dos", "hello, is breakfast included?", "👍")
# Messages that one thread takes at a time: enough for the encoder, and others do not wait long behind a batch.
_CHUNK = 16


class Engine:
    """The domain's MessageReader. Owns the threads and the current Analyser; a reload that fails leaves the old one."""

    def __init__(self, load: Load, *, threads: int) -> None:
        self._load = load
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="analyse")
        self._analyser: Analyser | None = None

    async def warm_up(self) -> None:
        """Loads the model and analyses a few messages, so that the first guest does not pay for it."""
        self._analyser = await asyncio.get_running_loop().run_in_executor(self._pool, self._loaded)

    async def reload(self) -> None:
        """The same again, beside calls in work, which finish with the old model. Raises what loading raises."""
        await self.warm_up()

    async def analyse(self, messages: Sequence[Message]) -> list[Analysis]:
        analyser = self._analyser
        if analyser is None:
            raise RuntimeError("warm_up() comes before analyse()")
        loop = asyncio.get_running_loop()
        chunks = [messages[start : start + _CHUNK] for start in range(0, len(messages), _CHUNK)]
        read = await asyncio.gather(
            *(loop.run_in_executor(self._pool, analyser.analyse_all, chunk) for chunk in chunks)
        )
        return [analysis for part in read for analysis in part]

    async def check(self) -> None:
        """Readiness: raises until a model is in service."""
        if self._analyser is None:
            raise RuntimeError("no model is loaded yet")

    @property
    def version(self) -> str:
        return self._analyser.version if self._analyser else ""

    async def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _loaded(self) -> Analyser:
        analyser = self._load()
        context = Context(now=datetime(2026, 1, 1, tzinfo=UTC), time_zone=ZoneInfo("UTC"))
        analyser.analyse_all([Message(text=text, context=context) for text in _WARM_UP])
        return analyser
