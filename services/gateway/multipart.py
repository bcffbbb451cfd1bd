"""Forms of several parts, as browsers send them with a file: read in memory, bounded by whoever read the body."""

from __future__ import annotations

import email
from dataclasses import dataclass, field
from email.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One field. `file_name` and `mime_type` as the sender says, which need not be true."""

    content: bytes = field(repr=False)
    file_name: str = ""
    mime_type: str = ""


def parts_of(content_type: str, body: bytes) -> dict[str, Part]:
    """The parts by name, the last of each; empty for what is no such form."""
    letter = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    found: dict[str, Part] = {}
    for part in letter.walk():
        head, content = _head(part), part.get_payload(decode=True)
        name = head.get_param("name", header="content-disposition")
        if isinstance(name, str) and isinstance(content, bytes):
            kind, file_name = head.get_content_type(), head.get_filename("")
            found[name] = Part(content=content, file_name=file_name, mime_type=kind)
    return found


def _head(part: Message) -> Message:
    """The headers of a part as UTF-8, which browsers write as it is and mail would not read."""
    head = Message()
    for name, value in part.raw_items():
        head[name] = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return head
