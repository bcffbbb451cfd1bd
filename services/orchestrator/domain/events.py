"""What can happen to a conversation: what comes from outside, what a flow is told, and what the hotel answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.orchestrator.domain.analysis import Analysis
from services.orchestrator.domain.effects import Call
from services.orchestrator.domain.offers import Hold, Offer, Quote, Unavailability
from services.orchestrator.domain.reservation import CancellationPreview, ModificationPreview, Reservation

# -- what a guest sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words: typed, spoken clearly, or written under a picture."""

    message_id: str
    text: str
    analysis: Analysis
    forwarded: bool = False
    # The kind of picture or file that it was written under.
    under: str = ""
    # There was a card number in it, which is not in `text`.
    card: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """A tap on a choice of ours."""

    message_id: str
    choice_id: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """An emoji on an earlier message. Never a consent."""

    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceDoubtful:
    """A voice note that was heard badly: it is read back and not acted on."""

    message_id: str
    text: str
    analysis: Analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Something without words we can read: `image`, `voice`, `location`, `contacts`, or the channel's own name."""

    message_id: str
    kind: str


Input = Said | Tapped | Reacted | VoiceDoubtful | Unreadable


# -- what comes from outside


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestTurn:
    """The guest's messages since the last turn, in order."""

    turn_id: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstandable:
    """The guest wrote and the nlp service is away."""

    turn_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffClaimed:
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTookOver:
    """Staff take the conversation, whether it waits for a person or not."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSaid:
    agent: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffWrote:
    """Staff wrote from the channel's own app: the guest has the words already."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffReleased:
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinePassed:
    """A deadline of the session has come: a hold, a promise, a hand-off."""

    turn_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDue:
    """A message that we start is due: `pre_arrival`, `in_stay`, `post_stay`."""

    turn_id: str
    kind: str
    reservation_code: str


External = (
    GuestTurn
    | NotUnderstandable
    | StaffClaimed
    | StaffTookOver
    | StaffSaid
    | StaffWrote
    | StaffReleased
    | DeadlinePassed
    | MessageDue
)


# -- what a flow is told


@dataclass(frozen=True, slots=True)
class Told:
    """The guest wants this flow, or told something for it."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A clear yes to what was asked."""


@dataclass(frozen=True, slots=True)
class Denied:
    """A clear no to what was asked."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A side question was answered; back to what was asked before."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Nothing in the turn meant anything here."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """A deadline has come."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the hotel, by topic."""

    topic: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A flow without memory is to speak; `subject` tells which of its cases."""

    subject: str = ""


FlowEvent = Told | Confirmed | Denied | Resumed | Missed | TimePassed | Asked | Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An event for one flow: the agenda of a turn is a row of them."""

    flow: str
    event: FlowEvent


# -- what the hotel answered


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersFound:
    offers: tuple[Offer, ...]
    unavailable: tuple[Unavailability, ...] = ()
    alternatives: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteMade:
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced:
    hold: Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    reservation: Reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationsFound:
    reservations: tuple[Reservation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationPreviewed:
    preview: CancellationPreview


@dataclass(frozen=True, slots=True, kw_only=True)
class Canceled:
    reservation: Reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class ModificationPreviewed:
    preview: ModificationPreview


@dataclass(frozen=True, slots=True, kw_only=True)
class Modified:
    reservation: Reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestExported:
    """A copy of what is kept was made; `reference` finds it again."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestErased:
    """The guest is forgotten; the receipt proves it."""

    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRefused:
    """The rules of the hotel say no; `reason` as in the error catalogue."""

    call: Call
    reason: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFailed:
    """The hotel's system did not answer, or not clearly."""

    call: Call
    reason: str


Result = (
    OffersFound
    | QuoteMade
    | HoldPlaced
    | Reserved
    | ReservationsFound
    | CancellationPreviewed
    | Canceled
    | ModificationPreviewed
    | Modified
    | GuestExported
    | GuestErased
    | CallRefused
    | CallFailed
)

Event = External | FlowEvent | Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event with the time it happened at."""

    event: Event
    at: datetime
