"""A Graph API that keeps recordings, on a real port: both steps, addresses that run out, and every way to go wrong."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from mesh.web import WebServer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


@dataclass
class Kept:
    """A recording. `said` overrides what the first step tells; `gone` is how many addresses are over on arrival."""

    audio: bytes
    mime_type: str = "audio/ogg; codecs=opus"
    said: dict[str, Any] = field(default_factory=dict)
    gone: int = 0
    faults: list[int] = field(default_factory=list)


@dataclass
class GraphMediaServer:
    """What the stand-in holds and has seen."""

    token: str
    kept: dict[str, Kept] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    sent_bytes: int = 0
    hold: asyncio.Event | None = None
    url: str = ""

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/media/{media_id}/{number}", self._download),
                Route("/{version}/{media_id}", self._place),
                Route("/{version}/{number}/messages", self._take, methods=["POST"]),
            ]
        )

    async def _take(self, request: Request) -> Response:
        return JSONResponse({"messages": [{"id": f"wamid.{len(self.requests)}"}]})

    async def _place(self, request: Request) -> Response:
        media_id = request.path_params["media_id"]
        self.requests.append(("place", media_id))
        kept = self.kept.get(media_id)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return JSONResponse({"error": {"code": 190}}, 401)
        if kept is None:
            return JSONResponse({"error": {"code": 100}}, 404)
        if kept.faults:
            return JSONResponse({"error": {"code": 131000}}, kept.faults.pop(0))
        number = sum(1 for seen in self.requests if seen == ("place", media_id))
        told = {
            "messaging_product": "whatsapp",
            "id": media_id,
            "url": f"{self.url}/media/{media_id}/{number}",
            "mime_type": kept.mime_type,
            "sha256": hashlib.sha256(kept.audio).hexdigest(),
            "file_size": len(kept.audio),
        }
        return JSONResponse({**told, **kept.said})

    async def _download(self, request: Request) -> Response:
        media_id = request.path_params["media_id"]
        self.requests.append(("download", media_id))
        kept = self.kept[media_id]
        if self.hold is not None:
            await self.hold.wait()
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return Response(status_code=401)
        if int(request.path_params["number"]) <= kept.gone:
            return Response(status_code=404)

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(kept.audio), 4096):
                self.sent_bytes += 4096
                yield kept.audio[start : start + 4096]
                await asyncio.sleep(0)

        return StreamingResponse(pieces(), media_type=kept.mime_type)


@asynccontextmanager
async def graph_media(token: str = "dev-access-token") -> AsyncIterator[GraphMediaServer]:
    """A running one on a free port of 127.0.0.1."""
    server = GraphMediaServer(token=token)
    web = WebServer(server.app(), host="127.0.0.1", port=0)
    await web.start()
    server.url = f"http://127.0.0.1:{web.port}"
    try:
        yield server
    finally:
        await web.stop()
