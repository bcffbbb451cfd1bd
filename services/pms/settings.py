"""Settings of the pms service."""

from __future__ import annotations

from typing import ClassVar, Literal

from mesh.settings import DUMMY_PREFIX
from mesh.store import vault_settings
from pydantic import Field, SecretStr, model_validator

from services.pms.domain.token import MIN_KEY_LENGTH

# Where there are keys: of guests, and of writes that are under way at QloApps.
KEY_TABLES = ("data_key", "qloapps_journal")


class VaultSettings(vault_settings.VaultSettings):
    """What opens guests' data: all that a migration has to be told."""

    vault_of: ClassVar[str] = "pms"


class Settings(VaultSettings):
    """What the pms service is told, beside what every service is."""

    hotel_files: str = Field(
        "hotel/alameda.yaml",
        description="Hotel files to load at start, comma-separated. Empty: as loaded before.",
    )
    pms_backend: Literal["builtin", "memory"] = Field(
        "builtin", description="builtin keeps the books in PostgreSQL; memory forgets them when the process ends."
    )
    quote_signing_keys: SecretStr = Field(
        SecretStr("dev-quote-signing-key"),
        description="Signs quotes and previews: current key, then previous ones, comma-separated. Secret.",
    )
    pms_base_url: str = Field("", description="Address of QloApps, for hotel files that name none.")
    pms_api_key: SecretStr | None = Field(None, description="Web-service key of QloApps, 32 characters. Secret.")
    pms_follow_seconds: float = Field(15.0, gt=0, description="How often changes at QloApps are looked for.")
    sweep_seconds: float = Field(5.0, gt=0, description="How often rooms of holds that ran out are put back on sale.")
    property_cache_seconds: float = Field(60.0, ge=0, description="How long hotel information is remembered.")
    availability_cache_seconds: float = Field(
        2.0, ge=0, description="How long a search may miss other replicas' writes. 0: every search reads the books."
    )
    predictive_pricing: bool = Field(
        False, description="Prices follow demand within the hotel file's `pricing`, where the flags file is silent."
    )
    watch_poll_seconds: float = Field(1.0, gt=0, description="How often a watcher looks for other replicas' writes.")
    max_watchers: int = Field(100, ge=1, description="Open WatchReservations streams at once.")
    answer_retention_days: int = Field(30, ge=1, description="How long answers of writes are kept for repeats.")
    guest_retention_days: int = Field(
        30, ge=0, description="Days after departure that a guest who was erased is still named by the reservation."
    )
    audit_retention_days: int = Field(90, ge=1, description="How long the audit of locks is kept.")

    @property
    def signing_keys(self) -> list[str]:
        """The keys, current first."""
        return [key.strip() for key in self.quote_signing_keys.get_secret_value().split(",") if key.strip()]

    @property
    def hotel_file_paths(self) -> list[str]:
        """The files to load."""
        return [path.strip() for path in self.hotel_files.split(",") if path.strip()]

    @model_validator(mode="after")
    def _good_keys(self) -> Settings:
        keys = self.signing_keys
        if not keys or any(len(key) < MIN_KEY_LENGTH for key in keys):
            raise ValueError(f"QUOTE_SIGNING_KEYS: every key has at least {MIN_KEY_LENGTH} characters")
        if self.env == "prod" and any(key.startswith(DUMMY_PREFIX) for key in keys[1:]):
            raise ValueError("QUOTE_SIGNING_KEYS: a dummy previous key is refused in production")
        return self
