"""The recorded sandbox: posts as to the Graph API are kept and answered as Meta answers; what was kept can be read."""

from __future__ import annotations

import base64
import json
import secrets

from mesh.clock import Clock
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.sandbox.log import SandboxLog, SandboxMessage
from services.gateway.sandbox.rules import faults_of

_MAX_PAGE = 500


class Sandbox:
    """`/sandbox/graph/{version}/{phone_number_id}/messages` and `/sandbox/messages?to=&after=`."""

    def __init__(self, *, calls: SandboxLog, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/sandbox/graph/{version}/{phone_number_id}/messages", self.post_message, methods=["POST"]),
            Route("/sandbox/messages", self.list_messages, methods=["GET"]),
        ]

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
        if faults:
            return _error(400, 131009, "; ".join(faults))
        recipient = str(payload.get("to") or payload.get("recipient"))
        wamid = "wamid." + base64.b64encode(secrets.token_bytes(24)).decode()
        await self._calls.add(
            channel_message_id=wamid,
            phone_number_id=request.path_params["phone_number_id"],
            recipient=recipient,
            payload=json.dumps(payload, separators=(",", ":")),
            now=self._clock.now(),
        )
        contact = {"input": recipient, "wa_id": recipient}
        return JSONResponse({"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]})

    async def list_messages(self, request: Request) -> Response:
        query = request.query_params
        after, limit = _number(query.get("after"), 0), _number(query.get("limit"), _MAX_PAGE)
        found = await self._calls.list(recipient=query.get("to"), after=after, limit=min(limit, _MAX_PAGE))
        return JSONResponse({"messages": [_shown(message) for message in found]})


def _shown(message: SandboxMessage) -> dict[str, object]:
    payload = json.loads(message.payload)
    return {
        "sequence": message.sequence,
        "id": message.channel_message_id,
        "phone_number_id": message.phone_number_id,
        "to": message.recipient,
        "time": message.create_time.isoformat(),
        "text": _words(payload),
        "payload": payload,
    }


def _words(payload: dict[str, dict[str, object]]) -> str:
    """What the guest would read, without the choices."""
    text = payload.get("text", {}).get("body")
    body = payload.get("interactive", {}).get("body")
    shown = body.get("text") if isinstance(body, dict) else None
    return str(text or shown or "")


def _number(given: str | None, default: int) -> int:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 16 else default


def _error(status: int, code: int, message: str) -> Response:
    return JSONResponse({"error": {"message": message, "type": "OAuthException", "code": code}}, status_code=status)
