"""The chat's files, read once: the page, the same page for a frame on a hotel's site, and the script that frames it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.channels.webchat.origins import Origins

_FILES = {
    "/webchat/chat.css": ("chat.css", "text/css"),
    "/webchat/chat.js": ("chat.js", "text/javascript"),
    "/webchat/widget.js": ("widget.js", "text/javascript"),
    "/webchat/icon.svg": ("icon.svg", "image/svg+xml"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)


class _File:
    """One file with a validator, so that browsers ask again without fetching again."""

    def __init__(self, name: str, media_type: str) -> None:
        self._content = resources.files(__package__).joinpath("page", name).read_bytes()
        self._media_type = media_type
        self._etag = f'"{hashlib.sha256(self._content).hexdigest()[:20]}"'

    async def serve(self, request: Request) -> Response:
        headers = {"ETag": self._etag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == self._etag:
            return Response(status_code=304, headers=headers)
        return Response(self._content, media_type=self._media_type, headers=headers)


def page_routes(origins: Origins) -> list[BaseRoute]:
    """A route for each file, and one for the page in a frame of each property's sites."""
    page = _File("index.html", "text/html")
    return [
        Route("/", page.serve, methods=["GET"]),
        Route("/webchat/embed/{property_id}", _framed(page, origins), methods=["GET"]),
        *(Route(path, _File(*file).serve, methods=["GET"]) for path, file in _FILES.items()),
    ]


def _framed(page: _File, origins: Origins) -> Callable[..., object]:
    async def serve(request: Request) -> Response:
        property_id = request.path_params["property_id"]
        if not origins.is_property(property_id):
            return Response("no such chat", status_code=404, media_type="text/plain")
        answer = await page.serve(request)
        # Browsers that know frame-ancestors pass over X-Frame-Options.
        answer.headers["Content-Security-Policy"] = _POLICY + origins.frames(property_id)
        return answer

    return serve
