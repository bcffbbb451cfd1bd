"""Redis or Valkey through redis-py's asyncio client (aioredis was merged into it). Losing it loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Gauge
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from mesh.errors import Down
from mesh.telemetry import SERVICE

POOL_SIZE = Gauge("redis_connection_pool_size", "Connections to Redis, idle ones included.", ["service"])

CONNECT_SECONDS = 0.5
ANSWER_SECONDS = 0.5


def connect(url: str, *, client_name: str) -> Redis:
    """A client with short timeouts: a cache that is slow is a cache that is away. Connects on first use.

    `protocol=3` is pinned: some commands answer in other shapes under RESP2.
    """
    client = Redis.from_url(
        url,
        protocol=3,
        decode_responses=True,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        health_check_interval=30,
        client_name=client_name,
        retry=Retry(NoBackoff(), 1),
        max_connections=64,
    )
    pool = client.connection_pool
    POOL_SIZE.labels(SERVICE.get()).set_function(lambda: sum(count for count, _ in pool.get_connection_count()))
    return client


async def ping(client: Redis) -> None:
    """Raises Down unless the server answers."""
    with translate():
        await client.ping()


@contextmanager
def translate() -> Iterator[None]:
    """Turns every failure of the server or the way to it into Down."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        raise Down("UNAVAILABLE", f"Redis does not answer: {type(error).__name__}") from error
