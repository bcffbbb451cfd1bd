"""Who looks at a page: the signed-in person, their language, and the proof that a form is ours."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from mesh.errors import Invalid, NotAllowed
from starlette.requests import ClientDisconnect, Request

from services.gateway.multipart import Part, parts_of
from services.gateway.staff.domain.user import Person

_MOST_BYTES = 64 * 1024
# The larger part of what a proxy in front lets through; what is sent may have less (ATTACHMENT_MAX_BYTES).
MOST_FILE_BYTES = 16 * 1024 * 1024
_WITH_FILE = "multipart/form-data"
_FILE = "file"
_MOST_FIELDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody who is signed in. `csrf` is what their forms must carry; `file` came with one."""

    request: Request
    person: Person
    language: str
    csrf: str
    address: str
    file: Part | None = None


class FormProof:
    """The token in forms: made from the sign-in under a key derived for this alone."""

    def __init__(self, *, secret: str) -> None:
        self._key = hmac.new(secret.encode(), b"console form token v1", hashlib.sha256).digest()

    def of(self, family_id: str) -> str:
        """The token of a sign-in."""
        return hmac.new(self._key, family_id.encode(), hashlib.sha256).hexdigest()

    def check(self, family_id: str, given: str) -> None:
        """Raises NotAllowed unless the token is the sign-in's."""
        if not hmac.compare_digest(self.of(family_id).encode(), given.encode()):
            raise NotAllowed("CALLER_NOT_ALLOWED", "the form is not of this sign-in")


def check_origin(request: Request) -> None:
    """A form must come from our own page. Browsers say where it comes from in every POST.

    Raises NotAllowed when they say nothing, or something else.
    """
    origin = request.headers.get("origin", "")
    if not origin or urlsplit(origin).netloc != request.headers.get("host", ""):
        raise NotAllowed("CALLER_NOT_ALLOWED", "the form comes from another site")


def address_of(request: Request) -> str:
    """Where the request comes from, as the audit log has it."""
    return request.client.host if request.client is not None else ""


async def read_form(request: Request) -> tuple[dict[str, str], Part | None]:
    """The fields of a form, the last of each name, and the file that came with it. Raises Invalid for what is no form
    or too large.
    """
    given = request.headers.get("content-type", "")
    kind = given.partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", _WITH_FILE):
        raise Invalid("not a form", fields={"body": "must be a form"})
    most = _MOST_BYTES + (MOST_FILE_BYTES if kind == _WITH_FILE else 0)
    try:
        body = await _read(request, most)
        if kind == _WITH_FILE:
            # Megabytes take longer than the loop may stand still.
            return _with_file(await asyncio.to_thread(parts_of, given, body))
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except (ValueError, ClientDisconnect):
        raise Invalid("the form cannot be read", fields={"body": "must be a form"}) from None
    return {name: value.replace("\0", "") for name, value in pairs}, None


async def _read(request: Request, most: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Invalid("the form is too large", fields={"body": f"must have at most {most} bytes"})
    return bytes(body)


def _with_file(parts: Mapping[str, Part]) -> tuple[dict[str, str], Part | None]:
    """A form whose file was not chosen has an empty one. Raises ValueError for fields that are no text."""
    file = parts.get(_FILE)
    fields = {name: part.content.decode("utf-8").replace("\0", "") for name, part in parts.items() if name != _FILE}
    return fields, file if file is not None and file.content else None
