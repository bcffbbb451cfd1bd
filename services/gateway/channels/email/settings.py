"""What the e-mail channel is told by its environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from mesh.settings import DUMMY_PREFIX
from pydantic import Field, SecretStr, field_validator

from services.gateway.channels.settings import ChannelSettings, read_owners
from services.gateway.domain.message import Channel

_DEV_ACCOUNT = "push@sandbox.invalid"


class EmailSettings(ChannelSettings):
    """Mailboxes, whose word is believed, and one of two ways to reach them: Gmail, or IMAP and SMTP."""

    email_transport: Literal["gmail", "imap"] = Field("gmail", description="How mailboxes are reached.")
    email_mailboxes: str = Field(
        "recepcion@hotel.example=alameda", description="address=property_id pairs, comma separated."
    )
    email_trusted_servers: str = Field(
        "mx.google.com", description="Servers whose Authentication-Results are believed: the mailboxes' own."
    )
    email_relays: str = Field(
        "guest.booking.com,m.expediapartnercentral.com",
        description="Domains of agencies and systems that hand on guests' mail: marks of lists do not count there.",
    )
    email_poll_seconds: float = Field(300.0, gt=0, description="How often mailboxes are read without being told to.")
    email_send_seconds: float = Field(15.0, gt=0, description="Longest wait for an answer of the mail provider.")
    email_mailbox_rate: float = Field(1.0, gt=0, description="Mails a second from each mailbox.")
    email_answers_per_hour: int = Field(20, ge=1, description="Mails to one guest in an hour: where two robots stop.")

    gmail_base_url: str = Field("", description="Gmail's API. Empty: the sandbox in dev, Google elsewhere.")
    gmail_token_url: str = Field("", description="Where access tokens are had. Empty: as above.")
    gmail_keys_url: str = Field("", description="Google's public keys (JWKS). Empty: as above.")
    gmail_issuers: str = Field(
        "https://accounts.google.com,accounts.google.com", description="Issuers of push tokens, comma separated."
    )
    gmail_push_audience: str = Field("", description="Audience of push tokens. Empty: the push address itself.")
    gmail_push_account: str = Field(_DEV_ACCOUNT, description="Service account that the subscription pushes as.")
    gmail_topic: str = Field("projects/dev/topics/gmail", description="Pub/Sub topic that the mailboxes push to.")
    gmail_client_id: str = Field("dev-client", description="OAuth client.")
    gmail_client_secret: SecretStr = Field(SecretStr("dev-client-secret"), description="Its secret. Secret.")
    gmail_refresh_token: SecretStr = Field(
        SecretStr("dev-refresh-token"),
        description="Refresh token; for several mailboxes address=token pairs, comma separated. Secret.",
    )

    imap_host: str = Field("", description="IMAP server, for EMAIL_TRANSPORT=imap.")
    imap_port: int = Field(993, ge=1, le=65535, description="Its port.")
    imap_tls: bool = Field(True, description="TLS from the first byte; off for stand-ins alone.")
    imap_password: SecretStr = Field(
        SecretStr("dev-password"),
        description="Password; for several mailboxes address=password pairs, comma separated. Secret.",
    )
    smtp_host: str = Field("", description="SMTP server. Empty: the IMAP server.")
    smtp_port: int = Field(465, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["tls", "starttls", "none"] = Field("tls", description="none is for stand-ins alone.")

    @field_validator("email_mailboxes")
    @classmethod
    def _readable_mailboxes(cls, value: str) -> str:
        if any("@" not in address for address in read_owners(value, what="address")):
            raise ValueError("each must be address=property_id")
        return value

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        if not self.opens(Channel.EMAIL):
            return
        if not self.mailbox_owners:
            yield "EMAIL_MAILBOXES: name at least one"
        if self.email_transport == "gmail":
            missing = [address for address in self.mailbox_owners if not self.refresh_token(address)]
            if missing:
                yield f"GMAIL_REFRESH_TOKEN: none for {', '.join(missing)}"
            if self.env == "prod":
                yield from self._gmail_production_problems()
        else:
            yield from self._imap_problems()

    def _imap_problems(self) -> Iterator[str]:
        if not self.imap_host:
            yield "IMAP_HOST: must be given with EMAIL_TRANSPORT=imap"
        missing = [address for address in self.mailbox_owners if not self.mailbox_password(address)]
        if missing:
            yield f"IMAP_PASSWORD: none for {', '.join(missing)}"
        if self.env == "prod":
            if not self.imap_tls or self.smtp_security == "none":
                yield "IMAP_TLS, SMTP_SECURITY: must not be turned off in production"
            if self.imap_password.get_secret_value().startswith(DUMMY_PREFIX):
                yield "IMAP_PASSWORD: a dummy is refused in production"

    def _gmail_production_problems(self) -> Iterator[str]:
        if not self.public_url.startswith("https://") and not self.gmail_push_audience:
            yield "GMAIL_PUSH_AUDIENCE: must be given, or PUBLIC_URL, that pushes are for"
        if self.gmail_push_account == _DEV_ACCOUNT:
            yield "GMAIL_PUSH_ACCOUNT: must name the subscription's service account"
        for name in ("base", "token", "keys"):
            if not self.google_url(name).startswith("https://"):
                yield f"GMAIL_{name.upper()}_URL: must be https in production"

    def unused(self) -> frozenset[str]:
        other = {"gmail": ("imap_", "smtp_"), "imap": ("gmail_",)}[self.email_transport]
        # A mail server's password is as long as the server made it: only a dummy is refused, above.
        return super().unused() | {"imap_password", *(n for n in type(self).model_fields if n.startswith(other))}

    @property
    def mailbox_owners(self) -> dict[str, str]:
        """Property by address of ours, in lower case."""
        return {address.lower(): owner for address, owner in read_owners(self.email_mailboxes, what="address").items()}

    @property
    def push_issuers(self) -> tuple[str, ...]:
        """Issuers of push tokens that are believed."""
        return tuple(name.strip() for name in self.gmail_issuers.split(",") if name.strip())

    @property
    def push_audience(self) -> str:
        """Whom push tokens are made for."""
        return self.gmail_push_audience or f"{self.callback_base}/webhooks/gmail"

    @property
    def trusted_servers(self) -> frozenset[str]:
        """Whose Authentication-Results are believed."""
        return frozenset(name.strip().lower() for name in self.email_trusted_servers.split(",") if name.strip())

    @property
    def relays(self) -> frozenset[str]:
        """Domains that hand on guests' mail."""
        return frozenset(name.strip().lower() for name in self.email_relays.split(",") if name.strip())

    def google_url(self, name: str) -> str:
        """Where Google is: its API (`base`), its tokens (`token`) or its public keys (`keys`)."""
        given = str(getattr(self, f"gmail_{name}_url")).rstrip("/")
        if given:
            return given
        if self.env == "dev":
            sandbox = f"http://127.0.0.1:{self.http_port}/sandbox/gmail"
            return {"base": sandbox, "token": f"{sandbox}/token", "keys": f"{sandbox}/keys"}[name]
        return {
            "base": "https://gmail.googleapis.com",
            "token": "https://oauth2.googleapis.com/token",
            "keys": "https://www.googleapis.com/oauth2/v3/certs",
        }[name]

    def refresh_token(self, address: str) -> str:
        """The refresh token of a mailbox; empty when there is none."""
        return _of_mailbox(self.gmail_refresh_token, address)

    def mailbox_password(self, address: str) -> str:
        """The password of a mailbox; empty when there is none."""
        return _of_mailbox(self.imap_password, address)


def _of_mailbox(secret: SecretStr, address: str) -> str:
    """The one secret, or that of the address among `address=secret` pairs."""
    given = secret.get_secret_value()
    pairs = [pair.strip().partition("=") for pair in given.split(",")]
    if not all("@" in name and separator for name, separator, _ in pairs):
        return given.strip()
    return next((value for name, _, value in pairs if name.strip().lower() == address), "")
