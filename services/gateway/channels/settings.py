"""What every channel is told by the environment. The gateway's settings are those of all its channels together."""

from __future__ import annotations

from collections.abc import Iterator

from mesh.settings import MeshSettings
from pydantic import Field, SecretStr

from services.gateway.channels.public_address import PublicAddress, read_networks
from services.gateway.domain.message import Channel

# The first word of a setting's name tells whose it is.
_OWNERS = {channel.value: channel for channel in Channel} | {
    "twilio": Channel.SMS,
    "gmail": Channel.EMAIL,
    "imap": Channel.EMAIL,
    "smtp": Channel.EMAIL,
}
_OUTSIDE = (Channel.WHATSAPP, Channel.WEBCHAT)


class ChannelSettings(MeshSettings):
    """A channel extends this; its settings begin with the channel's or provider's name and count while it is open."""

    http_host: str = Field("127.0.0.1", description="Address the HTTP server binds. 0.0.0.0 in containers.")
    http_port: int = Field(8000, ge=0, le=65535, description="Port of webhooks, chat page, health and metrics.")
    secret_key: SecretStr = Field(SecretStr("dev-secret-key"), description="Signs web chat tokens. Secret.")
    channels: str = Field(
        "",
        description="Open channels, comma separated; of the others nothing is needed. Empty: whatsapp and webchat, in "
        "dev all.",
    )
    hotel_names: str = Field(
        "alameda=Hotel Alameda", description="property_id=name pairs, comma separated: how hotels sign and greet."
    )
    public_url: str = Field(
        "",
        description="Address by which the outside reaches us. Empty: as requests say, see FORWARDED_ALLOW_IPS.",
    )
    forwarded_allow_ips: str = Field(
        "127.0.0.1", description="Proxies whose X-Forwarded-For, -Proto and -Host are believed, comma separated."
    )

    attachment_max_bytes: int = Field(
        5 * 1024 * 1024,
        ge=1024,
        le=16 * 1024 * 1024,
        description="Larger files are not sent; channels have limits too.",
    )
    attachment_link_hours: float = Field(
        168.0, gt=0, description="How long the address of a file that was sent is good, from when it was written."
    )

    @property
    def open_channels(self) -> tuple[Channel, ...]:
        """Channels that guests can write to. Raises ValueError naming one that does not exist."""
        if not self.channels:
            # In development every channel works with dummy secrets and sends nothing anywhere.
            return tuple(Channel) if self.env == "dev" else _OUTSIDE
        return tuple(dict.fromkeys(Channel(name.strip()) for name in self.channels.split(",") if name.strip()))

    def opens(self, channel: Channel) -> bool:
        """Whether guests can write on this channel."""
        try:
            return channel in self.open_channels
        except ValueError:
            return False

    @property
    def names(self) -> dict[str, str]:
        """What guests call the hotels."""
        return read_owners(self.hotel_names, what="property_id")

    @property
    def public_address(self) -> PublicAddress:
        """How the outside writes the addresses of our webhooks."""
        return PublicAddress(base=self.public_url, proxies=read_networks(self.forwarded_allow_ips))

    @property
    def callback_base(self) -> str:
        """What the addresses of our own webhooks begin with when we tell them to others."""
        return self.public_url.rstrip("/") or f"http://127.0.0.1:{self.http_port}"

    @property
    def file_base(self) -> str:
        """By what the outside fetches files from us: this machine in dev; empty where nobody told our address."""
        return self.callback_base if self.public_url or self.env == "dev" else ""

    def unused(self) -> frozenset[str]:
        """Settings of channels that are not open: a dummy secret there opens nothing."""
        try:
            used = {None, *self.open_channels}
        except ValueError:
            return frozenset()
        return frozenset(name for name in type(self).model_fields if _OWNERS.get(name.partition("_")[0]) not in used)

    def problems(self) -> Iterator[str]:
        """A line for each fault that no single field shows. Channels add theirs."""
        try:
            if not self.open_channels:
                yield "CHANNELS: name at least one"
        except ValueError:
            yield f"CHANNELS: must be some of {', '.join(Channel)}"
        if self.public_url and not self.public_url.startswith(("https://", "http://")):
            yield "PUBLIC_URL: must begin with https://"
        try:
            read_owners(self.hotel_names, what="property_id")
        except ValueError as error:
            yield f"HOTEL_NAMES: {error}"
        try:
            read_networks(self.forwarded_allow_ips)
        except ValueError as error:
            yield f"FORWARDED_ALLOW_IPS: {error}"


def read_owners(value: str, *, what: str) -> dict[str, str]:
    """`what=property_id` pairs, comma separated. Raises ValueError naming the first pair that is none."""
    owners: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in value.split(","))):
        name, separator, property_id = (piece.strip() for piece in pair.partition("="))
        if not (name and separator and property_id):
            raise ValueError(f"{pair!r} is not {what}=property_id")
        owners[name] = property_id
    return owners


def read_secrets(value: SecretStr) -> tuple[bytes, ...]:
    """One secret, or two, comma separated, while one is rotated; more are not listened to."""
    given = (part.strip() for part in value.get_secret_value().split(","))
    return tuple(part.encode() for part in given if part)[:2]
