"""A file that goes to a guest with a message: what it may be, whether its bytes are that, and what it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

MAX_FILE_NAME = 128
MAX_URL = 2048


class FileKind(StrEnum):
    """How a file is shown."""

    IMAGE = "image"
    STICKER = "sticker"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class _FileType:
    kind: FileKind
    extension: str
    begins: re.Pattern[bytes]


_ZIP, _OLE = rb"PK\x03\x04", rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "application/vnd.openxmlformats-officedocument"
# What guests' devices show and no browser runs: neither HTML nor SVG. Each with how its bytes begin.
_TYPES = {
    mime_type: _FileType(kind, extension, re.compile(begins, re.DOTALL))
    for mime_type, kind, extension, begins in (
        ("image/jpeg", FileKind.IMAGE, "jpg", rb"\xff\xd8\xff"),
        ("image/png", FileKind.IMAGE, "png", rb"\x89PNG\r\n\x1a\n"),
        ("image/gif", FileKind.IMAGE, "gif", rb"GIF8[79]a"),
        ("image/webp", FileKind.STICKER, "webp", rb"RIFF.{4}WEBP"),
        ("audio/aac", FileKind.AUDIO, "aac", rb"\xff[\xf0-\xff]|ADIF"),
        ("audio/amr", FileKind.AUDIO, "amr", rb"#!AMR"),
        ("audio/mpeg", FileKind.AUDIO, "mp3", rb"ID3|\xff[\xe0-\xff]"),
        ("audio/mp4", FileKind.AUDIO, "m4a", rb".{4}ftyp"),
        ("audio/ogg", FileKind.AUDIO, "ogg", rb"OggS"),
        ("video/mp4", FileKind.VIDEO, "mp4", rb".{4}ftyp"),
        ("video/3gpp", FileKind.VIDEO, "3gp", rb".{4}ftyp"),
        ("application/pdf", FileKind.DOCUMENT, "pdf", rb"%PDF-"),
        ("text/plain", FileKind.DOCUMENT, "txt", rb"[^\x00]*\Z"),
        ("application/msword", FileKind.DOCUMENT, "doc", _OLE),
        ("application/vnd.ms-excel", FileKind.DOCUMENT, "xls", _OLE),
        ("application/vnd.ms-powerpoint", FileKind.DOCUMENT, "ppt", _OLE),
        (f"{_OFFICE}.wordprocessingml.document", FileKind.DOCUMENT, "docx", _ZIP),
        (f"{_OFFICE}.spreadsheetml.sheet", FileKind.DOCUMENT, "xlsx", _ZIP),
        (f"{_OFFICE}.presentationml.presentation", FileKind.DOCUMENT, "pptx", _ZIP),
    )
}
FILE_TYPES = frozenset(_TYPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file. `url` is where others keep it; without one its bytes are ours: in `content` until the outbox has taken
    them, from then on beside the message. `size` (bytes) and `sha256` (lower-case hex) are those of our bytes.
    """

    mime_type: str
    file_name: str = ""
    url: str = ""
    size: int = 0
    sha256: str = ""
    content: bytes = field(default=b"", repr=False, compare=False)

    @property
    def kind(self) -> FileKind:
        """How it is shown."""
        return _TYPES[self.mime_type].kind

    @property
    def name(self) -> str:
        """What the guest sees it named."""
        return self.file_name or f"{self.kind}.{_TYPES[self.mime_type].extension}"


def faults_of(attachment: Attachment, *, most_bytes: int) -> dict[str, str]:
    """What is wrong with a file that is to be sent, by field; empty for a good one."""
    faults: dict[str, str] = {}
    known = _TYPES.get(attachment.mime_type)
    if known is None:
        faults["mime_type"] = "is none of the types that are sent"
    if bool(attachment.url) is bool(attachment.content):
        faults["source"] = "url or content is required"
    elif attachment.url and not _is_public(attachment.url):
        faults["url"] = f"must be an https address of at most {MAX_URL} characters"
    elif attachment.size > most_bytes:
        faults["content"] = f"must have at most {most_bytes} bytes"
    elif attachment.content and known is not None and not known.begins.match(attachment.content):
        faults["content"] = f"is no {attachment.mime_type}"
    if len(attachment.file_name) > MAX_FILE_NAME:
        faults["file_name"] = f"must have at most {MAX_FILE_NAME} characters"
    return faults


def _is_public(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL
    return plain and parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
