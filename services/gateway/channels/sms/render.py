"""A message of ours as SMS: cheap letters, choices as numbered lines, parts of at most what Twilio takes at once."""

from __future__ import annotations

from services.gateway.channels.cutting import parts
from services.gateway.channels.offers import as_lines
from services.gateway.channels.sms.gsm7 import cheapest, segments
from services.gateway.domain.message import OutboundMessage

MAX_BODY = 1600
WHATSAPP = "whatsapp:"


def render(content: OutboundMessage, address: str) -> list[str]:
    """The bodies to send, one after the other. Only SMS is billed by its alphabet: WhatsApp keeps its accents."""
    words = "\n\n".join(part for part in (content.text.strip(), as_lines(content.choices, content.language)) if part)
    return parts(words if address.startswith(WHATSAPP) else cheapest(words), MAX_BODY)


def billed_segments(content: OutboundMessage, address: str) -> int:
    """How many segments a carrier bills for a message; none for WhatsApp, which is billed by the message."""
    return 0 if address.startswith(WHATSAPP) else sum(segments(body) for body in render(content, address))
