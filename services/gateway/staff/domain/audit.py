"""Who saw or changed what, and when. Details hold ids and words of ours, never a guest's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """Everything that is written down. The first word is what it is about."""

    SIGN_IN = "account.sign_in"
    SIGN_IN_FAILED = "account.sign_in_failed"
    SIGN_OUT = "account.sign_out"
    TOKEN_REUSED = "account.token_reused"  # noqa: S105 (the name of an action)
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 (likewise)
    USER_CREATED = "user.created"
    USER_CHANGED = "user.changed"
    SESSIONS_LISTED = "session.listed"
    SESSION_READ = "session.read"
    SESSION_CLAIMED = "session.claimed"
    SESSION_TAKEN_OVER = "session.taken_over"
    SESSION_ANSWERED = "session.answered"
    SESSION_NOTED = "session.noted"
    SESSION_RELEASED = "session.released"
    SESSION_CLOSED = "session.closed"
    SEARCHED = "session.searched"
    STAYS_READ = "stay.listed"
    GUEST_EXPORTED = "guest.exported"
    GUEST_ERASED = "guest.erased"
    PROPOSED = "proposal.made"
    REVIEWED = "proposal.reviewed"
    CANNED_CHANGED = "canned_answer.changed"
    CANNED_REMOVED = "canned_answer.removed"
    FLAG_CHANGED = "flag.changed"
    DEAD_LETTERS_LISTED = "dead_letter.listed"
    DEAD_LETTER_READ = "dead_letter.read"
    DEAD_LETTERS_REPLAYED = "dead_letter.replayed"
    DEAD_LETTER_DISCARDED = "dead_letter.discarded"
    AUDIT_READ = "audit.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `sequence` is 0 until it is stored."""

    actor: str
    action: Action
    subject: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    time: datetime
    address: str = ""
    sequence: int = 0
