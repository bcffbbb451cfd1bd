"""Page sizes and page tokens: where the next page begins, bound to the filter that the first one had."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from mesh.errors import Invalid

_DEFAULT_SIZE, _LARGEST_SIZE = 50, 200


def page_size(asked: int) -> int:
    """How many entries a page has. Raises Invalid for more than 200 or fewer than none."""
    if not 0 <= asked <= _LARGEST_SIZE:
        raise Invalid("page_size is out of range", fields={"page_size": f"must be 0–{_LARGEST_SIZE}"})
    return asked or _DEFAULT_SIZE


def page_token(query: str, *position: str) -> str:
    """The token of the page after `position`, good for the same query only."""
    content = json.dumps([_digest(query), *position], separators=(",", ":"))
    return urlsafe_b64encode(content.encode()).decode().rstrip("=")


def position_of(token: str, query: str, *, parts: int) -> tuple[str, ...] | None:
    """Where the page begins, None for the first page. Raises Invalid for a token of another call or filter."""
    if not token:
        return None
    try:
        content = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        content = None
    if not (
        isinstance(content, list)
        and len(content) == parts + 1
        and all(isinstance(part, str) for part in content)
        and content[0] == _digest(query)
    ):
        raise invalid_token()
    return tuple(content[1:])


def invalid_token() -> Invalid:
    """The token was not issued by this call, or its filter changed."""
    return Invalid(
        "the page token is not of this list",
        reason="INVALID_PAGE_TOKEN",
        fields={"page_token": "must come from the previous answer to the same request"},
    )


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()[:16]
