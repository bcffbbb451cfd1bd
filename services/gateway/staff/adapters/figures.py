"""What the manager's page counts: one row a turn and one a hand-off, without words or names."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from hotel.orchestrator.v1 import orchestrator_pb2
from mesh.clock import Clock
from mesh.errors import DomainError
from mesh.store.postgres import Pool, connection
from mesh.telemetry import get_logger

from services.gateway.domain.inbox import Turn
from services.gateway.staff.adapters.conversation_views import handoff_of
from services.gateway.staff.domain.conversation import CLAIMED, Case, Handoff
from services.gateway.staff.live import Live

_TURN = """
    INSERT INTO turn_figures (turn_id, property_id, session_id, channel, intent, replies, degraded, with_person,
        answer_seconds, booked_code, turn_time)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bool[], $8::bool[],
        $9::float[], $10::text[], $11::timestamptz[])
    ORDER BY 1 ON CONFLICT DO NOTHING
"""
_HANDOFF = """
    INSERT INTO handoff_figures (session_id, open_time, property_id, desk, priority, reason, due_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
_MOVED = """
    UPDATE handoff_figures SET claim_time = coalesce(claim_time, $3), answer_time = coalesce(answer_time, $4),
        release_time = coalesce(release_time, $5)
    WHERE session_id = $1 AND open_time = $2
"""
_MOST_WAITING = 10_000
_GATHERED_SECONDS = 0.2
# A row of `turn_figures`, and the hand-off that the turn began, if it did.
Told: TypeAlias = tuple[tuple[object, ...], Handoff | None]
log = get_logger(__name__)


class PostgresFigures:
    """On a pool whose search path is the gateway's schema. Figures never hold up a conversation: they are written
    behind it, and what cannot be written is left out and said in the log."""

    def __init__(self, *, pool: Pool, live: Live, clock: Clock) -> None:
        self.live = live
        self._pool = pool
        self._clock = clock
        self._waiting: asyncio.Queue[Told] = asyncio.Queue(_MOST_WAITING)

    def turn_answered(self, turn: Turn, response: orchestrator_pb2.HandleTurnResponse) -> None:
        """A turn came to an end; told again for a repeated one, and counted once."""
        outcome = response.outcome
        now = self._clock.now()
        handoff = handoff_of(outcome.handoff) if outcome.HasField("handoff") and outcome.handoff.state else None
        figures = (
            turn.turn_id,
            turn.conversation.property_id,
            outcome.session_id,
            turn.conversation.identity.channel.value,
            outcome.intents[0].name if outcome.intents else "none",
            min(len(response.replies), 1_000),
            outcome.degraded,
            handoff is not None and handoff.state == CLAIMED,
            max(0.0, (now - turn.messages[-1].receive_time).total_seconds()),
            _booked(outcome),
            now,
        )
        self.live.changed(outcome.session_id)
        if self._waiting.full():
            log.warning("figures_not_written", reason="behind")
            return
        self._waiting.put_nowait((figures, handoff))

    async def staff_wrote(self, turn: Turn, response: orchestrator_pb2.HandleEventResponse) -> None:
        """Staff answered a guest from the channel's own app: taken and answered at once."""
        outcome, now = response.outcome, self._clock.now()
        self.live.changed(outcome.session_id)
        if outcome.HasField("handoff"):
            await self._moved(
                outcome.session_id, turn.conversation.property_id, handoff_of(outcome.handoff), (now, now, None)
            )

    async def run(self) -> None:
        """Writes what was told, for ever: what came within a moment in one statement."""
        while True:
            told = [await self._waiting.get()]
            await asyncio.sleep(_GATHERED_SECONDS)
            while not self._waiting.empty():
                told.append(self._waiting.get_nowait())
            try:
                await self._write(told)
            except DomainError as error:
                log.warning("figures_not_written", reason=error.reason)

    async def _write(self, told: Sequence[Told]) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(_TURN, *zip(*(figures for figures, _ in told), strict=True))
        for figures, handoff in told:
            if handoff is not None:
                await self._opened(str(figures[2]), str(figures[1]), handoff)

    async def handoff_moved(
        self,
        case: Case,
        *,
        claimed: datetime | None = None,
        answered: datetime | None = None,
        released: datetime | None = None,
    ) -> None:
        """A person took it, answered first, or gave it back; the first time of each counts."""
        if case.handoff is not None:
            await self._moved(case.session_id, case.property_id, case.handoff, (claimed, answered, released))

    async def _moved(
        self, session_id: str, property_id: str, handoff: Handoff, moments: Sequence[datetime | None]
    ) -> None:
        if handoff.open_time is None:
            return
        try:
            await self._opened(session_id, property_id, handoff)
            async with connection(self._pool) as conn:
                await conn.execute(_MOVED, session_id, handoff.open_time, *moments)
        except DomainError as error:
            log.warning("figures_not_written", reason=error.reason)

    async def _opened(self, session_id: str, property_id: str, handoff: Handoff) -> None:
        if handoff.open_time is None:
            return
        async with connection(self._pool) as conn:
            await conn.execute(
                _HANDOFF,
                session_id,
                handoff.open_time,
                property_id,
                handoff.desk,
                handoff.priority,
                handoff.reason,
                handoff.due_time,
            )


def _booked(outcome: orchestrator_pb2.Outcome) -> str:
    """The code of the reservation that was made; empty without one."""
    made = (item for item in outcome.pms_operations if item.operation == "reservation.create" and item.succeeded)
    return next((item.reference for item in made), "")
