"""The session service and its stores: the schema comes and goes, and a store that is away is said to be away."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from hotel.common.v1 import channel_pb2
from hotel.session.v1 import session_pb2 as pb
from hotel.session.v1 import session_pb2_grpc
from mesh.clock import ManualClock
from mesh.errors import Down
from mesh.store.migrations import migrate
from mesh.testing.mesh import running
from prometheus_client import REGISTRY
from pydantic import SecretStr

from deploy.local.stores import Postgres
from services.session.app import build
from services.session.settings import Settings
from tests.contract.session_stores import MIGRATIONS, session_url

__all__ = ["session_url"]

START = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
WHATSAPP = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address="5215512345678")
OPEN = pb.GetOrCreateSessionRequest(property_id="alameda", identity=WHATSAPP)
SECONDS = 10.0


def objects_of(url: str) -> set[str]:
    """Everything in the schema but Alembic's own table."""

    async def read() -> set[str]:
        connection = await asyncpg.connect(url)
        rows = await connection.fetch("SELECT relname FROM pg_class WHERE relnamespace = 'session'::regnamespace")
        await connection.close()
        return {row[0] for row in rows if not row[0].startswith("alembic_version")}

    return asyncio.run(read())


def test_the_schema_goes_up_down_and_up_again(postgres_url: str) -> None:
    migrate(postgres_url, schema="session", directory=MIGRATIONS)
    made = objects_of(postgres_url)
    assert {"guests", "guest_identities", "sessions", "turns", "requests", "suppressions"} <= made
    migrate(postgres_url, schema="session", directory=MIGRATIONS, revision="base")
    assert objects_of(postgres_url) == set()
    migrate(postgres_url, schema="session", directory=MIGRATIONS)
    assert objects_of(postgres_url) == made


async def test_without_redis_every_call_works(session_url: str) -> None:
    nowhere = Settings(postgres_url=SecretStr(session_url), redis_url=SecretStr("redis://127.0.0.1:1/0"))
    async with running({"session": (build, nowhere)}, clock=ManualClock(START)) as mesh:
        stub = session_pb2_grpc.SessionServiceStub(mesh.channel("session"))
        session = (await stub.GetOrCreateSession(OPEN, timeout=SECONDS)).session
        for number in range(8):
            turn = pb.CommitTurnRequest(
                request_id=f"t{number}", session=session, turn=pb.Turn(author=pb.Turn.AUTHOR_GUEST)
            )
            session = (await stub.CommitTurn(turn, timeout=SECONDS)).session
            read = await stub.GetSession(pb.GetSessionRequest(session_id=session.session_id), timeout=SECONDS)
            assert read.session == session


async def test_without_the_cache_every_call_works(session_url: str) -> None:
    plain = Settings(postgres_url=SecretStr(session_url), session_cache_seconds=0)
    async with running({"session": (build, plain)}, clock=ManualClock(START)) as mesh:
        stub = session_pb2_grpc.SessionServiceStub(mesh.channel("session"))
        opened = await stub.GetOrCreateSession(OPEN, timeout=SECONDS)
        read = pb.GetSessionRequest(session_id=opened.session.session_id)
        assert (await stub.GetSession(read, timeout=SECONDS)).guest == opened.guest


async def test_postgres_lost_is_said_and_postgres_back_finds_everything(tmp_path: Path, redis_url: str) -> None:
    with Postgres(tmp_path / "postgres") as server:
        await asyncio.to_thread(migrate, server.url, schema="session", directory=MIGRATIONS)
        settings = Settings(postgres_url=SecretStr(server.url), redis_url=SecretStr(redis_url))
        async with running({"session": (build, settings)}, clock=ManualClock(START)) as mesh:
            stub = session_pb2_grpc.SessionServiceStub(mesh.channel("session"))
            opened = await stub.GetOrCreateSession(OPEN, timeout=SECONDS)
            turn = pb.CommitTurnRequest(
                request_id="t1", session=opened.session, turn=pb.Turn(author=pb.Turn.AUTHOR_GUEST)
            )
            stored = (await stub.CommitTurn(turn, timeout=SECONDS)).session
            await asyncio.to_thread(server.kill)
            with pytest.raises(Down):  # on the connection that died under it
                await stub.CommitTurn(turn, timeout=SECONDS)
            with pytest.raises(Down) as away:
                await stub.CommitTurn(turn, timeout=SECONDS)
            assert away.value.reason == "UNAVAILABLE"
            await asyncio.to_thread(server.restart)
            repeat = await stub.CommitTurn(turn, timeout=SECONDS)
            assert repeat.replayed
            assert repeat.session == stored


async def test_the_metrics_that_dashboards_name_are_there(session_url: str, redis_url: str) -> None:
    settings = Settings(postgres_url=SecretStr(session_url), redis_url=SecretStr(redis_url))
    async with running({"session": (build, settings)}, clock=ManualClock(START)) as mesh:
        stub = session_pb2_grpc.SessionServiceStub(mesh.channel("session"))
        session = (await stub.GetOrCreateSession(OPEN, timeout=SECONDS)).session
        before = REGISTRY.get_sample_value("hotel_session_cache_reads_total", {"result": "hit"}) or 0
        for _ in range(2):
            await stub.GetSession(pb.GetSessionRequest(session_id=session.session_id), timeout=SECONDS)
    assert (REGISTRY.get_sample_value("hotel_session_cache_reads_total", {"result": "hit"}) or 0) > before
    assert 0 < (REGISTRY.get_sample_value("session_cache_hit_ratio") or 0) <= 1
    assert REGISTRY.get_sample_value("active_sessions_count") is not None
    labels = {"operation": "GetOrCreateSession"}
    assert REGISTRY.get_sample_value("session_processing_time_seconds_count", labels)
