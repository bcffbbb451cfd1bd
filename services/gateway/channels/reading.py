"""Reading JSON whose shape nobody promised: every reader answers something usable and never raises."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from services.gateway.domain.cleaning import storable

# Year 2000 to 2100: a time outside is a mistake of the sender's, not a time.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800


def mapping(value: object, *path: str) -> Mapping[str, Any]:
    """The object at `path`, or an empty one."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def items(value: object, name: str) -> Iterator[Mapping[str, Any]]:
    """The objects in the list `name`; a single object counts as a list of one, anything else is passed over."""
    found = value.get(name) if isinstance(value, dict) else None
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, dict):
            yield item


def length(value: object, name: str) -> int:
    """How many things of whatever kind stand under `name`."""
    found = value.get(name) if isinstance(value, dict) else None
    return len(found) if isinstance(found, list) else int(found is not None)


def text(value: object, name: str, *, limit: int = 512) -> str:
    """The identifier or word under `name` as it can be stored; numbers are taken as their digits."""
    found = value.get(name) if isinstance(value, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    if isinstance(found, int):
        return str(found) if abs(found) < 10**40 else ""
    return storable(found, limit=limit)


def prose(value: object, name: str) -> str:
    """The words under `name` as the guest wrote them, not cleaned yet."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def flag(value: object, name: str) -> bool:
    """Whether `name` is there and true."""
    return isinstance(value, dict) and value.get(name) is True


def degrees(value: object, name: str, *, most: float) -> float | None:
    """A coordinate within ±`most`, given as a number or as text."""
    found = value.get(name) if isinstance(value, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= most else None


def language(value: object, name: str) -> str:
    """A language as BCP-47 (`es_MX` is `es-MX`), or empty."""
    found = _LANGUAGE.fullmatch(text(value, name, limit=36).replace("_", "-"))
    return found.group() if found is not None else ""


def instant(value: object, name: str, *, default: datetime) -> datetime:
    """A Unix time in seconds, which Meta writes as text; `default` where there is none that makes sense."""
    found = text(value, name, limit=20)
    if not (found.isascii() and found.isdigit()):
        return default
    seconds = int(found)
    return datetime.fromtimestamp(seconds, UTC) if _EARLIEST <= seconds <= _LATEST else default
