"""A guest who was forgotten by the session service, and is to be forgotten here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.gateway.domain.conversation import addresses_of
from services.gateway.domain.message import Identity

_TELLING = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Everything up to `erase_time` goes; what came later is a new guest's. `people` are the identities of this one."""

    receipt_id: str
    erase_time: datetime
    people: tuple[Identity, ...]
    session_ids: tuple[str, ...]

    def names(self) -> frozenset[tuple[str, str, str]]:
        """Channel, name on it and address of all that the guest is known by."""
        return frozenset(
            (str(person.channel), person.channel_name, address)
            for person in self.people
            for address in addresses_of(person)
        )

    def addresses(self) -> list[str]:
        """The addresses alone, each once."""
        return sorted({address for *_, address in self.names()})

    def telling(self) -> list[str]:
        """The addresses by which a text of any shape is about the guest: one of a few letters tells nobody."""
        return [address for address in self.addresses() if len(address) >= _TELLING]
