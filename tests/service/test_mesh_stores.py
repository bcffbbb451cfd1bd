"""PostgreSQL and Redis as every service meets them: the house's limits, migrations both ways, failures in our words."""

import asyncio
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from mesh.errors import Down
from mesh.store import postgres, redis
from mesh.store.migrations import await_schema, migrate

from deploy.local.stores import Postgres, Valkey
from tests.chaos.proxy import Proxy

FIRST = """
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE rooms (number text PRIMARY KEY)")
def downgrade():
    op.execute("DROP TABLE rooms")
"""
SECOND = """
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    op.execute("ALTER TABLE rooms ADD COLUMN floor integer")
def downgrade():
    op.execute("ALTER TABLE rooms DROP COLUMN floor")
"""
BROKEN = """
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    op.execute("ALTER TABLE rooms ADD COLUMN floor integer")
    op.execute("ALTER TABLE nowhere ADD COLUMN floor integer")
def downgrade():
    pass
"""


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "0001_rooms.py").write_text(FIRST)
    return tmp_path


async def pool_on(url: str, schema: str = "inn") -> postgres.Pool:
    return await postgres.connect_pool(url, application_name="test", schema=schema, size=2, overflow=1)


async def columns(url: str) -> set[str]:
    pool = await pool_on(url)
    async with postgres.connection(pool) as connection:
        rows = await connection.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'inn' AND table_name = 'rooms'"
        )
    await pool.close()
    return {row["column_name"] for row in rows}


async def test_a_schema_moves_up_and_down(postgres_url: str, migrations: Path) -> None:
    def to(revision: str) -> None:
        migrate(postgres_url, schema="inn", directory=migrations, revision=revision)

    await asyncio.to_thread(to, "head")
    assert await columns(postgres_url) == {"number"}
    (migrations / "versions" / "0002_floors.py").write_text(SECOND)
    await asyncio.to_thread(to, "head")
    assert await columns(postgres_url) == {"number", "floor"}
    await asyncio.to_thread(to, "-1")
    assert await columns(postgres_url) == {"number"}
    await asyncio.to_thread(to, "base")
    assert await columns(postgres_url) == set()


async def test_a_migration_that_fails_leaves_nothing_behind(postgres_url: str, migrations: Path) -> None:
    (migrations / "versions" / "0002_broken.py").write_text(BROKEN)
    with pytest.raises(Exception, match="nowhere"):
        await asyncio.to_thread(migrate, postgres_url, schema="inn", directory=migrations)
    assert await columns(postgres_url) == {"number"}


async def test_replicas_that_migrate_at_once_do_not_collide(postgres_url: str, migrations: Path) -> None:
    # Alembic keeps its present migration in module globals, so each replica is a process, as it is in life.
    program = (
        "import sys; from pathlib import Path; from mesh.store.migrations import migrate; "
        "migrate(sys.argv[1], schema='inn', directory=Path(sys.argv[2]))"
    )
    children = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, postgres_url, str(migrations))
        for _ in range(4)
    ]
    assert [await child.wait() for child in children] == [0, 0, 0, 0]
    assert await columns(postgres_url) == {"number"}


@pytest.mark.parametrize(
    ("statement", "sent", "asks"),
    [
        ("SELECT $1::timestamptz[], $2::bool[]", ([datetime(2026, 12, 3, tzinfo=UTC)], [True, None]), False),
        ("SELECT $1::inn.mood[], $2::text[]", (["glad", "sad"], ["a"]), True),
    ],
)
async def test_only_types_of_our_own_are_asked_for_by_every_connection(
    postgres_url: str, statement: str, sent: tuple[list[object], ...], *, asks: bool
) -> None:
    pool = await pool_on(postgres_url)
    async with postgres.connection(pool) as first, postgres.connection(pool) as second:
        await first.execute("CREATE SCHEMA inn")
        await first.execute("CREATE TYPE inn.mood AS ENUM ('glad', 'sad')")
        assert [tuple(row) for row in await first.fetch(statement, *sent)] == [sent]
        asked: list[str] = []
        with second.query_logger(lambda record: asked.append(record.query)):
            assert [tuple(row) for row in await second.fetch(statement, *sent)] == [sent]
            assert [tuple(row) for row in await second.fetch(statement, *sent)] == [sent]
        assert any("typeinfo" in query for query in asked) is asks
    await pool.close()


async def _awaited(url: str, migrations: Path, *, seconds: float = 0.0) -> str:
    return await await_schema(url, schema="inn", directory=migrations, seconds=seconds)


async def test_a_new_release_waits_until_the_schema_is_its_own(postgres_url: str, migrations: Path) -> None:
    with pytest.raises(Down, match="at nothing"):
        await _awaited(postgres_url, migrations)
    await asyncio.to_thread(migrate, postgres_url, schema="inn", directory=migrations)
    (migrations / "versions" / "0002_floors.py").write_text(SECOND)
    with pytest.raises(Down, match=r"at 0001.* and not at 0002"):
        await _awaited(postgres_url, migrations)
    waiting = asyncio.create_task(_awaited(postgres_url, migrations, seconds=30))
    await asyncio.to_thread(migrate, postgres_url, schema="inn", directory=migrations)
    assert (await waiting).startswith("0002")


async def test_a_release_rolled_back_starts_on_the_newer_schema(postgres_url: str, migrations: Path) -> None:
    second = migrations / "versions" / "0002_floors.py"
    second.write_text(SECOND)
    await asyncio.to_thread(migrate, postgres_url, schema="inn", directory=migrations)
    second.unlink()
    assert (await _awaited(postgres_url, migrations)).startswith("0002")


async def test_every_connection_has_the_houses_limits(postgres_url: str) -> None:
    pool = await pool_on(postgres_url)
    async with postgres.connection(pool) as connection:
        shown = {
            name: await connection.fetchval("SELECT current_setting($1)", name)
            for name in ("application_name", "search_path", "jit", "statement_timeout", "tcp_user_timeout")
        } | {"idle": await connection.fetchval("SHOW idle_in_transaction_session_timeout")}
        its_socket = connection._transport.get_extra_info("socket")
        unacknowledged_ms = its_socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        keepalive = its_socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    await pool.close()
    assert shown["application_name"] == "test"
    assert shown["search_path"] == "inn"
    assert shown["jit"] == "off"
    assert shown["statement_timeout"] == "10s"
    assert shown["idle"] == "1min"
    assert (shown["tcp_user_timeout"], unacknowledged_ms, keepalive) == ("10000", 10_000, 1)


@pytest.mark.parametrize("way", [postgres.connection, postgres.transaction])
async def test_connections_that_carry_nothing_cost_one_call_and_not_one_each(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, way: Callable[[postgres.Pool], Any]
) -> None:
    monkeypatch.setattr(postgres, "SILENCE_SECONDS", 1.0)
    address = urlsplit(postgres_url)
    assert address.port is not None
    async with Proxy.open(address.port) as proxy:
        pool = await pool_on(address._replace(netloc=f"{address.netloc.rpartition(':')[0]}:{proxy.port}").geturl())
        async with way(pool) as first, way(pool) as second:
            assert [await one.fetchval("SELECT 1") for one in (first, second)] == [1, 1]
        proxy.kill_silently()
        with pytest.raises(Down):
            async with way(pool) as silent:
                await silent.fetchval("SELECT 1")
        async with way(pool) as first, way(pool) as second:
            assert [await one.fetchval("SELECT 1") for one in (first, second)] == [1, 1]
        await pool.close()


async def test_a_statements_own_fault_is_not_taken_for_an_outage(postgres_url: str) -> None:
    pool = await pool_on(postgres_url)
    with pytest.raises(asyncpg.UndefinedTableError):
        async with postgres.connection(pool) as connection:
            await connection.fetch("SELECT * FROM nowhere")
    await pool.close()


@pytest.mark.parametrize(
    "sqlstate", ["53100", "53200", "53300"], ids=["disk full", "out of memory", "too many connections"]
)
async def test_a_server_that_has_nothing_left_is_down(postgres_url: str, sqlstate: str) -> None:
    pool = await pool_on(postgres_url)
    with pytest.raises(Down):
        async with postgres.connection(pool) as connection:
            await connection.execute(f"DO $$ BEGIN RAISE EXCEPTION 'none left' USING ERRCODE = '{sqlstate}'; END $$")
    await pool.close()


async def test_a_transaction_that_raises_is_rolled_back(postgres_url: str, migrations: Path) -> None:
    await asyncio.to_thread(migrate, postgres_url, schema="inn", directory=migrations)
    pool = await pool_on(postgres_url)

    async def change_of_mind() -> None:
        async with postgres.transaction(pool) as connection:
            await connection.execute("INSERT INTO rooms (number) VALUES ('204')")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await change_of_mind()
    async with postgres.connection(pool) as connection:
        assert await connection.fetchval("SELECT count(*) FROM rooms") == 0
    await pool.close()


async def _ping_until_it_fails(pool: postgres.Pool) -> None:
    async with asyncio.timeout(20):
        while True:
            await postgres.ping(pool)


async def test_a_server_that_dies_is_down_and_one_that_returns_is_used_again(tmp_path: Path) -> None:
    with Postgres(tmp_path / "data", fsync=False) as server:
        pool = await pool_on(server.url)
        await postgres.ping(pool)
        server.kill()
        # The process that served this connection outlives the server's own for a moment: it has yet to notice.
        with pytest.raises(Down):
            await _ping_until_it_fails(pool)
        server.restart()
        async with asyncio.timeout(20):
            while True:
                try:
                    await postgres.ping(pool)
                    break
                except Down:
                    continue
        pool.terminate()


async def test_no_server_at_all_is_down() -> None:
    with pytest.raises(Down):
        await pool_on("postgresql://postgres@127.0.0.1:9/none")


async def test_redis_away_is_down_and_back_is_back(tmp_path: Path) -> None:
    with Valkey(tmp_path / "valkey") as server:
        client = redis.connect(server.url, client_name="test")
        await redis.ping(client)
        server.kill()
        with pytest.raises(Down):
            await redis.ping(client)
        server.restart()
        await redis.ping(client)
        await client.aclose()
