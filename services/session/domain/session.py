"""A session: one guest's conversation with one property, and what the guest has told us in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from mesh.errors import Conflict, NotFound
from mesh.masking import mask_json, mask_value, mask_words

from services.session.domain.handoff import Handoff, claimed, released
from services.session.domain.identity import ChannelIdentity

DISPLAY_NAME = "display_name"  # the metadata entry that keeps the name the channel showed


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotValue:
    """What a slot holds, in canonical form, with the message in which the guest said it. Confidence is 0–1."""

    value: str
    source_message_id: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingAction:
    """Something begun and not ended, owned by the service that gave the reference."""

    type: str
    reference: str = ""
    expire_time: datetime | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something somebody said we would do."""

    promise_id: str
    text: str = ""
    owner: str = ""
    due_time: datetime | None = None
    keep_time: datetime | None = None
    break_time: datetime | None = None

    @property
    def waits_until(self) -> datetime | None:
        """By when it must be kept; None once it was kept or broken."""
        return self.due_time if self.keep_time is None and self.break_time is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """Where a conversation stands: the part of a session that its callers write. `memory_json` is not ours to read."""

    language: str = ""
    flow: str = ""
    state: str = ""
    current_intent: str = ""
    asked_slots: tuple[str, ...] = ()
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    pending_actions: tuple[PendingAction, ...] = ()
    handoff: Handoff | None = None
    promises: tuple[Promise, ...] = ()
    memory_json: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def due_time(self) -> datetime | None:
        """When the first promise, hand-off or pending action is due: what the scheduler waits for."""
        return min(self._due_times(), default=None)

    def _due_times(self) -> Iterator[datetime]:
        waiting = [promise.waits_until for promise in self.promises]
        waiting += [action.expire_time for action in self.pending_actions]
        waiting.append(self.handoff.waits_until if self.handoff else None)
        return (time for time in waiting if time is not None)

    def masked(self) -> Dialogue:
        """The dialogue as it may be stored: no card number in anything that may hold a guest's words."""
        return replace(
            self,
            slots={name: replace(slot, value=mask_value(slot.value)) for name, slot in self.slots.items()},
            pending_actions=tuple(replace(action, details=_masked(action.details)) for action in self.pending_actions),
            handoff=replace(self.handoff, summary=mask_words(self.handoff.summary)) if self.handoff else None,
            promises=tuple(replace(promise, text=mask_words(promise.text)) for promise in self.promises),
            memory_json=mask_json(self.memory_json) if self.memory_json else "",
            metadata=_masked(self.metadata),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A conversation. `live` ends with the session: one guest has at most one live session with a property."""

    session_id: str
    property_id: str
    guest_id: str
    identity: ChannelIdentity
    dialogue: Dialogue = field(default_factory=Dialogue)
    version: int = 1
    create_time: datetime
    update_time: datetime
    last_activity_time: datetime
    expire_time: datetime
    live: bool = True
    turn_count: int = 0

    def is_active(self, now: datetime) -> bool:
        """Whether the conversation goes on."""
        return self.live and self.expire_time > now


def begin(
    *,
    session_id: str,
    property_id: str,
    guest_id: str,
    identity: ChannelIdentity,
    display_name: str,
    now: datetime,
    expire_time: datetime,
) -> Session:
    """A conversation at its first contact."""
    return Session(
        session_id=session_id,
        property_id=property_id,
        guest_id=guest_id,
        identity=identity,
        dialogue=Dialogue(metadata={DISPLAY_NAME: display_name} if display_name else {}),
        create_time=now,
        update_time=now,
        last_activity_time=now,
        expire_time=expire_time,
    )


def ended(session: Session, now: datetime) -> Session:
    """The conversation at its end. A write, so that whoever read it before cannot add to it."""
    return replace(
        session, live=False, expire_time=min(session.expire_time, now), version=session.version + 1, update_time=now
    )


def as_answered(session: Session, dialogue: Dialogue, version: int) -> Session:
    """The session as a write left it: what a repeat of the write is told.

    Never a later version: a caller who took that for what they wrote could overwrite what they have not seen.
    """
    return session if session.version == version else replace(session, dialogue=dialogue, version=version)


def answered_at(session: Session, identity: ChannelIdentity, now: datetime) -> Session:
    """The conversation with answers going to where the guest wrote from last."""
    return replace(session, identity=identity, version=session.version + 1, update_time=now)


def handed_over(former: Iterable[Session], own: Iterable[Session], guest_id: str, now: datetime) -> tuple[Session, ...]:
    """The sessions that change when two guests turn out to be one: the former guest's, now `guest_id`'s.

    Where both have a live one with a property, the one that was silent for longer ends.
    """
    live = {session.property_id: session for session in own if session.live}
    touched: dict[str, Session] = {}
    for session in former:
        moved = replace(session, guest_id=guest_id, version=session.version + 1, update_time=now)
        rival = live.get(session.property_id) if session.live else None
        if rival and rival.last_activity_time >= session.last_activity_time:
            moved = replace(moved, live=False, expire_time=min(moved.expire_time, now))
        elif rival:
            touched[rival.session_id] = ended(rival, now)
        touched[moved.session_id] = moved
    return tuple(touched.values())


def claim_handoff(dialogue: Dialogue, agent: str) -> Dialogue:
    """With the hand-off taken by `agent`. Raises as `handoff.claimed` does."""
    return replace(dialogue, handoff=claimed(dialogue.handoff, agent))


def release_handoff(dialogue: Dialogue, agent: str) -> Dialogue:
    """With the conversation given back by `agent`. Raises as `handoff.released` does."""
    return replace(dialogue, handoff=released(dialogue.handoff, agent))


def no_session(session_id: str) -> NotFound:
    """No session has this id."""
    return NotFound("SESSION_NOT_FOUND", "no session has this id", session_id=session_id)


def moved_on(*, read: int, present: int) -> Conflict:
    """The record was written since it was read."""
    return Conflict("VERSION_MISMATCH", "it changed since it was read", read=read, present=present)


def _masked(entries: Mapping[str, str]) -> Mapping[str, str]:
    return {name: mask_value(value) for name, value in entries.items()}
