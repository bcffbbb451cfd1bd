"""What could not be answered: turns that were put aside, with the reason, to try again or to let go."""

from __future__ import annotations

from mesh.errors import NotFound
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.console.places import Places
from services.gateway.console.shell import Shell, back
from services.gateway.console.visit import Visit
from services.gateway.staff.recovery import Recovery

_PATH = "/console/dead-letters"
_LONGEST_ID = 128


class RecoveryPages:
    """`/console/dead-letters`."""

    def __init__(self, *, shell: Shell, recovery: Recovery, places: Places) -> None:
        self._shell = shell
        self._recovery = recovery
        self._places = places

    def routes(self) -> list[BaseRoute]:
        """Its routes."""
        page, form = self._shell.page, self._shell.form
        return [
            Route(_PATH, page(self.letters), methods=["GET"]),
            Route(f"{_PATH}/{{turn_id}}", page(self.letter), methods=["GET"]),
            Route(f"{_PATH}/{{turn_id}}/replay", form(self.replay), methods=["POST"]),
            Route(f"{_PATH}/{{turn_id}}/discard", form(self.discard), methods=["POST"]),
        ]

    async def letters(self, visit: Visit) -> Response:
        after = visit.request.query_params.get("page", "")[:_LONGEST_ID]
        page, token = await self._recovery.listed(visit.person, after=after.replace("\0", ""))
        place = await self._places.of("")
        return self._shell.render(visit, "dead_letters.html", letters=page, next_token=token, place=place)

    async def letter(self, visit: Visit) -> Response:
        opened = await self._recovery.open(visit.person, _turn_of(visit))
        place = await self._places.of(opened.letter.property_id)
        return self._shell.render(visit, "dead_letter.html", opened=opened, letter=opened.letter, place=place)

    async def replay(self, visit: Visit, fields: dict[str, str]) -> Response:
        del fields
        await self._recovery.replay(visit.person, _turn_of(visit))
        return back(_PATH, "replay")

    async def discard(self, visit: Visit, fields: dict[str, str]) -> Response:
        del fields
        await self._recovery.discard(visit.person, _turn_of(visit))
        return back(_PATH, "discard")


def _turn_of(visit: Visit) -> str:
    """The turn named in the path. Raises NotFound for what cannot be one."""
    turn_id = str(visit.request.path_params["turn_id"])
    if "\0" in turn_id or len(turn_id) > _LONGEST_ID:
        raise NotFound("RECORD_NOT_FOUND", "there is no such turn")
    return turn_id
