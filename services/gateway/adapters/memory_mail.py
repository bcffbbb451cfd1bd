"""Marks of mailboxes and threads of mails in memory: for tests and rehearsals. Passes the stores' suite."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from mesh.errors import Conflict

from services.gateway.channels.email.ports import Reading, Thread


@dataclass(slots=True)
class _Box:
    mark: str = ""
    told: str = ""
    lease_until: datetime | None = None
    fence: int = 0
    watch_due: datetime | None = None


class MemoryMarks:
    """`Marks` of this process alone."""

    def __init__(self) -> None:
        self._boxes: dict[str, _Box] = {}

    async def tell(self, address: str, mark: str) -> None:
        box = self._box(address)
        later = not (box.told.isdigit() and mark.isdigit()) or int(mark) > int(box.told)
        box.told = mark if later else box.told

    async def claim(self, address: str, *, now: datetime, lease: timedelta) -> Reading | None:
        box = self._box(address)
        if box.lease_until is not None and now < box.lease_until:
            return None
        box.lease_until, box.fence = now + lease, box.fence + 1
        return Reading(address=address, mark=box.mark, fence=box.fence)

    async def move(self, reading: Reading, mark: str, *, now: datetime, lease: timedelta) -> None:
        box = self._box(reading.address)
        if box.fence != reading.fence:
            raise Conflict("LOCK_LOST", "another replica reads this mailbox")
        box.mark, box.lease_until = mark, now + lease

    async def release(self, reading: Reading) -> str:
        box = self._box(reading.address)
        if box.fence == reading.fence:
            box.lease_until = None
        return box.told

    async def claim_watch(self, address: str, *, now: datetime, again: datetime) -> bool:
        box = self._box(address)
        if box.watch_due is not None and now < box.watch_due:
            return False
        box.watch_due = again
        return True

    async def watched(self, address: str, *, until: datetime) -> None:
        self._box(address).watch_due = until

    def _box(self, address: str) -> _Box:
        return self._boxes.setdefault(address, _Box())


class MemoryThreads:
    """`Threads` of this process alone."""

    def __init__(self) -> None:
        self._threads: dict[str, tuple[str, str, datetime, Thread]] = {}

    async def add(self, key: str, *, mailbox: str, guest: str, thread: Thread, now: datetime) -> None:
        self._threads.setdefault(key, (mailbox, guest, now, thread))

    async def find(self, *, mailbox: str, guest: str, key: str) -> Thread | None:
        found = [
            (time, thread)
            for known, (box, person, time, thread) in self._threads.items()
            if (box, person) == (mailbox, guest) and key in ("", known)
        ]
        return max(found, key=lambda entry: entry[0])[1] if found else None

    def forget(self, guests: Collection[str], *, until: datetime) -> None:
        """Threads of guests who were erased."""
        self._threads = {key: kept for key, kept in self._threads.items() if kept[1] not in guests or kept[2] > until}
