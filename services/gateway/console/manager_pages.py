"""The manager's pages: figures, corrections to review, canned answers."""

from __future__ import annotations

import re
from datetime import timedelta

import yaml
from mesh.errors import NotFound
from mesh.values import new_id
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.console.places import Places
from services.gateway.console.shell import Shell, back
from services.gateway.console.visit import Visit
from services.gateway.staff.adapters.figures_read import PostgresFiguresReader
from services.gateway.staff.domain.proposal import State
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import LANGUAGES
from services.gateway.staff.review import Review

_SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
_ID = re.compile(r"(?:can|prp)_[0-9a-f]{20}")


class ManagerPages:
    """`/console/figures`, `/console/proposals`, `/console/canned`."""

    def __init__(self, *, shell: Shell, figures: PostgresFiguresReader, review: Review, places: Places) -> None:
        self._shell = shell
        self._figures = figures
        self._review = review
        self._places = places

    def routes(self) -> list[BaseRoute]:
        """Its routes."""
        page, form = self._shell.page, self._shell.form
        return [
            Route("/console/figures", page(self.figures), methods=["GET"]),
            Route("/console/figures/live", page(self.figures_live), methods=["GET"]),
            Route("/console/proposals", page(self.proposals), methods=["GET"]),
            Route("/console/proposals/accepted.yaml", page(self.files), methods=["GET"]),
            Route("/console/proposals/{id}/{verdict}", form(self.decide), methods=["POST"]),
            Route("/console/canned", page(self.canned), methods=["GET"]),
            Route("/console/canned", form(self.put_canned), methods=["POST"]),
            Route("/console/canned/{id}/remove", form(self.remove_canned), methods=["POST"]),
        ]

    async def figures(self, visit: Visit) -> Response:
        return await self._figures_page(visit, "figures.html")

    async def figures_live(self, visit: Visit) -> Response:
        return await self._figures_page(visit, "_figures_live.html")

    async def _figures_page(self, visit: Visit, template: str) -> Response:
        visit.person.must(Right.FIGURES)
        asked = visit.request.query_params
        span = asked.get("span", "day")
        span = span if span in _SPANS else "day"
        property_id = asked.get("property", "")
        until = self._shell.clock.now()
        figures = await self._figures.read(since=until - _SPANS[span], until=until, property_id=property_id)
        return self._shell.render(
            visit,
            template,
            figures=figures,
            span=span,
            spans=list(_SPANS),
            property_id=property_id,
            places=await self._places.all(),
            place=await self._places.of(property_id),
        )

    async def proposals(self, visit: Visit) -> Response:
        asked = visit.request.query_params.get("state", State.PROPOSED.value)
        state = State(asked) if asked in set(State) else State.PROPOSED
        return self._shell.render(
            visit,
            "proposals.html",
            proposals=await self._review.listed(visit.person, state),
            state=state,
            states=list(State),
            colleagues=await self._places.colleagues(),
            place=await self._places.of(""),
        )

    async def files(self, visit: Visit) -> Response:
        content = yaml.safe_dump(dict(await self._review.files(visit.person)), allow_unicode=True, sort_keys=False)
        headers = {"Content-Disposition": 'attachment; filename="corrections.yaml"', "Cache-Control": "no-store"}
        return Response(content, media_type="application/yaml", headers=headers)

    async def decide(self, visit: Visit, fields: dict[str, str]) -> Response:
        del fields
        verdict = {"accept": State.ACCEPTED, "reject": State.REJECTED}.get(visit.request.path_params["verdict"])
        if verdict is None:
            raise NotFound("RECORD_NOT_FOUND", "there is no such verdict")
        await self._review.decide(visit.person, _id_of(visit), verdict)
        return back("/console/proposals", verdict.value)

    async def canned(self, visit: Visit) -> Response:
        visit.person.must(Right.REVIEW)
        return self._shell.render(visit, "canned.html", answers=await self._review.canned(visit.person))

    async def put_canned(self, visit: Visit, fields: dict[str, str]) -> Response:
        given = fields.get("canned_id", "")
        canned_id = given if _ID.fullmatch(given) else new_id("can")
        texts = {language: fields.get(f"text_{language}", "") for language in LANGUAGES}
        await self._review.put_canned(visit.person, canned_id, fields.get("title", ""), texts)
        return back("/console/canned", "canned")

    async def remove_canned(self, visit: Visit, fields: dict[str, str]) -> Response:
        del fields
        await self._review.remove_canned(visit.person, _id_of(visit))
        return back("/console/canned", "removed")


def _id_of(visit: Visit) -> str:
    given = str(visit.request.path_params["id"])
    if not _ID.fullmatch(given):
        raise NotFound("RECORD_NOT_FOUND", "there is no such record")
    return given
