"""PostgreSQL through asyncpg: a pool with the house's limits, and its failures in our own words."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg

from mesh.errors import Down
from mesh.store.type_knowledge import KnowingConnection

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection

ACQUIRE_SECONDS = 20.0
RECYCLE_SECONDS = 3600.0
STATEMENT_SECONDS = 10.0
# A server that is slow ends a statement itself and says so. Whoever says nothing for this much longer is not there.
SILENCE_SECONDS = STATEMENT_SECONDS + 2.0
IDLE_IN_TRANSACTION_SECONDS = 60.0
# Where packets are lost and nobody says so, the kernel gives a connection up after 10 s (what was sent) or 20 (idle),
# not after a quarter of an hour or two hours: here, and at the server, which then frees what the lost client locked.
_SOCKET = {"TCP_USER_TIMEOUT": 10_000, "TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 2}
_SERVERS_SOCKET = {
    "tcp_user_timeout": "10000",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "2",
}


async def connect_pool(url: str, *, application_name: str, schema: str, size: int, overflow: int) -> Pool:
    """A pool of `size` … `size + overflow` connections whose search path is `schema`.

    Raises Down when the server does not answer. Connections are made on demand, and idle ones end after an hour.
    """
    with translate():
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=size + overflow,
            max_inactive_connection_lifetime=RECYCLE_SECONDS,
            timeout=ACQUIRE_SECONDS,
            command_timeout=SILENCE_SECONDS,
            init=_watch_for_silence,
            reset=_nothing_to_reset,
            connection_class=KnowingConnection,
            server_settings={
                "application_name": application_name,
                "search_path": schema,
                "jit": "off",
                "statement_timeout": str(int(STATEMENT_SECONDS * 1000)),
                "idle_in_transaction_session_timeout": str(int(IDLE_IN_TRANSACTION_SECONDS * 1000)),
                **_SERVERS_SOCKET,
            },
        )


async def _watch_for_silence(made: Any) -> None:
    """asyncpg has no option for its sockets. What a platform lacks is left out, and all of it without TCP."""
    its_socket = made._transport.get_extra_info("socket")
    if its_socket.family not in (socket.AF_INET, socket.AF_INET6):
        return
    its_socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _SOCKET.items():
        if hasattr(socket, name):
            its_socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


async def _nothing_to_reset(_: Connection) -> None:
    """asyncpg's own reset is a round trip at every release; nobody here changes a session beyond its transaction."""


@asynccontextmanager
async def transaction(pool: Pool, **options: Any) -> AsyncIterator[Connection]:
    """One transaction on one connection. Raises Down when the server is away or no connection is free in time."""
    async with connection(pool) as acquired, acquired.transaction(**options):
        try:
            yield acquired
        except TimeoutError:
            # Before the ROLLBACK, which would wait for an answer as well.
            await _give_up(pool, acquired)
            raise


@asynccontextmanager
async def connection(pool: Pool) -> AsyncIterator[Connection]:
    """One connection without a transaction: each statement stands alone. Raises Down as `transaction` does."""
    with translate():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as acquired:
            try:
                yield acquired
            except TimeoutError:
                await _give_up(pool, acquired)
                raise


async def _give_up(pool: Pool, silent: Connection) -> None:
    """A connection carries nothing any more. Others that were made before took the same way: none is used again."""
    silent.terminate()
    await pool.expire_connections()


async def ping(pool: Pool) -> None:
    """Raises Down unless the server answers: the readiness probe."""
    with translate():
        async with pool.acquire(timeout=2.0) as acquired:
            await acquired.execute("SELECT 1", timeout=2.0)


@contextmanager
def translate() -> Iterator[None]:
    """Turns "the server is away" in all its forms into Down; faults of the statement itself pass."""
    try:
        yield
    except (
        OSError,
        TimeoutError,
        asyncpg.PostgresConnectionError,
        asyncpg.CannotConnectNowError,
        # No connection, no memory, or no room on the disk: all of it passes.
        asyncpg.InsufficientResourcesError,
        asyncpg.AdminShutdownError,
        asyncpg.CrashShutdownError,
        asyncpg.QueryCanceledError,
        # A connection that dies in the middle of a message leaves asyncpg's protocol in a state it calls internal.
        asyncpg.InternalClientError,
    ) as error:
        raise Down("UNAVAILABLE", f"PostgreSQL does not answer: {type(error).__name__}") from error
    except asyncpg.InterfaceError as error:
        # asyncpg says "connection is closed" and "pool is closing" this way; its other uses are bugs of ours.
        if "clos" in str(error) or "released" in str(error):
            raise Down("UNAVAILABLE", "PostgreSQL closed the connection") from error
        raise
