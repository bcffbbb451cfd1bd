"""What must hold of a round, whatever was done to the mesh. Pure: a history in, violations out.

Each invariant is a function of its own, by the name that docs/reliability.md uses.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from tests.chaos.history import Booked, History, Said, Written

# Wording of services/orchestrator/replies; `test_chaos_checker` holds these against the files.
BOOKED = re.compile(r"(?:está confirmada! Código: |is confirmed! Code: )([A-Z0-9]{6})\b")
CANCELED = re.compile(r"(?:su reserva |your booking )([A-Z0-9]{6}) (?:está cancelada|is canceled)")
CHANGED = re.compile(r"(?:Su reserva |Your booking )([A-Z0-9]{6}) (?:quedó así|is now)")
PROMISED = re.compile(
    r"le (?:escriben?|atienden|responden) en un máximo de|en cuanto abra le escribe una persona"
    r"|(?:writes?|see to it|answer)(?: to you)? within|will write to you as soon as"
)
OfGuest = TypeVar("OfGuest", Said, Written)
SENT = ("sent", "delivered", "read")


def violations(history: History) -> list[str]:
    """Everything that is not as it must be, each led by the name of its invariant."""
    return [f"{name}: {found}" for name, invariant in INVARIANTS.items() for found in invariant(history)]


def _lost(history: History) -> Iterator[str]:
    """Every accepted message is in a turn that is done, and that turn has an answer."""
    turn_of = {message: turn for turn in history.turns for message in turn.messages}
    answered = {written.turn_id for written in history.outbox}
    for said in history.said:
        turn = turn_of.get(said.message_id)
        if said.accepted and turn is None:
            yield f"{said.message_id} is in no turn"
        elif turn is not None and turn.state != "done":
            yield f"{said.message_id} is in a turn that is {turn.state} after {turn.tries} tries"
        elif turn is not None and turn.turn_id not in answered:
            yield f"{said.message_id} was handled and never answered"


def _unsent(history: History) -> Iterator[str]:
    """Every reply was taken by the channel, unless the channel refused it for good."""
    taken = {call.message_id for call in history.calls if call.taken}
    refused = {call.message_id for call in history.calls if call.code is not None}
    for written in history.outbox:
        if written.state in SENT and written.message_id not in taken:
            yield f"{written.message_id} is {written.state} and the channel never took it"
        elif written.state == "failed" and written.message_id not in refused:
            yield f"{written.message_id} was given up without a refusal ({written.failure_reason})"
        elif written.state not in (*SENT, "failed"):
            yield f"{written.message_id} is still {written.state}"


def _twice(history: History) -> Iterator[str]:
    """No message is in two turns, and no turn is answered by two."""
    times = Counter(message for turn in history.turns for message in turn.messages)
    for message, number in times.items():
        if number > 1:
            yield f"{message} is in {number} turns"


def _order(history: History) -> Iterator[str]:
    """What a guest said one after the other was handled one after the other."""
    handled = [message for turn in history.turns for message in turn.messages]
    place = {message: number for number, message in enumerate(handled)}
    for guest, said in _by_guest(history.said).items():
        windows = [
            [place[one.message_id] for one in group if one.message_id in place]
            for _, group in itertools.groupby(said, key=lambda one: one.window)
        ]
        for one, other in itertools.pairwise(filter(None, windows)):
            if max(one) > min(other):
                yield f"{guest} was not handled in order (turns hold messages {one} before {other})"


def _replies_in_order(history: History) -> Iterator[str]:
    """A guest's replies reached the channel first in the order in which they were written."""
    first: dict[str, int] = {}
    for number, call in enumerate(history.calls):
        if call.taken:
            first.setdefault(call.message_id, number)
    for guest, written in _by_guest(history.outbox).items():
        places = [first[one.message_id] for one in written if one.message_id in first]
        if places != sorted(places):
            yield f"{guest} got replies in another order"


def _replied_twice(history: History) -> Iterator[str]:
    """A reply reaches the guest once; more often only when it is marked as possibly repeated."""
    times = Counter(call.message_id for call in history.calls if call.taken)
    marked = {written.message_id for written in history.outbox if written.possibly_repeated}
    known = {written.message_id for written in history.outbox}
    for message, number in times.items():
        if message not in known:
            yield f"{message} reached the guest and is in no outbox"
        elif number > 1 and message not in marked:
            yield f"{message} reached the guest {number} times and is not marked"


def _oversold(history: History) -> Iterator[str]:
    """No night has more rooms sold and held than there are, by the counters and by the reservations."""
    taken: Counter[tuple[str, date]] = Counter()
    for booked in history.reservations:
        if booked.live:
            taken.update(dict.fromkeys(booked.nights(), booked.units))
    for night in history.nights:
        reserved = taken[night.room_type, night.night]
        if max(night.sold, reserved) + night.held > night.capacity:
            yield f"{night.room_type} on {night.night}: {night.capacity} rooms, {night.sold} sold, {night.held} held"
        if night.sold != reserved:
            yield f"{night.room_type} on {night.night}: {night.sold} sold, {reserved} reserved"


def _untrue(history: History) -> Iterator[str]:
    """Every booking a guest was told of is in the PMS under that guest, in the state they were told last."""
    books = {booked.code: booked for booked in history.reservations}
    for (guest, code), word in _last_words(history.outbox).items():
        booked = books.get(code)
        if booked is None or booked.guest != guest:
            yield f"{guest} was told of {code}, which the PMS does not have for them"
        elif booked.live is (word == "canceled") and guest not in history.handoffs:
            yield f"{guest} was told that {code} is {word}, the PMS says {booked.state}"


def _untold(history: History) -> Iterator[str]:
    """Every reservation of a guest was told to them, or a person will see to it; and nobody has one room too many."""
    told = set(_last_words(history.outbox))
    guests = {said.guest for said in history.said}
    live: dict[str, list[Booked]] = defaultdict(list)
    for booked in history.reservations:
        if booked.guest not in guests:
            continue
        if booked.live:
            live[booked.guest].append(booked)
        if (booked.guest, booked.code) not in told and booked.guest not in history.handoffs:
            yield f"{booked.guest} has {booked.code} ({booked.state}) and was never told"
    for guest, owned in live.items():
        for one, other in itertools.combinations(owned, 2):
            if set(one.nights()) & set(other.nights()):
                yield f"{guest} has {one.code} and {other.code} for the same nights"


def _promise(history: History) -> Iterator[str]:
    """Whoever was promised a person, or asked for one, is in the queue of hand-offs."""
    for written in history.outbox:
        if PROMISED.search(written.text) and written.guest not in history.handoffs:
            yield f"{written.guest} was promised a person and is not in the queue: {written.text!r}"
    for said in history.said:
        if said.asks_for_person and said.accepted and said.guest not in history.handoffs:
            yield f"{said.guest} asked for a person and is not in the queue"


def _unhealthy(history: History) -> Iterator[str]:
    """Everything holds again within the bound of the round."""
    for name, seconds in history.recovery.items():
        if seconds is None:
            yield f"{name} did not come back"


INVARIANTS: Mapping[str, Callable[[History], Iterable[str]]] = {
    "nothing lost": _lost,
    "nothing unsent": _unsent,
    "nothing twice": _twice,
    "in order": _order,
    "replies in order": _replies_in_order,
    "no reply twice": _replied_twice,
    "nothing oversold": _oversold,
    "nothing untrue": _untrue,
    "nothing untold": _untold,
    "promises kept": _promise,
    "healthy again": _unhealthy,
}


def _last_words(outbox: Iterable[Written]) -> dict[tuple[str, str], str]:
    """By guest and code: what the guest was told last of that booking."""
    words: dict[tuple[str, str], str] = {}
    for written in outbox:
        for pattern, word in ((BOOKED, "booked"), (CHANGED, "booked"), (CANCELED, "canceled")):
            if match := pattern.search(written.text):
                words[written.guest, match[1]] = word
    return words


def _by_guest(items: Iterable[OfGuest]) -> dict[str, list[OfGuest]]:
    found: dict[str, list[OfGuest]] = defaultdict(list)
    for item in items:
        found[item.guest].append(item)
    return found
