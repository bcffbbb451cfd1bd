"""The Graph API's media: a recording that was put there is found and fetched in two steps, as Meta's are."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

_PATH = "/sandbox/graph/media/{media_id}"
_KEPT = 100
_MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Medium:
    content: bytes
    mime_type: str


class GraphMediaSandbox:
    """`PUT /sandbox/graph/media/{id}` is the guest's phone; `GET /sandbox/graph/{version}/{id}` tells where it is."""

    def __init__(self) -> None:
        self._media: OrderedDict[str, _Medium] = OrderedDict()

    def routes(self) -> list[BaseRoute]:
        # "media" is no version, so its paths are looked at first.
        return [
            Route(_PATH, self.put, methods=["PUT"]),
            Route(_PATH, self.download, methods=["GET"]),
            Route("/sandbox/graph/{version}/{media_id}", self.place, methods=["GET"]),
        ]

    async def put(self, request: Request) -> Response:
        """A recording; of many the newest are kept."""
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > _MAX_BYTES:
                return Response(status_code=413)
        media_id = request.path_params["media_id"]
        self._media[media_id] = _Medium(bytes(content), request.headers.get("content-type", ""))
        self._media.move_to_end(media_id)
        while len(self._media) > _KEPT:
            self._media.popitem(last=False)
        return JSONResponse({"id": media_id}, status_code=201)

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

    def _asked(self, request: Request) -> _Medium | None:
        """The medium, for who has a token; to others there is none."""
        allowed = request.headers.get("authorization", "").startswith("Bearer ")
        return self._media.get(request.path_params["media_id"]) if allowed else None


def _error(status: int, message: str) -> Response:
    return JSONResponse(
        {"error": {"message": message, "type": "GraphMethodException", "code": 100}}, status_code=status
    )
