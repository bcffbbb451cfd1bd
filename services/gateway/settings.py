"""What the gateway is told by its environment: how it keeps and hands on messages, beside what each channel is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pydantic import Field, model_validator

from services.gateway.channels.webchat.settings import WebChatSettings
from services.gateway.channels.whatsapp.settings import WhatsAppSettings
from services.gateway.domain.inbox import InboxPolicy, RetryPolicy
from services.gateway.ports import Retention

_TURN_SECONDS = 10.0


class Settings(WhatsAppSettings, WebChatSettings):
    """The gateway's settings."""

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

    @model_validator(mode="after")
    def _gateway_consistent(self) -> Settings:
        problems = [*self.problems()]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        if self.inbox_lease_seconds < self.turn_seconds + 5:
            yield "INBOX_LEASE_SECONDS: must be at least TURN_SECONDS + 5"
        if self.outbox_lease_seconds < self.whatsapp_send_seconds + 5:
            yield "OUTBOX_LEASE_SECONDS: must be at least WHATSAPP_SEND_SECONDS + 5"
        if self.quiet_ceiling_seconds < self.quiet_period_seconds:
            yield "QUIET_CEILING_SECONDS: must not be below QUIET_PERIOD_SECONDS"

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
