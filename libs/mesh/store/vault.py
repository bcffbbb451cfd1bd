"""Sealing what guests tell us: AES-256-GCM under a key of each guest's own, which a master key wraps.

Whoever has the database has names, addresses and words only with the master key, and those of a guest whose key was
destroyed not even then. To look a guest up by an address, the address is stored as an HMAC: equal addresses are equal
there, and nothing else is told. A sealed value says which key opens it and is bound to the place where it stands, so
that it cannot be moved to another row.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES, _ID_BYTES, _NONCE_BYTES = 32, 16, 12
# Opened keys are remembered so that a conversation opens its own once, and no longer than a cache remembers guests.
_REMEMBERED, _SECONDS = 20_000, 600.0


class KeyMissing(Exception):
    """A value was sealed with a key that is not here: its master key is not among the settings, or it was destroyed."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """A guest's key, opened. `key_id` has 16 bytes.

    It is kept as its 32 bytes: a cipher made of them is 3 kB, and made anew in 2 µs.
    """

    key_id: bytes
    secret: bytes = field(repr=False)

    def seal(self, plain: bytes, place: str) -> bytes:
        """`place` is where the value stands, such as `turn:ses_…:trn_…`; it opens nowhere else."""
        nonce = os.urandom(_NONCE_BYTES)
        return b"".join((self.key_id, nonce, AESGCM(self.secret).encrypt(nonce, plain, place.encode())))

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed there with this key. Raises InvalidTag."""
        nonce, rest = sealed[_ID_BYTES : _ID_BYTES + _NONCE_BYTES], sealed[_ID_BYTES + _NONCE_BYTES :]
        return AESGCM(self.secret).decrypt(nonce, rest, place.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class WrappedKey:
    """A guest's key as it is stored: `wrapped` opens with the master key named `master`."""

    key_id: bytes
    master: str
    wrapped: bytes


class Vault:
    """The master keys and the key of the lookups. `masters` are secrets by name; the first wraps, all of them open.

    Services that are told the same secrets have different keys: nothing that one of them stores opens, or is found
    again, in the schema of another.
    """

    def __init__(
        self,
        *,
        service: str,
        masters: Mapping[str, str],
        index_secret: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        def derived(secret: str, purpose: str) -> bytes:
            return _derived(secret, f"{service} {purpose}")

        self._current = next(iter(masters))
        self._masters = {name: AESGCM(derived(secret, "master")) for name, secret in masters.items()}
        self._index = derived(index_secret, "index")
        self._veil = AESSIV(derived(index_secret, "veil") + derived(index_secret, "veil siv"))
        self._cache_cipher = AESGCM(derived(next(iter(masters.values())), "cache"))
        self._clock = clock
        self._opened: OrderedDict[bytes, tuple[DataKey, float]] = OrderedDict()

    @property
    def current_master(self) -> str:
        """The name of the key that wraps from now on."""
        return self._current

    def index(self, *parts: str) -> str:
        """What stands in the database for a value that is looked up: the same for the same, 64 hex digits."""
        return hmac.new(self._index, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()

    def veil(self, digest: str) -> str:
        """A SHA-256 in hex as it is stored: the same for the same, and nobody without the key can try what it is of."""
        return self._veil.encrypt(bytes.fromhex(digest), None).hex()

    def unveil(self, veiled: str) -> str:
        """The digest again, for a migration. Raises KeyMissing."""
        return self._unveiled(veiled).hex()

    def veil_text(self, text: str) -> str:
        """A name that is both looked up and told again: the same for the same. Empty stays empty."""
        return self._veil.encrypt(text.encode(), None).hex() if text else ""

    def unveil_text(self, veiled: str) -> str:
        """The name again. Raises KeyMissing."""
        return self._unveiled(veiled).decode() if veiled else ""

    def new_key(self) -> tuple[DataKey, WrappedKey]:
        """A key that nothing was sealed with yet."""
        key_id, secret = os.urandom(_ID_BYTES), os.urandom(_KEY_BYTES)
        key = DataKey(key_id, secret)
        self._remember(key)
        return key, self._wrap(key_id, secret)

    def learn(self, stored: WrappedKey) -> DataKey:
        """Opens a stored key, or finds it opened. Raises KeyMissing."""
        if known := self._known(stored.key_id):
            return known
        key = DataKey(stored.key_id, self._unwrap(stored))
        self._remember(key)
        return key

    def rewrapped(self, stored: WrappedKey) -> WrappedKey:
        """The same key under the current master key. Raises KeyMissing."""
        return self._wrap(stored.key_id, self._unwrap(stored))

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed there. Raises KeyMissing, also when the value belongs to another place."""
        key = self.key_of(sealed)
        try:
            return key.open(sealed, place)
        except InvalidTag:
            raise KeyMissing(f"a value at {place.partition(':')[0]} does not open") from None

    def key_of(self, sealed: bytes) -> DataKey:
        """The key that a value was sealed with, which was learned before. Raises KeyMissing."""
        return self.key(sealed[:_ID_BYTES])

    def key(self, key_id: bytes) -> DataKey:
        """A key that was learned before. Raises KeyMissing."""
        key = self._known(key_id)
        if key is None:
            raise KeyMissing(f"key {key_id.hex()} is not known")
        return key

    def knows(self, key_id: bytes) -> bool:
        """Whether a key was learned, not long ago."""
        return self._known(key_id) is not None

    @property
    def opened(self) -> int:
        """How many keys are in memory."""
        return len(self._opened)

    def forget(self, key_id: bytes) -> None:
        """A key that was destroyed."""
        self._opened.pop(key_id, None)

    def seal_for_cache(self, plain: bytes, place: str) -> bytes:
        """For what lives minutes in a cache that forgets by itself: one key for all, gone with the master key."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cache_cipher.encrypt(nonce, plain, place.encode())

    def open_from_cache(self, sealed: bytes, place: str) -> bytes | None:
        """None when it was sealed by a process with another master key, or is no sealed value."""
        try:
            return self._cache_cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            return None

    def _unveiled(self, veiled: str) -> bytes:
        try:
            return self._veil.decrypt(bytes.fromhex(veiled), None)
        except InvalidTag:
            raise KeyMissing("DATA_INDEX_KEY is another one than it was") from None

    def _wrap(self, key_id: bytes, secret: bytes) -> WrappedKey:
        nonce = os.urandom(_NONCE_BYTES)
        wrapped = nonce + self._masters[self._current].encrypt(nonce, secret, key_id)
        return WrappedKey(key_id=key_id, master=self._current, wrapped=wrapped)

    def _unwrap(self, stored: WrappedKey) -> bytes:
        master = self._masters.get(stored.master)
        if master is None:
            raise KeyMissing(f"master key {stored.master!r} is not among DATA_MASTER_KEYS")
        try:
            return master.decrypt(stored.wrapped[:_NONCE_BYTES], stored.wrapped[_NONCE_BYTES:], stored.key_id)
        except InvalidTag:
            raise KeyMissing(f"master key {stored.master!r} is another one than it was") from None

    def _known(self, key_id: bytes) -> DataKey | None:
        entry = self._opened.get(key_id)
        if entry is None or entry[1] < self._clock():
            return None
        return entry[0]

    def _remember(self, key: DataKey) -> None:
        now = self._clock()
        self._opened[key.key_id] = (key, now + _SECONDS)
        self._opened.move_to_end(key.key_id)
        # The first is the oldest: what is over leaves now, and not when thousands more have come.
        while len(self._opened) > _REMEMBERED or next(iter(self._opened.values()))[1] < now:
            self._opened.popitem(last=False)


def _derived(secret: str, purpose: str) -> bytes:
    """32 bytes from a secret of any length; each purpose has its own."""
    info = f"agente-hotelero {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(secret.encode())
