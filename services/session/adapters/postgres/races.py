"""Trying again after a lost race: a constraint decides who wins, and the loser looks again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
from mesh.errors import Down

from services.session.adapters.postgres.requests import Lost

T = TypeVar("T")
# A race is lost once per rival that wrote in between; more than this many in a row is not a race.
_ATTEMPTS = 8


async def until_won(attempt: Callable[[], Awaitable[T]]) -> T:
    """The result of the first attempt that loses to nobody. Raises Down after too many; repeating is safe."""
    for _ in range(_ATTEMPTS):
        try:
            return await attempt()
        except (
            Lost,
            asyncpg.UniqueViolationError,
            asyncpg.ForeignKeyViolationError,
            asyncpg.DeadlockDetectedError,
            asyncpg.SerializationError,
        ):
            continue
    raise Down("UNAVAILABLE", "too many writers at once")
