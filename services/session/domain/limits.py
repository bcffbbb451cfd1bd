"""What callers may store: every list, map and text has a bound. Breaking one is named with its path, all at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sized

from mesh.errors import Invalid

from services.session.domain.guest import GuestDetails
from services.session.domain.phone import digits_of
from services.session.domain.session import Dialogue
from services.session.domain.turn import Turn

METADATA_ENTRIES = 32
METADATA_CHARACTERS = 256
MEMORY_BYTES = 64 * 1024
TEXTS_PER_TURN = 50
TEXT_CHARACTERS = 16_000  # several times the longest message of a channel: e-mails are cut by the gateway
TURNS_PER_APPEND = 50
OUTCOME_BYTES = 512 * 1024
ENTRIES = 64  # slots, promises, pending actions, asked slots
NAME_CHARACTERS = 128
VALUE_CHARACTERS = 4_096

Problem = tuple[str, str]


def check_dialogue(dialogue: Dialogue, *, field: str = "session") -> None:
    """Raises Invalid naming everything that is too much or malformed, as paths under `field`."""
    _refuse("the session", field, _dialogue_problems(dialogue))


def check_turn(turn: Turn, *, field: str = "turn") -> None:
    """Raises Invalid naming everything that is too much, as paths under `field`."""
    _refuse("the turn", field, _turn_problems(turn))


def check_guest(details: GuestDetails, *, field: str = "guest") -> None:
    """Raises Invalid for an e-mail address or phone number that cannot be one, or a name that is too long."""
    _refuse("the guest", field, _guest_problems(details))


def check_id(value: str, *, field: str) -> None:
    """Raises Invalid for an id that is missing or too long to be one of anybody's."""
    if not 1 <= len(value) <= NAME_CHARACTERS:
        raise Invalid(f"{field} is not an id", fields={field: f"must have 1–{NAME_CHARACTERS} characters"})


def _refuse(what: str, field: str, problems: Iterable[Problem]) -> None:
    fields = {f"{field}.{path}": problem for path, problem in problems}
    if fields:
        raise Invalid(f"{what} cannot be stored", fields=fields)


def _dialogue_problems(dialogue: Dialogue) -> Iterator[Problem]:
    for name in ("language", "flow", "state", "current_intent"):
        yield from _long(name, getattr(dialogue, name), NAME_CHARACTERS)
    for name in ("asked_slots", "slots", "pending_actions", "promises"):
        yield from _many(name, getattr(dialogue, name), ENTRIES)
    for name, slot in dialogue.slots.items():
        yield from _long(f"slots[{name}].value", slot.value, VALUE_CHARACTERS)
        if not 0 <= slot.confidence <= 1:
            yield f"slots[{name}].confidence", "must be 0–1"
    for index, action in enumerate(dialogue.pending_actions):
        yield from _pairs(f"pending_actions[{index}].details", action.details, ENTRIES, VALUE_CHARACTERS)
    for index, promise in enumerate(dialogue.promises):
        if not promise.promise_id:
            yield f"promises[{index}].promise_id", "is required"
        yield from _long(f"promises[{index}].text", promise.text, VALUE_CHARACTERS)
    if dialogue.handoff:
        yield from _long("handoff.summary", dialogue.handoff.summary, VALUE_CHARACTERS)
    yield from _memory(dialogue.memory_json)
    yield from _pairs("metadata", dialogue.metadata, METADATA_ENTRIES, METADATA_CHARACTERS)


def _turn_problems(turn: Turn) -> Iterator[Problem]:
    yield from _long("turn_id", turn.turn_id, NAME_CHARACTERS)
    yield from _long("agent", turn.agent, NAME_CHARACTERS)
    for name in ("inbound_texts", "inbound_message_ids", "outbound_texts"):
        texts = getattr(turn, name)
        yield from _many(name, texts, TEXTS_PER_TURN)
        for index, text in enumerate(texts):
            yield from _long(f"{name}[{index}]", text, TEXT_CHARACTERS)
    if len(turn.outcome) > OUTCOME_BYTES:
        yield "outcome", f"must have at most {OUTCOME_BYTES} bytes"


def _guest_problems(details: GuestDetails) -> Iterator[Problem]:
    for name in ("given_name", "family_name", "language"):
        yield from _long(name, getattr(details, name), NAME_CHARACTERS)
    user, at, host = details.email.rpartition("@")
    if details.email and not (user and at and host and len(details.email) <= 320):
        yield "email", "must be an e-mail address"
    number = details.phone_number
    if number and not (number.startswith("+") and digits_of(number)):
        yield "phone_number", "must be an E.164 phone number, as in +525512345678"


def _memory(memory: str) -> Iterator[Problem]:
    if len(memory.encode()) > MEMORY_BYTES:
        yield "memory_json", f"must have at most {MEMORY_BYTES} bytes"
    elif memory and not _is_object(memory):
        yield "memory_json", "must be a JSON object"


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _pairs(path: str, entries: Mapping[str, str], most: int, characters: int) -> Iterator[Problem]:
    yield from _many(path, entries, most)
    for name, value in entries.items():
        yield from _long(f"{path}[{name}]", value, characters)
        if len(name) > NAME_CHARACTERS:
            yield path, f"names must have at most {NAME_CHARACTERS} characters"


def _many(path: str, entries: Sized, most: int) -> Iterator[Problem]:
    if len(entries) > most:
        yield path, f"must have at most {most} entries"


def _long(path: str, text: str, most: int) -> Iterator[Problem]:
    if len(text) > most:
        yield path, f"must have at most {most} characters"
