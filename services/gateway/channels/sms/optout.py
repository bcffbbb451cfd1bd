"""Words that stop and resume messages, and what of them is still a guest's request.

Twilio answers its own list before us (STOP, CANCEL, YES, …) and tells of it by `OptOutType` where Advanced Opt-Out is
on; without it, it blocks all the same and tells nothing. The carrier's state is mirrored either way. CANCEL may well be
about a booking and YES about an offer, so they reach the conversation all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.gateway.domain.cleaning import clean_line

_STOPS = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "baja", "parar", "alto"})
_STARTS = frozenset({"start", "unstop", "alta"})


@dataclass(frozen=True, slots=True)
class OptOut:
    """`stopped` is the new state, None leaves it; `spoken` says whether the words are for the conversation too."""

    stopped: bool | None
    spoken: bool


def opt_out_of(told: str, body: str) -> OptOut:
    """What `OptOutType` and the words mean together."""
    word = clean_line(body).casefold().strip(".!¡ ")
    match told.strip().upper():
        case "STOP":
            return OptOut(stopped=True, spoken=word not in _STOPS)
        case "START":
            return OptOut(stopped=False, spoken=word not in _STARTS)
        # Nobody told of these: Spanish words that Twilio does not know, or English ones that it blocks in silence.
        case _ if word in _STOPS:
            return OptOut(stopped=True, spoken=True)
        case _ if word in _STARTS:
            return OptOut(stopped=False, spoken=True)
        case _:
            return OptOut(stopped=None, spoken=True)
