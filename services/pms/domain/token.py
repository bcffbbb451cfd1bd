"""Signed tokens: content that travels through guests and other systems and comes back unaltered or not at all.

Form: `<key id>.<payload>.<signature>`, the last two base64url without padding. The signature is HMAC-SHA256 over
purpose, key id and payload, so a quote cannot be spent as a cancellation. Keys rotate: the first signs, all
of them verify.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

from mesh.errors import Invalid

from . import record

T = TypeVar("T")
MAX_TOKEN_LENGTH = 65_536
MIN_KEY_LENGTH = 16


class TokenSigner:
    """Signs with the first key, verifies with any."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys`: current first, then previous ones; raises ValueError when there is none or one is too short."""
        if not keys or any(len(key) < MIN_KEY_LENGTH for key in keys):
            raise ValueError(f"signing keys have at least {MIN_KEY_LENGTH} characters, and there is at least one")
        self._keys = {_key_id(key): key.encode() for key in keys}
        self._current = _key_id(keys[0])

    def sign(self, purpose: str, content: object) -> str:
        """The token of a dataclass."""
        payload = _encode(record.to_text(content).encode())
        return f"{self._current}.{payload}.{self._signature(purpose, self._current, payload)}"

    def open(self, purpose: str, token: str, shape: type[T]) -> T:
        """The content of a token that this service signed for this purpose; raises Invalid TOKEN_INVALID."""
        parts = token.split(".")
        if len(token) > MAX_TOKEN_LENGTH or len(parts) != 3 or parts[0] not in self._keys:
            raise _invalid()
        key_id, payload, signature = parts
        # Compared as text: decoding first would let the spare bits of the last character vary.
        if not hmac.compare_digest(signature.encode(), self._signature(purpose, key_id, payload).encode()):
            raise _invalid()
        try:
            return record.from_text(shape, _decode(payload))
        except (ValueError, binascii.Error) as error:
            raise _invalid() from error

    def _signature(self, purpose: str, key_id: str, payload: str) -> str:
        message = f"{purpose}.{key_id}.{payload}".encode()
        return _encode(hmac.new(self._keys[key_id], message, hashlib.sha256).digest())


def _invalid() -> Invalid:
    return Invalid("the token is not one of ours or was altered", reason="TOKEN_INVALID")


def _key_id(key: str) -> str:
    return hashlib.sha256(b"key id\x00" + key.encode()).hexdigest()[:8]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
