"""Choices on channels without buttons: numbered lines out, and the number that comes back as the choice it names."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from services.gateway.domain.message import Button, Choice, Delivery, Identity, Text
from services.gateway.ports import Conversations, Outbox

# What the guest was last offered on this channel, in order.
LastOffer = Callable[[str, Identity], Awaitable[tuple[Choice, ...]]]

_MESSAGES_OF_A_TURN = 5
_NUMBER = re.compile(
    r"(?:(?:la|el|a|o|the)\s+)?(?:(?:opci[oó]n|option|op[cç][aã]o|n[uú]mero|number)\s+)?#?([1-9][0-9]?)[.)]?"
)
_REPLY = {
    "es": "Responda con el número.",
    "en": "Reply with the number.",
    "pt": "Responda com o número.",
}


def as_lines(choices: Sequence[Choice], language: str) -> str:
    """The choices numbered, one a line, and how to answer. Empty without choices."""
    if not choices:
        return ""
    lines = [
        f"{number}) {choice.title}" + (f" - {choice.description}" if choice.description else "")
        for number, choice in enumerate(choices, start=1)
    ]
    return "\n".join([*lines, _REPLY.get(language[:2].lower(), _REPLY["en"])])


def number_in(text: str) -> int | None:
    """The number when the words say nothing else: `2`, `2.`, `la 2`, `opción 2`, `#2`."""
    match = _NUMBER.fullmatch(text.strip().casefold())
    return int(match.group(1)) if match is not None else None


async def with_choices(delivery: Delivery, last_offer: LastOffer) -> Delivery:
    """The delivery, with a tap wherever the words are the number of a choice that the guest was last offered.

    Raises Down when the store is away.
    """
    messages = []
    for message in delivery.messages:
        number = number_in(message.body.text) if isinstance(message.body, Text) else None
        if number is not None:
            choices = await last_offer(message.property_id, message.sender)
            if number <= len(choices):
                choice = choices[number - 1]
                message = replace(message, body=Button(button_id=choice.id, title=choice.title))  # noqa: PLW2901
        messages.append(message)
    return replace(delivery, messages=tuple(messages))


class Offers:
    """What guests were last offered, as the outbox has it."""

    def __init__(self, *, conversations: Conversations, outbox: Outbox) -> None:
        self._conversations = conversations
        self._outbox = outbox

    async def last(self, property_id: str, identity: Identity) -> tuple[Choice, ...]:
        """The choices of the newest turn's messages; a later question without choices makes older ones void."""
        conversation = await self._conversations.find(property_id, identity)
        if conversation is None:
            return ()
        page = await self._outbox.page(conversation.conversation_id, before=None, size=_MESSAGES_OF_A_TURN)
        newest = [m for m in page.messages if m.create_time == page.messages[0].create_time]
        return next((message.content.choices for message in newest if message.content.choices), ())
