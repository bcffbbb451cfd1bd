"""What a step wants done: replies to the guest, and calls to the hotel's system whose results come back as events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from services.orchestrator.domain.offers import Occupancy, Quote, Stay
from services.orchestrator.domain.proof import Value
from services.orchestrator.domain.reservation import Reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A choice offered to the guest: `title` names a wording of the reply's file, filled with `values`."""

    id: str
    title: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Something to say: `template` is `<file>.<name>` of replies/<lang>/; so is `subject`, of a letter we start."""

    template: str
    subject: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffReply:
    """Words of a member of staff, to be sent as they are."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Why, in a few words, for staff and debugging."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHandoff:
    """The hand-off that this step opened: for the record and the metrics; the state holds it already."""

    desk: str
    priority: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOptOut:
    """Stop (or allow) messages that we start."""

    opted_out: bool


# -- calls to the hotel's system


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAvailability:
    """Rooms of every kind; where there are none, the nearest of the kind that is preferred."""

    stay: Stay
    rooms: tuple[Occupancy, ...]
    prefers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeQuote:
    stay: Stay
    rooms: tuple[Occupancy, ...]
    room_type: str
    rate_plan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """Not waited for: a hold that cannot be released runs out by itself."""

    hold_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    quote: Quote
    hold_id: str
    name: str
    phone: str
    email: str
    language: str
    remark: str = ""
    arrival_time: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindReservations:
    """Reservations of the guest who writes, by channel identity, phone or e-mail."""

    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GetReservation:
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewCancellation:
    reservation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    token: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewModification:
    reservation: Reservation
    stay: Stay | None = None
    room_type: str = ""
    rooms: tuple[Occupancy, ...] = ()
    arrival_time: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Modify:
    token: str
    code: str


# -- calls about what we keep of the guest who writes


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportGuest:
    """A copy of everything that is kept of the guest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseGuest:
    """Forgetting the guest, but for what must be kept."""


# What the hotel's system answers, and what the keeper of guests' records does.
PmsCall = (
    SearchAvailability
    | MakeQuote
    | PlaceHold
    | ReleaseHold
    | Reserve
    | FindReservations
    | GetReservation
    | PreviewCancellation
    | Cancel
    | PreviewModification
    | Modify
)
RecordsCall = ExportGuest | EraseGuest
Call = PmsCall | RecordsCall

# Calls that change something at the hotel or give data away, by the name under which an outcome reports them.
WRITES: Mapping[type, str] = {
    PlaceHold: "hold.create",
    ReleaseHold: "hold.release",
    Reserve: "reservation.create",
    Cancel: "reservation.cancel",
    Modify: "reservation.update",
    ExportGuest: "guest.export",
    EraseGuest: "guest.erase",
}

Effect = Reply | StaffReply | Note | OpenHandoff | SetOptOut | Call


def awaited(effect: Effect) -> bool:
    """True for a call whose result the flow waits for."""
    return not isinstance(effect, (Reply, StaffReply, Note, OpenHandoff, SetOptOut, ReleaseHold))
