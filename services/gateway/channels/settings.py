"""What every channel is told by the environment. The gateway's settings are those of all its channels together."""

from __future__ import annotations

from collections.abc import Iterator

from mesh.settings import MeshSettings
from pydantic import Field

from services.gateway.domain.message import Channel

# The first word of a setting's name tells whose it is.
_OWNERS = {channel.value: channel for channel in Channel} | {
    "twilio": Channel.SMS,
    "gmail": Channel.EMAIL,
    "imap": Channel.EMAIL,
    "smtp": Channel.EMAIL,
}


class ChannelSettings(MeshSettings):
    """A channel extends this; its settings begin with the channel's or provider's name and count while it is open."""

    http_host: str = Field("127.0.0.1", description="Address the HTTP server binds. 0.0.0.0 in containers.")
    http_port: int = Field(8000, ge=0, le=65535, description="Port of webhooks, chat page, health and metrics.")
    channels: str = Field(
        "whatsapp,webchat", description="Channels that are open, comma separated; of the others nothing is needed."
    )

    @property
    def open_channels(self) -> tuple[Channel, ...]:
        """Channels that guests can write to. Raises ValueError naming one that does not exist."""
        return tuple(dict.fromkeys(Channel(name.strip()) for name in self.channels.split(",") if name.strip()))

    def opens(self, channel: Channel) -> bool:
        """Whether guests can write on this channel."""
        return channel.value in (name.strip() for name in self.channels.split(","))

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
