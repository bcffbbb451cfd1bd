"""The day's arrivals and departures, and the search."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.console.places import Places
from services.gateway.console.shell import Shell
from services.gateway.console.visit import Visit
from services.gateway.staff.lookup import Lookup


class HotelPages:
    """`/console/stays` and `/console/search`."""

    def __init__(self, *, shell: Shell, lookup: Lookup, places: Places) -> None:
        self._shell = shell
        self._lookup = lookup
        self._places = places

    def routes(self) -> list[BaseRoute]:
        """Its routes."""
        return [
            Route("/console/stays", self._shell.page(self.stays), methods=["GET"]),
            Route("/console/search", self._shell.page(self.search), methods=["GET"]),
        ]

    async def stays(self, visit: Visit) -> Response:
        asked = visit.request.query_params
        place = await self._places.of(asked.get("property", ""))
        today = self._shell.clock.now().astimezone(place.zone).date()
        day = _day(asked.get("day", ""), today)
        found = await self._lookup.day(visit.person, place.property_id, day)
        return self._shell.render(
            visit,
            "stays.html",
            place=place,
            places=await self._places.all(),
            found=found,
            day=day,
            today=today,
            before=day - timedelta(days=1),
            after=day + timedelta(days=1),
        )

    async def search(self, visit: Visit) -> Response:
        words = visit.request.query_params.get("q", "")[:200]
        known = [place.property_id for place in await self._places.all()]
        found = await self._lookup.search(visit.person, words, known) if words.strip() else None
        return self._shell.render(visit, "search.html", words=words, found=found)


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today
