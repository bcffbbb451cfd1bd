"""The Graph API's media: uploads are held to its limits; what a guest's phone put there is fetched in two steps."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.multipart import parts_of
from services.gateway.sandbox.rules import UPLOAD_LIMITS

_PATH = "/sandbox/graph/media/{media_id}"
_KEPT = 100
_MAX_BYTES = 17 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Medium:
    """One medium."""

    content: bytes
    mime_type: str


class GraphMediaSandbox:
    """`PUT /sandbox/graph/media/{id}` is the guest's phone, `POST …/{phone_number_id}/media` the hotel's upload;
    `GET /sandbox/graph/{version}/{id}` tells where either is.
    """

    def __init__(self) -> None:
        self._media: OrderedDict[str, Medium] = OrderedDict()

    def routes(self) -> list[BaseRoute]:
        # "media" is no version, so its paths are looked at first.
        return [
            Route(_PATH, self.put, methods=["PUT"]),
            Route(_PATH, self.download, methods=["GET"]),
            Route("/sandbox/graph/{version}/{media_id}", self.place, methods=["GET"]),
            Route("/sandbox/graph/{version}/{phone_number_id}/media", self.upload, methods=["POST"]),
        ]

    def get(self, media_id: str) -> Medium | None:
        """What a message may name."""
        return self._media.get(media_id)

    async def put(self, request: Request) -> Response:
        """A recording; of many the newest are kept."""
        content = await _read(request)
        if content is None:
            return Response(status_code=413)
        media_id = request.path_params["media_id"]
        self._keep(media_id, Medium(content, request.headers.get("content-type", "")))
        return JSONResponse({"id": media_id}, status_code=201)

    async def upload(self, request: Request) -> Response:
        """A file of the hotel's, as a form of several parts."""
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _error(401, "Invalid OAuth access token", code=190)
        body = await _read(request)
        form = parts_of(request.headers.get("content-type", ""), body or b"")
        product, given, file = (form[n].content if n in form else b"" for n in ("messaging_product", "type", "file"))
        mime_type = given.decode(errors="replace")
        if product != b"whatsapp" or not file:
            return _error(400, "messaging_product and file are required")
        if len(file) > UPLOAD_LIMITS.get(mime_type, 0):
            return _error(400, f"{mime_type} of {len(file)} bytes is not taken", code=131053)
        media_id = str(secrets.randbelow(10**15) + 10**15)
        self._keep(media_id, Medium(file, mime_type))
        return JSONResponse({"id": media_id})

    def _keep(self, media_id: str, medium: Medium) -> None:
        self._media[media_id] = medium
        self._media.move_to_end(media_id)
        while len(self._media) > _KEPT:
            self._media.popitem(last=False)

    async def place(self, request: Request) -> Response:
        medium, media_id = self._asked(request), request.path_params["media_id"]
        if medium is None:
            return _error(404, "Unsupported get request: no such medium")
        told = {
            "messaging_product": "whatsapp",
            "id": media_id,
            # As the caller reached us: a token goes to the host it was meant for and to no other.
            "url": f"{str(request.base_url).rstrip('/')}{_PATH.format(media_id=media_id)}",
            "mime_type": medium.mime_type,
            "sha256": hashlib.sha256(medium.content).hexdigest(),
            "file_size": len(medium.content),
        }
        return JSONResponse(told)

    async def download(self, request: Request) -> Response:
        medium = self._asked(request)
        if medium is None:
            return _error(404, "no such medium")
        return Response(medium.content, media_type=medium.mime_type)

    def _asked(self, request: Request) -> Medium | None:
        """The medium, for who has a token; to others there is none."""
        allowed = request.headers.get("authorization", "").startswith("Bearer ")
        return self._media.get(request.path_params["media_id"]) if allowed else None


async def _read(request: Request) -> bytes | None:
    """The body; None for one that is too large."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _MAX_BYTES:
            return None
    return bytes(content)


def _error(status: int, message: str, *, code: int = 100) -> Response:
    return JSONResponse(
        {"error": {"message": message, "type": "GraphMethodException", "code": code}}, status_code=status
    )
