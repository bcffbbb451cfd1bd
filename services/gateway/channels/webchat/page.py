"""The chat page's files."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from services.gateway.static_file import StaticFile

_FILES = {
    "/": ("page/index.html", "text/html"),
    "/webchat/chat.css": ("page/chat.css", "text/css"),
    "/webchat/chat.js": ("page/chat.js", "text/javascript"),
    "/webchat/icon.svg": ("page/icon.svg", "image/svg+xml"),
}


def page_routes() -> list[BaseRoute]:
    """A route for each file."""
    package = __package__ or ""
    return [Route(path, StaticFile(package, *file).serve, methods=["GET"]) for path, file in _FILES.items()]
