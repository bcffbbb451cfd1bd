"""Files by SMS: an MMS where carriers take one, elsewhere the address of the file below the words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.gateway.channels.files import Files
from services.gateway.channels.sms.render import WHATSAPP, Part, billed, carries_media, render
from services.gateway.domain.attachment import Attachment, FileKind
from services.gateway.domain.message import OutboundMessage

# Carriers shrink pictures and nothing else.
_MOST_BYTES, _MOST_BYTES_OTHER = 5 * 1024 * 1024, 600 * 1024
_MOST_BYTES_WHATSAPP = 16 * 1024 * 1024


class Attaching:
    """`mms` are beginnings of numbers whose carriers take MMS. Twilio fetches files from `files`, as guests do."""

    def __init__(self, *, files: Files, mms: Sequence[str]) -> None:
        self._files = files
        self._mms = tuple(mms)

    def render(self, message_id: str, written: datetime, content: OutboundMessage, address: str) -> list[Part]:
        """The calls that carry a message."""
        attachment = content.attachment
        url = "" if attachment is None else self._files.address_of(message_id, written, attachment)
        return render(content, address, file_url=url, mms=self._mms)

    def billed(self, message_id: str, written: datetime, content: OutboundMessage, address: str) -> tuple[str, ...]:
        """What a carrier bills for a message, category by category."""
        return billed(self.render(message_id, written, content, address), address)

    def refusal_of(self, attachment: Attachment, address: str) -> str:
        """Why a file cannot go to a phone; empty when it can."""
        if not attachment.url and not self._files.reachable:
            return "nobody can fetch a file from us: PUBLIC_URL is not set"
        if not carries_media(address, self._mms):
            return ""
        if address.startswith(WHATSAPP):
            # Pictures have the same limit on either way.
            most = _MOST_BYTES if attachment.kind is FileKind.IMAGE else _MOST_BYTES_WHATSAPP
        else:
            most = _MOST_BYTES if attachment.kind is FileKind.IMAGE else _MOST_BYTES_OTHER
        return f"carriers take {attachment.kind} files of at most {most} bytes" if attachment.size > most else ""
