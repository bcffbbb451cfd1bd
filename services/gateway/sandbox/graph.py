"""The Graph API's part of the sandbox: messages are held to its limits, recorded and answered as Meta answers."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

from mesh.clock import Clock
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.domain.message import Channel
from services.gateway.sandbox.graph_media import GraphMediaSandbox
from services.gateway.sandbox.log import Recorded, SandboxLog
from services.gateway.sandbox.rules import faults_of, media_ids


class GraphSandbox:
    """`/sandbox/graph/{version}/{phone_number_id}/messages`."""

    def __init__(self, *, calls: SandboxLog, media: GraphMediaSandbox, clock: Clock) -> None:
        self._calls = calls
        self._media = media
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return [Route("/sandbox/graph/{version}/{phone_number_id}/messages", self.post_message, methods=["POST"])]

    async def post_message(self, request: Request) -> Response:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _error(401, 190, "Invalid OAuth access token")
        try:
            payload = json.loads(await request.body())
        except (ValueError, RecursionError):
            payload = None
        if not isinstance(payload, dict):
            return _error(400, 100, "The body is not a JSON object")
        if payload.get("status") == "read":
            return JSONResponse({"success": True})
        faults = faults_of(payload)
        faults += [f"media {name} was not uploaded" for name in media_ids(payload) if self._media.get(name) is None]
        if faults:
            return _error(400, 131009, "; ".join(faults))
        recipient = str(payload.get("to") or payload.get("recipient"))
        wamid = "wamid." + base64.b64encode(secrets.token_bytes(24)).decode()
        await self._calls.add(
            Recorded(
                channel=Channel.WHATSAPP,
                channel_message_id=wamid,
                account=request.path_params["phone_number_id"],
                recipient=recipient,
                words=_words(payload),
                payload=json.dumps(payload, separators=(",", ":")),
                create_time=self._clock.now(),
            )
        )
        contact = {"input": recipient, "wa_id": recipient}
        return JSONResponse({"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]})


def _words(payload: Mapping[str, Any]) -> str:
    """What the guest would read, without the choices."""
    text = payload.get("text", {}).get("body")
    body = payload.get("interactive", {}).get("body")
    shown = body.get("text") if isinstance(body, dict) else None
    medium = payload.get(str(payload.get("type")))
    caption = medium.get("caption") if isinstance(medium, dict) else None
    return str(text or shown or caption or "")


def _error(status: int, code: int, message: str) -> Response:
    return JSONResponse({"error": {"message": message, "type": "OAuthException", "code": code}}, status_code=status)
