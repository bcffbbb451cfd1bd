"""Where the facts of a reply come from: a number, price, date or rule that no source stands behind is never sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from mesh.values import Money

Content = Money | date | datetime | time | int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A fact with its source and when it was read.

    Sources: `quote:<id>`, `offer:<type>/<plan>`, `reservation:<code>`, `fact:<topic>@<version>`, `policy:<plan>`,
    `property:<field>`, `guest:<message id>`, `handoff:<reason>`, `staff:<agent>`.
    """

    content: Content
    source: str
    read_time: datetime | None = None


# A reply's values: sourced facts, plain words without figures, flags, and rows of values.
Value = Sourced | str | bool | None | tuple[Mapping[str, "Value"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Words of a reply and where they came from."""

    words: str
    source: str
    read_time: datetime | None


class Unproven(Exception):
    """A reply holds a figure that no source stands behind. `words` is the figure with its surroundings."""

    def __init__(self, words: str) -> None:
        super().__init__("a reply holds a figure without a source")
        self.words = words


def require_proof(text: str) -> None:
    """Raises Unproven when words that came from no source hold a digit."""
    if any(character.isdigit() for character in text):
        raise Unproven(text)
