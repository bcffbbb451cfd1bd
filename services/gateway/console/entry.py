"""The way in and out, and one's own account."""

from __future__ import annotations

from dataclasses import replace

from mesh.errors import Busy, DomainError, Invalid, Unauthenticated
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.console.shell import HOME, LOGIN, Shell, back, status_of
from services.gateway.console.visit import Visit, address_of, check_origin, read_form
from services.gateway.staff.domain.user import LANGUAGES
from services.gateway.staff.ports import Users


class Entry:
    """`/console/login`, `/console/logout`, `/console/account`."""

    def __init__(self, *, shell: Shell, users: Users) -> None:
        self._shell = shell
        self._users = users

    def routes(self) -> list[BaseRoute]:
        """Its routes."""
        return [
            Route("/console", self.home, methods=["GET"]),
            Route(LOGIN, self.login, methods=["GET"]),
            Route(LOGIN, self.sign_in, methods=["POST"]),
            Route("/console/logout", self._shell.form(self.sign_out), methods=["POST"]),
            Route("/console/account", self._shell.page(self.account), methods=["GET"]),
            Route("/console/account/language", self._shell.form(self.choose_language), methods=["POST"]),
            Route("/console/account/password", self._shell.form(self.change_password), methods=["POST"]),
        ]

    async def home(self, request: Request) -> Response:
        del request
        return RedirectResponse(HOME, status_code=303)

    async def login(self, request: Request) -> Response:
        return self._login_page(request, following=_following(request.query_params.get("next", "")))

    async def sign_in(self, request: Request) -> Response:
        try:
            check_origin(request)
            fields, _ = await read_form(request)
            tokens = await self._shell.access.sign_in(
                fields.get("email", ""), fields.get("password", ""), address=address_of(request)
            )
        except DomainError as error:
            name = {Unauthenticated: "wrong", Busy: "wait"}.get(type(error), "failed")
            following = _following(request.query_params.get("next", ""))
            return self._login_page(request, following=following, fault=name, status=status_of(error))
        answer = RedirectResponse(_following(request.query_params.get("next", "")), status_code=303)
        seconds = int((tokens.access_expire_time - self._shell.clock.now()).total_seconds())
        return self._shell.sign(answer, tokens.access_token, seconds=seconds)

    async def sign_out(self, visit: Visit, fields: dict[str, str]) -> Response:
        del fields
        await self._shell.access.sign_out(visit.person, address=visit.address)
        return self._shell.unsign(RedirectResponse(LOGIN, status_code=303))

    async def account(self, visit: Visit) -> Response:
        return self._shell.render(visit, "account.html")

    async def choose_language(self, visit: Visit, fields: dict[str, str]) -> Response:
        chosen = fields.get("language", "")
        if chosen not in LANGUAGES:
            raise Invalid("no such language", fields={"language": f"must be one of {', '.join(LANGUAGES)}"})
        await self._users.change(replace(visit.person.user, language=chosen), now=self._shell.clock.now())
        return back("/console/account", "language_changed")

    async def change_password(self, visit: Visit, fields: dict[str, str]) -> Response:
        await self._shell.access.change_password(
            visit.person, fields.get("old_password", ""), fields.get("password", ""), address=visit.address
        )
        return self._shell.unsign(RedirectResponse(LOGIN, status_code=303))

    def _login_page(self, request: Request, *, following: str, fault: str = "", status: int = 200) -> Response:
        language = self._shell.language_before(request)
        return self._shell.render_bare("login.html", language, status=status, fault=fault, following=following)


def _following(target: str) -> str:
    """Where to go after signing in: a page of the console, never another site's."""
    inside = target.startswith("/console/") and not target.startswith(LOGIN)
    return target if inside and "\\" not in target and target.isprintable() else HOME
