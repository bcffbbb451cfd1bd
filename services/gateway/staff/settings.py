"""What staff's doors are told by the environment."""

from __future__ import annotations

from typing import Literal

from mesh.settings import MeshSettings
from pydantic import Field, SecretStr


class StaffSettings(MeshSettings):
    """Tokens, cookies and who may call the admin API from a browser."""

    jwt_secret_key: SecretStr = Field(
        SecretStr("dev-jwt-secret-key-of-no-use-elsewhere"), description="Signs staff's tokens. Secret."
    )
    jwt_algorithm: Literal["HS256", "HS384", "HS512"] = Field("HS256", description="How they are signed.")
    jwt_expiration_minutes: int = Field(1440, ge=1, le=10080, description="Life of an access token.")
    jwt_refresh_days: int = Field(30, ge=1, le=365, description="How long a sign-in may lie unused.")
    console_secure_cookie: bool | None = Field(None, description="Cookies only over https. Unset: on outside dev.")
    console_poll_seconds: float = Field(2.0, gt=0, description="How soon pages see what no event told.")
    admin_origins: str = Field("", description="Origins whose pages may call the admin API, comma separated.")
    audit_retention_days: int = Field(730, ge=30, description="Days entries of the audit log are kept.")

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Origins as they are sent: scheme, host and port, no slash."""
        return tuple(part.strip().rstrip("/") for part in self.admin_origins.split(",") if part.strip())
