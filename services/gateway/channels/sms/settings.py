"""What the SMS channel is told by its environment."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, SecretStr, field_validator

from services.gateway.channels.settings import ChannelSettings, read_owners, read_secrets
from services.gateway.domain.message import Channel

ANY_NUMBER = "*"


class SmsSettings(ChannelSettings):
    """Twilio's account, our numbers, and the pace."""

    twilio_account_sid: str = Field("AC00000000000000000000000000000000", description="Account SID at Twilio.")
    twilio_auth_token: SecretStr = Field(
        SecretStr("dev-auth-token"),
        description="Signs webhooks and lets us send; two, comma separated, while rotating, the new one first. Secret.",
    )
    twilio_base_url: str = Field(
        "", description="REST API. Empty: the recorded sandbox in dev, https://api.twilio.com elsewhere."
    )
    twilio_send_seconds: float = Field(10.0, gt=0, description="Longest wait for Twilio's answer to a send.")
    twilio_media_seconds: float = Field(20.0, gt=0, description="Longest wait for a medium.")
    twilio_max_body_bytes: int = Field(262_144, ge=1024, description="Larger webhook bodies are refused with 413.")
    sms_numbers: str = Field(
        "+15005550006=alameda,*=alameda",
        description="number=property_id pairs, comma separated; a Messaging Service (MG…) counts as a number; `*` is "
        "every other one (not in prod).",
    )
    sms_number_rate: float = Field(1.0, gt=0, description="Messages a second for each number of ours.")
    sms_guest_interval_seconds: float = Field(
        1.0, gt=0, description="Seconds between messages to one guest in the long run."
    )
    sms_guest_burst: int = Field(5, ge=1, description="Messages to one guest that may go at once.")

    sms_mms_prefixes: str = Field(
        "+1",
        description="Beginnings of numbers whose carriers take MMS, comma separated; to others a file goes as a link.",
    )

    @field_validator("sms_numbers")
    @classmethod
    def _readable_sms_numbers(cls, value: str) -> str:
        read_owners(value, what="number")
        return value

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        if not self.opens(Channel.SMS):
            return
        if not self.auth_tokens:
            yield "TWILIO_AUTH_TOKEN: must hold one or two tokens"
        if self.env == "prod":
            yield from self._sms_production_problems()

    def _sms_production_problems(self) -> Iterator[str]:
        if ANY_NUMBER in self.sms_owners:
            yield "SMS_NUMBERS: `*` is refused in production, name each number"
        if not self.twilio_url.startswith("https://"):
            yield "TWILIO_BASE_URL: must be https in production"
        if not self.public_url.startswith("https://"):
            yield "PUBLIC_URL: Twilio signs the public address and reports to it; it must be given, with https"
        if any(len(token) < 32 for token in self.auth_tokens):
            yield "TWILIO_AUTH_TOKEN: each token needs 32 characters or more in production"

    @property
    def sms_owners(self) -> dict[str, str]:
        """Property by number of ours; `*` for every other number."""
        return read_owners(self.sms_numbers, what="number")

    @property
    def mms_prefixes(self) -> tuple[str, ...]:
        """Beginnings of numbers that get files as MMS."""
        return tuple(part.strip() for part in self.sms_mms_prefixes.split(",") if part.strip())

    @property
    def auth_tokens(self) -> tuple[bytes, ...]:
        """Tokens that may have signed a webhook; we send with the first."""
        return read_secrets(self.twilio_auth_token)

    @property
    def twilio_url(self) -> str:
        """Where the sender posts to."""
        if self.twilio_base_url:
            return self.twilio_base_url.rstrip("/")
        if self.env == "dev":
            return f"http://127.0.0.1:{self.http_port}/sandbox/twilio"
        return "https://api.twilio.com"
