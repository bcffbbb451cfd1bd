"""The stand-in itself: host, key and method checked as the original does, then the resource."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.qloapps import ari, booking_update, bookings, resources
from tests.support.qloapps.booking_view import view
from tests.support.qloapps.bookings import Crash, strict_notices
from tests.support.qloapps.faults import Effect, Fault, Faults
from tests.support.qloapps.render import Failure, answer, failure
from tests.support.qloapps.shop import Shop
from tests.support.qloapps.wire import HttpServer, Request, Response

METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE"}
FATAL = b"Fatal error"


class FakeQloApps:
    """A shop behind HTTP. `requests` has every request as (method, resource, key), oldest first."""

    def __init__(self, shop: Shop, *, host: str = "") -> None:
        """`host`: the domain the shop is configured with; its own address when empty."""
        self.shop = shop
        self.faults = Faults()
        self.requests: list[tuple[str, str, str]] = []
        self._host = host
        self._server = HttpServer(self._handle)
        self._late: list[Request] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def host(self) -> str:
        return self._host or f"127.0.0.1:{self._server.port}"

    async def start(self, port: int = 0) -> None:
        await self._server.start(port)

    async def stop(self) -> None:
        await self._server.stop()
        await self.settled()

    async def settled(self) -> None:
        """Lets everything happen that was to happen late."""
        while self._late:
            await self._answer(self._late.pop(0))

    def count(self, method: str, resource: str) -> int:
        """How many requests of a kind there were."""
        return sum((sent, name) == (method, resource) for sent, name, _ in self.requests)

    async def _handle(self, request: Request) -> Response:
        self.requests.append((request.method, request.resource, request.key))
        fault = self.faults.meeting(request)
        return await self._answer(request) if fault is None else await self._misbehave(fault, request)

    async def _misbehave(self, fault: Fault, request: Request) -> Response:  # noqa: PLR0911 - one return an effect
        match fault.effect:
            case Effect.RESET_BEFORE:
                return Response(drop=True)
            case Effect.LATE:
                self._late.append(request)
                return Response(drop=True)
            case Effect.TOO_MANY:
                return Response(429, b"Too Many Requests", "text/plain", {"Retry-After": str(int(fault.seconds or 1))})
            case Effect.BAD_GATEWAY:
                return Response(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html")
            case Effect.HTML_BEFORE:
                return Response(200, FATAL, "text/html; charset=utf-8")
            case Effect.EMPTY_BEFORE:
                return Response(500, b"", "text/html; charset=utf-8")
            case _:
                return await self._spoilt(fault, request)

    async def _spoilt(self, fault: Fault, request: Request) -> Response:
        """Does what was asked and answers something else."""
        response = await self._answer(request)
        match fault.effect:
            case Effect.RESET_AFTER:
                return Response(drop=True)
            case Effect.SLOW:
                await asyncio.sleep(fault.seconds or 0.5)
                return response
            case Effect.HTML_AFTER:
                return Response(200, FATAL, "text/html; charset=utf-8")
            case Effect.EMPTY_AFTER:
                return Response(500, b"", "text/html; charset=utf-8")
            case Effect.TRUNCATED_AFTER:
                return Response(200, response.body[: len(response.body) // 2], response.content_type)
            case _:
                return failure(request, Failure(500, *strict_notices()))

    async def _answer(self, request: Request) -> Response:
        if request.headers.get("host", "") != self.host:
            location = f"http://{self.host}/index.php?url={request.resource}"
            return Response(302, b"", "text/html; charset=utf-8", {"Location": location})
        try:
            self._admit(request)
            return await self._route(request)
        except Crash as crash:
            return crash.response
        except Failure as error:
            if error.status == 401 and not error.errors:
                return Response(401, b"401 Unauthorized", "text/html; charset=utf-8", {"WWW-Authenticate": "Basic"})
            return failure(request, error)

    def _admit(self, request: Request) -> None:
        """Raises Failure as the original does without a key, with a wrong one, or with one that may not."""
        given = _key_of(request)
        if not given:
            raise Failure(401)
        if len(given) != 32:
            raise Failure(401, (18, "Invalid authentication key format"))
        key = self.shop.keys.get(given)
        if key is None or not key.active:
            raise Failure(
                401, (20, "Authentification key is not active"), (21, "No permission for this authentication key")
            )
        if request.method not in METHODS:
            raise Failure(405, (23, f"Method {request.method} is not valid"))
        if key.allowed is None or not request.resource:
            return
        if request.resource not in key.allowed:
            raise Failure(
                401, (26, f'Resource of type "{request.resource}" is not allowed with this authentication key')
            )
        if request.method not in key.allowed[request.resource]:
            message = f"Method {request.method} is not allowed for the resource {request.resource} with this authentication key"  # noqa: E501
            raise Failure(405, (25, message))

    async def _route(self, request: Request) -> Response:  # noqa: PLR0911 - one return a resource
        shop, host = self.shop, self.host
        reads = request.method in {"GET", "HEAD"}
        match request.resource:
            case "bookings":
                return await self._bookings(request)
            case "hotel_ari" if request.method == "POST":
                return ari.availability(shop, request, host)
            case "hotel_ari":
                raise Failure(405, (23, f"Method {request.method} is not valid"))
            case "qlo" if reads and request.key == "getRoomRates":
                return ari.rates(shop, request, host)
            case "extra_services":
                return Response(500, b"", "text/html; charset=utf-8")
            case "search":
                return answer(request, [], "")
            case "":
                return answer(request, sorted([*resources.NAMES, "bookings", "hotel_ari", "qlo"]), "")
            case name if name not in resources.NAMES:
                raise Failure(400, (27, f'Resource of type "{name}" does not exists.'))
            case _ if reads:
                return (resources.single if request.key else resources.listing)(shop, request, host)
            case _ if request.method == "POST":
                return resources.added(shop, request, host)
            case _ if request.method == "PUT":
                return resources.replaced(shop, request, host)
        raise Failure(405, (101, f"Method {request.method} is not allowed for the resource {request.resource}"))

    async def _bookings(self, request: Request) -> Response:
        shop, host = self.shop, self.host
        match request.method:
            case "POST":
                return await bookings.create(shop, self.faults, request, host)
            case "PUT":
                return booking_update.update(shop, self.faults, request, host)
            case "DELETE":
                raise Failure(405, (101, "Method DELETE is not allowed for the resource bookings"))
        if not request.key:
            # Filters, limits and fields are ignored.
            rows = [{"id": key} for key in shop.table("orders")]
            xml = "".join(f'<booking id="{row["id"]}"/>\n' for row in rows)
            return answer(request, {"bookings": rows} if rows else [], f"<bookings>\n{xml}</bookings>\n")
        if not request.key.isdigit() or int(request.key) not in shop.table("orders"):
            return Response(404)
        if self.faults.strict:
            raise Failure(500, *strict_notices())
        return view(shop, request, int(request.key), host)


def _key_of(request: Request) -> str:
    """The key: the user of Basic, with an empty password, or `ws_key`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(token).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return request.query.get("ws_key", "")


@asynccontextmanager
async def opened(shop: Shop, *, host: str = "") -> AsyncIterator[FakeQloApps]:
    """A shop that answers on a free port for as long as the block lasts."""
    fake = FakeQloApps(shop, host=host)
    await fake.start()
    try:
        yield fake
    finally:
        await fake.stop()
