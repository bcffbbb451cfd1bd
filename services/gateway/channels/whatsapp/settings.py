"""What the WhatsApp channel is told by its environment."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, SecretStr, field_validator

from services.gateway.channels.settings import ChannelSettings, read_owners, read_secrets
from services.gateway.domain.message import Channel


class WhatsAppSettings(ChannelSettings):
    """Secrets, numbers, the Graph API and its pace."""

    whatsapp_verify_token: SecretStr = Field(
        SecretStr("dev-verify-token"),
        description="Token of the webhook handshake. Secret.",
    )
    whatsapp_app_secret: SecretStr = Field(
        SecretStr("dev-app-secret"),
        description="Signs webhooks; two, comma separated, while rotating. Secret.",
    )
    whatsapp_access_token: SecretStr = Field(
        SecretStr("dev-access-token"), description="Bearer token for sending. Secret."
    )
    whatsapp_numbers: str = Field(
        "100000000000001=alameda,*=alameda",
        description="phone_number_id=property_id pairs, comma separated; `*` is every other number (not in prod).",
    )
    whatsapp_graph_base_url: str = Field(
        "", description="Graph API. Empty: the recorded sandbox in dev, https://graph.facebook.com elsewhere."
    )
    whatsapp_graph_version: str = Field("v26.0", pattern=r"^v\d+\.\d+$", description="Version of the Graph API.")
    whatsapp_send_seconds: float = Field(10.0, gt=0, description="Longest wait for the Graph API's answer to a send.")
    whatsapp_media_seconds: float = Field(15.0, gt=0, description="Longest silence while a recording is fetched.")
    whatsapp_number_rate: float = Field(80.0, gt=0, description="Messages a second for each number of ours.")
    whatsapp_guest_interval_seconds: float = Field(
        6.0, gt=0, description="Seconds between messages to one guest in the long run."
    )
    whatsapp_guest_burst: int = Field(10, ge=1, description="Messages to one guest that may go at once.")
    whatsapp_prices_file: str = Field(
        "", description="Price list of messages, YAML as in services/gateway/data. Empty: the example there."
    )
    whatsapp_max_body_bytes: int = Field(3_145_728, ge=1024, description="Larger webhook bodies are refused with 413.")

    @field_validator("whatsapp_numbers")
    @classmethod
    def _readable_numbers(cls, value: str) -> str:
        read_owners(value, what="phone_number_id")
        return value

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        if not self.opens(Channel.WHATSAPP):
            return
        if not self.app_secrets:
            yield "WHATSAPP_APP_SECRET: must hold one or two secrets"
        if self.env == "prod":
            yield from self._production_problems()

    def _production_problems(self) -> Iterator[str]:
        if "*" in self.numbers:
            yield "WHATSAPP_NUMBERS: `*` is refused in production, name each phone_number_id"
        if not self.graph_base_url.startswith("https://"):
            yield "WHATSAPP_GRAPH_BASE_URL: must be https in production"
        if any(len(secret) < 32 for secret in self.app_secrets):
            yield "WHATSAPP_APP_SECRET: each secret needs 32 characters or more in production"

    @property
    def numbers(self) -> dict[str, str]:
        """Property by phone_number_id; `*` for every other number."""
        return read_owners(self.whatsapp_numbers, what="phone_number_id")

    @property
    def app_secrets(self) -> tuple[bytes, ...]:
        """Secrets that may have signed a webhook, at most two."""
        return read_secrets(self.whatsapp_app_secret)

    @property
    def graph_base_url(self) -> str:
        """Where the sender posts to."""
        if self.whatsapp_graph_base_url:
            return self.whatsapp_graph_base_url.rstrip("/")
        if self.env == "dev":
            return f"http://127.0.0.1:{self.http_port}/sandbox/graph"
        return "https://graph.facebook.com"
