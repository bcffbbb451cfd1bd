"""The sandbox's side of attached channels: what would have gone to a callback is recorded."""

from __future__ import annotations

import json

from mesh.clock import Clock
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.domain.message import Channel
from services.gateway.sandbox.log import Recorded, SandboxLog


class GenericSandbox:
    """`/sandbox/generic/{name}`, the callback of attached channels that have none of their own."""

    def __init__(self, *, calls: SandboxLog, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return [Route("/sandbox/generic/{name}", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        if not request.headers.get("x-signature", "").startswith("t="):
            return JSONResponse({"error": "signature_missing"}, status_code=401)
        try:
            message = json.loads(await request.body())
            recipient, words = str(message["recipient"]["id"]), str(message.get("text", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            return JSONResponse({"error": "malformed"}, status_code=400)
        await self._calls.add(
            Recorded(
                channel=Channel.GENERIC,
                channel_message_id=str(message.get("id", "")),
                account=request.path_params["name"],
                recipient=recipient,
                words=words,
                payload=json.dumps(message),
                create_time=self._clock.now(),
            )
        )
        return JSONResponse({"id": message.get("id", "")})
