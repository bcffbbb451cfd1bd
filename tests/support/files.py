"""Files that go to guests: bytes of each type, and where a test keeps those of its messages."""

from __future__ import annotations

from datetime import timedelta

import httpx
from mesh.clock import Clock
from starlette.applications import Starlette

from services.gateway.adapters.memory import OutboxRow, Tables
from services.gateway.adapters.memory_outbox import MemoryFiles, without_bytes
from services.gateway.adapters.wire import attachment_of
from services.gateway.channels.files import Files
from services.gateway.domain.attachment import Attachment
from services.gateway.domain.outbox import OutboxItem

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
PDF = b"%PDF-1.7\r\n" + bytes(range(256)) + b"\r--x\n%%EOF"
OGG = b"OggS" + b"\x00" * 60
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\x00" * 40
HOTEL = "https://hotel.example"


def picture(name: str = "mapa.png", content: bytes = PNG) -> Attachment:
    return attachment_of(content, mime_type="image/png", file_name=name)


def document(name: str = "cuenta.pdf", content: bytes = PDF) -> Attachment:
    return attachment_of(content, mime_type="application/pdf", file_name=name)


def elsewhere(url: str = "https://cdn.example/mapa.png", mime_type: str = "image/png") -> Attachment:
    return attachment_of(b"", mime_type=mime_type, file_name="mapa.png", url=url)


class Drawer:
    """Files of messages in memory, and the door by which the outside fetches them."""

    def __init__(self, *, clock: Clock, tables: Tables | None = None, base: str = HOTEL) -> None:
        self.tables = tables or Tables()
        self.files = Files(
            store=MemoryFiles(tables=self.tables), secret="s" * 32, base=base, life=timedelta(days=7), clock=clock
        )

    def keep(self, item: OutboxItem) -> OutboxItem:
        """The message as it is claimed, its file put where the outbox puts it."""
        content = without_bytes(item.content)
        self.tables.outbox[item.message_id] = OutboxRow(
            message_id=item.message_id, sequence=item.sequence, conversation_id=item.conversation.conversation_id,
            content=content, create_time=item.create_time, update_time=item.create_time, due_time=item.create_time,
            traceparent="",
        )  # fmt: skip
        if item.content.attachment is not None and item.content.attachment.content:
            self.tables.files[item.message_id] = item.content.attachment.content
        return OutboxItem(**{name: getattr(item, name) for name in item.__slots__} | {"content": content})

    async def fetch(self, address: str) -> httpx.Response:
        """What anybody gets under an address of ours."""
        transport = httpx.ASGITransport(app=Starlette(routes=self.files.routes()))
        async with httpx.AsyncClient(transport=transport, base_url=HOTEL) as http:
            return await http.get(address)
