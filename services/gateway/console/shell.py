"""Around every page: sign-in, language, rendering, and faults in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from mesh.clock import Clock
from mesh.errors import Busy, Conflict, DomainError, Down, Invalid, NotAllowed, NotFound, Unauthenticated
from mesh.telemetry import get_logger
from mesh.values import new_id
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.gateway.console import words
from services.gateway.console.texts import Texts, language_of
from services.gateway.console.visit import FormProof, Visit, address_of, check_origin, read_form
from services.gateway.staff.access import Access
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import LANGUAGES

HOME = "/console/queue"
LOGIN = "/console/login"
LANGUAGE_COOKIE = "console_language"
_STATUS: list[tuple[type[DomainError], int]] = [
    (Invalid, 400),
    (Unauthenticated, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Busy, 429),
    (Down, 503),
]
_LOOK_AGAIN_SECONDS = 3

log = get_logger(__name__)

Page = Callable[[Visit], Awaitable[Response]]
Form = Callable[[Visit, dict[str, str]], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def status_of(error: DomainError) -> int:
    """The HTTP status of a failure; a rule that says no is a conflict."""
    return next((status for family, status in _STATUS if isinstance(error, family)), 409)


class Shell:
    """One for the process. `secure` puts cookies on https only, under a name that browsers hold to it."""

    def __init__(self, *, access: Access, texts: Texts, proof: FormProof, secure: bool, clock: Clock) -> None:
        self.access = access
        self.texts = texts
        self.clock = clock
        self._proof = proof
        self._secure = secure
        self._cookie = "__Host-staff" if secure else "staff"
        self._templates = Environment(
            loader=PackageLoader(__package__ or "", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(words.FILTERS)

    # -- endpoints

    def page(self, handler: Page) -> Endpoint:
        """A page for whoever is signed in; others are shown the way in."""

        async def endpoint(request: Request) -> Response:
            try:
                visit = await self._visit(request)
            except Unauthenticated:
                return self._to_login(request)
            try:
                return await handler(visit)
            except DomainError as error:
                return self.fault(visit, error)

        return endpoint

    def form(self, handler: Form) -> Endpoint:
        """A form of somebody signed in, that came from a page of ours and of this sign-in."""

        async def endpoint(request: Request) -> Response:
            try:
                check_origin(request)
                visit = await self._visit(request)
            except Unauthenticated:
                return RedirectResponse(LOGIN, status_code=303)
            except DomainError as error:
                return Response(error.reason, status_code=status_of(error), media_type="text/plain")
            try:
                fields, file = await read_form(request)
                self._proof.check(visit.person.family_id, fields.get("csrf", ""))
                return await handler(replace(visit, file=file), fields)
            except DomainError as error:
                return self.fault(visit, error)

        return endpoint

    async def _visit(self, request: Request) -> Visit:
        person = await self.access.authenticate(self.token_of(request))
        return Visit(
            request=request,
            person=person,
            language=person.user.language,
            csrf=self._proof.of(person.family_id),
            address=address_of(request),
        )

    def _to_login(self, request: Request) -> Response:
        if request.headers.get("x-fragment"):
            return Response(status_code=401)
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{LOGIN}?next={quote(target, safe='')}", status_code=303)

    # -- cookies

    def token_of(self, request: Request) -> str:
        """The sign-in on a request; empty without one."""
        return request.cookies.get(self._cookie, "")

    def sign(self, answer: Response, token: str, *, seconds: int) -> Response:
        """Puts the sign-in on the answer."""
        answer.set_cookie(
            self._cookie, token, max_age=seconds, httponly=True, samesite="lax", secure=self._secure, path="/"
        )
        return answer

    def unsign(self, answer: Response) -> Response:
        """Takes it off."""
        answer.delete_cookie(self._cookie, httponly=True, samesite="lax", secure=self._secure, path="/")
        return answer

    def language_before(self, request: Request) -> str:
        """The language of somebody who is not signed in."""
        chosen = request.query_params.get("language", request.cookies.get(LANGUAGE_COOKIE, ""))
        return chosen if chosen in LANGUAGES else language_of(request.headers.get("accept-language", ""))

    # -- rendering

    def render(self, visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page for somebody signed in."""
        told = visit.request.query_params.get("told", "")
        shown = {
            "person": visit.person,
            "may": {right.value: visit.person.may(right) for right in Right},
            "csrf": visit.csrf,
            "here": visit.request.url.path,
            # Only words of ours: anybody can make up a link.
            "told": told if self.texts.knows(f"told.{told}") else "",
            **values,
        }
        return self.render_bare(template, visit.language, status=status, **shown)

    def render_bare(self, template: str, language: str, *, status: int = 200, **values: Any) -> Response:
        """A page for anybody."""

        def say(name: str, /, **filled: object) -> str:
            return self.texts.say(language, name, **filled)

        def named(kind: str, word: str) -> str:
            """Our words for one of the contracts' words; words that are free text stay as they are."""
            return say(f"{kind}.{word}") if self.texts.knows(f"{kind}.{word}") else word

        text = self._templates.get_template(template).render(
            say=say, named=named, language=language, languages=LANGUAGES, now=self.clock.now(), new_id=new_id, **values
        )
        # With no referrer at all browsers would send forms with the origin `null`, which check_origin refuses.
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
        return HTMLResponse(text, status_code=status, headers=headers)

    def fault(self, visit: Visit, error: DomainError, *, again: Mapping[str, str] | None = None) -> Response:
        """A page that says what went wrong, in words, with a way back; `again` are fields of a form to send anew."""
        log.info("console_refused", reason=error.reason, path=visit.request.url.path)
        status = status_of(error)
        if visit.request.headers.get("x-fragment"):
            return Response(status_code=status)
        answer = self.render(visit, "fault.html", status=status, fault=self.fault_words(visit, error), again=again)
        if isinstance(error, Down) and visit.request.method == "GET":
            # What is away comes back: the page then stands there by itself.
            answer.headers["Refresh"] = str(_LOOK_AGAIN_SECONDS)
        return answer

    def fault_words(self, visit: Visit, error: DomainError) -> str:
        """What went wrong, for people."""
        told = self.texts.say(visit.language, f"fault.{error.reason}")
        if isinstance(error, Invalid) and error.fields:
            details = "; ".join(f"{name} {fault}" for name, fault in error.fields.items())
            return f"{told} ({details})"
        return told


def back(path: str, told: str = "") -> Response:
    """After a form: the page again, so that a reload sends nothing twice."""
    return RedirectResponse(f"{path}?told={told}" if told else path, status_code=303)
