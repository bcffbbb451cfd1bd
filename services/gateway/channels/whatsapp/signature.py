"""Whether Meta sent a webhook: HMAC-SHA256 of the raw bytes under one of our app secrets."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence

_HEADER = re.compile(r"sha256=([0-9a-f]{64})")


def is_signed(body: bytes, header: str | None, secrets: Sequence[bytes]) -> bool:
    """Checks `X-Hub-Signature-256` over the bytes as they came: Meta escapes characters in ways a re-serialised JSON
    would not repeat. Every secret is tried, so that one can be rotated; each comparison takes constant time.
    """
    match = _HEADER.fullmatch(header or "")
    if match is None:
        return False
    claimed = match.group(1)
    verdicts = [hmac.compare_digest(_digest(body, secret), claimed) for secret in secrets]
    return any(verdicts)


def sign(body: bytes, secret: bytes) -> str:
    """The header Meta would send; for the demo, rehearsals and tests."""
    return f"sha256={_digest(body, secret)}"


def _digest(body: bytes, secret: bytes) -> str:
    return hmac.new(secret, body, hashlib.sha256).hexdigest()
