"""The chat's files, read once: the page, the same page for a frame on a hotel's site, and the script that frames it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.channels.webchat.origins import Origins
from services.gateway.static_file import StaticFile

_FILES = {
    "/webchat/chat.css": ("page/chat.css", "text/css"),
    "/webchat/chat.js": ("page/chat.js", "text/javascript"),
    "/webchat/widget.js": ("page/widget.js", "text/javascript"),
    "/webchat/icon.svg": ("page/icon.svg", "image/svg+xml"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)


def page_routes(origins: Origins) -> list[BaseRoute]:
    """A route for each file, and one for the page in a frame of each property's sites."""
    page = StaticFile(__package__, "page/index.html", "text/html")
    return [
        Route("/", page.serve, methods=["GET"]),
        Route("/webchat/embed/{property_id}", _framed(page, origins), methods=["GET"]),
        *(Route(path, StaticFile(__package__, *file).serve, methods=["GET"]) for path, file in _FILES.items()),
    ]


def _framed(page: StaticFile, origins: Origins) -> Callable[..., object]:
    async def serve(request: Request) -> Response:
        property_id = request.path_params["property_id"]
        if not origins.is_property(property_id):
            return Response("no such chat", status_code=404, media_type="text/plain")
        answer = await page.serve(request)
        # Browsers that know frame-ancestors pass over X-Frame-Options.
        answer.headers["Content-Security-Policy"] = _POLICY + origins.frames(property_id)
        return answer

    return serve
