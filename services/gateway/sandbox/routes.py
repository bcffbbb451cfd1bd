"""The recorded sandbox: what would have left the machine is kept, answered as channels answer, and read."""

from __future__ import annotations

import json

from mesh.clock import Clock
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.sandbox.generic import GenericSandbox
from services.gateway.sandbox.gmail import GmailSandbox, PushSigner
from services.gateway.sandbox.graph import GraphSandbox
from services.gateway.sandbox.graph_media import GraphMediaSandbox
from services.gateway.sandbox.log import Recorded, SandboxLog
from services.gateway.sandbox.twilio import TwilioSandbox

_MAX_PAGE = 500


class Sandbox:
    """A stand-in for each channel's API, and `/sandbox/messages?to=&channel=&after=`."""

    def __init__(self, *, calls: SandboxLog, signer: PushSigner, clock: Clock) -> None:
        self._calls = calls
        media = GraphMediaSandbox()
        self._stand_ins = (
            GraphSandbox(calls=calls, media=media, clock=clock),
            media,
            TwilioSandbox(calls=calls, clock=clock),
            GmailSandbox(calls=calls, signer=signer, clock=clock),
            GenericSandbox(calls=calls, clock=clock),
        )

    def routes(self) -> list[BaseRoute]:
        routes: list[BaseRoute] = [Route("/sandbox/messages", self.list_messages, methods=["GET"])]
        for stand_in in self._stand_ins:
            routes += stand_in.routes()
        return routes

    async def list_messages(self, request: Request) -> Response:
        query = request.query_params
        found = await self._calls.list(
            channel=query.get("channel"),
            recipient=query.get("to"),
            after=_number(query.get("after"), 0),
            limit=min(_number(query.get("limit"), _MAX_PAGE), _MAX_PAGE),
        )
        return JSONResponse({"messages": [_shown(message) for message in found]})


def _shown(message: Recorded) -> dict[str, object]:
    return {
        "sequence": message.sequence,
        "channel": message.channel,
        "id": message.channel_message_id,
        "account": message.account,
        "to": message.recipient,
        "time": message.create_time.isoformat(),
        "text": message.words,
        "payload": json.loads(message.payload),
    }


def _number(given: str | None, default: int) -> int:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 16 else default
