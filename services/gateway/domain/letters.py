"""Several replies of one turn as one letter: a guest who wrote one mail gets one mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.gateway.domain.message import Channel, OutboundMessage


def as_sent_by(channel: Channel, replies: Sequence[OutboundMessage]) -> tuple[OutboundMessage, ...]:
    """The replies as messages of the channel: by mail those in words are one, in their order, with all their choices.

    Templates and files are messages of their own on every channel.
    """
    words = [reply for reply in replies if not reply.template_name and reply.attachment is None]
    if channel is not Channel.EMAIL or len(words) < 2:
        return tuple(replies)
    first = words[0]
    letter = replace(
        first,
        text="\n\n".join(reply.text.strip() for reply in words if reply.text.strip()),
        choices=tuple(choice for reply in words for choice in reply.choices),
        subject=next((reply.subject for reply in words if reply.subject), ""),
        # The newest mail is the one to answer: everything before it stands in its thread.
        reply_to_message_id=next((r.reply_to_message_id for r in reversed(words) if r.reply_to_message_id), ""),
    )
    return (letter, *(reply for reply in replies if reply not in words))
