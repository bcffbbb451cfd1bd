"""Turns that were put aside after their last try, for people to look at one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.gateway.domain.message import Body, Button, Edit, Identity, Location, Media, Text, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A turn that was put aside, without its words. Its messages stay in the inbox."""

    turn_id: str
    conversation_id: str
    property_id: str
    channel: str
    tries: int
    reason: str
    create_time: datetime
    update_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLetter:
    """The same with who wrote and what, oldest first."""

    letter: DeadLetter
    sender: Identity
    name: str
    said: tuple[str, ...]


def words_of(body: Body) -> str:
    """What a guest wrote, or in brackets what it is that has no words."""
    words = ""
    match body:
        case Text(text=text) | Media(caption=text) | Voice(transcript=text) | Button(title=text) | Location(label=text):
            words = text
        case Edit(content=content):
            words = words_of(content)
    return words or f"[{type(body).__name__.lower()}]"
