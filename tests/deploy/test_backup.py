"""Backup and restore, proved: a mesh books, its database is destroyed with its files, another one gets the dump."""

import shutil
from pathlib import Path

import asyncpg
import pytest

from deploy.local.errors import LocalError
from deploy.local.stores import Postgres
from deploy.operate.backup import back_up, restore
from tests.support.local_mesh import local_mesh
from tests.support.running import run_demo


async def _content(url: str) -> dict[str, list[str]]:
    """Every row of every table of ours, as text in a set order."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema IN ('gateway', 'session', 'pms') AND table_type = 'BASE TABLE'"
        )
        found = {}
        for schema, table in tables:
            rows = await connection.fetch(f'SELECT t::text AS row FROM "{schema}"."{table}" AS t ORDER BY 1')
            found[f"{schema}.{table}"] = [row["row"] for row in rows]
        return found
    finally:
        await connection.close()


async def test_a_destroyed_database_is_restored_with_every_row(store_folder: Path) -> None:
    lost, other = store_folder / "lost", store_folder / "other"
    with Postgres(lost, fsync=False) as postgres:
        with local_mesh(store_folder / "run", POSTGRES_URL=postgres.url) as mesh:
            run_demo(mesh)
        before = await _content(postgres.url)
        dump = back_up(postgres.url, store_folder / "backups")
    shutil.rmtree(lost)
    assert len(before["pms.reservation"]) >= 2
    assert sum(map(len, before.values())) > 50

    with Postgres(other, fsync=False) as postgres:
        restore(postgres.url, dump)
        assert await _content(postgres.url) == before
        # The mesh goes on where it was: its migrations find nothing to do, and two more guests book.
        with local_mesh(store_folder / "again", POSTGRES_URL=postgres.url) as mesh:
            run_demo(mesh)
        after = await _content(postgres.url)
        assert len(after["pms.reservation"]) > len(before["pms.reservation"])


async def test_a_restore_replaces_what_is_there_and_what_came_later(postgres_url: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute("CREATE SCHEMA pms; CREATE TABLE pms.rooms AS SELECT '201' AS number")
        dump = back_up(postgres_url, tmp_path)
        await connection.execute("UPDATE pms.rooms SET number = '999'; CREATE TABLE pms.newer (room text)")
        restore(postgres_url, dump)
        assert await connection.fetchval("SELECT number FROM pms.rooms") == "201"
        assert await connection.fetchval("SELECT to_regclass('pms.newer')") is None
    finally:
        await connection.close()


async def test_a_broken_dump_changes_nothing(postgres_url: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute(
            "CREATE SCHEMA pms; CREATE TABLE pms.rooms AS SELECT generate_series(1, 9999) AS number"
        )
        dump = back_up(postgres_url, tmp_path)
        assert dump.stat().st_mode & 0o077 == 0
        dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
        with pytest.raises(LocalError, match="pg_restore failed"):
            restore(postgres_url, dump)
        assert await connection.fetchval("SELECT count(*) FROM pms.rooms") == 9999
    finally:
        await connection.close()


def test_a_database_that_is_away_leaves_no_dump(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="pg_dump failed"):
        back_up("postgresql://nobody@127.0.0.1:1/hotel", tmp_path)
    assert list(tmp_path.iterdir()) == []
