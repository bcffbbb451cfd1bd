"""A turn: one exchange with the bot, or words of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from mesh.errors import Invalid
from mesh.masking import mask_bytes, mask_words

RECENT_TURNS = 10


class Author(IntEnum):
    """Who spoke. Numbers are stored: never renumber."""

    GUEST = 1
    STAFF = 2
    BOT = 3
    NOTE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One exchange. `sequence` counts from 1 in its session; 0 and no time mean that it is not stored yet."""

    turn_id: str
    author: Author
    inbound_texts: tuple[str, ...] = ()
    inbound_message_ids: tuple[str, ...] = ()
    outbound_texts: tuple[str, ...] = ()
    agent: str = ""
    outcome: bytes = b""
    create_time: datetime | None = None
    sequence: int = 0

    def masked(self) -> Turn:
        """The turn as it may be stored."""
        return replace(
            self,
            inbound_texts=tuple(mask_words(text) for text in self.inbound_texts),
            outbound_texts=tuple(mask_words(text) for text in self.outbound_texts),
            outcome=mask_bytes(self.outcome),
        )


def recent_of(turns: Sequence[Turn], *, turn_id: str) -> tuple[Turn, ...]:
    """Of all turns of a session the latest. With `turn_id` of these only staff's, and that turn however old it is."""
    latest = turns[-RECENT_TURNS:]
    if not turn_id:
        return tuple(latest)
    older = [turn for turn in turns[:-RECENT_TURNS] if turn.turn_id == turn_id]
    return (*older, *(turn for turn in latest if turn.turn_id == turn_id or turn.author is Author.STAFF))


def turn_id_taken() -> Invalid:
    """A turn with one of the ids was said before."""
    return Invalid("a turn has this id already", fields={"turns.turn_id": "must be new in the session"})
