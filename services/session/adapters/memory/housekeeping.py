"""Sweeping in memory."""

from __future__ import annotations

from datetime import datetime

from services.session.adapters.memory.tables import Tables
from services.session.domain.session import Session, ended


class MemoryHousekeeping:
    """`ports.Housekeeping` in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def end_silent(self, *, now: datetime, limit: int) -> tuple[Session, ...]:
        silent = [s for s in self._tables.sessions.values() if s.live and s.expire_time <= now][:limit]
        over = tuple(ended(session, now) for session in silent)
        self._tables.sessions.update({session.session_id: session for session in over})
        return over

    async def purge(self, *, ended_before: datetime, limit: int) -> tuple[str, ...]:
        old = [s.session_id for s in self._tables.sessions.values() if not s.live and s.expire_time < ended_before]
        for session_id in old[:limit]:
            del self._tables.sessions[session_id], self._tables.turns[session_id]
        return tuple(old[:limit])

    async def forget_requests(self, *, before: datetime, limit: int) -> int:
        requests = self._tables.requests.items()
        old = [key for key, request in requests if request.time < before and request.result is None][:limit]
        for key in old:
            del self._tables.requests[key]
        return len(old)

    async def count_active(self, *, now: datetime) -> int:
        return sum(session.is_active(now) for session in self._tables.sessions.values())
