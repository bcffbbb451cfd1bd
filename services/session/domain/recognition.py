"""Recognising a guest by what is stored about the keys of an identity, and what there is to add to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.session.domain.identity import ChannelIdentity, MatchKey, lookup_keys, own_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKey:
    """Whose a key is, and the identity by which it became known."""

    guest_id: str
    identity: ChannelIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Who writes (None: nobody we know), which keys are new, and whether the address is written in a new form."""

    guest_id: str | None
    new_keys: tuple[MatchKey, ...]
    rewritten: bool

    @property
    def complete(self) -> bool:
        """Whether there is nothing to store."""
        return self.guest_id is not None and not self.new_keys and not self.rewritten


def recognise(identity: ChannelIdentity, known: Mapping[MatchKey, KnownKey]) -> Recognition:
    """The guest of the best key that is known. A key that is another guest's stays theirs: only a proof moves it."""
    guest_id = next((known[key].guest_id for key in lookup_keys(identity) if key in known), None)
    keys = own_keys(identity)
    present = known.get(keys[0])
    return Recognition(
        guest_id=guest_id,
        new_keys=tuple(key for key in keys if key not in known),
        rewritten=present is not None and refreshed(present.identity, identity) != present.identity,
    )


def refreshed(present: ChannelIdentity, seen: ChannelIdentity) -> ChannelIdentity:
    """The identity as seen last; a number that the channel disclosed once is not lost when it is left out later."""
    if seen.phone_number or seen.address != present.address or seen.channel is not present.channel:
        return seen
    return present
