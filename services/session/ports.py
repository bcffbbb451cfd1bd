"""What the service asks of its stores. `adapters/memory.py` and `adapters/postgres` keep the same contract.

Every write is one transaction. A `Request` makes it idempotent: the same id with the same fingerprint finds what was
stored, with another one it is refused with REQUEST_ID_REUSED. All raise Down when the store does not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from mesh.errors import Invalid

from services.session.domain.document import fingerprint
from services.session.domain.dossier import Dossier
from services.session.domain.erasure import PendingErasure, Receipt
from services.session.domain.guest import Guest, GuestDetails
from services.session.domain.handoff import HandoffState
from services.session.domain.identity import ChannelIdentity
from services.session.domain.limits import check_id
from services.session.domain.session import Dialogue, Session
from services.session.domain.turn import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks to write, so that a repeat is known. The id is unique per method."""

    method: str
    request_id: str
    fingerprint: str

    def check_same(self, fingerprint: str) -> None:
        """Raises Invalid unless the request stored under this id was this one."""
        if fingerprint != self.fingerprint:
            raise Invalid(
                "the request id was used before with another body",
                reason="REQUEST_ID_REUSED",
                fields={"request_id": "must be new for a new request"},
            )


def request_of(method: str, request_id: str, *content: object) -> Request:
    """A request with the fingerprint of its content: plain JSON values without what is the server's own.

    Raises Invalid for a request id that cannot be one.
    """
    check_id(request_id, field="request_id")
    return Request(method=method, request_id=request_id.replace("\0", ""), fingerprint=fingerprint(method, *content))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A guest writes. `silence` is how long a conversation begun now may be silent.

    With `turn_id` the latest turns are left out, but for those of staff, and that turn is looked for.
    """

    property_id: str
    identity: ChannelIdentity
    display_name: str
    now: datetime
    silence: timedelta
    turn_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The conversation, found or begun, with its latest turns, oldest first.

    `written`: something had to be stored; `ended` is the conversation before this one, if it was over only now.
    """

    session: Session
    guest: Guest
    created: bool
    recent_turns: tuple[Turn, ...] = ()
    written: bool = False
    ended: Session | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A session and its guest."""

    session: Session
    guest: Guest


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueWrite:
    """A new state for a session, if its version still is the one that was read."""

    request: Request
    session_id: str
    version: int
    dialogue: Dialogue
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnWrite(DialogueWrite):
    """A dialogue and the turn that led to it. `expire_time` None leaves the session's end where it is."""

    turn: Turn
    expire_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A turn as stored, now or, when `replayed`, before."""

    session: Session
    turn: Turn
    replayed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsWrite:
    """Words said outside a turn of the bot."""

    request: Request
    session_id: str
    turns: tuple[Turn, ...]
    now: datetime
    expire_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuery:
    """Which sessions: newest activity first, beginning after the position (activity time, session id)."""

    now: datetime
    limit: int
    property_id: str = ""
    guest_id: str = ""
    handoff_state: HandoffState | None = None
    active_only: bool = False
    due_before: datetime | None = None
    after: tuple[datetime, str] | None = None


# Where a list of hand-offs goes on: after this priority, due time and session.
HandoffPosition = tuple[int, datetime, str]
NEVER_DUE = datetime(9999, 1, 1, tzinfo=UTC)  # stands for a hand-off without a due time: it comes last


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffQuery:
    """Which hand-offs: in these states, the most urgent first, beginning after a position."""

    limit: int
    states: tuple[HandoffState, ...] = (HandoffState.OPEN, HandoffState.CLAIMED)
    property_id: str = ""
    agent: str = ""
    after: HandoffPosition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestWrite:
    """What a guest told us, if the version still is the one that was read."""

    request: Request
    guest_id: str
    version: int
    details: GuestDetails
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWrite:
    """An identity that was proven to be a guest's."""

    request: Request
    guest_id: str
    identity: ChannelIdentity
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The guest after a link, and the sessions that changed hands or ended by it, with their new versions."""

    guest: Guest
    touched: tuple[Session, ...] = ()
    former_guest_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseWrite:
    """A guest who wants to be forgotten. The receipt is kept under `turn_id` as well, where there is one."""

    request: Request
    guest_id: str
    receipt_id: str
    now: datetime
    retention: timedelta
    turn_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """The receipt, and the ids that are no more."""

    receipt: Receipt
    session_ids: tuple[str, ...] = ()


class Sessions(Protocol):
    """Conversations and their turns."""

    async def open(self, opening: Opening) -> Opened:
        """The live session of the guest behind an identity, or a new one; a new guest at first contact.

        However many ask at once, one identity has one guest, and a guest one live session with a property.
        """

    async def get(self, session_id: str) -> Held:
        """A session, live or ended. Raises NotFound."""

    async def commit_turn(self, write: TurnWrite) -> Committed:
        """Stores a turn and its dialogue together. Raises NotFound, Conflict, Invalid (REQUEST_ID_REUSED)."""

    async def update(self, write: DialogueWrite) -> Session:
        """Stores a dialogue. Raises as `commit_turn` does."""

    async def append(self, write: WordsWrite) -> tuple[Turn, ...]:
        """Stores words. Raises NotFound, Invalid (REQUEST_ID_REUSED, or a turn id that is taken)."""

    async def change(
        self, request: Request, session_id: str, rule: Callable[[Dialogue], Dialogue], now: datetime
    ) -> Session:
        """Applies a rule to the present dialogue under a lock; what the rule raises is raised and nothing stored.

        A rule that changes nothing is no write. Raises NotFound, Invalid (REQUEST_ID_REUSED).
        """

    async def list(self, query: SessionQuery) -> tuple[Session, ...]:
        """At most `limit` sessions."""

    async def handoffs(self, query: HandoffQuery) -> tuple[Held, ...]:
        """At most `limit` sessions with a hand-off, the most urgent first, without the dialogue's memory."""

    async def count_handoffs(self, property_id: str) -> Mapping[HandoffState, int]:
        """How many hand-offs stand where, of one property or, with an empty id, of all."""

    async def turns(self, session_id: str, *, after: int, limit: int) -> tuple[Turn, ...]:
        """At most `limit` turns after a sequence number, oldest first. Raises NotFound."""

    async def turn(self, session_id: str, turn_id: str) -> Turn | None:
        """The turn, None when there is none. Raises NotFound for the session."""


class Guests(Protocol):
    """Guests and their identities."""

    async def get(self, guest_id: str) -> Guest:
        """A guest. Raises NotFound."""

    async def find(self, identity: ChannelIdentity) -> Guest:
        """The guest behind an identity. Raises NotFound."""

    async def update(self, write: GuestWrite) -> Guest:
        """Stores what a guest told us. Raises NotFound, Conflict, Invalid (REQUEST_ID_REUSED)."""

    async def link(self, write: LinkWrite) -> Linked:
        """Gives an identity to a guest, merging the guest who had it. Raises NotFound, Invalid (REQUEST_ID_REUSED)."""

    async def export(self, guest_id: str) -> Dossier:
        """Everything, as of one moment. Raises NotFound."""

    async def erase(self, write: EraseWrite) -> Erased:
        """Forgets a guest; it is pending until settled. Raises NotFound, Invalid (REQUEST_ID_REUSED)."""

    async def receipt_of(self, turn_id: str) -> Receipt | None:
        """The receipt of the erasure that a turn carried out, None for other turns."""

    async def pending_erasures(self, *, limit: int) -> tuple[PendingErasure, ...]:
        """At most `limit` erasures that are not settled, oldest first."""

    async def settle_erasure(self, receipt_id: str) -> None:
        """Nobody else keeps anything of that guest. One that is settled, or of nobody, is left alone."""


class Housekeeping(Protocol):
    """What a background task does to what is over. Safe on any number of replicas at once."""

    async def end_silent(self, *, now: datetime, limit: int) -> tuple[Session, ...]:
        """Ends at most `limit` live sessions whose time is over, and says which, as ended."""

    async def purge(self, *, ended_before: datetime, limit: int) -> tuple[str, ...]:
        """Deletes at most `limit` ended sessions whose end is before a time, turns and all; their ids."""

    async def forget_requests(self, *, before: datetime, limit: int) -> int:
        """Deletes at most `limit` requests made before a time, but no receipts; how many."""

    async def count_active(self, *, now: datetime) -> int:
        """How many conversations go on."""
