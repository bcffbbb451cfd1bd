"""Where voice notes wait: listened to on threads of their own, a bounded number at a time, the rest refused at once."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter

from mesh.errors import Busy

from services.nlp import metrics
from services.nlp.speech.ports import Recogniser
from services.nlp.speech.types import Clip, Transcript


class Desk:
    """One clip at a time, since a clip uses all cores anyway, and at most `waiting` behind it."""

    def __init__(self, recogniser: Recogniser, *, waiting: int) -> None:
        self._recogniser = recogniser
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="listen")
        self._most = 1 + waiting
        self._inside = 0

    @property
    def version(self) -> str:
        return self._recogniser.version

    async def transcribe(self, clip: Clip) -> Transcript:
        """Raises Invalid for audio that cannot be read, and Busy when too many wait.

        A caller that leaves frees its place as soon as the recogniser has noticed, and not before.
        """
        if self._inside >= self._most:
            metrics.TRANSCRIPTIONS.labels("refused").inc()
            raise Busy("OVERLOADED", "too many voice notes are waiting", retry_after=5.0)
        loop, gone = asyncio.get_running_loop(), threading.Event()
        self._inside += 1
        started = perf_counter()
        future = self._pool.submit(self._recogniser.recognise, clip, gone.is_set)
        future.add_done_callback(lambda done: _told(loop, self._left, done))
        try:
            transcript = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            gone.set()
            metrics.TRANSCRIPTIONS.labels("abandoned").inc()
            raise
        except Exception:
            metrics.TRANSCRIPTIONS.labels("failed").inc()
            raise
        metrics.TRANSCRIPTIONS.labels("done").inc()
        metrics.TRANSCRIBE_SECONDS.observe(perf_counter() - started)
        metrics.AUDIO_SECONDS.inc(transcript.seconds)
        return transcript

    def _left(self) -> None:
        self._inside -= 1

    async def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _told(loop: asyncio.AbstractEventLoop, what: object, done: Future[Transcript]) -> None:
    """Runs `what` on the loop, unless that has ended."""
    del done
    if not loop.is_closed():
        loop.call_soon_threadsafe(what)  # type: ignore[arg-type]
