"""An empty database for each dialogue, copied from one whose tables are made once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import redis.asyncio
from mesh.store.migrations import migrate

_SERVICES = Path(__file__).parents[2]
_WITH_TABLES = ("session", "pms", "gateway")


class Databases:
    """On the servers of `postgres_url` and `redis_url`, which nobody else uses meanwhile."""

    def __init__(self, postgres_url: str, redis_url: str) -> None:
        self.redis_url = redis_url
        self._postgres_url = postgres_url
        self._template = f"rehearsal_template_{id(self)}"
        self._numbers = itertools.count(1)
        self._prepared = False

    async def prepare(self) -> None:
        """Makes the tables, once."""
        if self._prepared:
            return
        await self._execute(f'CREATE DATABASE "{self._template}" TEMPLATE template0')
        for name in _WITH_TABLES:
            directory = _SERVICES / name / "migrations"
            await asyncio.to_thread(migrate, self._url(self._template), schema=name, directory=directory)
        self._prepared = True

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[str]:
        """The URL of a database with tables and without rows, and a cache that remembers nothing."""
        await self.prepare()
        name = f"{self._template}_{next(self._numbers)}"
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        async with redis.asyncio.Redis.from_url(self.redis_url) as cache:
            await cache.flushdb()
        try:
            yield self._url(name)
        finally:
            await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self._postgres_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._postgres_url)._replace(path=f"/{name}"))
