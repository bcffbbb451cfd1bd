"""A model behind an OpenAI-compatible endpoint on a real port, that says or does what a test wants."""

from __future__ import annotations

import asyncio
import json
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
class ChatModel:
    """`says` is the content of every answer; `does` answers instead: a status, raw bytes, or "hang" and "drip"."""

    says: object = field(default_factory=dict)
    does: int | bytes | str | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: Request) -> Response:
        self.asked.append(await request.json())
        self.tokens.append(request.headers.get("Authorization", ""))
        match self.does:
            case int() as status:
                headers = {"Location": f"{self.url}/elsewhere"} if 300 <= status < 400 else None
                return JSONResponse({"error": {"message": "no"}}, status, headers=headers)
            case bytes() as raw:
                return Response(raw, media_type="application/json")
            case "hang":
                await asyncio.sleep(30)
            case "drip":
                return StreamingResponse(self._drip(), media_type="application/json")
        content = self.says if isinstance(self.says, str) else json.dumps(self.says)
        return JSONResponse({"choices": [{"message": {"role": "assistant", "content": content}}]})

    async def _drip(self) -> AsyncIterator[bytes]:
        for _ in range(600):
            yield b" "
            await asyncio.sleep(0.05)


@asynccontextmanager
async def chat_model() -> AsyncIterator[ChatModel]:
    """A running one on a free port of 127.0.0.1."""
    model = ChatModel()
    app = Starlette(routes=[Route("/v1/chat/completions", model.answer, methods=["POST"])])
    web = WebServer(app, host="127.0.0.1", port=0)
    await web.start()
    model.url = f"http://127.0.0.1:{web.port}/v1"
    try:
        yield model
    finally:
        await web.stop()
