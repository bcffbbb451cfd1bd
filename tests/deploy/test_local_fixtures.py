"""What every other test may rely on: databases that are real, empty and nobody else's."""

import asyncpg
import pytest
import redis.asyncio

from tests.support.stores import Databases


@pytest.mark.parametrize("time", ["first", "second"])
async def test_every_test_gets_an_empty_database(postgres_url: str, time: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute("CREATE TABLE guest (name text)")
        assert await connection.fetchval("SELECT count(*) FROM guest") == 0
    finally:
        await connection.close()


@pytest.mark.parametrize("time", ["first", "second"])
async def test_every_test_gets_an_empty_cache(redis_url: str, time: str) -> None:
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        assert await client.dbsize() == 0
        await client.set("key", time)


async def test_a_database_is_dropped_though_a_connection_is_left_open(postgres_databases: Databases) -> None:
    url = postgres_databases.create()
    left_open = await asyncpg.connect(url)
    postgres_databases.drop(url)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await left_open.fetchval("SELECT 1")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(url)


def test_a_template_is_prepared_once_and_copied_with_its_tables(postgres_databases: Databases) -> None:
    prepared: list[str] = []

    for _ in range(2):
        postgres_databases.template("counted", prepared.append)

    url = postgres_databases.create("counted")
    postgres_databases.drop(url)
    assert len(prepared) == 1
