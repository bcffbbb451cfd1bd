"""The service's knobs."""

from __future__ import annotations

from typing import ClassVar

from mesh.store import vault_settings
from pydantic import Field

# Where there are keys: of guests, and of erasures that have yet to reach the gateway.
KEY_TABLES = ("data_keys", "pending_erasures")


class VaultSettings(vault_settings.VaultSettings):
    """What opens guests' data: all that a migration has to be told."""

    vault_of: ClassVar[str] = "session"


class Settings(VaultSettings):
    """Settings of the session service. Durations carry their unit in the name."""

    session_silence_hours: float = Field(24.0, gt=0, le=24 * 365, description="Silence after which a session ends.")
    session_retention_days: float = Field(
        180.0, gt=0, description="How long an ended session and its turns are kept before they are deleted."
    )
    request_retention_days: float = Field(
        30.0, ge=1, description="How long a repeat of a write is recognised. Longer than any client repeats."
    )
    erasure_retention_days: float = Field(
        1826.0,
        ge=0,
        description="Told on the receipt of an erasure: how long the law has things kept (Mexico: five years).",
    )
    session_cache_seconds: float = Field(300.0, ge=0, description="Life of a cached session. 0 turns the cache off.")
    session_cache_timeout_ms: float = Field(50.0, gt=0, description="A cache slower than this is passed over.")
    sweep_seconds: float = Field(60.0, gt=0, description="Pause between two sweeps of sessions that are over.")
    sweep_batch: int = Field(500, ge=1, le=10_000, description="Rows ended or deleted in one transaction of a sweep.")
