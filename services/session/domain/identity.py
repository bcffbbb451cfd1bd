"""Who writes: channel identities, and the keys by which two of them are seen to be one guest."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import IntEnum

from mesh.errors import Invalid

from services.session.domain.phone import e164, line_of

# Meta's business-scoped user ids, which replace phone numbers for guests with a username (since April 2026).
_BUSINESS_SCOPED = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_MAXIMUM_ADDRESS = 320  # characters; the longest e-mail address
_MAXIMUM_NAME = 64


class Channel(IntEnum):
    """Where a conversation takes place. Numbers are stored: never renumber."""

    WHATSAPP = 1
    SMS = 2
    EMAIL = 3
    WEBCHAT = 4
    GENERIC = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelIdentity:
    """How a person is known on a channel. `address` stays as the channel gave it: answers go there."""

    channel: Channel
    address: str
    phone_number: str = ""
    channel_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MatchKey:
    """What two forms of one identity have in common. Belongs to one guest at most."""

    channel: Channel
    channel_name: str
    key: str


def checked(identity: ChannelIdentity, *, field: str = "identity") -> ChannelIdentity:
    """The identity, trimmed. Raises Invalid naming what is wrong under `field`."""
    address = identity.address.strip()
    named = identity.channel is Channel.GENERIC
    trimmed = replace(
        identity,
        address=address,
        phone_number=identity.phone_number.strip(),
        channel_name=identity.channel_name.strip().lower() if named else "",
    )
    problems: dict[str, str] = {}
    if not 1 <= len(address) <= _MAXIMUM_ADDRESS:
        problems[f"{field}.address"] = f"must have 1–{_MAXIMUM_ADDRESS} characters"
    elif any(unicodedata.category(character) == "Cc" for character in address):
        problems[f"{field}.address"] = "must not have control characters"
    if len(trimmed.channel_name) > _MAXIMUM_NAME:
        problems[f"{field}.channel_name"] = f"must have at most {_MAXIMUM_NAME} characters"
    if len(trimmed.phone_number) > _MAXIMUM_NAME:
        problems[f"{field}.phone_number"] = "must be an E.164 phone number"
    if problems:
        raise Invalid("the identity is malformed", fields=problems)
    return trimmed


def is_business_scoped(address: str) -> bool:
    """Whether an address has the shape of a business-scoped user id, in whatever field it came."""
    return _BUSINESS_SCOPED.fullmatch(address) is not None


def own_keys(identity: ChannelIdentity) -> tuple[MatchKey, ...]:
    """The keys that this identity proves, the address's first.

    A WhatsApp identity with a business-scoped id and a disclosed number has two: from then on either is enough.
    Elsewhere a number that is not the address is a claim and proves nothing.
    """
    keys = [_address_key(identity)]
    if identity.channel in (Channel.WHATSAPP, Channel.SMS) and (line := line_of(identity.phone_number)):
        keys.append(f"tel:{line}")
    return tuple(
        MatchKey(channel=identity.channel, channel_name=identity.channel_name, key=key) for key in dict.fromkeys(keys)
    )


def lookup_keys(identity: ChannelIdentity) -> tuple[MatchKey, ...]:
    """The keys to look a guest up by, best first: its own, then the same line on the other channel of phone lines.

    WhatsApp and SMS both prove that the guest has the line, so one line is one guest on both.
    """
    own = own_keys(identity)
    siblings = {Channel.WHATSAPP: Channel.SMS, Channel.SMS: Channel.WHATSAPP}
    sibling = siblings.get(identity.channel)
    if sibling is None:
        return own
    return own + tuple(replace(key, channel=sibling) for key in own if key.key.startswith("tel:"))


def phone_of(identity: ChannelIdentity) -> str:
    """The E.164 number that the identity discloses, empty when it discloses none."""
    if number := e164(identity.phone_number):
        return number
    if identity.channel in (Channel.WHATSAPP, Channel.SMS) and not is_business_scoped(identity.address):
        return e164(identity.address)
    return ""


def email_of(identity: ChannelIdentity) -> str:
    """The e-mail address of an e-mail identity, else empty."""
    return identity.address if identity.channel is Channel.EMAIL else ""


def _address_key(identity: ChannelIdentity) -> str:
    address = identity.address
    match identity.channel:
        case Channel.WHATSAPP | Channel.SMS:
            if is_business_scoped(address):
                return f"bsuid:{address}"
            line = line_of(address)
            return f"tel:{line}" if line else f"id:{address}"
        case Channel.EMAIL:
            return f"mail:{unicodedata.normalize('NFC', address).casefold()}"
        case _:
            return f"id:{address}"
