"""Files of ours for the outside: read by channels that hand them over, fetched under signed addresses that end."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import quote

from mesh.clock import Clock
from mesh.errors import NotFound
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.domain.attachment import Attachment
from services.gateway.domain.outbox import OutboxItem

PATH: Final = "/files"
_TOKEN = re.compile(r"([a-z]{1,8}_[0-9a-f]{20})\.([0-9]{10,11})\.([0-9a-f]{32})")


class FileStore(Protocol):
    """Where the bytes of files are. Raises NotFound(MESSAGE_NOT_FOUND), and Down when the store is away."""

    async def read(self, message_id: str) -> tuple[Attachment, bytes]:
        """The file of a message of ours that has its bytes here."""


class Files:
    """`base` is the address by which the outside reaches us, empty where it cannot; `life` is how long an address is
    good, from when its message was written, so that it is the same at every try. `secret` is derived from.
    """

    def __init__(self, *, store: FileStore, secret: str, base: str, life: timedelta, clock: Clock) -> None:
        self._store = store
        self._key = hmac.new(secret.encode(), b"file address v1", hashlib.sha256).digest()
        self._base = base.rstrip("/")
        self._life = life
        self._clock = clock

    @property
    def reachable(self) -> bool:
        """Whether the outside can fetch files from us."""
        return bool(self._base)

    async def read(self, item: OutboxItem) -> bytes:
        """The bytes of a message's file. Raises NotFound, Down."""
        return (await self._store.read(item.message_id))[1]

    def path_of(self, message_id: str, written: datetime) -> str:
        """Where a page of ours finds the file of a message."""
        end = int((written + self._life).timestamp())
        return f"{PATH}/{message_id}.{end}.{self._sign(message_id, end)}"

    def address_of(self, message_id: str, written: datetime, attachment: Attachment) -> str:
        """Where anybody finds the file; empty where the outside cannot reach us."""
        if attachment.url:
            return attachment.url
        return self._base + self.path_of(message_id, written) if self._base else ""

    def routes(self) -> list[BaseRoute]:
        return [Route(PATH + "/{token}", self.serve, methods=["GET"])]

    async def serve(self, request: Request) -> Response:
        """The file of a good token. What is served runs nothing, wherever it is opened."""
        match = _TOKEN.fullmatch(request.path_params["token"])
        if match is None or not self._is_good(match.group(1), int(match.group(2)), match.group(3)):
            return _gone()
        try:
            attachment, content = await self._store.read(match.group(1))
        except NotFound:
            return _gone()
        headers = {
            "Content-Disposition": f"inline; filename*=UTF-8''{quote(attachment.name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
            "X-Robots-Tag": "noindex",
        }
        return Response(content, media_type=attachment.mime_type, headers=headers)

    def _is_good(self, message_id: str, end: int, signature: str) -> bool:
        return hmac.compare_digest(signature, self._sign(message_id, end)) and self._clock.now().timestamp() < end

    def _sign(self, message_id: str, end: int) -> str:
        # Half a SHA-256: the address also stands in an SMS.
        return hmac.new(self._key, f"{message_id}.{end}".encode(), hashlib.sha256).hexdigest()[:32]


def _gone() -> Response:
    return Response("no such file, or not any more", status_code=404, media_type="text/plain")
