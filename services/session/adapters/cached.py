"""The stores with a cache before them: reads go to the cache first, writes go to the store and outdate the cache.

What was written is not put there: a conversation is written at every turn and read, but for the turns, when a person
looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from mesh.errors import Conflict

from services.session.adapters.cache import SessionCache
from services.session.domain.dossier import Dossier
from services.session.domain.erasure import PendingErasure, Receipt
from services.session.domain.guest import Guest
from services.session.domain.handoff import HandoffState
from services.session.domain.identity import ChannelIdentity
from services.session.domain.session import Dialogue, Session
from services.session.domain.turn import Turn
from services.session.ports import (
    Committed,
    DialogueWrite,
    Erased,
    EraseWrite,
    Guests,
    GuestWrite,
    HandoffQuery,
    Held,
    Housekeeping,
    Linked,
    LinkWrite,
    Opened,
    Opening,
    Request,
    SessionQuery,
    Sessions,
    TurnWrite,
    WordsWrite,
)


class CachedSessions:
    """`ports.Sessions` with a cache. Opening always asks the store: a turn begins from the truth."""

    def __init__(self, store: Sessions, cache: SessionCache) -> None:
        self._store = store
        self._cache = cache

    async def open(self, opening: Opening) -> Opened:
        opened = await self._store.open(opening)
        if opened.written:
            await self._outdate(opened.session)
            await self._cache.outdate_guest(opened.guest.guest_id, version=opened.guest.version)
        if opened.ended:
            await self._outdate(opened.ended)
        return opened

    async def get(self, session_id: str) -> Held:
        if held := await self._cache.read(session_id):
            return held
        held = await self._store.get(session_id)
        await self._cache.keep(held)
        return held

    async def commit_turn(self, write: TurnWrite) -> Committed:
        try:
            committed = await self._store.commit_turn(write)
        except Conflict as conflict:
            await self._distrust(write, conflict)
            raise
        await self._outdate(committed.session)
        return committed

    async def update(self, write: DialogueWrite) -> Session:
        try:
            session = await self._store.update(write)
        except Conflict as conflict:
            await self._distrust(write, conflict)
            raise
        await self._outdate(session)
        return session

    async def append(self, write: WordsWrite) -> tuple[Turn, ...]:
        turns = await self._store.append(write)
        await self._cache.keep(await self._store.get(write.session_id))
        return turns

    async def change(
        self, request: Request, session_id: str, rule: Callable[[Dialogue], Dialogue], now: datetime
    ) -> Session:
        session = await self._store.change(request, session_id, rule, now)
        await self._outdate(session)
        return session

    async def list(self, query: SessionQuery) -> tuple[Session, ...]:
        return await self._store.list(query)

    async def handoffs(self, query: HandoffQuery) -> tuple[Held, ...]:
        return await self._store.handoffs(query)

    async def count_handoffs(self, property_id: str) -> Mapping[HandoffState, int]:
        return await self._store.count_handoffs(property_id)

    async def turns(self, session_id: str, *, after: int, limit: int) -> tuple[Turn, ...]:
        return await self._store.turns(session_id, after=after, limit=limit)

    async def turn(self, session_id: str, turn_id: str) -> Turn | None:
        return await self._store.turn(session_id, turn_id)

    async def _outdate(self, session: Session) -> None:
        await self._cache.outdate(session.session_id, version=session.version)

    async def _distrust(self, write: DialogueWrite, conflict: Conflict) -> None:
        """What the caller had read may have been ours."""
        await self._cache.outdate(write.session_id, version=int(conflict.metadata["present"]))


class CachedGuests:
    """`ports.Guests` that keeps the cache's guests and sessions in step."""

    def __init__(self, store: Guests, cache: SessionCache) -> None:
        self._store = store
        self._cache = cache

    async def get(self, guest_id: str) -> Guest:
        return await self._store.get(guest_id)

    async def find(self, identity: ChannelIdentity) -> Guest:
        return await self._store.find(identity)

    async def update(self, write: GuestWrite) -> Guest:
        guest = await self._store.update(write)
        await self._cache.outdate_guest(guest.guest_id, version=guest.version)
        return guest

    async def link(self, write: LinkWrite) -> Linked:
        linked = await self._store.link(write)
        await self._cache.outdate_guest(linked.guest.guest_id, version=linked.guest.version)
        for session in linked.touched:
            await self._cache.outdate(session.session_id, version=session.version)
        await self._cache.forget((), linked.former_guest_ids)
        return linked

    async def export(self, guest_id: str) -> Dossier:
        return await self._store.export(guest_id)

    async def erase(self, write: EraseWrite) -> Erased:
        erased = await self._store.erase(write)
        await self._cache.forget(erased.session_ids, (write.guest_id,))
        return erased

    async def receipt_of(self, turn_id: str) -> Receipt | None:
        return await self._store.receipt_of(turn_id)

    async def pending_erasures(self, *, limit: int) -> tuple[PendingErasure, ...]:
        return await self._store.pending_erasures(limit=limit)

    async def settle_erasure(self, receipt_id: str) -> None:
        await self._store.settle_erasure(receipt_id)


class CachedHousekeeping:
    """`ports.Housekeeping` that takes out of the cache what is swept."""

    def __init__(self, store: Housekeeping, cache: SessionCache) -> None:
        self._store = store
        self._cache = cache

    async def end_silent(self, *, now: datetime, limit: int) -> tuple[Session, ...]:
        over = await self._store.end_silent(now=now, limit=limit)
        for session in over:
            await self._cache.outdate(session.session_id, version=session.version)
        return over

    async def purge(self, *, ended_before: datetime, limit: int) -> tuple[str, ...]:
        gone = await self._store.purge(ended_before=ended_before, limit=limit)
        await self._cache.forget(gone)
        return gone

    async def forget_requests(self, *, before: datetime, limit: int) -> int:
        return await self._store.forget_requests(before=before, limit=limit)

    async def count_active(self, *, now: datetime) -> int:
        return await self._store.count_active(now=now)
