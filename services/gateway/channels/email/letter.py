"""A mail as bytes, read into what the conversation needs of it. The same for Gmail, IMAP and tests."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from services.gateway.channels.email import quoting
from services.gateway.channels.email.bounces import Bounce, bounce_of
from services.gateway.channels.email.headers import address_in, guessed, header, message_ids
from services.gateway.channels.email.markup import split_html
from services.gateway.channels.email.robots import why_not
from services.gateway.channels.email.trust import is_verified
from services.gateway.domain.cleaning import clean_line, clean_text, storable
from services.gateway.domain.message import MediaKind
from services.gateway.domain.signals import signals_in

_MAX_ATTACHMENTS = 5
# In letters of base64: 40 KB. No photo is as small, and few logos larger.
_ORNAMENT = 54_000
_KINDS = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file in a mail; `part` is its place among the mail's parts."""

    part: int
    mime_type: str
    file_name: str

    @property
    def kind(self) -> MediaKind:
        """What it is shown as."""
        return _KINDS.get(self.mime_type.partition("/")[0], MediaKind.DOCUMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail. `ignored` says why it is not for the conversation, empty when it is."""

    message_id: str
    references: tuple[str, ...]
    address: str
    display_name: str
    subject: str
    text: str
    quoted_text: str
    send_time: datetime | None
    verified: bool
    ignored: str
    attachments: tuple[Attachment, ...]
    bounce: Bounce | None = None
    signals: tuple[str, ...] = ()


def read_letter(
    raw: bytes,
    *,
    labels: Collection[str] = (),
    own: Collection[str] = (),
    servers: Collection[str] = (),
    relays: Collection[str] = (),
) -> Letter:
    """`own` are our addresses, `servers` those whose Authentication-Results are believed, `relays` domains that hand on
    guests' mail.
    """
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    address, name = address_in(header(parsed, "From"))
    text, quoted = _words(parsed)
    return Letter(
        message_id=next(iter(message_ids(header(parsed, "Message-ID"))), ""),
        references=message_ids(header(parsed, "References")) or message_ids(header(parsed, "In-Reply-To")),
        address=address,
        display_name=clean_line(name, limit=128),
        subject=clean_line(header(parsed, "Subject"), limit=256),
        text=clean_text(text),
        signals=signals_in(text),
        quoted_text=clean_text(quoted, limit=4000),
        send_time=_time(header(parsed, "Date")),
        verified=is_verified(parsed, servers=servers),
        ignored=why_not(parsed, labels=labels, own=own, relays=relays),
        attachments=tuple(_attachments(parsed)),
        bounce=bounce_of(parsed),
    )


def _words(parsed: EmailMessage) -> tuple[str, str]:
    """The new words and what was taken off, of every part that is written and not attached."""
    new: list[str] = []
    taken_off: list[str] = []
    for part in _written(parsed):
        content, marked = _content(part), ""
        if part.get_content_subtype() == "html":
            content, marked = split_html(content)
        words, quoted = quoting.split(content)
        if words not in new:
            # Some programs put the same words twice, once as HTML, without saying that they are alternatives.
            new.append(words)
        taken_off += [quoted, marked]
    return "\n\n".join(filter(None, new)), "\n".join(filter(None, taken_off))


def _written(part: EmailMessage) -> list[EmailMessage]:
    """The parts that make the letter, in order: telephones write on below a photo. A mail that is handed on as a whole,
    and a text that is attached, are somebody else's words. Of alternatives the plain one, where it has words.
    """
    if part.get_content_maintype() == "message" or part.get_content_disposition() == "attachment":
        return []
    if not part.is_multipart():
        return [part] if part.get_content_type() in ("text/plain", "text/html") else []
    children = [_written(child) for child in part.iter_parts() if isinstance(child, EmailMessage)]
    match part.get_content_subtype():
        case "alternative":
            spoken = [found for found in children if any(_content(leaf).strip() for leaf in found)]
            plain = [found for found in spoken if all(leaf.get_content_subtype() == "plain" for leaf in found)]
            return next(iter(plain or spoken), [])
        case "related" | "signed":
            return next(iter(children), [])
        case _:
            return [leaf for found in children for leaf in found]


def _content(part: MIMEPart) -> str:
    try:
        found = part.get_content()
    except Exception:
        # An unknown charset, or a transfer encoding that is broken: what can be read is read.
        found = "\ufffd"
    if isinstance(found, str) and "\ufffd" in found:
        payload = part.get_payload(decode=True)
        found = guessed(payload) if isinstance(payload, bytes) else found
    return found if isinstance(found, str) else ""


def _attachments(parsed: EmailMessage) -> Iterator[Attachment]:
    found = 0
    for number, part in enumerate(parsed.walk()):
        if found < _MAX_ATTACHMENTS and isinstance(part, EmailMessage) and _is_attached(part):
            found += 1
            name = clean_line(part.get_filename() or "", limit=128)
            yield Attachment(part=number, mime_type=storable(part.get_content_type(), limit=128), file_name=name)


def _is_attached(part: EmailMessage) -> bool:
    """Whether a part is a file of the guest's. Telephones put photos between the words; a small picture that the HTML
    shows by its Content-ID is ornament, such as the logo of a signature."""
    if part.is_multipart():
        return False
    match part.get_content_disposition():
        case "attachment":
            return True
        case "inline":
            ornament = "Content-ID" in part and len(part.get_payload()) < _ORNAMENT
            return part.get_content_maintype() != "text" and bool(part.get_filename()) and not ornament
        case _:
            return False


def _time(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        # A date without a zone ("-0000") is in UTC by the standard.
        return found.astimezone(UTC) if found.tzinfo is not None else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
