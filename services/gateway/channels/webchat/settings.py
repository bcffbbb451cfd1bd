"""What the web chat is told by its environment."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, field_validator

from services.gateway.channels.settings import ChannelSettings, read_owners
from services.gateway.channels.webchat.origins import is_origin


class WebChatSettings(ChannelSettings):
    """Whose page it is, who may embed it, tokens and streams."""

    webchat_property: str = Field(
        "alameda", pattern=r"^[A-Za-z0-9_-]{1,64}$", description="Property of the chat page at `/`."
    )
    webchat_origins: str = Field(
        "", description="Sites that may embed the chat: origin=property_id pairs, comma separated."
    )
    webchat_token_hours: float = Field(24.0, gt=0, description="Life of a chat visitor's token.")
    webchat_messages_per_minute: int = Field(20, ge=1, description="Messages one chat visitor may send in a minute.")
    webchat_poll_seconds: float = Field(1.0, gt=0, description="How soon a chat stream sees what another replica sent.")
    webchat_secure_cookie: bool | None = Field(None, description="Cookie only over https. Unset: on outside dev.")

    @field_validator("webchat_origins")
    @classmethod
    def _readable_origins(cls, value: str) -> str:
        for origin in read_owners(value, what="origin"):
            if not is_origin(origin):
                raise ValueError(f"{origin!r} is no origin like https://www.hotel.example")
        return value

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        if self.env == "prod" and any(not origin.startswith("https://") for origin in self.webchat_sites):
            yield "WEBCHAT_ORIGINS: must be https in production"

    @property
    def webchat_sites(self) -> dict[str, str]:
        """Property by origin."""
        return read_owners(self.webchat_origins, what="origin")
