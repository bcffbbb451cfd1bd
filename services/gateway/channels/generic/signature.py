"""`X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, the same in both directions."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence

TOLERANCE_SECONDS = 300
_TIME = re.compile(r"[0-9]{1,12}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_signed(body: bytes, header: str | None, secrets: Sequence[bytes], *, now: float) -> bool:
    """Whether one of the secrets signed these bytes at most five minutes from now. Any of several `v1` may match."""
    parts = [part.strip().partition("=") for part in (header or "").split(",")]
    times = [value for name, _, value in parts if name == "t" and _TIME.fullmatch(value)]
    claimed = [value.lower() for name, _, value in parts if name == "v1" and _DIGEST.fullmatch(value.lower())]
    if len(times) != 1 or abs(now - int(times[0])) > TOLERANCE_SECONDS:
        return False
    verdicts = [
        hmac.compare_digest(_digest(body, times[0], secret), digest) for secret in secrets for digest in claimed[:4]
    ]
    return any(verdicts)


def sign(body: bytes, secret: bytes, *, now: float) -> str:
    """The header for these bytes at this moment."""
    time = str(int(now))
    return f"t={time},v1={_digest(body, time, secret)}"


def _digest(body: bytes, time: str, secret: bytes) -> str:
    return hmac.new(secret, time.encode() + b"." + body, hashlib.sha256).hexdigest()
