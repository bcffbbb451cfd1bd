"""What PostgreSQL's own types look like, asked once for the process instead of once for every connection.

asyncpg asks each new connection about the arrays that its statements use: two round trips and a recursive query on a
server process that is just beginning. Pools grow in bursts, so it would be asked when there is least time for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import asyncpg

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

# Oids below are given by PostgreSQL itself and are the same in every database (FirstNormalObjectId).
_FIRST_OF_A_DATABASE = 16_384
_known: dict[frozenset[int], Any] = {}


class _Unasked(NamedTuple):
    """Stands for the statement that was not needed; having a name says that it displaced no unnamed statement."""

    name: str = "known"


class KnowingConnection(Connection):
    """asyncpg's connection; answers that are the same everywhere are kept for the next one."""

    __slots__ = ()

    async def _introspect_types(self, typeoids: Iterable[int], timeout: float | None) -> Any:
        wanted = frozenset(typeoids)
        if wanted in _known:
            return _known[wanted], _Unasked()
        answer = await super()._introspect_types(typeoids, timeout)  # type: ignore[misc]
        if all(oid < _FIRST_OF_A_DATABASE for oid in wanted):
            _known[wanted] = answer[0]
        return answer
