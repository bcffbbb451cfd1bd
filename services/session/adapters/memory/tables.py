"""What the stores in memory share. Nothing here awaits, so every method of a store is a transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from services.session.domain.erasure import PendingErasure, Receipt
from services.session.domain.guest import Guest, no_guest
from services.session.domain.identity import ChannelIdentity, MatchKey, lookup_keys
from services.session.domain.recognition import KnownKey, Recognition, recognise
from services.session.domain.session import Session, no_session
from services.session.domain.turn import Turn
from services.session.ports import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRequest:
    """A request that was carried out, and what it is remembered for."""

    fingerprint: str
    subject: str
    result: object
    version: int
    time: datetime


@dataclass(slots=True)
class Tables:
    """Rows by key. Guests are stored without identities: those are the rows of `keys`."""

    guests: dict[str, Guest] = field(default_factory=dict)
    keys: dict[MatchKey, KnownKey] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    turns: dict[str, list[Turn]] = field(default_factory=dict)
    requests: dict[tuple[str, str], StoredRequest] = field(default_factory=dict)
    suppressions: set[str] = field(default_factory=set)
    erasures: dict[str, PendingErasure] = field(default_factory=dict)
    receipts_of_turns: dict[str, tuple[Receipt, datetime]] = field(default_factory=dict)

    def guest(self, guest_id: str) -> Guest:
        """A guest with identities. Raises NotFound."""
        if guest_id not in self.guests:
            raise no_guest(guest_id)
        known = (entry.identity for entry in self.keys.values() if entry.guest_id == guest_id)
        return replace(self.guests[guest_id], identities=tuple(dict.fromkeys(known)))

    def put_guest(self, guest: Guest) -> None:
        """Stores a guest's own fields."""
        self.guests[guest.guest_id] = replace(guest, identities=())

    def session(self, session_id: str) -> Session:
        """A session. Raises NotFound."""
        if session_id not in self.sessions:
            raise no_session(session_id)
        return self.sessions[session_id]

    def sessions_of(self, guest_id: str) -> list[Session]:
        """A guest's sessions, oldest first."""
        return [session for session in self.sessions.values() if session.guest_id == guest_id]

    def recognise(self, identity: ChannelIdentity) -> Recognition:
        """Who writes."""
        return recognise(identity, {key: self.keys[key] for key in lookup_keys(identity) if key in self.keys})

    def stored(self, request: Request) -> StoredRequest | None:
        """The request if it was carried out before. Raises Invalid when its id was used for another one."""
        before = self.requests.get((request.method, request.request_id))
        if before:
            request.check_same(before.fingerprint)
        return before

    def remember(
        self, request: Request, *, subject: str, time: datetime, result: object = None, version: int = 0
    ) -> None:
        """Stores that a request was carried out."""
        self.requests[request.method, request.request_id] = StoredRequest(
            fingerprint=request.fingerprint, subject=subject, result=result, version=version, time=time
        )
