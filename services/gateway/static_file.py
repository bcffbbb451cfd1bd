"""A file of a page, read once and served with a validator."""

from __future__ import annotations

import hashlib
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response


class StaticFile:
    """Browsers ask again without fetching again. `package` and `name` say where the file is."""

    def __init__(self, package: str, name: str, media_type: str) -> None:
        self._content = resources.files(package).joinpath(*name.split("/")).read_bytes()
        self._media_type = media_type
        self._etag = f'"{hashlib.sha256(self._content).hexdigest()[:20]}"'

    async def serve(self, request: Request) -> Response:
        """The endpoint."""
        headers = {"ETag": self._etag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == self._etag:
            return Response(status_code=304, headers=headers)
        return Response(self._content, media_type=self._media_type, headers=headers)
