"""What comes of a turn: the outcome for the record, and the answer for who asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.orchestrator.domain.analysis import Intent
from services.orchestrator.domain.events import Input, Tapped
from services.orchestrator.domain.proof import Claim
from services.orchestrator.domain.state import DialogueState
from services.orchestrator.executor import Operation
from services.orchestrator.listening import Words
from services.orchestrator.ports import TurnRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a turn, for the answer and the record.

    `kind` is that of a message we start (`pre_arrival`, …, `overdue`), for the template to send it by; empty for
    answers. `subject` is that of a letter that we start.
    `variants` are the flags in force, by name.
    """

    session_id: str
    state: DialogueState
    texts: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    claims: tuple[Claim, ...] = ()
    intents: tuple[Intent, ...] = ()
    operations: tuple[Operation, ...] = ()
    reasons: tuple[str, ...] = ()
    degraded: bool = False
    send_after: datetime | None = None
    kind: str = ""
    subject: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The stored outcome as bytes, and whether an earlier call had stored it."""

    stored: bytes
    replayed: bool
    outcome: Outcome | None = None


Encode = Callable[[Outcome], bytes]


def record_of(turn_id: str, inputs: Sequence[Words | Input]) -> TurnRecord:
    """What the guest sent in a turn, for the history: words, and of a tap what stood on it."""
    return TurnRecord(
        turn_id=turn_id,
        inbound_texts=tuple(text for item in inputs if (text := _words(item))),
        inbound_ids=tuple(item.message_id for item in inputs),
    )


def _words(item: Words | Input) -> str:
    match item:
        case Words(text=text) | Tapped(title=text):
            return text
        case _:
            return ""


def distinct(intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """Each intent once, where it was surest."""
    best: dict[str, Intent] = {}
    for intent in sorted(intents, key=lambda item: -item.confidence):
        best.setdefault(intent.name, intent)
    return tuple(best.values())
