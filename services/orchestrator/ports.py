"""What the orchestrator needs of the other services, in its own words. Adapters speak protobuf; nothing else does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from services.orchestrator.domain.analysis import Analysis
from services.orchestrator.domain.effects import PmsCall, RecordsCall
from services.orchestrator.domain.events import Result
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.offers import Quote
from services.orchestrator.domain.state import Contact, DialogueState


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """On whose behalf a call is made, its idempotency key, and the turn that it is made in."""

    property_id: str
    contact: Contact
    request_id: str
    guest_id: str = ""
    turn_id: str = ""


class Pms(Protocol):
    """The hotel's system."""

    async def hotel(self, property_id: str) -> Hotel:
        """What the hotel is and sells; may be some minutes old. Raises NotFound (PROPERTY_NOT_FOUND), Down."""

    async def perform(self, call: PmsCall, caller: Caller) -> Result:
        """Makes a call and tells what came of it. Raises the errors of the pms contract: Refused, NotFound, Invalid,
        Conflict, Busy, Down."""


class GuestRecords(Protocol):
    """What is kept of guests."""

    async def perform(self, call: RecordsCall, caller: Caller) -> Result:
        """Exports or erases the guest `caller.guest_id`. Raises NotFound (GUEST_NOT_FOUND), Down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Around one message: when, where and by whom it was said, and what the conversation was about.

    `guest` is an opaque id, for features that are on for a share of the guests.
    """

    language: str
    asked: tuple[str, ...]
    known: Mapping[str, str]
    flow: str
    now: datetime
    hotel: Hotel
    guest: str = ""


class Nlp(Protocol):
    """Understanding."""

    async def analyze(self, text: str, reading: Reading) -> Analysis:
        """What one message means. Raises Down, Busy, Invalid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """Prices that a turn has already got and a write was made with: a repeat of the turn uses the same ones."""

    turn_id: str = ""
    quotes: Mapping[str, Quote] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A session as read: the dialogue state and the version to write against.

    `stored` is what the turn that it was opened for came to, if it was stored before. `receipt` is that of the erasure
    which this very turn carried out before it was lost: the guest is a stranger again, who was not told.
    """

    session_id: str
    property_id: str
    guest_id: str
    version: int
    state: DialogueState
    journal: Journal = field(default_factory=Journal)
    stored: bytes | None = None
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRecord:
    """One exchange for the history. `author`: `guest`, `staff`, `bot`; `outcome` is what a repeat is answered with."""

    turn_id: str
    author: str = "guest"
    inbound_texts: tuple[str, ...] = ()
    inbound_ids: tuple[str, ...] = ()
    outbound_texts: tuple[str, ...] = ()
    agent: str = ""
    outcome: bytes = b""


@dataclass(frozen=True, slots=True)
class Stored:
    """The outcome that is stored for a turn. `replayed`: somebody had stored it before."""

    outcome: bytes
    replayed: bool = False


class Sessions(Protocol):
    """What is known of conversations."""

    async def open(self, property_id: str, contact: Contact, turn_id: str = "") -> Conversation:
        """The live conversation of a channel identity, new at first contact, for a turn. Raises Down."""

    async def get(self, session_id: str) -> Conversation:
        """One conversation. Raises NotFound (SESSION_NOT_FOUND), Down."""

    async def stored_turn(self, session_id: str, turn_id: str) -> bytes | None:
        """The outcome of a turn that was stored, or None. Raises Down."""

    async def checkpoint(self, conversation: Conversation, journal: Journal) -> Conversation:
        """Keeps the journal before a write is made with what is in it. Raises Conflict (VERSION_MISMATCH), Down."""

    async def commit(self, conversation: Conversation, state: DialogueState, turn: TurnRecord) -> Stored:
        """Writes state and turn together if the version still is the one read; answers the outcome that is stored,
        on a repeat the first one. Raises Conflict (VERSION_MISMATCH), Down."""

    async def save(self, conversation: Conversation, state: DialogueState, request_id: str) -> None:
        """Writes the state outside a turn. Raises Conflict (VERSION_MISMATCH), Down."""

    def due(self, now: datetime) -> AsyncIterator[Conversation]:
        """Live conversations in which a deadline has come. Raises Down."""

    async def set_opt_out(self, conversation: Conversation, opted_out: bool, request_id: str) -> None:
        """Stops or allows messages that we start. Raises Down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A reservation that a message of ours may be about, and how to reach its booker."""

    property_id: str
    code: str
    check_in: date
    check_out: date
    contact: Contact


class Stays(Protocol):
    """The hotel's reservations by date."""

    async def properties(self) -> Sequence[str]:
        """Every property. Raises Down."""

    def arrivals(self, property_id: str, first: date, last: date) -> AsyncIterator[Arrival]:
        """Live reservations that begin on these days, both included. Raises Down."""


class Messenger(Protocol):
    """The way to guests for what no guest asked for just now."""

    async def send(self, stored: bytes, *, property_id: str, request_id: str) -> None:
        """Hands over the messages of a stored event. Idempotent by `request_id`; a guest who cannot be reached, or
        may not be written to, is left in peace. Raises Down."""


class Decision(Protocol):
    """What a feature flag says to one guest, and the name of that variant."""

    @property
    def enabled(self) -> bool: ...

    @property
    def variant(self) -> str: ...


class Features(Protocol):
    """Feature flags."""

    def decide_all(self, *, guest: str, **attributes: str) -> Mapping[str, Decision]:
        """Every flag of the service for one guest."""
