"""Fixtures: a real PostgreSQL and a real Valkey for the whole test run, and an empty database of each for one test.

`postgres_url` and `redis_url` work for plain and for async tests. A suite that needs its tables in every test makes
them once as a template: `postgres_databases.template("pms", migrate)`, then `postgres_databases.create("pms")`.
"""

import asyncio
import itertools
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import redis

from deploy.local.stores import Postgres, Valkey

Result = TypeVar("Result")
_SECONDS = 30.0
_REDIS_DATABASES = range(1, 16)


class Databases:
    """Makes and drops databases on one server; a copy of a template takes some 15 ms.

    Its connection lives on an event loop in a thread of its own, so that a plain test, an async test and a fixture of
    either kind can all call it, whatever loop runs in theirs.
    """

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="test-databases", daemon=True)
        self._thread.start()
        self._connection = self._run(asyncpg.connect(server_url))
        self._numbers = itertools.count(1)

    def create(self, template: str | None = None) -> str:
        """A new database, empty or a copy of a template made before; returns its URL."""
        name = f"test_{next(self._numbers)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{_template_name(template) if template else "template0"}"')
        return self._url(name)

    def drop(self, url: str) -> None:
        """Drops a database whoever is still connected to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{urlsplit(url).path.lstrip("/")}" WITH (FORCE)')

    def template(self, name: str, prepare: Callable[[str], None]) -> None:
        """Makes the template `name` once in a test run: `prepare(url)` fills it and must close its connections."""
        database = _template_name(name)
        if self._run(self._connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database)):
            return
        filling = f"{database}_filling"
        self._execute(f'DROP DATABASE IF EXISTS "{filling}" WITH (FORCE)')
        self._execute(f'CREATE DATABASE "{filling}" TEMPLATE template0')
        prepare(self._url(filling))
        self._execute(f'ALTER DATABASE "{filling}" RENAME TO "{database}"')

    def close(self) -> None:
        self._run(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _execute(self, statement: str) -> None:
        self._run(self._connection.execute(statement))

    def _run(self, work: Coroutine[object, object, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=_SECONDS)

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server_url)._replace(path=f"/{name}"))


def _template_name(name: str) -> str:
    return f"template_{name}"


@contextmanager
def _reachable_folder() -> Iterator[Path]:
    """A folder that other users can reach; pytest's own are closed to them, and PostgreSQL may have to be another."""
    with tempfile.TemporaryDirectory(prefix="stores-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def store_folder() -> Iterator[Path]:
    """For a test that kills, stops or restarts a server of its own: `Postgres(store_folder / "postgres")`."""
    with _reachable_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One server for all tests, which must leave it running; see store_folder."""
    with _reachable_folder() as folder, Postgres(folder / "postgres", fsync=False) as server:
        yield server


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[Valkey]:
    """One server for all tests, which must leave it running; see store_folder."""
    with _reachable_folder() as folder, Valkey(folder / "valkey", persist=False) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: Postgres) -> Iterator[Databases]:
    databases = Databases(postgres_server.url)
    yield databases
    databases.close()


@pytest.fixture
def postgres_url(postgres_databases: Databases) -> Iterator[str]:
    """The URL of an empty database that is this test's alone; dropped after it."""
    url = postgres_databases.create()
    yield url
    postgres_databases.drop(url)


@pytest.fixture(scope="session")
def _redis_database_numbers() -> Iterator[int]:
    return itertools.cycle(_REDIS_DATABASES)


@pytest.fixture
def redis_url(valkey_server: Valkey, _redis_database_numbers: Iterator[int]) -> str:
    """The URL of an empty database. Tests of one run take turns over fifteen of them."""
    url = urlunsplit(urlsplit(valkey_server.url)._replace(path=f"/{next(_redis_database_numbers)}"))
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url
