"""A message of ours as SMS: cheap letters, choices as numbered lines, parts of at most what Twilio takes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.gateway.channels.cutting import parts
from services.gateway.channels.offers import as_lines
from services.gateway.channels.sms.gsm7 import cheapest, segments
from services.gateway.domain.attachment import FileKind
from services.gateway.domain.message import OutboundMessage

MAX_BODY = 1600
WHATSAPP = "whatsapp:"
SMS: Final = "sms"
MMS: Final = "mms"


@dataclass(frozen=True, slots=True)
class Part:
    """One call: words, and the address of a file. One of them may be empty."""

    body: str = ""
    media_url: str = ""


def carries_media(address: str, mms: Sequence[str]) -> bool:
    """Whether a phone gets files: over WhatsApp all do, by MMS those whose numbers begin with one of `mms`."""
    return address.startswith((WHATSAPP, *mms))


def render(content: OutboundMessage, address: str, *, file_url: str = "", mms: Sequence[str] = ()) -> list[Part]:
    """The calls, one after the other. Only SMS is billed by its alphabet: WhatsApp keeps its accents.

    A file goes where carriers take it, elsewhere its address stands below the words. WhatsApp loses the words beside
    what is no picture, so they follow it.
    """
    carried = bool(file_url) and carries_media(address, mms)
    words = (content.text.strip(), as_lines(content.choices, content.language), "" if carried else file_url)
    body = "\n\n".join(part for part in words if part)
    bodies = parts(body if address.startswith(WHATSAPP) else cheapest(body), MAX_BODY) if body else []
    if not carried:
        return [Part(body=part) for part in bodies]
    alone = content.attachment is not None and content.attachment.kind is not FileKind.IMAGE
    if not bodies or (alone and address.startswith(WHATSAPP)):
        return [Part(media_url=file_url), *(Part(body=part) for part in bodies)]
    return [Part(body=bodies[0], media_url=file_url), *(Part(body=part) for part in bodies[1:])]


def billed(sent: Sequence[Part], address: str) -> tuple[str, ...]:
    """What a carrier bills for a message: `mms` for a file, `sms` for each segment of the other parts. Nothing for
    WhatsApp, which is billed by the message.
    """
    if address.startswith(WHATSAPP):
        return ()
    return tuple(category for part in sent for category in ([MMS] if part.media_url else [SMS] * segments(part.body)))
