"""The handshake by which Meta makes sure that a webhook address is ours."""

from __future__ import annotations

import hmac
import re
from urllib.parse import parse_qsl

# Anything else in a challenge would let others make our server say what they like.
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,256}")


def answer_to(raw_query: bytes, verify_token: str) -> str | None:
    """The challenge to echo as plain text, or None for a refusal. The raw query is read: its names contain dots."""
    try:
        query = dict(parse_qsl(raw_query.decode("ascii"), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        return None
    token = query.get("hub.verify_token", "")
    if query.get("hub.mode") != "subscribe" or not hmac.compare_digest(token.encode(), verify_token.encode()):
        return None
    challenge = query.get("hub.challenge", "")
    return challenge if _CHALLENGE.fullmatch(challenge) else None
