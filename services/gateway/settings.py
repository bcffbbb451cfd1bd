"""What the gateway is told by its environment."""

from __future__ import annotations

from datetime import timedelta

from mesh.settings import MeshSettings
from pydantic import Field, SecretStr, field_validator, model_validator

from services.gateway.domain.inbox import InboxPolicy, RetryPolicy
from services.gateway.ports import Retention

_TURN_SECONDS = 10.0


class Settings(MeshSettings):
    """The gateway's settings."""

    http_host: str = Field("127.0.0.1", description="Address the HTTP server binds. 0.0.0.0 in containers.")
    http_port: int = Field(8000, ge=0, le=65535, description="Port of webhooks, chat page, health and metrics.")

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
    whatsapp_number_rate: float = Field(80.0, gt=0, description="Messages a second for each number of ours.")
    whatsapp_guest_interval_seconds: float = Field(
        6.0, gt=0, description="Seconds between messages to one guest in the long run."
    )
    whatsapp_guest_burst: int = Field(10, ge=1, description="Messages to one guest that may go at once.")
    whatsapp_max_body_bytes: int = Field(3_145_728, ge=1024, description="Larger webhook bodies are refused with 413.")

    webchat_property: str = Field("alameda", description="Property of the chat page at `/`.")
    webchat_token_hours: float = Field(24.0, gt=0, description="Life of a chat visitor's token.")
    webchat_messages_per_minute: int = Field(20, ge=1, description="Messages one chat visitor may send in a minute.")
    webchat_poll_seconds: float = Field(1.0, gt=0, description="How soon a chat stream sees what another replica sent.")
    webchat_secure_cookie: bool | None = Field(None, description="Cookie only over https. Unset: on outside dev.")

    quiet_period_seconds: float = Field(
        1.0, ge=0, description="Silence after which a burst of messages becomes a turn."
    )
    quiet_ceiling_seconds: float = Field(5.0, ge=0, description="Longest wait for that silence.")
    inbox_workers: int = Field(32, ge=1, description="Conversations answered at the same time by one replica.")
    inbox_poll_seconds: float = Field(1.0, gt=0, description="How soon work left by other replicas is seen.")
    inbox_lease_seconds: float = Field(
        30.0, gt=0, description="How long a turn may be held; then another replica repeats it."
    )
    turn_seconds: float = Field(_TURN_SECONDS, gt=0, description="Deadline of a call to the orchestrator.")
    turn_max_tries: int = Field(8, ge=1, description="Tries before a turn is parked for a person to look at.")
    turn_retry_base_seconds: float = Field(2.0, gt=0, description="First wait between tries; doubles up to a minute.")

    outbox_workers: int = Field(32, ge=1, description="Messages sent at the same time by one replica.")
    outbox_poll_seconds: float = Field(1.0, gt=0, description="How soon messages queued by other replicas are seen.")
    outbox_lease_seconds: float = Field(
        30.0, gt=0, description="How long a send may take; then it is repeated and marked."
    )
    outbox_max_tries: int = Field(20, ge=1, description="Tries before a message is given up.")

    retention_inbox_days: float = Field(
        30.0, ge=8, description="Days received messages are kept; repeats are seen that long."
    )
    retention_outbox_days: float = Field(90.0, ge=1, description="Days sent messages are kept.")
    retention_events_days: float = Field(90.0, ge=1, description="Days other webhook events are kept.")
    retention_sweep_seconds: float = Field(3600.0, gt=0, description="Seconds between removals.")

    @field_validator("whatsapp_numbers")
    @classmethod
    def _readable_numbers(cls, value: str) -> str:
        _parse_numbers(value)
        return value

    @model_validator(mode="after")
    def _gateway_consistent(self) -> Settings:
        problems = []
        if self.inbox_lease_seconds < self.turn_seconds + 5:
            problems.append("INBOX_LEASE_SECONDS: must be at least TURN_SECONDS + 5")
        if self.outbox_lease_seconds < self.whatsapp_send_seconds + 5:
            problems.append("OUTBOX_LEASE_SECONDS: must be at least WHATSAPP_SEND_SECONDS + 5")
        if self.quiet_ceiling_seconds < self.quiet_period_seconds:
            problems.append("QUIET_CEILING_SECONDS: must not be below QUIET_PERIOD_SECONDS")
        if not self.app_secrets:
            problems.append("WHATSAPP_APP_SECRET: must hold one or two secrets")
        if self.env == "prod":
            problems += self._production_problems()
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _production_problems(self) -> list[str]:
        problems = []
        if "*" in self.numbers:
            problems.append("WHATSAPP_NUMBERS: `*` is refused in production, name each phone_number_id")
        if not self.graph_base_url.startswith("https://"):
            problems.append("WHATSAPP_GRAPH_BASE_URL: must be https in production")
        if any(len(secret) < 32 for secret in self.app_secrets):
            problems.append("WHATSAPP_APP_SECRET: each secret needs 32 characters or more in production")
        return problems

    @property
    def numbers(self) -> dict[str, str]:
        """Property by phone_number_id; `*` for every other number."""
        return _parse_numbers(self.whatsapp_numbers)

    @property
    def app_secrets(self) -> tuple[bytes, ...]:
        """Secrets that may have signed a webhook, at most two."""
        given = (part.strip() for part in self.whatsapp_app_secret.get_secret_value().split(","))
        return tuple(part.encode() for part in given if part)[:2]

    @property
    def graph_base_url(self) -> str:
        """Where the sender posts to."""
        if self.whatsapp_graph_base_url:
            return self.whatsapp_graph_base_url.rstrip("/")
        if self.env == "dev":
            return f"http://127.0.0.1:{self.http_port}/sandbox/graph"
        return "https://graph.facebook.com"

    @property
    def inbox_policy(self) -> InboxPolicy:
        """When conversations are due and how long they are held."""
        return InboxPolicy(
            quiet_period=timedelta(seconds=self.quiet_period_seconds),
            quiet_ceiling=timedelta(seconds=self.quiet_ceiling_seconds),
            lease=timedelta(seconds=self.inbox_lease_seconds),
        )

    @property
    def turn_retry(self) -> RetryPolicy:
        """Waits between tries of a turn."""
        return RetryPolicy(max_tries=self.turn_max_tries, base=timedelta(seconds=self.turn_retry_base_seconds))

    @property
    def retention(self) -> Retention:
        """How long settled rows are kept."""
        return Retention(
            inbox=timedelta(days=self.retention_inbox_days),
            outbox=timedelta(days=self.retention_outbox_days),
            events=timedelta(days=self.retention_events_days),
        )


def _parse_numbers(value: str) -> dict[str, str]:
    """Raises ValueError naming the first pair that is none."""
    numbers: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in value.split(","))):
        number, separator, property_id = (piece.strip() for piece in pair.partition("="))
        if not (number and separator and property_id):
            raise ValueError(f"{pair!r} is not phone_number_id=property_id")
        numbers[number] = property_id
    return numbers
