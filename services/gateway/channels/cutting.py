"""Words cut to what a channel takes at once."""

from __future__ import annotations

_ELLIPSIS = "…"


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, the cut shown."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + _ELLIPSIS


def parts(text: str, limit: int) -> list[str]:
    """The words in pieces of at most `limit`, parted at line ends or blanks where there are any."""
    cut_off = []
    rest = text
    while len(rest) > limit:
        cut = max(rest.rfind("\n", 0, limit), rest.rfind(" ", 0, limit))
        cut = cut if cut > limit // 2 else limit
        cut_off.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*cut_off, rest]
