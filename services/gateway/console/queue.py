"""The queue: who waits for a person, the most urgent first."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.console.places import Places
from services.gateway.console.shell import Shell
from services.gateway.console.visit import Visit
from services.gateway.staff.desk import Desk

_STATES = ("", "open", "claimed")


class QueuePages:
    """`/console/queue`, and its rows alone for pages that keep themselves live."""

    def __init__(self, *, shell: Shell, desk: Desk, places: Places) -> None:
        self._shell = shell
        self._desk = desk
        self._places = places

    def routes(self) -> list[BaseRoute]:
        """Its routes."""
        return [
            Route("/console/queue", self._shell.page(self.queue), methods=["GET"]),
            Route("/console/queue/rows", self._shell.page(self.rows), methods=["GET"]),
        ]

    async def queue(self, visit: Visit) -> Response:
        return await self._answer(visit, "queue.html")

    async def rows(self, visit: Visit) -> Response:
        answer = await self._answer(visit, "_queue_rows.html")
        etag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:20]}"'
        if visit.request.headers.get("if-none-match") == etag:
            return Response(status_code=304)
        answer.headers["ETag"] = etag
        return answer

    async def _answer(self, visit: Visit, template: str) -> Response:
        asked = visit.request.query_params
        state = asked.get("state", "")
        chosen = state if state in _STATES else ""
        mine = asked.get("mine") == "1"
        queue, colleagues = await asyncio.gather(
            self._desk.queue(visit.person, state=chosen, mine=mine, token=asked.get("page", "")),
            self._places.colleagues(),
        )
        return self._shell.render(
            visit,
            template,
            queue=queue,
            state=chosen,
            mine=mine,
            colleagues=colleagues,
            utc=UTC,
        )
