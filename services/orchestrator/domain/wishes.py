"""Wishes told beside a booking ("a cot, please", "on a high floor"): the guest's own words, for the reservation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.orchestrator.domain.analysis import Entity

# What a reservation's remark holds, and what of it one message may fill.
MOST_CHARACTERS = 1000
_MOST_OF_ONE = 300
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;]*")
_LEAST_WORDS = 3
# A sentence with one of these tells the stay, and the reservation has it already.
_TOLD_ANYWAY = ("date", "nights", "guest_name", "rate_plan", "room_type", "email", "phone")


def wish_in(text: str, entities: Sequence[Entity]) -> str:
    """The sentences of a message that tell nothing of the stay, else all of it."""
    told = [item.start for item in entities if item.type in _TOLD_ANYWAY]
    apart = [m for m in _SENTENCE.finditer(text) if not any(m.start() <= at < m.end() for at in told)]
    words = " ".join(m.group().strip() for m in apart if len(m.group().split()) >= _LEAST_WORDS)
    return " ".join((words or text).split())[:_MOST_OF_ONE]


def with_wish(wishes: tuple[str, ...], wish: str) -> tuple[str, ...]:
    """The wishes with one more, each once and as many as a remark holds."""
    more = tuple(dict.fromkeys((*wishes, wish)))
    return more if len(remark(more)) <= MOST_CHARACTERS else wishes


def remark(wishes: Sequence[str]) -> str:
    """The wishes as one remark."""
    return " / ".join(wishes)
