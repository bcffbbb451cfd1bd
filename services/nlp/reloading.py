"""SIGHUP takes the model's files as they are now, without a failed call; a broken one is told and the old one stays."""

from __future__ import annotations

import asyncio
import signal

from mesh.telemetry import get_logger

from services.nlp import metrics
from services.nlp.adapters.engine import Engine
from services.nlp.model.artefact import BrokenArtefact

log = get_logger(__name__)


class Reloader:
    """Background work of the process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wanted = asyncio.Event()

    async def run(self) -> None:
        """Reloads at every SIGHUP, for ever; several that come during a reload are one."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self._wanted.set)
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                await self.reload()
        finally:
            loop.remove_signal_handler(signal.SIGHUP)

    async def reload(self) -> None:
        """One reload."""
        try:
            await self._engine.reload()
        except BrokenArtefact as error:
            metrics.RELOADS.labels("broken").inc()
            log.error("model_broken", problem=str(error), kept=self._engine.version)
        else:
            metrics.RELOADS.labels("done").inc()
            log.info("model_loaded", version=self._engine.version)
