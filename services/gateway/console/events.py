"""Server-Sent Events for staff's pages: which conversations changed. Pages then ask for the part they show."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from mesh.errors import DomainError
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from services.gateway.console.shell import Shell
from services.gateway.console.visit import Visit
from services.gateway.staff.domain.role import Right
from services.gateway.staff.live import Listener, Live

_MOST_STREAMS = 500
# What changes within this time after an event is told by one more: the first of a burst waits for nothing.
_TOGETHER_SECONDS = 0.05
_STILL_ALLOWED_SECONDS = 15.0


class EventStream:
    """`/console/events`. `poll_seconds` is how soon a page looks by itself at what no event told."""

    def __init__(self, *, shell: Shell, live: Live, poll_seconds: float, open_for_streams: Callable[[], bool]) -> None:
        self._shell = shell
        self._live = live
        self._poll_seconds = poll_seconds
        self._open_for_streams = open_for_streams

    def routes(self) -> list[BaseRoute]:
        """Its route."""
        return [Route("/console/events", self._shell.page(self.stream), methods=["GET"])]

    async def stream(self, visit: Visit) -> Response:
        visit.person.must(Right.CONVERSATIONS)
        if self._live.listeners >= _MOST_STREAMS or not self._open_for_streams():
            return Response(status_code=503, headers={"Retry-After": "2"})
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(visit), media_type="text/event-stream", headers=headers)

    async def _events(self, visit: Visit) -> AsyncIterator[str]:
        with self._live.listen() as listener:
            yield "retry: 1000\n\n"
            waited = 0.0
            while self._open_for_streams():
                changed = await self._next(listener)
                waited = waited + self._poll_seconds if not changed else waited
                if waited >= _STILL_ALLOWED_SECONDS:
                    waited = 0.0
                    if not await self._still_allowed(visit):
                        return
                # An event without names means: look, if you have not for a while.
                yield f"event: changed\ndata: {json.dumps(sorted(changed))}\n\n"
                if changed:
                    await asyncio.sleep(_TOGETHER_SECONDS)

    async def _next(self, listener: Listener) -> frozenset[str]:
        try:
            async with asyncio.timeout(self._poll_seconds):
                await listener.rung.wait()
        except TimeoutError:
            return frozenset()
        return listener.take()

    async def _still_allowed(self, visit: Visit) -> bool:
        try:
            await self._shell.access.authenticate(self._shell.token_of(visit.request))
        except DomainError:
            return False
        return True
