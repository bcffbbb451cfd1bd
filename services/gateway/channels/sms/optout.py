"""Words that stop and resume messages, and what of them is still a guest's request.

Twilio answers its own list before us (STOP, CANCEL, YES, …) and tells of it by `OptOutType`; the carrier's state is
then mirrored. CANCEL may well be about a booking and YES about an offer, so they reach the conversation all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.gateway.domain.cleaning import clean_line

_STOPS = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "baja", "parar", "alto"})
_STARTS = frozenset({"start", "unstop", "alta"})
# Twilio knows none of these unless its Advanced Opt-Out is told, so they are heard here.
_OUR_STOPS = frozenset({"baja", "parar", "alto"})
_OUR_STARTS = frozenset({"alta"})


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
        case _ if word in _OUR_STOPS:
            return OptOut(stopped=True, spoken=True)
        case _ if word in _OUR_STARTS:
            return OptOut(stopped=False, spoken=True)
        case _:
            return OptOut(stopped=None, spoken=True)
