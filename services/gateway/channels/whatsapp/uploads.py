"""Files of ours at Meta: uploaded once for each number of ours, and named by their id in messages."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from mesh.clock import Clock

from services.gateway.channels.files import Files
from services.gateway.channels.whatsapp.client import GraphClient
from services.gateway.channels.whatsapp.render import Payload
from services.gateway.domain.attachment import Attachment, FileKind
from services.gateway.domain.outbox import OutboxItem, Rejected

_MEGABYTE = 1024 * 1024
# What the Cloud API takes of each kind; of stickers, one that does not move.
_MOST_BYTES = {
    FileKind.IMAGE: 5 * _MEGABYTE,
    FileKind.STICKER: 100 * 1024,
    FileKind.AUDIO: 16 * _MEGABYTE,
    FileKind.VIDEO: 16 * _MEGABYTE,
    FileKind.DOCUMENT: 100 * _MEGABYTE,
}
_NOT_TAKEN = frozenset({"image/gif"})
# Meta keeps an upload for 30 days; a try again, or the same map for the next guest, needs no second one.
_KEPT = 500
_LIFE = timedelta(days=7)
_Key = tuple[str, str, str]


def refusal_of(attachment: Attachment) -> str:
    """Why WhatsApp does not carry a file; empty when it does."""
    if attachment.mime_type in _NOT_TAKEN:
        return f"WhatsApp carries no {attachment.mime_type}"
    most = _MOST_BYTES[attachment.kind]
    return f"WhatsApp carries {attachment.kind} files of at most {most} bytes" if attachment.size > most else ""


class Uploads:
    """`place` names a file in a message. What is known is this process's own; another uploads once more."""

    def __init__(self, *, client: GraphClient, files: Files, clock: Clock) -> None:
        self._client = client
        self._files = files
        self._clock = clock
        self._known: OrderedDict[_Key, tuple[str, datetime]] = OrderedDict()

    async def place(self, phone_number_id: str, item: OutboxItem) -> Payload | Rejected | None:
        """The file of a message as `{"id"}` or `{"link"}`; None without one. Nothing has reached the guest when it is
        refused. Raises NotFound, Down.
        """
        attachment = item.content.attachment
        if attachment is None:
            return None
        if attachment.url:
            return {"link": attachment.url}
        key = _key(phone_number_id, attachment)
        known, until = self._known.get(key, ("", self._clock.now()))
        if known and self._clock.now() < until:
            return {"id": known}
        uploaded = await self._client.upload(phone_number_id, attachment, await self._files.read(item))
        if isinstance(uploaded, Rejected):
            return uploaded
        self._known[key] = (uploaded, self._clock.now() + _LIFE)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return {"id": uploaded}

    def forget(self, phone_number_id: str, attachment: Attachment) -> None:
        """Meta could not use it: the next try uploads it again."""
        self._known.pop(_key(phone_number_id, attachment), None)


def _key(phone_number_id: str, attachment: Attachment) -> _Key:
    return phone_number_id, attachment.sha256, attachment.mime_type
