"""What remains when a guest is forgotten: a receipt that names what was erased and what had to be kept, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.session.domain.guest import Guest
from services.session.domain.identity import ChannelIdentity, MatchKey
from services.session.domain.session import Session

RESERVATION_SLOT = "reservation"
# The pms is told of the erasure afterwards, so what it keeps is said by its rule and not by its answer.
_PAST_STAYS = (
    "past stays, if any: dates, rooms and amounts without the name, as tax law asks; "
    "where a hotel books in a system of its own, its record of the guest, by the hotel"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof of an erasure. It holds no personal data. `erased` and `retained` are lines for people to read."""

    receipt_id: str
    erase_time: datetime
    erased: tuple[str, ...]
    retained: tuple[str, ...]
    retention: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingErasure:
    """An erasure that has not reached the gateway yet: whom it has to forget, and everything until when."""

    receipt_id: str
    erase_time: datetime
    identities: tuple[ChannelIdentity, ...]
    session_ids: tuple[str, ...]


def erased_lines(*, identities: int, sessions: int, turns: int, promises: int, keys: int = 0) -> tuple[str, ...]:
    """What was erased, by kind and count. `keys` are those that the stored words were encrypted with."""
    counts = {"guests": 1, "identities": identities, "sessions": sessions, "turns": turns, "promises": promises}
    counts["encryption keys"] = keys
    return tuple(f"{kind}: {count}" for kind, count in counts.items() if count)


def retained_lines(guest: Guest, sessions: Iterable[Session], now: datetime) -> tuple[str, ...]:
    """What is kept and why: what the conversations began at the reservations system, and a stop the guest asked for."""
    lines = list(dict.fromkeys(line for session in sessions for line in _kept_elsewhere(session, now)))
    lines.append(_PAST_STAYS)
    if guest.opted_out:
        lines.append("request not to be written to, as one-way hashes of the addresses, so that it stays honoured")
    return tuple(lines)


def suppression_of(key: MatchKey) -> str:
    """The one-way hash that keeps a stop honoured after its guest was forgotten."""
    return hashlib.sha256(f"{int(key.channel)}\x1f{key.channel_name}\x1f{key.key}".encode()).hexdigest()


def _kept_elsewhere(session: Session, now: datetime) -> Iterator[str]:
    reservation = session.dialogue.slots.get(RESERVATION_SLOT)
    if reservation and reservation.value:
        yield f"reservation {reservation.value}, by the reservations system, with the name until its stay is over"
    for action in session.dialogue.pending_actions:
        if action.reference and action.expire_time and action.expire_time > now:
            until = action.expire_time.isoformat(timespec="minutes")
            yield f"{action.type} {action.reference}, by the reservations system, until {until}"
