"""What the web chat is told by its environment."""

from __future__ import annotations

from pydantic import Field

from services.gateway.channels.settings import ChannelSettings


class WebChatSettings(ChannelSettings):
    """Whose page it is, tokens and streams."""

    webchat_property: str = Field("alameda", description="Property of the chat page at `/`.")
    webchat_token_hours: float = Field(24.0, gt=0, description="Life of a chat visitor's token.")
    webchat_messages_per_minute: int = Field(20, ge=1, description="Messages one chat visitor may send in a minute.")
    webchat_poll_seconds: float = Field(1.0, gt=0, description="How soon a chat stream sees what another replica sent.")
    webchat_secure_cookie: bool | None = Field(None, description="Cookie only over https. Unset: on outside dev.")
