"""Everything the conversation remembers between two turns, and the scratch of the turn that is running."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from mesh.values import Money

from services.orchestrator.domain.analysis import Analysis
from services.orchestrator.domain.codec import from_json, to_json
from services.orchestrator.domain.features import ON_BY_DEFAULT
from services.orchestrator.domain.offers import Hold, Offer, Quote
from services.orchestrator.domain.reservation import CancellationPreview, ModificationPreview, Reservation

if TYPE_CHECKING:
    from services.orchestrator.domain.events import Move, VoiceDoubtful


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A value in canonical form and the message it came from (empty: the system worked it out)."""

    value: str
    source: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why dates cannot be used as they were said: `past`, `impossible`, `reversed`, `ambiguous`, `unknown`."""

    kind: str
    value: str = ""
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """One way to read dates that can be read in two."""

    check_in: date
    check_out: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """By how many days the ends of a stay move; nothing moves when both are 0."""

    arrival: int = 0
    departure: int = 0

    def __bool__(self) -> bool:
        return bool(self.arrival or self.departure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the guest was asked to say yes to. A yes counts only for this `id` and before `expires`."""

    id: str
    kind: str
    reference: str
    total: Money | None = None
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """The conversation given to a person. `state`: `open`, `claimed`, `released`; the rest as in the contract."""

    state: str = "open"
    desk: str
    priority: str
    sla_minutes: int
    reason: str
    summary: str = ""
    agent: str = ""
    opened: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something the guest was told we would do, with an owner and a time by which it is done."""

    id: str
    text: str
    owner: str
    due: datetime
    kept: datetime | None = None
    broken: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffWords:
    """What a member of staff wrote to the guest."""

    agent: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A doubtful transcript that was read back and awaits a yes."""

    message_id: str
    text: str
    analysis: Analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How we know the guest on this channel; empty where the channel does not tell.

    `language`: of their app or page, where the channel tells it.
    `unproven`: nothing vouches for the sender, as with an e-mail whose From anybody may have written.
    """

    channel: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    display_name: str = ""
    channel_name: str = ""
    language: str = ""
    unproven: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnMemo:
    """The scratch of one turn; gone when it is committed."""

    id: str = ""
    agenda: tuple[Move, ...] = ()
    side: tuple[str, str] | None = None
    changed: frozenset[str] = frozenset()
    troubles: tuple[Trouble, ...] = ()
    spoken: tuple[str, ...] = ()
    resume: bool = True
    seen_intents: tuple[str, ...] = ()
    # A month that was named without a day, as YYYY-MM.
    month: str = ""
    # What the guest asked about, each topic once.
    topics: frozenset[str] = frozenset()
    topic: str = ""
    urgency: float = 0.0
    text: str = ""
    # The words of a wish for something beside the room itself.
    wish: str = ""
    # A price was asked for to compare, and nothing was chosen.
    wondering: bool = False
    # Rooms of several kinds are wanted at once.
    mixed: bool = False
    # A name was said, whatever it was said for.
    named: bool = False
    doubtful: VoiceDoubtful | None = None
    # The party is being tried in more rooms: how many were told before, and whether all of it was in vain.
    rooms_told: str | None = None
    split_over: bool = False
    # Features that are on for this guest.
    flags: frozenset[str] = ON_BY_DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueState:
    """One conversation. Immutable; every step makes a new one."""

    language: str = ""
    flow: str = ""
    state: str = ""
    slots: Mapping[str, Slot] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    readings: tuple[DateReading, ...] = ()
    offers: tuple[Offer, ...] = ()
    quote: Quote | None = None
    hold: Hold | None = None
    summary: Summary | None = None
    candidates: tuple[Reservation, ...] = ()
    reservation: Reservation | None = None
    proven: tuple[str, ...] = ()
    proof_failures: int = 0
    cancellation: CancellationPreview | None = None
    modification: ModificationPreview | None = None
    # By how much a booking is to move, from the wish until it is known whose it is.
    shift: Shift = field(default_factory=Shift)
    handoff: Handoff | None = None
    promises: tuple[Promise, ...] = ()
    heard: Heard | None = None
    staff_words: tuple[StaffWords, ...] = ()
    # The channel tells it anew each turn; it is not kept twice.
    contact: Contact = field(default_factory=Contact, metadata={"turn_only": True})
    introduced: bool = False
    settled: bool = False
    upsell_shown: bool = False
    # What is wished for beside the stay that is put together, in the guest's words.
    wishes: tuple[str, ...] = ()
    # The fact that was offered after a booking, until the guest has answered.
    upsold: str = ""
    # Turns whose messages are still to be handed to the gateway.
    unsent: tuple[str, ...] = ()
    opted_out: bool = False
    misses: int = 0
    unsupported_told: bool = False
    # The fact that the turn before told, for "and for children?".
    told_topic: str = ""
    # A month that was named and of which no day was told yet, as YYYY-MM.
    month: str = ""
    current_intent: str = ""
    turn: TurnMemo = field(default_factory=TurnMemo, metadata={"turn_only": True})

    def value(self, name: str) -> str:
        """A slot's value, or the empty string."""
        slot = self.slots.get(name)
        return slot.value if slot else ""

    def number(self, name: str) -> int | None:
        """A slot's value as a count, or None."""
        value = self.value(name)
        return int(value) if value.isdigit() else None

    def with_slots(self, **values: Slot) -> DialogueState:
        return replace(self, slots={**self.slots, **values})

    def without_slots(self, *names: str) -> DialogueState:
        return replace(self, slots={name: slot for name, slot in self.slots.items() if name not in names})

    def with_turn(self, **changes: object) -> DialogueState:
        return replace(self, turn=replace(self.turn, **changes))  # type: ignore[arg-type]

    def distrusted(self) -> DialogueState:
        """The state for a message that may be somebody else's: whatever was proven before is to be proven again."""
        contact = replace(self.contact, unproven=True)
        return replace(self, contact=contact, proven=(), reservation=None, candidates=())

    @property
    def awaiting(self) -> Handoff | None:
        """The hand-off that no person has taken yet."""
        return self.handoff if self.handoff is not None and self.handoff.state == "open" else None

    @property
    def person_has_it(self) -> bool:
        """True while a member of staff has the conversation and the bot is silent."""
        return self.handoff is not None and self.handoff.state == "claimed"


def dump(state: DialogueState) -> str:
    """The state as a JSON object, without the scratch of the turn."""
    return json.dumps(to_json(state), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> DialogueState:
    """The state from `dump`; an empty text is a conversation that has not begun. Raises ValueError."""
    if not text:
        return DialogueState()
    try:
        return from_json(DialogueState, json.loads(text))
    except (TypeError, KeyError, AttributeError) as problem:
        raise ValueError("not a dialogue state") from problem
