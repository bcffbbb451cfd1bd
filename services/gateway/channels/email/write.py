"""An answer as a mail: in the guest's thread, marked as automatic, choices as numbered lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.gateway.channels.email.headers import domain_of, without_reply_marks
from services.gateway.channels.email.ports import Thread
from services.gateway.channels.offers import as_lines
from services.gateway.domain.message import OutboundMessage

_MAX_REFERENCES = 20
_GREETINGS = {"es": "Hola:", "en": "Hello,", "pt": "Olá,"}
_GREETING_WORDS = ("hola", "buen", "estimad", "hello", "hi ", "hi,", "dear", "good ", "welcome", "olá", "bom ", "boa ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Our address, and the name guests see beside it and below the words."""

    address: str
    name: str


def write(
    content: OutboundMessage,
    *,
    sender: Sender,
    recipient: str,
    thread: Thread | None,
    message_id: str,
    now: datetime,
    file: bytes = b"",
) -> bytes:
    """The mail's bytes. The same message gets the same Message-ID, however often it is tried.

    `file` are the bytes of its attachment where they are ours; of another one its address stands below the words.
    """
    letter = EmailMessage(policy=SMTP)
    local, _, domain = sender.address.rpartition("@")
    letter["From"] = Address(display_name=sender.name, username=local, domain=domain)
    letter["To"] = recipient
    letter["Subject"] = _subject(content, sender, thread)
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = own_message_id(message_id, sender.address)
    if thread is not None and thread.message_id:
        letter["In-Reply-To"] = thread.message_id
        known = [*thread.references, thread.message_id]
        # The first names the thread; of a long one the newest are enough.
        letter["References"] = " ".join(dict.fromkeys([known[0], *known[-_MAX_REFERENCES:]]))
    letter["Auto-Submitted"] = "auto-replied" if thread is not None else "auto-generated"
    letter.set_content(_body(content, sender), charset="utf-8")
    if content.attachment is not None and file:
        main, _, sub = content.attachment.mime_type.partition("/")
        letter.add_attachment(file, maintype=main, subtype=sub, filename=content.attachment.name)
    return letter.as_bytes()


def own_message_id(message_id: str, address: str) -> str:
    """The Message-ID of a message of ours."""
    return f"<{message_id}@{domain_of(address)}>"


def _subject(content: OutboundMessage, sender: Sender, thread: Thread | None) -> str:
    if thread is None:
        return _line(content.subject) or sender.name or sender.address
    return f"Re: {_line(without_reply_marks(thread.subject)) or sender.name or sender.address}"


def _body(content: OutboundMessage, sender: Sender) -> str:
    # Words that greet by themselves are not greeted for.
    greets = content.text.lstrip("¡ \n").lower().startswith(_GREETING_WORDS)
    greeting = "" if greets else _GREETINGS.get(content.language[:2].lower(), _GREETINGS["en"])
    signature = f"-- \n{sender.name}" if sender.name else ""
    link = content.attachment.url if content.attachment is not None else ""
    parts = (greeting, content.text.strip(), link, as_lines(content.choices, content.language), signature)
    return "\n\n".join(part for part in parts if part) + "\n"


def _line(value: str) -> str:
    return " ".join(value.split())
