"""A guest who was forgotten by the session service, and is to be forgotten here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.gateway.domain.message import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Everything up to `erase_time` goes; what came later is a new guest's. `people` are the identities of this one."""

    receipt_id: str
    erase_time: datetime
    people: tuple[Identity, ...]
    session_ids: tuple[str, ...]
