"""Who wrote, and what links the several names of one person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.channels import reading
from services.gateway.channels.phones import is_user_id, match_key, phone_number
from services.gateway.domain.message import Channel, Identity

_CHANGED = re.compile(r"changed from (\S{1,140}) to (\S{1,140})$")


def sender_of(message: Mapping[str, Any], contact: Mapping[str, Any]) -> Identity | None:
    """The person a message is from, or None when nothing names them. A phone is preferred for answering."""
    given = (
        reading.text(message, "from", limit=320),
        reading.text(contact, "wa_id", limit=320),
        reading.text(message, "from_user_id", limit=320),
        reading.text(contact, "user_id", limit=320),
        reading.text(message, "from_parent_user_id", limit=320),
        reading.text(contact, "parent_user_id", limit=320),
    )
    named = [address for address in dict.fromkeys(given) if address]
    if not named:
        return None
    phones = [address for address in named if phone_number(address)]
    address = phones[0] if phones else named[0]
    keys = [key for key in map(match_key, phones) if key]
    return Identity(
        channel=Channel.WHATSAPP,
        address=address,
        phone_number=phone_number(address),
        aliases=tuple(name for name in dict.fromkeys([*named, *keys]) if name != address),
    )


class Contacts:
    """The entries of `contacts` in one change, found by whom they are about: a batch has a hundred of them."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._all = list(reading.items(value, "contacts"))
        self._by_name: dict[str, Mapping[str, Any]] = {}
        for contact in self._all:
            wa_id = reading.text(contact, "wa_id")
            for name in (wa_id, match_key(wa_id), reading.text(contact, "user_id")):
                if name:
                    self._by_name.setdefault(name, contact)

    def of(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """The entry that belongs to a message, or an empty one; the only one belongs to every message."""
        sender = reading.text(message, "from")
        for name in (sender, match_key(sender), reading.text(message, "from_user_id")):
            if name in self._by_name:
                return self._by_name[name]
        if len(self._all) != 1:
            return {}
        # The only one is meant, unless two phones say that it is somebody else.
        stranger = match_key(sender) and match_key(reading.text(self._all[0], "wa_id"))
        return {} if stranger else self._all[0]


def names_before_and_after(notice: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The old and the new names of a person in a `system` message or an entry of `user_id_update`."""
    system = reading.mapping(notice, "system") or notice
    user_id, parent_id = reading.mapping(system, "user_id"), reading.mapping(system, "parent_user_id")
    current = _addresses(
        [reading.text(changed, "current") for changed in (user_id, parent_id)]
        + [
            reading.text(system, name)
            for name in ("new_wa_id", "wa_id", "current_user_id", "user_id", "parent_user_id")
        ]
    )
    previous = _addresses(
        [reading.text(changed, "previous") for changed in (user_id, parent_id)]
        + [
            reading.text(system, name)
            for name in ("customer", "previous_user_id", "previous_parent_user_id", "previous_wa_id")
        ]
        + [reading.text(notice, name) for name in ("from", "from_user_id", "from_parent_user_id")]
        + [_previous_in_words(reading.prose(system, "body"), current)]
    )
    return previous, current


def _previous_in_words(body: str, current: Sequence[str]) -> str:
    """Some notices name the old id in their words only. The end counts: what stands before is the guest's own name."""
    found = _CHANGED.search(body)
    return found[1] if found is not None and found[2] in current else ""


def _addresses(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if phone_number(name) or is_user_id(name)))
