"""Delivery reports: which mail of ours did not arrive, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message

from services.gateway.channels.email.headers import our_mails_in
from services.gateway.domain.cleaning import clean_line

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_MAX_ORIGINAL = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A mail of ours that failed for good. `code` is the report's status, such as 5.1.1."""

    message_id: str
    code: str
    word: str


def bounce_of(letter: EmailMessage) -> Bounce | None:
    """What a report says about a mail of ours; None for other mails, for delays and for deliveries."""
    if letter.get_content_type() != "multipart/report":
        return None
    report = next((field for part in letter.walk() for field in _fields(part) if field.get("Action")), None)
    found = next((ours[0] for part in letter.walk() if (ours := our_mails_in(_original(part)))), None)
    if report is None or found is None or str(report["Action"]).strip().lower() != "failed":
        return None
    code = _STATUS.search(str(report.get("Status", "")))
    return Bounce(
        message_id=found,
        code=code.group() if code is not None else "",
        word=clean_line(str(report.get("Diagnostic-Code", "")).partition(";")[2], limit=128),
    )


def _fields(part: Message) -> Iterator[Message]:
    """The blocks of fields of a `message/delivery-status`: one of the report, then one for each recipient."""
    if part.get_content_type() == "message/delivery-status":
        payload = part.get_payload()
        yield from (block for block in payload if isinstance(block, Message)) if isinstance(payload, list) else ()


def _original(part: Message) -> str:
    """The headers of the mail that the report is about."""
    if part.get_content_type() == "text/rfc822-headers":
        return str(part.get_payload())[:_MAX_ORIGINAL]
    return str(part.get("Message-ID", "")) if part.get_content_type() != "multipart/report" else ""
