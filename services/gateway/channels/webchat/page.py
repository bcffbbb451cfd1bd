"""The chat page's files, read once."""

from __future__ import annotations

import hashlib
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_FILES = {
    "/": ("index.html", "text/html"),
    "/webchat/chat.css": ("chat.css", "text/css"),
    "/webchat/chat.js": ("chat.js", "text/javascript"),
    "/webchat/icon.svg": ("icon.svg", "image/svg+xml"),
}


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


def page_routes() -> list[BaseRoute]:
    """A route for each file."""
    return [Route(path, _File(*file).serve, methods=["GET"]) for path, file in _FILES.items()]
