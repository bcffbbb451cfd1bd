"""Guests in memory."""

from __future__ import annotations

from dataclasses import replace

from services.session.adapters.memory.tables import Tables
from services.session.domain.dossier import Dossier
from services.session.domain.erasure import (
    PendingErasure,
    Receipt,
    erased_lines,
    retained_lines,
    suppression_of,
)
from services.session.domain.guest import Guest, absorbed, linked, no_guest, updated
from services.session.domain.identity import ChannelIdentity, own_keys
from services.session.domain.recognition import KnownKey
from services.session.domain.session import Session, handed_over, moved_on
from services.session.ports import Erased, EraseWrite, GuestWrite, Linked, LinkWrite


class MemoryGuests:
    """`ports.Guests` in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def get(self, guest_id: str) -> Guest:
        return self._tables.guest(guest_id)

    async def find(self, identity: ChannelIdentity) -> Guest:
        guest_id = self._tables.recognise(identity).guest_id
        if guest_id is None:
            raise no_guest()
        return self._tables.guest(guest_id)

    async def update(self, write: GuestWrite) -> Guest:
        guest = self._tables.guest(write.guest_id)
        if self._tables.stored(write.request):
            return guest
        if guest.version != write.version:
            raise moved_on(read=write.version, present=guest.version)
        self._tables.put_guest(updated(guest, write.details))
        if write.details.opted_out is False:
            self._tables.suppressions -= self._suppressions_of(write.guest_id)
        self._tables.remember(write.request, subject=write.guest_id, time=write.now)
        return self._tables.guest(write.guest_id)

    async def link(self, write: LinkWrite) -> Linked:
        tables = self._tables
        guest = tables.guest(write.guest_id)
        if tables.stored(write.request):
            return Linked(guest=guest)
        holders = [tables.keys[key].guest_id for key in own_keys(write.identity) if key in tables.keys]
        touched: dict[str, Session] = {}
        formers = tuple(dict.fromkeys(holder for holder in holders if holder != guest.guest_id))
        for former_id in formers:
            guest = self._absorb(guest, former_id, touched, write)
        for key in own_keys(write.identity):
            tables.keys[key] = KnownKey(guest_id=guest.guest_id, identity=write.identity)
        tables.put_guest(linked(guest, write.identity))
        tables.remember(write.request, subject=guest.guest_id, time=write.now)
        return Linked(guest=tables.guest(guest.guest_id), touched=tuple(touched.values()), former_guest_ids=formers)

    def _absorb(self, guest: Guest, former_id: str, touched: dict[str, Session], write: LinkWrite) -> Guest:
        tables = self._tables
        own = tables.sessions_of(guest.guest_id)
        moved = handed_over(tables.sessions_of(former_id), own, guest.guest_id, write.now)
        touched |= {session.session_id: session for session in moved}
        tables.sessions |= {session.session_id: session for session in moved}
        for key, known in tables.keys.items():
            if known.guest_id == former_id:
                tables.keys[key] = replace(known, guest_id=guest.guest_id)
        former = tables.guests.pop(former_id)
        tables.guests[guest.guest_id] = replace(absorbed(guest, former), identities=())
        return absorbed(guest, former)

    async def export(self, guest_id: str) -> Dossier:
        guest = self._tables.guest(guest_id)
        sessions = tuple(self._tables.sessions_of(guest_id))
        turns = {session.session_id: tuple(self._tables.turns[session.session_id]) for session in sessions}
        return Dossier(guest=guest, sessions=sessions, turns=turns)

    async def erase(self, write: EraseWrite) -> Erased:
        tables = self._tables
        before = tables.stored(write.request)
        if before and isinstance(before.result, Receipt):
            return Erased(receipt=before.result)
        dossier = await self.export(write.guest_id)
        keys = [key for key, known in tables.keys.items() if known.guest_id == write.guest_id]
        receipt = Receipt(
            receipt_id=write.receipt_id,
            erase_time=write.now,
            erased=erased_lines(
                identities=len(keys),
                sessions=len(dossier.sessions),
                turns=sum(len(turns) for turns in dossier.turns.values()),
                promises=sum(len(session.dialogue.promises) for session in dossier.sessions),
            ),
            retained=retained_lines(dossier.guest, dossier.sessions, write.now),
            retention=write.retention,
        )
        if dossier.guest.opted_out:
            tables.suppressions |= self._suppressions_of(write.guest_id)
        session_ids = tuple(session.session_id for session in dossier.sessions)
        tables.erasures[receipt.receipt_id] = PendingErasure(
            receipt_id=receipt.receipt_id,
            erase_time=write.now,
            identities=dossier.guest.identities,
            session_ids=session_ids,
        )
        self._delete(write.guest_id, session_ids)
        tables.remember(write.request, subject="", time=write.now, result=receipt)
        if write.turn_id:
            tables.receipts_of_turns.setdefault(write.turn_id, (receipt, write.now))
        return Erased(receipt=receipt, session_ids=session_ids)

    async def receipt_of(self, turn_id: str) -> Receipt | None:
        kept = self._tables.receipts_of_turns.get(turn_id)
        return kept[0] if kept is not None else None

    async def pending_erasures(self, *, limit: int) -> tuple[PendingErasure, ...]:
        return tuple(sorted(self._tables.erasures.values(), key=lambda erasure: erasure.erase_time)[:limit])

    async def settle_erasure(self, receipt_id: str) -> None:
        self._tables.erasures.pop(receipt_id, None)

    def _suppressions_of(self, guest_id: str) -> set[str]:
        return {suppression_of(key) for key, known in self._tables.keys.items() if known.guest_id == guest_id}

    def _delete(self, guest_id: str, session_ids: tuple[str, ...]) -> None:
        tables = self._tables
        gone = {guest_id, *session_ids}
        for session_id in session_ids:
            del tables.sessions[session_id], tables.turns[session_id]
        tables.keys = {key: known for key, known in tables.keys.items() if known.guest_id != guest_id}
        tables.requests = {key: request for key, request in tables.requests.items() if request.subject not in gone}
        del tables.guests[guest_id]
