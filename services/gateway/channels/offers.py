"""Choices on channels without buttons: numbered lines out, and the number that comes back as the choice it names."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

from services.gateway.domain.message import Button, Choice, Identity, Text
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


async def with_choice(body: Text, sender: Identity, property_id: str, last_offer: LastOffer) -> Text | Button:
    """A tap, when the words are the number of a choice that the guest was last offered; else the words as they are."""
    number = number_in(body.text)
    if number is None:
        return body
    choices = await last_offer(property_id, sender)
    if number > len(choices):
        return body
    choice = choices[number - 1]
    return Button(button_id=choice.id, title=choice.title)


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
