"""Analyses messages on threads, so that the event loop never waits; swaps models while running."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.nlp.domain.analysis import Analyser
from services.nlp.domain.types import Analysis, Context

Load = Callable[[], Analyser]
_WARM_UP = ("hola, quiero una doble del 3 al 6 de diciembre para dos", "hello, is breakfast included?", "👍")


class Engine:
    """Owns the threads and the current Analyser. A reload that fails leaves the old one in service."""

    def __init__(self, load: Load, *, threads: int) -> None:
        self._load = load
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="analyse")
        self._analyser: Analyser | None = None

    async def warm_up(self) -> None:
        """Loads the model and analyses a few messages, so that the first guest does not pay for it."""
        self._analyser = await self._in_thread(self._loaded)

    async def reload(self) -> None:
        """Calls in work finish with the old model. Raises what loading raises."""
        self._analyser = await self._in_thread(self._loaded)

    async def analyse(self, text: str, context: Context, languages: tuple[str, ...]) -> Analysis:
        analyser = self._analyser
        if analyser is None:
            raise RuntimeError("warm_up() comes before analyse()")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: analyser.analyse(text, context, languages=languages))

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
        for text in _WARM_UP:
            analyser.analyse(text, context)
        return analyser

    async def _in_thread(self, work: Load) -> Analyser:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)
