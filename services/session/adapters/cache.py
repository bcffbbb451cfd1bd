"""A read-through cache of sessions and guests in Redis or Valkey. PostgreSQL stays the truth.

Each entry carries the version of its record, and an older version never replaces a newer one. A stale entry cannot win
a compare-and-set either, that is PostgreSQL's to judge; the mismatch drops the entry, so the next read is fresh.
With the cache away, slow or full of nonsense, everything works from PostgreSQL. Entries are sealed: what guests said is
not in the memory, a dump or a backup of the cache.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

from mesh.breaker import CircuitBreaker
from mesh.errors import Down
from mesh.store.vault import Vault
from mesh.telemetry import get_logger
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.session.domain.document import (
    dumps,
    guest_document,
    read_guest,
    read_session,
    session_document,
)
from services.session.metrics import CacheReads
from services.session.ports import Held

T = TypeVar("T")
log = get_logger(__name__)

# An entry is a hash: version `v`, document `d` (absent: nothing older than `v` is to be believed), and for sessions the
# guest's key `g`, so that both are read in one round trip.
_READ = """
local session = redis.call('HMGET', KEYS[1], 'd', 'g')
if not session[1] then return {} end
local guest = redis.call('HGET', session[2], 'd')
if not guest then return {} end
return {session[1], guest}
"""
_WRITE = """
local present = tonumber(redis.call('HGET', KEYS[1], 'v') or '0')
if present > tonumber(ARGV[1]) then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'v', ARGV[1])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'd', ARGV[3], 'g', ARGV[4]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""
# Newer than any version: what was forgotten is not to come back from a reader who was slow.
_GONE = 2**53 - 1


class SessionCache:
    """Entries by session and guest id. No method raises: without an answer in time a read is a miss."""

    def __init__(
        self, client: Redis, *, vault: Vault, life: timedelta, timeout: timedelta, breaker: CircuitBreaker
    ) -> None:
        self._client = client
        self._vault = vault
        self._life = str(max(1, int(life.total_seconds() * 1000)))
        self._timeout = timeout.total_seconds()
        self._breaker = breaker
        self._read = client.register_script(_READ)
        self._write = client.register_script(_WRITE)
        self._reads = CacheReads()

    async def read(self, session_id: str) -> Held | None:
        """The session and its guest, None when the cache does not know both."""
        found = await self._try(lambda: self._read(keys=[_session_key(session_id)]))
        held = self._held(session_id, found) if found else None
        self._reads.note(hit=held is not None)
        return held

    async def keep(self, held: Held) -> None:
        """Stores what was read."""
        session, guest = held.session, held.guest
        document = dumps(session_document(session))
        await self._put(_session_key(session.session_id), session.version, document, _guest_key(session.guest_id))
        await self._put(_guest_key(guest.guest_id), guest.version, dumps(guest_document(guest)))

    async def outdate(self, session_id: str, *, version: int) -> None:
        """Drops a session's entry if it is older than `version`, and refuses older ones from now on."""
        await self._put(_session_key(session_id), version)

    async def outdate_guest(self, guest_id: str, *, version: int) -> None:
        """The same for a guest's entry."""
        await self._put(_guest_key(guest_id), version)

    async def forget(self, session_ids: Iterable[str], guest_ids: Iterable[str] = ()) -> None:
        """Drops entries for good."""
        for key in (*map(_session_key, session_ids), *map(_guest_key, guest_ids)):
            await self._put(key, _GONE)

    async def _put(self, key: str, version: int, document: str = "", guest_key: str = "") -> None:
        sealed = b64encode(self._vault.seal_for_cache(document.encode(), key)).decode() if document else ""
        await self._try(lambda: self._write(keys=[key], args=[str(version), self._life, sealed, guest_key]))

    def _held(self, session_id: str, found: object) -> Held | None:
        match found:
            case [str(sealed_session), str(sealed_guest)]:
                pass
            case _:
                return None
        try:
            session = read_session(self._opened(sealed_session, _session_key(session_id)))
            return Held(session=session, guest=read_guest(self._opened(sealed_guest, _guest_key(session.guest_id))))
        except (ValueError, KeyError, TypeError):
            # Written by another version of this service, or under another key: a miss, and soon overwritten.
            return None

    def _opened(self, sealed: str, key: str) -> Any:
        """A document, whose absence is a ValueError like any other nonsense."""
        return json.loads(self._vault.open_from_cache(b64decode(sealed), key) or b"")

    async def _try(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """The call's answer, None when there is none in time. An open breaker saves even the waiting."""
        try:
            async with self._breaker.guard(counts=_is_trouble), asyncio.timeout(self._timeout):
                return await call()
        except Down:
            pass  # the breaker is open, and has said so
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("session_cache_away", error=type(error).__name__)
        return None


def _is_trouble(error: BaseException) -> bool:
    return isinstance(error, (RedisError, OSError, TimeoutError))


def _session_key(session_id: str) -> str:
    return f"session:session:{session_id}"


def _guest_key(guest_id: str) -> str:
    return f"session:guest:{guest_id}"
