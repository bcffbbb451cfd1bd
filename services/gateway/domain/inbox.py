"""How pending messages become one turn, and when a turn is tried again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.gateway.domain.conversation import Conversation, Lease
from services.gateway.domain.message import Edit, InboundMessage, Revoke

MAX_MESSAGES_PER_TURN = 50
DEFERRED = "deferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPolicy:
    """The quiet period makes a burst one turn; its ceiling answers a guest who never stops typing."""

    quiet_period: timedelta = timedelta(seconds=1)
    quiet_ceiling: timedelta = timedelta(seconds=5)
    lease: timedelta = timedelta(seconds=30)

    def due_time(self, *, burst_start: datetime, now: datetime) -> datetime:
        """When the conversation may be claimed, given its first pending message and that one came just now."""
        return min(burst_start + self.quiet_ceiling, now + self.quiet_period)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Exponential waits with jitter, then parking."""

    max_tries: int = 8
    base: timedelta = timedelta(seconds=2)
    factor: float = 2.0
    cap: timedelta = timedelta(seconds=60)

    def wait(self, tries: int, chance: float) -> timedelta | None:
        """How long to wait after `tries` failures; None gives up. `chance` in [0, 1) spreads 50-100 % of the wait."""
        if tries >= self.max_tries:
            return None
        return min(self.cap, self.base * self.factor ** min(tries - 1, 32)) * (0.5 + chance / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """A message with its place in the order of arrival."""

    sequence: int
    message: InboundMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What goes into a turn, and the sequences of every stored message that is settled by it."""

    messages: tuple[InboundMessage, ...]
    consumed: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Messages that belong together, made durable before anything is done with them: a repeat has the same id.

    `reason` is why it is still open: empty at first, `DEFERRED`, or what went wrong.
    """

    turn_id: str
    conversation: Conversation
    lease: Lease
    messages: tuple[InboundMessage, ...]
    tries: int
    reason: str = ""
    traceparent: str = ""

    @property
    def by_staff(self) -> bool:
        """Whether people of the hotel wrote it, from the channel's own app."""
        return self.messages[0].by_staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How the inbox stands. `oldest_due` is the due time of the longest waiting conversation."""

    pending_messages: int
    open_turns: int
    parked_turns: int
    oldest_due: datetime | None


def compose(pending: Sequence[StoredMessage], *, amended: Collection[str] = ()) -> Composition:
    """What people of the hotel wrote from the channel's own app goes first and alone: from it on the turn is theirs.

    Of the guest's messages edits and revokes take effect on what has not started; the rest is ordered by the channel's
    time, then arrival.
    `amended` are message ids whose edit or revoke was settled before the message itself came: those are dropped.
    An edit of something already handled is a message of its own, marked as edited. A late revoke changes nothing.
    """
    taken = sorted(pending, key=lambda stored: stored.sequence)[:MAX_MESSAGES_PER_TURN]
    if by_staff := [stored for stored in taken if stored.message.by_staff]:
        written = sorted(by_staff, key=_by_time)
        return Composition(
            messages=tuple(stored.message for stored in written),
            consumed=tuple(stored.sequence for stored in by_staff),
        )
    originals = {
        stored.message.message_id: stored.message
        for stored in taken
        if not isinstance(stored.message.body, Edit | Revoke) and stored.message.message_id not in amended
    }
    late_edits: dict[str, InboundMessage] = {}
    revoked = {stored.message.body.target_message_id for stored in taken if isinstance(stored.message.body, Revoke)}
    for stored in sorted(taken, key=_by_time):
        if isinstance(stored.message.body, Edit):
            _apply(stored.message, stored.message.body, originals, late_edits)
    sequences = {stored.message.message_id: stored.sequence for stored in taken}
    kept = [
        message
        for target, message in [*originals.items(), *late_edits.items()]
        if target not in revoked and message.message_id not in revoked
    ]
    kept.sort(key=lambda message: (message.send_time, sequences[message.message_id]))
    return Composition(messages=tuple(kept), consumed=tuple(stored.sequence for stored in taken))


def _apply(
    message: InboundMessage, edit: Edit, originals: dict[str, InboundMessage], late_edits: dict[str, InboundMessage]
) -> None:
    original = originals.get(edit.target_message_id)
    if original is not None:
        originals[edit.target_message_id] = replace(original, body=edit.content, edited=True)
    else:
        late_edits[edit.target_message_id] = replace(
            message, body=edit.content, edited=True, reply_to_message_id=edit.target_message_id
        )


def _by_time(stored: StoredMessage) -> tuple[datetime, int]:
    return stored.message.send_time, stored.sequence
