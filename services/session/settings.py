"""The service's knobs."""

from __future__ import annotations

from collections.abc import Iterator

from mesh.settings import DUMMY_PREFIX, MeshSettings
from pydantic import Field, SecretStr, field_validator, model_validator

from services.session.adapters.vault import Vault

_MIN_SECRET = 32


class VaultSettings(MeshSettings):
    """What opens guests' data: all that a migration has to be told."""

    data_master_keys: SecretStr = Field(
        SecretStr("dev-1:dev-master-key"),
        description="name:secret, comma separated. The first wraps guests' keys, all of them open. Secret.",
    )
    data_index_key: SecretStr = Field(
        SecretStr("dev-index-key"), description="Of the hashes guests are looked up by. Never changes. Secret."
    )

    @field_validator("data_master_keys")
    @classmethod
    def _named(cls, value: SecretStr) -> SecretStr:
        names = [name for name, _ in _pairs(value)]
        if not names or not all(name and secret for name, secret in _pairs(value)) or len(set(names)) < len(names):
            raise ValueError("must be name:secret, comma separated, each name once")
        return value

    @model_validator(mode="after")
    def _no_dummy_masters(self) -> VaultSettings:
        """Each master key opens guests' data, so each counts, not only the first."""
        weak = [
            name
            for name, secret in _pairs(self.data_master_keys)
            if secret.startswith(DUMMY_PREFIX) or len(secret) < _MIN_SECRET
        ]
        if self.env == "prod" and weak:
            raise ValueError(f"DATA_MASTER_KEYS: dummy or short secrets are refused in production: {', '.join(weak)}")
        return self

    def vault(self) -> Vault:
        """What seals and opens guests' data."""
        return Vault(masters=dict(_pairs(self.data_master_keys)), index_secret=self.data_index_key.get_secret_value())


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


def _pairs(masters: SecretStr) -> Iterator[tuple[str, str]]:
    for entry in masters.get_secret_value().split(","):
        name, _, secret = entry.strip().partition(":")
        yield name.strip(), secret.strip()
