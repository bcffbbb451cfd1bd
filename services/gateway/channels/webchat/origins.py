"""Which sites may show and call the chat, each for its property."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?")


class Origins:
    """`sites` maps origins (`https://www.hotel.example`) to properties; `home` is the property of the page itself."""

    def __init__(self, *, sites: Mapping[str, str], home: str) -> None:
        self._sites = dict(sites)
        self._home = home

    def is_welcome(self, request: Request, *, property_id: str) -> bool:
        """Whether the page that calls is our own or one of the property's sites.

        Another site's page must not write in a visitor's name. Programs send no Origin and carry their own token.
        """
        origin = request.headers.get("origin")
        return origin is None or is_own(request) or self._sites.get(origin) == property_id

    def is_property(self, property_id: str) -> bool:
        """Whether guests can chat with it."""
        return property_id == self._home or property_id in self._sites.values()

    def frames(self, property_id: str) -> str:
        """The `frame-ancestors` of the property's chat."""
        return " ".join(["'self'", *(origin for origin, owner in self._sites.items() if owner == property_id)])

    def answer_headers(self, request: Request) -> dict[str, str]:
        """What lets a site that is listed read the answer."""
        origin = request.headers.get("origin", "")
        if origin not in self._sites:
            return {"Vary": "Origin"}
        return {
            "Vary": "Origin",
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Expose-Headers": "Retry-After",
            "Access-Control-Max-Age": "600",
        }


def is_own(request: Request) -> bool:
    """Whether the calling page came from the address that it calls."""
    origin = request.headers.get("origin", "")
    return urlsplit(origin).netloc == request.headers.get("host", "") and bool(origin)


def is_origin(value: str) -> bool:
    """Whether it is a scheme and a host, as browsers say origins."""
    return _ORIGIN.fullmatch(value) is not None
