"""Rooms moving between free, held and sold, night by night: every change of inventory is a list of these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .stay import Stay


@dataclass(frozen=True, slots=True, order=True)
class NightMove:
    """So many rooms more (or, negative, fewer) sold and held on one night of one room type."""

    room_type_id: str
    night: date
    sold: int = 0
    held: int = 0

    @property
    def takes(self) -> int:
        """Rooms that leave the shelf; negative when rooms come back."""
        return self.sold + self.held


def moves(room_type_id: str, stay: Stay, *, sold: int = 0, held: int = 0) -> list[NightMove]:
    """The same move on every night of a stay."""
    return [NightMove(room_type_id, night, sold, held) for night in stay.nights()]


def merged(several: Iterable[NightMove]) -> list[NightMove]:
    """One move a night, in the one order in which nights are locked everywhere: by room type, then date.

    Moves that cancel each other out stay, so that their nights are locked all the same.
    """
    sums: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0])
    for move in several:
        total = sums[move.room_type_id, move.night]
        total[0] += move.sold
        total[1] += move.held
    return [NightMove(room_type_id, night, *sums[room_type_id, night]) for room_type_id, night in sorted(sums)]
