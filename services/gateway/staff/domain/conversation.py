"""Conversations as staff see them: who waits for a person, what was said, and what the receptionist made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.gateway.domain.message import Identity

OPEN, CLAIMED, RELEASED = "open", "claimed", "released"
NOTE = "note"
# The agent of who answered in a channel's own app, where no account is known.
APP = "app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A conversation given to a person. Words are the contracts' names in lower case."""

    state: str
    desk: str
    priority: str
    reason: str
    summary: str
    agent: str
    open_time: datetime | None
    due_time: datetime | None

    @property
    def with_app(self) -> bool:
        """Whoever has it answers in the channel's own app."""
        return self.state == CLAIMED and self.agent == APP

    def minutes_left(self, now: datetime) -> int | None:
        """Whole minutes until somebody must have answered, below zero when it is late; None without a deadline."""
        if self.due_time is None:
            return None
        return int((self.due_time - now) // timedelta(minutes=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something the guest was told we would do."""

    text: str
    owner: str
    due_time: datetime | None
    kept: bool
    broken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A conversation in a list."""

    session_id: str
    property_id: str
    guest_id: str
    guest_name: str
    identity: Identity
    language: str
    intent: str
    handoff: Handoff | None
    last_activity: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who writes."""

    guest_id: str
    name: str
    email: str
    phone_number: str
    language: str
    opted_out: bool
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What the receptionist understood in a turn, what it did, and why."""

    intents: tuple[tuple[str, float, str], ...] = ()  # name, confidence 0–1, topic
    slots: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    proofs: tuple[tuple[str, str], ...] = ()  # the words, where they came from
    operations: tuple[tuple[str, str, str], ...] = ()  # operation, reference, error reason or ""
    place: str = ""
    degraded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One turn: the guest's words and the answer, or words of a person. `author`: guest, staff, bot, note."""

    turn_id: str
    author: str
    said: tuple[str, ...]
    answered: tuple[str, ...]
    agent: str
    time: datetime
    understanding: Understanding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Everything about one conversation but the words said in it."""

    case: Case
    guest: Guest
    promises: tuple[Promise, ...]
    slots: Mapping[str, str]
    pending: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A page of hand-offs, the most urgent first."""

    cases: tuple[Case, ...]
    next_token: str
    open_count: int
    claimed_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whether a guest can be answered now. `closes` is the end of the channel's window; None when it has none."""

    possible: bool
    closes: datetime | None = None
    last_inbound: datetime | None = None
    conversation_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A reservation as reception needs it."""

    code: str
    guest_name: str
    phone_number: str
    check_in: str
    check_out: str
    room_type: str
    rooms: tuple[str, ...]
    people: int
    state: str
    total: str
    arrival_time: str
    remark: str
