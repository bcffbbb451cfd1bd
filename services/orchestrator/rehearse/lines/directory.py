"""Which line a channel of a dialogue is, under the names that people give it, and what the gateway is told of all."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from hotel.common.v1 import channel_pb2

from services.orchestrator.rehearse.lines import attached, chat, mail, sms, whatsapp
from services.orchestrator.rehearse.lines.line import Hotel, Line
from services.orchestrator.rehearse.lines.spoken import SpokenLine

WHATSAPP, SMS, MAIL, CHAT, SPOKEN = "whatsapp", "sms", "email", "webchat", "converse"
_NAMES = {
    **dict.fromkeys(("gmail", "email", "e-mail", "mail"), MAIL),
    **dict.fromkeys(("sms", "twilio"), SMS),
    **dict.fromkeys(("webchat", "web", "chat"), CHAT),
}
_OWN = (WHATSAPP, SMS, MAIL, CHAT, SPOKEN)


def channel_of(written: str) -> str:
    """One name for a channel; one that is none of ours is attached by the generic webhook under its own."""
    name = written.strip().lower()
    return _NAMES.get(name, name)


def channel_of_identity(identity: channel_pb2.ChannelIdentity) -> str:
    """The channel that somebody is reached on."""
    name = channel_pb2.Channel.Name(identity.channel).removeprefix("CHANNEL_").lower()
    return identity.channel_name or name


def line(hotel: Hotel, *, channel: str, address: str) -> Line:
    """A guest's line, not open yet. `channel` is a name of `channel_of`."""
    match channel:
        case "whatsapp":
            return whatsapp.WhatsAppLine(hotel, address)
        case "sms":
            return sms.SmsLine(hotel, address)
        case "email":
            return mail.MailLine(hotel, address)
        case "webchat":
            return chat.ChatLine(hotel)
        case "converse":
            return SpokenLine(hotel, address)
    return attached.AttachedLine(hotel, channel, address)


def settings(property_id: str, *, api: str, channels: Collection[str]) -> dict[str, Any]:
    """What the gateway is told; `api` is where the sandbox is, `channels` are those of the dialogue."""
    return {
        **whatsapp.settings(property_id, api),
        **sms.settings(property_id, api),
        **mail.settings(property_id, api),
        **chat.settings(property_id),
        **attached.settings(property_id, api, [name for name in channels if name not in _OWN]),
    }
