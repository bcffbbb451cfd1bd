"""Puts the service together: PostgreSQL as the truth, Redis as a cache before it, the RPCs, the sweeper."""

from __future__ import annotations

from datetime import timedelta

from hotel.session.v1 import session_pb2_grpc
from mesh.breaker import CircuitBreaker
from mesh.runtime import Runtime

from services.session.adapters.cache import SessionCache
from services.session.adapters.cached import CachedGuests, CachedHousekeeping, CachedSessions
from services.session.adapters.postgres import PostgresGuests, PostgresHousekeeping, PostgresSessions
from services.session.domain.lifetime import Lifetime
from services.session.ports import Guests, Housekeeping, Sessions
from services.session.servicer import SessionServicer
from services.session.settings import Settings
from services.session.sweeper import Sweeper

# Who may call, method by method; ALLOWED_CALLERS adds other systems.
_DIALOGUE, _DESK = frozenset({"orchestrator"}), frozenset({"gateway"})
CALLERS = {
    "*": _DIALOGUE,
    **dict.fromkeys(("GetSession", "ListSessions", "ListTurns", "GetGuest", "AppendTurns"), _DIALOGUE | _DESK),
    **dict.fromkeys(("ListHandoffs", "ClaimHandoff", "ReleaseHandoff"), _DESK),
    # It asks for them by itself and forgets the same guests.
    **dict.fromkeys(("ListErasures", "AcknowledgeErasure"), _DESK),
    # What a guest may ask for by themselves, too.
    **dict.fromkeys(("ExportGuest", "EraseGuest"), _DIALOGUE | _DESK),
}


async def build(runtime: Runtime, settings: Settings) -> None:
    """Opens the stores and registers everything with the runtime."""
    pool, vault = await runtime.postgres(schema="session"), settings.vault()
    sessions: Sessions = PostgresSessions(pool, vault)
    guests: Guests = PostgresGuests(pool, vault)
    housekeeping: Housekeeping = PostgresHousekeeping(pool, vault)
    if settings.session_cache_seconds > 0:
        cache = SessionCache(
            await runtime.redis(),
            vault=vault,
            life=timedelta(seconds=settings.session_cache_seconds),
            timeout=timedelta(milliseconds=settings.session_cache_timeout_ms),
            breaker=CircuitBreaker("session_cache", clock=runtime.clock),
        )
        sessions = CachedSessions(sessions, cache)
        guests = CachedGuests(guests, cache)
        housekeeping = CachedHousekeeping(housekeeping, cache)
    servicer = SessionServicer(
        sessions=sessions,
        guests=guests,
        clock=runtime.clock,
        lifetime=Lifetime(silence=timedelta(hours=settings.session_silence_hours)),
        erasure_retention=timedelta(days=settings.erasure_retention_days),
    )
    sweeper = Sweeper(
        store=housekeeping,
        clock=runtime.clock,
        pause=timedelta(seconds=settings.sweep_seconds),
        batch=settings.sweep_batch,
        session_retention=timedelta(days=settings.session_retention_days),
        request_retention=timedelta(days=settings.request_retention_days),
    )
    runtime.serve(session_pb2_grpc.add_SessionServiceServicer_to_server, servicer, allow=CALLERS)
    runtime.background("sweeper", sweeper.run)
