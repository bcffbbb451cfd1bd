"""Tokens of anonymous chat visitors: who they are to us, at which property and until when, signed."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mesh.values import new_id

_TOKEN = re.compile(r"(web_[0-9a-f]{20})\.([A-Za-z0-9_-]{1,64})\.([0-9]{10,11})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who writes, and to which property: a token of one property opens no conversation of another."""

    subject: str
    property_id: str


class VisitorTokens:
    """Issues and reads tokens. `secret` is the installation's key; it is not used as it is but derived from."""

    def __init__(self, *, secret: str, life: timedelta) -> None:
        self._key = hmac.new(secret.encode(), b"webchat visitor token v2", hashlib.sha256).digest()
        self._life = life

    def issue(self, *, now: datetime, property_id: str, subject: str | None = None) -> tuple[str, str, datetime]:
        """A token, its subject and its end; for a new visitor unless a subject is renewed."""
        subject = subject or new_id("web")
        end = int((now + self._life).timestamp())
        signature = self._sign(subject, property_id, end)
        return f"{subject}.{property_id}.{end}.{signature}", subject, datetime.fromtimestamp(end, UTC)

    def visitor_of(self, token: str, *, now: datetime) -> Visitor | None:
        """Whose token it is; None for one that is not ours, was altered, or is over."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            return None
        subject, property_id, end, signature = match.group(1), match.group(2), int(match.group(3)), match.group(4)
        if not hmac.compare_digest(signature, self._sign(subject, property_id, end)) or now.timestamp() >= end:
            return None
        return Visitor(subject, property_id)

    def _sign(self, subject: str, property_id: str, end: int) -> str:
        return hmac.new(self._key, f"{subject}.{property_id}.{end}".encode(), hashlib.sha256).hexdigest()
