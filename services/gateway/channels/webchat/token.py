"""Tokens of anonymous chat visitors: who they are to us and until when, signed."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

from mesh.values import new_id

_TOKEN = re.compile(r"(web_[0-9a-f]{20})\.([0-9]{10,11})\.([0-9a-f]{64})")


class VisitorTokens:
    """Issues and reads tokens. `secret` is the installation's key; it is not used as it is but derived from."""

    def __init__(self, *, secret: str, life: timedelta) -> None:
        self._key = hmac.new(secret.encode(), b"webchat visitor token v1", hashlib.sha256).digest()
        self._life = life

    def issue(self, *, now: datetime, subject: str | None = None) -> tuple[str, str, datetime]:
        """A token, its subject and its end; for a new visitor unless a subject is renewed."""
        subject = subject or new_id("web")
        end = int((now + self._life).timestamp())
        return f"{subject}.{end}.{self._sign(subject, end)}", subject, datetime.fromtimestamp(end, UTC)

    def subject_of(self, token: str, *, now: datetime) -> str | None:
        """Whose token it is; None for one that is not ours, was altered, or is over."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            return None
        subject, end, signature = match.group(1), int(match.group(2)), match.group(3)
        if not hmac.compare_digest(signature, self._sign(subject, end)) or now.timestamp() >= end:
            return None
        return subject

    def _sign(self, subject: str, end: int) -> str:
        return hmac.new(self._key, f"{subject}.{end}".encode(), hashlib.sha256).hexdigest()
