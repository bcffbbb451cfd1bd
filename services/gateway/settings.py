"""What the gateway is told by its environment: how it keeps and hands on messages, beside what each channel is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from mesh.store import vault_settings
from pydantic import Field, model_validator

from services.gateway.channels.email.settings import EmailSettings
from services.gateway.channels.generic.settings import GenericSettings
from services.gateway.channels.sms.settings import SmsSettings
from services.gateway.channels.webchat.settings import WebChatSettings
from services.gateway.channels.whatsapp.settings import WhatsAppSettings
from services.gateway.domain.inbox import InboxPolicy, RetryPolicy
from services.gateway.domain.quiet import read_quiet_hours
from services.gateway.domain.rates import Rate, read_rate
from services.gateway.limits import Tier
from services.gateway.ports import Retention
from services.gateway.staff.settings import StaffSettings
from services.gateway.voice.hearing import HearingPolicy

_TURN_SECONDS = 10.0
_RATES = {
    Tier.GUEST: "rate_limit_guest",
    Tier.SAME_WORDS: "rate_limit_same_words",
    Tier.API: "rate_limit_api",
    Tier.WEBHOOKS: "rate_limit_webhooks",
    Tier.SIGNED_WEBHOOKS: "rate_limit_signed_webhooks",
    Tier.HEALTH: "rate_limit_health",
}
# A guest is told once that answers come slower, and again only in another hour.
_NOTICE = Rate(per_second=1 / 3600, burst=1)


# Where there are keys: of conversations, and of rows that belong to none.
KEY_TABLES = ("conversations", "channel_events", "mail_threads", "proposals")


class VaultSettings(vault_settings.VaultSettings):
    """What opens what guests wrote: all that a migration has to be told."""

    vault_of: ClassVar[str] = "gateway"


class Settings(
    VaultSettings, WhatsAppSettings, SmsSettings, EmailSettings, GenericSettings, WebChatSettings, StaffSettings
):
    """The gateway's settings."""

    quiet_period_seconds: float = Field(
        1.0, ge=0, description="Silence after which a burst of messages becomes a turn."
    )
    quiet_ceiling_seconds: float = Field(5.0, ge=0, description="Longest wait for that silence.")
    inbox_workers: int = Field(32, ge=1, description="Conversations answered at the same time by one replica.")
    inbox_poll_seconds: float = Field(1.0, gt=0, description="How soon work left by other replicas is seen.")
    inbox_lease_seconds: float = Field(
        4.0,
        ge=1,
        description="Lease of a turn in work, renewed four times as often: what the death of a replica costs.",
    )
    turn_seconds: float = Field(_TURN_SECONDS, gt=0, description="Deadline of a call to the orchestrator.")
    turn_attention_seconds: float = Field(
        0.5, ge=0, description="A turn that takes longer shows the guest: read, typing. 0: at once, 3600: never."
    )
    turn_max_tries: int = Field(8, ge=1, description="Tries before a turn is parked for a person to look at.")
    turn_retry_base_seconds: float = Field(2.0, gt=0, description="First wait between tries; doubles up to a minute.")

    outbox_workers: int = Field(32, ge=1, description="Messages sent at the same time by one replica.")
    outbox_poll_seconds: float = Field(1.0, gt=0, description="How soon messages queued by other replicas are seen.")
    outbox_lease_seconds: float = Field(
        4.0, ge=1, description="The same for a message in sending; it is then sent again and marked."
    )
    outbox_send_seconds: float = Field(30.0, gt=0, description="Longest try of one message, with all its parts.")
    outbox_max_tries: int = Field(20, ge=1, description="Tries before a message is given up.")

    voice_seconds: float = Field(60.0, gt=0, description="Longest time to fetch and hear one voice note.")
    voice_max_bytes: int = Field(16 * 1024 * 1024, ge=1024, description="Larger voice notes are not fetched.")
    voice_at_once: int = Field(2, ge=1, description="Voice notes heard at the same time by one replica.")
    voice_tries: int = Field(
        4, ge=1, description="Tries to hear the voice notes of a turn before the guest is asked to write."
    )

    quiet_hours: str = Field(
        "",
        description="`property=22:00-08:00 America/Mexico_City`, comma separated: what is sent to guests who have not "
        "written for a day waits for the end. For hotels whose own file tells no quiet hours.",
    )

    retention_inbox_days: float = Field(
        30.0, ge=8, description="Days received messages are kept; repeats are seen that long."
    )
    retention_outbox_days: float = Field(90.0, ge=1, description="Days sent messages are kept.")
    retention_events_days: float = Field(90.0, ge=1, description="Days other webhook events are kept.")
    retention_conversations_days: float = Field(
        365.0, ge=1, description="Days the addresses of a silent conversation are kept, with nothing left in it."
    )
    retention_sweep_seconds: float = Field(3600.0, gt=0, description="Seconds between removals.")

    erasure_poll_seconds: float = Field(
        5.0, gt=0, description="How soon a guest whom the session service erased is erased here."
    )

    rate_limit_enabled: bool = Field(True, description="Limits on what is accepted, below.")
    rate_limit_guest: str = Field(
        "10/min burst 20", description="Messages of one guest; over it they are collected and answered a little later."
    )
    rate_limit_same_words: str = Field(
        "10/h burst 10", description="The same words from one guest; over it their turns are parked: a robot."
    )
    rate_limit_api: str = Field("100/min burst 150", description="Calls of one user of the admin API.")
    rate_limit_webhooks: str = Field(
        "1000/h burst 1200",
        description="Webhooks of one source: a name of the generic webhook, an address whose signatures are wrong.",
    )
    rate_limit_signed_webhooks: str = Field(
        "",
        description="Webhooks a provider signed, for one number of ours. Empty: no limit, since all guests' come so.",
    )
    rate_limit_health: str = Field("60/min", description="Health checks of one address.")

    @model_validator(mode="after")
    def _gateway_consistent(self) -> Settings:
        problems = [*self.problems()]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        for name in _RATES.values():
            try:
                read_rate(getattr(self, name))
            except ValueError as error:
                yield f"{name.upper()}: {error}"
        try:
            read_quiet_hours(self.quiet_hours)
        except ValueError as error:
            yield f"QUIET_HOURS: {error}"
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
    def rates(self) -> dict[Tier, Rate | None]:
        """How much of each tier is accepted; nothing when limits are off."""
        if not self.rate_limit_enabled:
            return {}
        per_minute = self.webchat_messages_per_minute
        return {tier: read_rate(getattr(self, name)) for tier, name in _RATES.items()} | {
            Tier.VISITOR: Rate(per_second=per_minute / 60, burst=per_minute),
            Tier.NOTICE: _NOTICE,
        }

    @property
    def turn_retry(self) -> RetryPolicy:
        """Waits between tries of a turn."""
        return RetryPolicy(max_tries=self.turn_max_tries, base=timedelta(seconds=self.turn_retry_base_seconds))

    @property
    def hearing_policy(self) -> HearingPolicy:
        """How voice notes are heard; those who wait for it take a quarter of the dispatcher's workers at most."""
        return HearingPolicy(
            most_bytes=self.voice_max_bytes,
            at_once=self.voice_at_once,
            places=max(1, self.inbox_workers // 4),
            seconds=self.voice_seconds,
            tries=min(self.voice_tries, self.turn_max_tries),
        )

    @property
    def retention(self) -> Retention:
        """How long settled rows are kept."""
        return Retention(
            inbox=timedelta(days=self.retention_inbox_days),
            outbox=timedelta(days=self.retention_outbox_days),
            events=timedelta(days=self.retention_events_days),
            conversations=timedelta(days=self.retention_conversations_days),
        )
