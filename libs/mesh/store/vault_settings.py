"""The settings of a service that seals what guests tell it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field, SecretStr, field_validator, model_validator

from mesh.settings import DUMMY_PREFIX, MeshSettings
from mesh.store.vault import Vault

_MIN_SECRET = 32


class VaultSettings(MeshSettings):
    """What opens guests' data: all that a migration has to be told. A service names itself in `vault_of`."""

    vault_of: ClassVar[str]

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
        return Vault(
            service=self.vault_of,
            masters=dict(_pairs(self.data_master_keys)),
            index_secret=self.data_index_key.get_secret_value(),
        )


def _pairs(masters: SecretStr) -> Iterator[tuple[str, str]]:
    for entry in masters.get_secret_value().split(","):
        name, _, secret = entry.strip().partition(":")
        yield name.strip(), secret.strip()
