"""A conversation: what was said and why, the guest's card, and what staff can do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from mesh.errors import DomainError, NotFound
from mesh.values import derived_id, new_id
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.adapters.wire import attachment_of
from services.gateway.console.places import Places
from services.gateway.console.shell import Shell, back, status_of
from services.gateway.console.visit import Visit
from services.gateway.domain.attachment import FILE_TYPES, Attachment
from services.gateway.staff.desk import Desk
from services.gateway.staff.domain.proposal import Kind
from services.gateway.staff.domain.user import Person
from services.gateway.staff.review import Review

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_FORM_ID = re.compile(r"req_[0-9a-f]{20}")
_FILE_TYPES = ",".join(sorted(FILE_TYPES))
# What a turn can be corrected to: the intents that there is training data for.
_INTENTS = (
    "availability_check",
    "cancellation_request",
    "complaint",
    "compliment",
    "confirm",
    "deny",
    "emergency",
    "general_inquiry",
    "goodbye",
    "greeting",
    "human_request",
    "modification_request",
    "opt_in",
    "opt_out",
    "out_of_scope",
    "privacy_request",
    "provide_info",
    "reservation_request",
    "service_request",
)
Deed = Callable[[Person, str, str, str, Attachment | None], Awaitable[None]]


class ConversationPages:
    """`/console/conversations/…`."""

    def __init__(self, *, shell: Shell, desk: Desk, places: Places, review: Review) -> None:
        self._shell = shell
        self._desk = desk
        self._places = places
        self._review = review

    def routes(self) -> list[BaseRoute]:
        """Its routes."""
        path = "/console/conversations/{session_id}"
        deeds: dict[str, Deed] = {
            "claim": lambda person, session, form, _, __: self._desk.claim(person, session, form),
            "take-over": lambda person, session, form, _, __: self._desk.take_over(person, session, form),
            "release": lambda person, session, form, _, __: self._desk.release(person, session, form),
            "answer": self._answer,
            "note": lambda person, session, form, text, _: self._desk.note(person, session, text, form),
            "close": lambda person, session, form, text, _: self._desk.close(person, session, text, form),
        }
        return [
            Route(path, self._shell.page(self.show), methods=["GET"]),
            Route(f"{path}/live", self._shell.page(self.live), methods=["GET"]),
            *(Route(f"{path}/{name}", self._form(name, deed), methods=["POST"]) for name, deed in deeds.items()),
            Route(f"{path}/correct", self._shell.form(self.correct), methods=["POST"]),
        ]

    async def _answer(self, person: Person, session: str, form: str, text: str, file: Attachment | None) -> None:
        await self._desk.answer(person, session, text, form, file=file)

    async def show(self, visit: Visit) -> Response:
        return await self._page(visit, "conversation.html")

    async def live(self, visit: Visit) -> Response:
        """The parts that change by themselves; the form that somebody may be writing in is not among them."""
        return await self._page(visit, "_conversation_live.html")

    async def correct(self, visit: Visit, fields: dict[str, str]) -> Response:
        """What should have been understood or known in a turn; somebody reviews it."""
        session_id = session_of(visit)
        kind = Kind.FACT if fields.get("kind") == Kind.FACT else Kind.INTENT
        should_be = fields.get("topic" if kind is Kind.FACT else "intent", "")
        await self._review.propose(
            visit.person,
            session_id,
            turn_id=fields.get("turn_id", ""),
            kind=kind,
            should_be=should_be,
            words=fields.get("words", ""),
        )
        return back(f"/console/conversations/{session_id}", "correct")

    def _form(self, name: str, deed: Deed) -> Callable[..., Awaitable[Response]]:
        async def handler(visit: Visit, fields: dict[str, str]) -> Response:
            session_id, text, file = session_of(visit), fields.get("text", ""), _attached(visit)
            request_id = _request_id(fields, name, f"{text}\x1f{file.sha256}" if file is not None else text)
            try:
                await deed(visit.person, session_id, request_id, text, file)
            except DomainError as error:
                # What was typed stays in the form, under the same id: sending it again sends it once.
                return await self._again(visit, error, name, fields)
            return back(f"/console/conversations/{session_id}", name)

        return self._shell.form(handler)

    async def _again(self, visit: Visit, error: DomainError, name: str, fields: dict[str, str]) -> Response:
        """The conversation with what was typed; that alone, while the conversation cannot be read either."""
        form_id, text = fields.get("form_id", ""), fields.get("text", "")
        try:
            return await self._page(
                visit,
                "conversation.html",
                status=status_of(error),
                fault=self._shell.fault_words(visit, error),
                drafts={name: text},
                form_id=form_id,
            )
        except DomainError:
            return self._shell.fault(visit, error, again={"form_id": form_id, "text": text})

    async def _page(self, visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response:
        opened, canned, colleagues = await asyncio.gather(
            self._desk.open(visit.person, session_of(visit)),
            self._review.canned(visit.person),
            self._places.colleagues(),
        )
        place = await self._places.of(opened.conversation.case.property_id)
        language = _language(opened.conversation.case.language)
        shown = {"fault": "", "drafts": {}, "form_id": "", **values}
        return self._shell.render(
            visit,
            template,
            status=status,
            opened=opened,
            conversation=opened.conversation,
            case=opened.conversation.case,
            place=place,
            canned=[item for item in canned if item.text(language)],
            intents=_INTENTS,
            canned_language=language,
            file_types=_FILE_TYPES,
            colleagues=colleagues,
            **shown,
        )


def session_of(visit: Visit) -> str:
    """The session named in the path. Raises NotFound for what cannot be one."""
    session_id = str(visit.request.path_params["session_id"])
    if not _ID.fullmatch(session_id):
        raise NotFound("SESSION_NOT_FOUND", "there is no such conversation")
    return session_id


def _attached(visit: Visit) -> Attachment | None:
    file = visit.file
    return attachment_of(file.content, mime_type=file.mime_type, file_name=file.file_name) if file is not None else None


def _request_id(fields: dict[str, str], name: str, text: str) -> str:
    """The same for a form sent twice; another one for other words from a page that was gone back to."""
    form_id = fields.get("form_id", "")
    return derived_id("req", form_id if _FORM_ID.fullmatch(form_id) else new_id("req"), name, text)


def _language(language: str) -> str:
    return (language or "es")[:2]
